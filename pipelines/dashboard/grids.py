"""Long tables as grids that sort, filter and are walked by keyboard (AG Grid)."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import dash_ag_grid as dag
from dash import html
from dash.development.base_component import Component

from pipelines.dashboard.parts import aria

ROWS_A_PAGE = 25
WIDE_PIXELS, NARROW_PIXELS = 220, 110
WORDS = ("text", "link")


class Field(NamedTuple):
    """A column of a grid: heading, field, kind ("text", "link", "share", "count"), share of the
    width. A link leads to the address in the row's "href".
    """

    heading: str
    field: str
    kind: str = "text"
    flex: int = 1


FORMATS: dict[str, dict[str, Any]] = {
    "text": {"filter": "agTextColumnFilter"},
    "link": {"filter": "agTextColumnFilter", "cellRenderer": "Link"},
    "count": {
        "valueFormatter": {"function": "params.value == null ? '–' : d3.format(',')(params.value)"},
    },
    "share": {
        "valueFormatter": {
            "function": "params.value == null ? '–' : d3.format('.0%')(params.value)"
        },
    },
}


def grid(name: str, label: str, fields: Sequence[Field], rows: list[dict[str, Any]]) -> Component:
    """The rows as a grid; `rows` have the fields, an href where one is a link, and no more."""
    return html.Div(
        dag.AgGrid(
            id=name,
            columnDefs=[
                {
                    "headerName": field.heading,
                    "field": field.field,
                    "flex": field.flex,
                    "minWidth": WIDE_PIXELS if field.flex > 1 else NARROW_PIXELS,
                    "type": None if field.kind in WORDS else "rightAligned",
                    "wrapText": field.kind in WORDS,
                    "autoHeight": field.kind in WORDS,
                    **FORMATS[field.kind],
                }
                for field in fields
            ],
            rowData=rows,
            defaultColDef={
                "sortable": True,
                "resizable": True,
                "suppressMovable": True,
                "wrapHeaderText": True,
                "autoHeaderHeight": True,
            },
            dashGridOptions={
                "pagination": len(rows) > ROWS_A_PAGE,
                "paginationPageSize": ROWS_A_PAGE,
                "paginationPageSizeSelector": False,
                "domLayout": "autoHeight",
                "animateRows": False,
                "ensureDomOrder": True,
                "enableCellTextSelection": True,
            },
            style={"height": None},
        ),
        className="grid",
        role="region",
        **aria(label=label),
    )
