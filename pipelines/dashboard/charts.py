"""Plotly's pictures: shares, changes and alignments with their intervals.

Each is drawn in the colors of presentation.colors; assets/dashboard.css gives text, lines and bars
the page's own in light and dark. What a picture says stands beside it as a sentence and a table.
"""

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from pipelines.dashboard.parts import named
from pipelines.presentation.colors import LIGHT

LABEL_CHARACTERS = 26
LINE_PIXELS = 19
ROW_PIXELS = 34
AXIS_PIXELS = 56
TEMPLATE = go.layout.Template(
    layout={
        "font": {
            "family": "system-ui, -apple-system, Segoe UI, sans-serif",
            "size": 14,
            "color": LIGHT["ink"],
        },
        "colorway": [LIGHT["demand"], LIGHT["coverage"]],
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"bgcolor": LIGHT["ink"], "font": {"color": "#ffffff"}},
        "xaxis": {
            "fixedrange": True,
            "automargin": True,
            "gridcolor": LIGHT["line"],
            "zerolinecolor": LIGHT["soft"],
            "tickformat": ".0%",
        },
        "yaxis": {"fixedrange": True, "automargin": True, "autorange": "reversed"},
    }
)


class Measured(NamedTuple):
    """A figure with its interval, and what a pointer over it reads."""

    label: str
    value: float
    low: float
    high: float
    hover: str


def share_bars(sentence: str, rows: Sequence[Measured], kind: str = "demand") -> Component:
    """A bar a row with its interval as a whisker; `kind` is demand or coverage."""
    bars = go.Bar(
        x=[row.value for row in rows],
        y=list(range(len(rows))),
        orientation="h",
        width=0.55,
        error_x=_whiskers(rows),
        marker={"color": LIGHT[kind]},
        customdata=[row.hover for row in rows],
        hovertemplate="%{customdata}<extra></extra>",
    )
    return _drawn(sentence, bars, rows, {"rangemode": "tozero"}, f"chart {kind}-chart")


def changes(sentence: str, rows: Sequence[Measured]) -> Component:
    """A point a row with its interval, around a line at no change."""
    points = _points(rows)
    return _drawn(
        sentence,
        points,
        rows,
        {"zeroline": True, "zerolinewidth": 2, "tickformat": "+.0%"},
        "chart point-chart",
    )


def positions(sentence: str, rows: Sequence[Measured]) -> Component:
    """A point a row with its interval, from 0 to 100 %."""
    return _drawn(sentence, _points(rows), rows, {"range": [0, 1]}, "chart point-chart")


def _points(rows: Sequence[Measured]) -> go.Scatter:
    return go.Scatter(
        x=[row.value for row in rows],
        y=list(range(len(rows))),
        mode="markers",
        marker={"size": 11, "color": LIGHT["coverage"]},
        error_x=_whiskers(rows),
        customdata=[row.hover for row in rows],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _whiskers(rows: Sequence[Measured]) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [row.high - row.value for row in rows],
        "arrayminus": [row.value - row.low for row in rows],
        "thickness": 1.5,
        "width": 4,
        "color": LIGHT["ink"],
    }


def _drawn(
    sentence: str,
    trace: go.Bar | go.Scatter,
    rows: Sequence[Measured],
    xaxis: dict[str, object],
    kind: str,
) -> Component:
    labels = [textwrap.wrap(row.label, LABEL_CHARACTERS) for row in rows]
    height = AXIS_PIXELS + sum(max(ROW_PIXELS, LINE_PIXELS * len(lines) + 6) for lines in labels)
    figure = go.Figure(trace)
    figure.update_layout(
        template=TEMPLATE,
        height=height,
        xaxis=xaxis,
        yaxis={
            "tickmode": "array",
            "tickvals": list(range(len(rows))),
            "ticktext": ["<br>".join(lines) for lines in labels],
        },
    )
    return html.Div(
        dcc.Graph(
            figure=figure,
            config={"displayModeBar": False, "responsive": True},
            style={"height": f"{height}px"},
        ),
        className=kind,
        role="img",
        **named(sentence),
    )
