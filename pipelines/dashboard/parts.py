"""The building blocks of pages: headings, sentences, tables, forms, quotes.

Belongs here: how a thing looks and is read out. Does not belong here: what is said (pages).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from dash import dcc, html
from dash.development.base_component import Component

from pipelines.presentation.quotes import Quote

Row = dict[str, Any]
Content = str | Component | None


class Column(NamedTuple):
    """A column of a table: its heading, what stands in a row's cell, whether it is a figure."""

    heading: str
    cell: Callable[[Row], Content]
    is_figure: bool = False


class Choice(NamedTuple):
    """An option of a select."""

    value: str
    label: str


def percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def fine_percent(value: float) -> str:
    return f"{value:.1%}"


def points(change: float) -> str:
    """A difference of shares, with its sign."""
    return f"{100 * change:+.1f}".replace("-", "−")


def interval(row: Row) -> str:
    """A row's 95 % interval, as "41%–53%"."""
    return f"{percent(row['ci_low'])}–{percent(row['ci_high'])}"


def count(number: float, noun: str) -> str:
    return f"{number:,.0f} {noun}{'' if number == 1 else 's'}"


def first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def heading(text: str, *above: Content) -> Component:
    """The page's one h1, which takes the focus when the page is reached by a link."""
    return html.Header([*above, html.H1(text, tabIndex=-1)], className="head")


def lead(*content: Content) -> Component:
    return html.P(list(content), className="lead")


def soft(*content: Content) -> Component:
    return html.P(list(content), className="soft")


def card(name: str, title: str, *content: Content) -> Component:
    """A part of a page under its h2; `name` is its anchor."""
    titled = f"{name}-title"
    return html.Section(
        [html.H2(title, id=titled), *[part for part in content if part is not None]],
        id=name,
        className="card",
        **aria(labelledby=titled),
    )


def dated(start_on: date | None, end_on: date | None) -> str:
    return f"{start_on:%-d %B %Y} to {end_on:%-d %B %Y}" if start_on and end_on else "no dates"


def scrolling(label: str, content: Component) -> Component:
    """A part that scrolls sideways on its own where the window is narrow, by keyboard too."""
    return html.Div(content, className="scroll", tabIndex=0, role="region", **aria(label=label))


def table(label: str, columns: Sequence[Column], rows: Iterable[Row]) -> Component:
    """A table whose first column heads its rows."""
    head = html.Tr([html.Th(c.heading, scope="col", className=_kind(c)) for c in columns])
    first, *others = columns
    body = [
        html.Tr(
            [
                html.Th(first.cell(row), scope="row"),
                *[html.Td(column.cell(row), className=_kind(column)) for column in others],
            ]
        )
        for row in rows
    ]
    return scrolling(label, html.Table([html.Thead(head), html.Tbody(body)]))


def _kind(column: Column) -> str:
    return "n" if column.is_figure else ""


def more(summary: str, *content: Content, printed: bool = False) -> Component:
    """What opens on demand; `printed` parts are open on paper."""
    return html.Details(
        [html.Summary(summary), *content], className="more printed" if printed else "more"
    )


def ask(
    path: str,
    *fields: Component,
    kept: dict[str, str | list[str]] | None = None,
    button: str = "Show",
    at_once: bool = True,
    label: str = "What to show",
) -> Component:
    """A form that changes the address; `kept` are values that stay as they are.

    With `at_once` a choice needs no press of the button.
    """
    hidden = [
        dcc.Input(type="hidden", name=name, value=value)
        for name, values in (kept or {}).items()
        for value in ([values] if isinstance(values, str) else values)
        if value
    ]
    return html.Form(
        [*hidden, *fields, html.Button(button, type="submit", id=f"ask-{button.lower()}-button")],
        action=path,
        method="get",
        className="ask at-once" if at_once else "ask",
        **aria(label=label),
    )


def select(name: str, label: str, choices: Sequence[Choice], chosen: str) -> Component:
    """A select with its label; names are unique on a page."""
    options = [
        html.Option(
            choice.label,
            value=choice.value,
            selected="selected" if choice.value == chosen else None,
        )
        for choice in choices
    ]
    return _field(name, label, html.Select(options, name=name, id=f"ask-{name}"))


def text_field(name: str, label: str, value: str) -> Component:
    """A field for words with its label."""
    field = dcc.Input(type="search", name=name, value=value, id=f"ask-{name}", debounce=True)
    return _field(name, label, field)


def _field(name: str, label: str, control: Component) -> Component:
    return html.Div([html.Label(label, htmlFor=f"ask-{name}"), control], className="field")


def quote(said: Quote, place: str, beside: Content = None) -> Component:
    """A sentence with its mention marked, who says it, and where it stands in the sources."""
    source: list[Content] = [html.Cite(said.said_by)]
    if said.said_on:
        source += [", ", html.Time(said.said_on, dateTime=said.said_on)]
    return html.Div(
        [
            html.Blockquote(html.P([said.before, html.Mark(said.mention), said.after])),
            html.P([*source, html.Span(place, className="place")], className="source"),
            beside,
        ],
        className="quote",
    )


def bar(name: str, value: float, kind: str) -> Component:
    """A share as a bar with its name and figure."""
    return html.Span(
        [
            html.Span(name, className="bar-name"),
            html.Span(
                html.Span(className=f"fill {kind}", style={"width": f"{100 * value:.1f}%"}),
                className="track",
            ),
            html.Span(percent(value), className="bar-value"),
        ],
        className="bar",
    )


def aria(**said: str) -> dict[str, Any]:
    """What assistive technology is told of a component: `label`, `pressed`, `hidden`."""
    return {f"aria-{name}": value for name, value in said.items()}


def data(**held: str) -> dict[str, Any]:
    """What a component holds for the scripts of assets/."""
    return {f"data-{name}": value for name, value in held.items()}
