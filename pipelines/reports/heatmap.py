"""The picture of alignment, program by sector: a plotly figure inside the overview page.

Belongs here: how cells look. Not here: which programs and sectors are shown (overview).
"""

import textwrap
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from pipelines.presentation.colors import ALIGNMENT_SCALE, alignment_color, text_color_on

THIN_CELL_COLOR = "#ffffff"
AXIS = {"automargin": True, "fixedrange": True, "showgrid": False}
SECTOR_LINE = 14
PROGRAM_LINE = 28
LINE_PIXELS = 20
ROW_PIXELS = 44
LABELS_REM = 12
COLUMN_REM = 6.5


@dataclass(frozen=True)
class Heatmap:
    """The picture of alignment, and the width (rem) below which it scrolls."""

    html: str
    min_width_rem: float


def draw_heatmap(
    rows: list[list[dict[str, Any]]], programs: list[str], sectors: list[str]
) -> Heatmap:
    """The heatmap as HTML, plotly's library left out.

    Args:
        rows: for each of `programs` its rows of mart.program_sector_alignment, one for each of
            `sectors`.
    """
    program_labels = [_in_lines(title, PROGRAM_LINE) for title in programs]
    lines = max(label.count("<br>") + 1 for label in program_labels)
    hovers = [
        [
            f"<b>{program}</b><br>{sector}<br>{_hover(cell)}"
            for sector, cell in zip(sectors, row, strict=True)
        ]
        for program, row in zip(programs, rows, strict=True)
    ]
    figure = go.Figure(
        go.Heatmap(
            z=[[cell["alignment"] for cell in row] for row in rows],
            customdata=hovers,
            hovertemplate="%{customdata}<extra></extra>",
            colorscale=list(ALIGNMENT_SCALE),
            zmin=0,
            zmax=1,
            xgap=3,
            ygap=3,
            showscale=False,
        )
    )
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            figure.add_annotation(x=x, y=y, showarrow=False, **_cell_text(cell))
    figure.update_layout(
        height=90 + max(ROW_PIXELS, LINE_PIXELS * lines) * len(rows),
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        font={"family": "system-ui, sans-serif", "size": 14},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor=THIN_CELL_COLOR,
        dragmode=False,
        yaxis={**AXIS, **_ticks(program_labels), "autorange": "reversed"},
        xaxis={
            **AXIS,
            **_ticks([_in_lines(title, SECTOR_LINE) for title in sectors]),
            "side": "top",
            "tickangle": 0,
        },
    )
    html = figure.to_html(
        full_html=False,
        include_plotlyjs=False,
        div_id="alignment-heatmap",
        config={"displayModeBar": False, "responsive": True},
    )
    return Heatmap(html, LABELS_REM + COLUMN_REM * len(sectors))


def _ticks(labels: list[str]) -> dict[str, Any]:
    """Labels by position, so that two programs of one name keep a row each."""
    return {"tickmode": "array", "tickvals": list(range(len(labels))), "ticktext": labels}


def _in_lines(title: str, characters: int) -> str:
    return "<br>".join(textwrap.wrap(title, characters))


def _hover(cell: dict[str, Any]) -> str:
    counts = (
        f"{cell['sector_postings_n']:,} postings, {cell['sector_employers_n']:,} employers<br>"
        f"{cell['skills_n']} skills in demand: {cell['aligned_n']} aligned, "
        f"{cell['partly_taught_n']} partly taught, {cell['gap_n']} not taught"
    )
    if cell["alignment"] is None:
        return f"Too few postings<br>{counts}"
    return f"Alignment {cell['alignment']:.0%}<br>{counts}"


def _cell_text(cell: dict[str, Any]) -> dict[str, Any]:
    if cell["alignment"] is None:
        return {"text": "too few", "font": {"color": "#767676", "size": 12}}
    text = f"{cell['alignment']:.0%}"
    color = text_color_on(alignment_color(cell["alignment"]))
    return {"text": f"<b>{text}</b>" if cell["is_target"] else text, "font": {"color": color}}
