"""The log of decisions: who, when, on what, why, and whether a run has applied it."""

from collections.abc import Callable

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from pipelines.dashboard.addresses import DECISIONS, SKILL, link
from pipelines.dashboard.page import Laid, Visit
from pipelines.dashboard.parts import (
    Choice,
    Column,
    Row,
    ask,
    card,
    count,
    heading,
    lead,
    select,
    soft,
    table,
)
from pipelines.dashboard.verdicts import SAID, acts_with_state, withdrawal

SHOWN_ACTS = 200
STATES = ("", "pending", "applied", "replaced")
KINDS = {
    ("mention", "postings"): "an employer's sentence",
    ("mention", "courses"): "a course's sentence",
    ("term", "postings"): "employers' words",
    ("term", "courses"): "courses' words",
    ("course_skill", "courses"): "a course",
}


def page(store_url: str) -> Callable[[Visit], Laid]:
    """The page of the log in a store; `state` in the address keeps to acts in that state."""
    return lambda visit: _layout(visit, acts_with_state(store_url, visit.reading))


def _layout(visit: Visit, acts: pl.DataFrame) -> Laid:
    state = visit.query.choice("state", STATES)
    shown = (acts.filter(state=state) if state else acts).reverse()
    return Laid(
        "Decisions",
        [heading("Decisions"), lead(_sentence(acts)), *(_log(shown, state) if len(acts) else [])],
    )


def _sentence(acts: pl.DataFrame) -> str:
    if acts.is_empty():
        return (
            "Nothing has been decided yet. On the page of a skill, accept or reject a sentence or "
            "the words of a side; on the page of a program, say what a course teaches."
        )
    pending = acts.filter(state="pending").height
    reviewers = acts["reviewer"].n_unique()
    until = f"{pending:,} pending until the next run" if pending else "the figures follow all of it"
    return f"{count(acts.height, 'decision')} by {count(reviewers, 'reviewer')}; {until}."


def _log(shown: pl.DataFrame, state: str) -> list[Component]:
    columns = [
        Column("When (UTC)", lambda row: f"{row['decided_at']:%Y-%m-%d %H:%M}"),
        Column("Who", lambda row: row["reviewer"]),
        Column("What", _what),
        Column("Skill", _skill),
        Column("Why", lambda row: row["note"]),
        Column("State", lambda row: html.Div([html.Span(row["state"]), withdrawal(row)])),
    ]
    rest = shown.height - SHOWN_ACTS
    return [
        card(
            "log",
            "The log, latest first",
            ask(
                DECISIONS,
                select(
                    "state",
                    "State",
                    [Choice("", "All"), *[Choice(name, name) for name in STATES if name]],
                    state,
                ),
            ),
            soft(
                "Pending: the next run applies it. Applied: the published figures follow it. "
                "Replaced: a later decision has the same subject. A sentence is decided on "
                "wherever it stands word for word."
            ),
            table("Log of decisions", columns, shown.head(SHOWN_ACTS).to_dicts())
            if len(shown)
            else html.P("No decision is in this state."),
            soft(f"{rest:,} earlier ones are in the file.") if rest > 0 else None,
            html.P(html.A("All of it as a CSV file", href="/decisions.csv"), className="no-print"),
        )
    ]


def _what(row: Row) -> Component:
    depth = f" ({row['depth']})" if row["depth"] else ""
    kind = KINDS[row["subject_kind"], row["side"]]
    return html.Span([f"{SAID[row['verdict']]}{depth}, {kind}: ", html.Q(row["said"])])


def _skill(row: Row) -> Component:
    return dcc.Link(row["skill_label"], href=link(SKILL, {"skill": row["skill_id"]}))
