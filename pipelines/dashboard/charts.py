"""Plotly's pictures: shares, changes and alignments with their intervals.

Each is drawn in the colors of presentation.colors; assets/dashboard.css gives text, lines and bars
the page's own in light and dark. What a picture says stands beside it as a sentence and a table.
"""

import textwrap
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from pipelines.dashboard.parts import aria
from pipelines.presentation.colors import LIGHT

LABEL_CHARACTERS = 26
LINE_PIXELS = 19
ROW_PIXELS = 34
LABEL_GAP_PIXELS = 10
BAR_PIXELS = 20
AXIS_PIXELS = 48
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
            "tickangle": 0,
            "nticks": 4,
        },
        "yaxis": {
            "fixedrange": True,
            "automargin": True,
            "showgrid": False,
            "zeroline": False,
            "ticklabelstandoff": 8,
        },
    }
)


class Measured(NamedTuple):
    """A figure with its interval, and what a pointer over it reads."""

    label: str
    value: float
    low: float
    high: float
    hover: str


def share_bars(sentence: str, rows: Sequence[Measured]) -> Component:
    """A bar a row with its interval as a whisker, from 0 on."""
    places = _Places.of(rows)
    bars = go.Bar(
        x=[row.value for row in rows],
        y=places.centers,
        orientation="h",
        width=BAR_PIXELS,
        marker={"color": LIGHT["demand"]},
        **_read_and_doubted(rows),
    )
    return _drawn(sentence, bars, places, {"rangemode": "tozero"})


def changes(sentence: str, rows: Sequence[Measured]) -> Component:
    """A point a row with its interval, around a line at no change."""
    places = _Places.of(rows)
    axis = {"zeroline": True, "zerolinewidth": 2, "tickformat": "+.0%"}
    return _drawn(sentence, _points(rows, places), places, axis)


def positions(sentence: str, rows: Sequence[Measured]) -> Component:
    """A point a row with its interval, from 0 to 100 %."""
    places = _Places.of(rows)
    return _drawn(sentence, _points(rows, places), places, {"range": [0, 1]})


class _Places(NamedTuple):
    """Where rows stand, in pixels from the top: each is as high as the lines of its label."""

    labels: list[str]
    centers: list[float]
    height: float

    @classmethod
    def of(cls, rows: Sequence[Measured]) -> "_Places":
        lines = [textwrap.wrap(row.label, LABEL_CHARACTERS) for row in rows]
        heights = [max(ROW_PIXELS, LINE_PIXELS * len(label) + LABEL_GAP_PIXELS) for label in lines]
        ends = list(accumulate(heights))
        centers = [end - height / 2 for end, height in zip(ends, heights, strict=True)]
        return cls(["<br>".join(label) for label in lines], centers, sum(heights))


def _points(rows: Sequence[Measured], places: _Places) -> go.Scatter:
    return go.Scatter(
        x=[row.value for row in rows],
        y=places.centers,
        mode="markers",
        marker={"size": 11, "color": LIGHT["coverage"]},
        **_read_and_doubted(rows),
    )


def _read_and_doubted(rows: Sequence[Measured]) -> dict[str, Any]:
    return {
        "error_x": _whiskers(rows),
        "customdata": [row.hover for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


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
    sentence: str, trace: go.Bar | go.Scatter, places: _Places, xaxis: dict[str, Any]
) -> Component:
    height = AXIS_PIXELS + places.height
    figure = go.Figure(trace)
    figure.update_layout(
        template=TEMPLATE,
        height=height,
        xaxis=xaxis,
        yaxis={
            "tickmode": "array",
            "tickvals": places.centers,
            "ticktext": places.labels,
            "range": [places.height, 0],
        },
    )
    graph = dcc.Graph(
        figure=figure,
        config={"displayModeBar": False, "responsive": True},
        style={"height": f"{height}px"},
    )
    return html.Div(graph, className="chart", role="img", **aria(label=sentence))
