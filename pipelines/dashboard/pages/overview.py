"""The overview: how well every program covers what sectors ask for."""

from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from pipelines.contracts.rules import MIN_EMPLOYERS, MIN_POSTINGS, PROGRAM_MARKET
from pipelines.dashboard.addresses import OVERVIEW, PROGRAM, link
from pipelines.dashboard.directory import Directory
from pipelines.dashboard.page import Laid, Visit
from pipelines.dashboard.pages import empty
from pipelines.dashboard.parts import (
    Choice,
    Column,
    Row,
    ask,
    card,
    count,
    dated,
    heading,
    interval,
    lead,
    more,
    percent,
    scrolling,
    select,
    soft,
    table,
    text_field,
)
from pipelines.dashboard.sentences import overview_sentence
from pipelines.presentation.colors import alignment_color, text_color_on

PAGE_GRAIN = "group"
OWN = "own"
OWN_TITLE = "The jobs it prepares for"
EVERY, FED = "every", "fed"


def layout(visit: Visit) -> Laid:
    """Filters in the address: `text` (program or institution), `sector`, `show` (every or fed)."""
    directory = visit.directory
    summary = _summary(visit)
    content: list[Any] = [heading(visit.reading.edition.title)]
    if not directory.programs:
        content += empty.no_programs()
    elif not directory.is_asked:
        content += empty.no_postings()
    else:
        content += _comparison(visit, directory)
    return Laid("Overview", [*content, summary])


def _comparison(visit: Visit, directory: Directory) -> list[Component]:
    cells = {
        (row["program_id"], row["sector_code"]): row
        for row in visit.reading.rows("mart.program_sector_alignment", grain=PAGE_GRAIN)
    }
    text = visit.query.one("text")
    sector = visit.query.one("sector")
    show = visit.query.choice("show", (EVERY, FED))
    programs = [
        program_id
        for program_id, program in directory.programs.items()
        if text.casefold() in f"{program['title']} {program['institution']}".casefold()
    ]
    codes = _columns(directory)
    shown = [code for code in codes if code == sector] or codes
    rows = [
        {**cell, "column": code}
        for program_id in programs
        for code in shown
        if (cell := cells.get((program_id, _code(code, program_id))))
        and (show == EVERY or cell["is_target"])
    ]
    return [
        lead(overview_sentence(rows, directory)),
        card(
            "alignment",
            "How well programs cover what is asked",
            soft(
                "Alignment: the share of what employers ask for, over groups of skills, that a "
                "program's courses cover; 100% is all of it. Small figures: the 95% interval. "
                "Framed: the sectors that the program says it feeds. A cell leads to its program."
            ),
            ask(
                OVERVIEW,
                text_field("text", "Program or institution", text),
                select(
                    "sector",
                    "Sector",
                    [Choice("", "All"), *[Choice(c, _title(c, directory)) for c in codes]],
                    sector,
                ),
                select(
                    "show",
                    "Show",
                    [Choice("", "Every comparison"), Choice(FED, "Only sectors they feed")],
                    show,
                ),
            ),
            *_picture(rows, programs, shown, directory),
        ),
    ]


def _columns(directory: Directory) -> list[str]:
    """The programs' own markets first, then sector groups with postings and sectors they feed."""
    fed = {code for program in directory.programs.values() for code in program["sector_codes"]}
    sectors = [code for code in directory.sector_codes if code in directory.group_codes | fed]
    return ([OWN] if directory.occupations else []) + sectors


def _code(column: str, program_id: str) -> str:
    return PROGRAM_MARKET + program_id if column == OWN else column


def _title(column: str, directory: Directory) -> str:
    return OWN_TITLE if column == OWN else directory.sector_titles.get(column, column)


def _picture(
    rows: list[Row], programs: list[str], codes: list[str], directory: Directory
) -> list[Component]:
    if not rows:
        return [html.P(["No comparison fits. ", dcc.Link("Show all of them", href=OVERVIEW), "."])]
    cells = {(row["program_id"], row["column"]): row for row in rows}
    shown = [program for program in programs if any((program, code) in cells for code in codes)]
    return [
        scrolling(
            "Heatmap of alignment, a row a program",
            html.Table(
                [
                    html.Thead(
                        html.Tr(
                            [
                                html.Th("Program", scope="col"),
                                *[html.Th(_title(c, directory), scope="col") for c in codes],
                            ]
                        )
                    ),
                    html.Tbody(
                        [
                            html.Tr(
                                [
                                    html.Th(_program_link(program, directory), scope="row"),
                                    *[
                                        _cell(cells.get((program, code)), directory)
                                        for code in codes
                                    ],
                                ]
                            )
                            for program in shown
                        ]
                    ),
                ],
                className="heat",
            ),
        ),
        soft(
            f"Postings from {dated(directory.start_on, directory.end_on)}. “Too few”: fewer than "
            f"{MIN_POSTINGS} postings, or no skill that {MIN_EMPLOYERS} employers name."
        ),
        more(
            "The same as a table",
            table("Table of alignment", _table_columns(directory), rows),
            printed=True,
        ),
    ]


def _program_link(program_id: str, directory: Directory) -> Component:
    return dcc.Link(
        directory.program_names[program_id], href=link(PROGRAM, {"program": program_id})
    )


def _cell(row: Row | None, directory: Directory) -> Component:
    if row is None:
        return html.Td(className="none")
    name = f"{directory.program_names[row['program_id']]}, {_title(row['column'], directory)}"
    counts = (
        f"{count(row['sector_postings_n'], 'posting')} by "
        f"{count(row['sector_employers_n'], 'employer')}; {row['skills_n']} groups of skills in "
        f"demand: {row['aligned_n']} aligned, {row['partly_taught_n']} partly taught, "
        f"{row['gap_n']} not taught"
    )
    href = link(PROGRAM, {"program": row["program_id"], "sector": row["sector_code"]})
    kind = "cell fed" if row["is_target"] else "cell"
    if row["alignment"] is None:
        return html.Td(
            dcc.Link("too few", href=href, className=f"{kind} thin", title=f"{name}: {counts}")
        )
    color = alignment_color(row["alignment"])
    return html.Td(
        dcc.Link(
            [html.B(percent(row["alignment"])), html.Small(interval(row))],
            href=href,
            className=kind,
            style={"background": color, "color": text_color_on(color)},
            title=f"{name}: {percent(row['alignment'])}, interval {interval(row)}; {counts}",
        )
    )


def _table_columns(directory: Directory) -> list[Column]:
    return [
        Column("Program", lambda row: _program_link(row["program_id"], directory)),
        Column(
            "Beside",
            lambda row: (
                directory.sector_name(row["sector_code"])
                + (" (feeds it)" if row["is_target"] and row["column"] != OWN else "")
            ),
        ),
        Column(
            "Alignment",
            lambda row: (
                "too few postings"
                if row["alignment"] is None
                else f"{percent(row['alignment'])} ({interval(row)})"
            ),
            True,
        ),
        Column("In demand", lambda row: f"{row['skills_n']:,}", True),
        Column("Not taught", lambda row: f"{row['gap_n']:,}", True),
        Column("Postings", lambda row: f"{row['sector_postings_n']:,}", True),
        Column("Employers", lambda row: f"{row['sector_employers_n']:,}", True),
    ]


def _summary(visit: Visit) -> Component:
    value = dict(
        visit.reading.frame("mart.run_quality", subject="all")
        .select(pl.col("check_name", "value"))
        .rows()
    )
    directory = visit.directory
    return soft(
        f"{count(value['postings in the window'], 'posting')} of "
        f"{count(value['distinct postings'], 'distinct posting')} lie in the period; the sector is "
        f"unknown for {percent(value['sector unknown share'])}. "
        f"{count(value['courses'], 'course')} of {count(len(directory.programs), 'program')} and "
        f"others were read. Published {visit.reading.edition.published_at[:16].replace('T', ' ')} "
        "UTC."
    )
