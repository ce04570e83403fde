"""A skill: both sides' sentences, their words, where it is asked and taught, its neighbors."""

from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from pipelines.contracts.rules import EVIDENCE_SENTENCES, PROGRAM_MARKET, SIDES
from pipelines.dashboard import charts
from pipelines.dashboard.addresses import PROGRAM, SECTOR, SKILL, link
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
    first_upper,
    heading,
    interval,
    lead,
    more,
    percent,
    quote,
    select,
    soft,
    table,
    text_field,
)
from pipelines.dashboard.sentences import (
    asked_sentence,
    change_sentence,
    figures_sentence,
    taught_sentence,
    words_sentence,
)
from pipelines.presentation.card import card as card_of
from pipelines.presentation.lookup import Found
from pipelines.presentation.quotes import course_quote, employer_quote

FOUND_SKILLS = 60
NEIGHBORS = 12
SECTORS_SHOWN = 12
TAXONOMIES = {"esco": "ESCO", "onet": "O*NET", "local": "a local addition,"}
RELATIONS = {
    "group": "In the group",
    "broader": "Broader",
    "narrower": "Narrower",
    "related": "Related",
    "concept": "Single skills in it",
}


def layout(visit: Visit) -> Laid:
    """`skill`, `program` and `sector` in the address; without a skill `text` searches for one."""
    skill_id = visit.query.one("skill")
    if not skill_id:
        return _search(visit)
    known = visit.reading.rows("core.skill_names", skill_id=skill_id)
    if not known:
        return empty.unknown("skill", skill_id, SKILL, [])
    return _page(visit, visit.directory, known[0])


def _search(visit: Visit) -> Laid:
    words = visit.query.one("text").strip()
    found = visit.reading.select("search_skills", words=words, limit_n=FOUND_SKILLS).to_dicts()
    asked = [row for row in found if row["postings_n"]] if not words else found
    columns = [
        Column(
            "Skill",
            lambda row: dcc.Link(
                first_upper(row["skill_label"]), href=link(SKILL, {"skill": row["skill_id"]})
            ),
        ),
        Column("What it is", lambda row: "group" if row["grain"] == "group" else "single skill"),
        Column(
            "Postings, where most",
            lambda row: f"{row['postings_n']:,}" if row["postings_n"] else "none",
            True,
        ),
    ]
    many = "or more " if len(found) == FOUND_SKILLS else ""
    said = f"{len(found):,} {many}skills have “{words}” in a label." if words else "Asked for most."
    return Laid(
        "Skills",
        [
            heading("Skills"),
            lead("Every skill leads to the employers' sentences and the courses' sentences."),
            card(
                "search",
                "Find a skill",
                ask(SKILL, text_field("text", "Words in its name", words), button="Search"),
                html.P(said if asked else f"No skill has “{words}” in a label."),
                table("Table of skills", columns, asked) if asked else None,
            ),
        ],
    )


def _page(visit: Visit, directory: Directory, skill: Row) -> Laid:
    skill_id, label = skill["skill_id"], skill["skill_label"]
    demand = visit.reading.frame("mart.sector_skill_demand", skill_id=skill_id)
    coverage = visit.reading.frame("mart.program_skill_coverage", skill_id=skill_id)
    program_id = visit.query.one("program")
    if program_id not in directory.programs:
        program_id = ""
    sector_code = visit.query.one("sector")
    if not directory.has_sector(sector_code):
        sector_code = _first_sector(directory, demand, program_id)
    asked = _only(demand, sector_code=sector_code)
    taught = _only(coverage, program_id=program_id)
    sector = directory.sector_name(sector_code) if sector_code else "no sector"
    return Laid(
        first_upper(label),
        [
            heading(first_upper(label)),
            soft(_kind(visit, skill)),
            _form(directory, skill_id, program_id, sector_code),
            lead(
                asked_sentence(asked, sector),
                " ",
                taught_sentence(
                    taught,
                    directory.program_names.get(program_id),
                    coverage.filter(pl.col("coverage") > 0)["program_id"].n_unique(),
                ),
            ),
            soft(f"Postings from {dated(directory.start_on, directory.end_on)}."),
            _evidence(visit, skill_id, sector_code, program_id, taught),
            _words(visit, skill) if skill["grain"] == "concept" else None,
            html.Div(
                [
                    html.Div(
                        _where_asked(visit, directory, skill_id, demand, sector_code),
                        className="stack",
                    ),
                    html.Div(
                        _who_teaches(directory, coverage, skill_id, sector_code),
                        className="stack",
                    ),
                ],
                className="pair",
            ),
            _figures(visit, directory, skill, program_id, sector_code),
            _neighbors(visit, skill_id, program_id, sector_code),
        ],
    )


def _kind(visit: Visit, skill: Row) -> str:
    if skill["grain"] == "group":
        return "A group of skills."
    [concept] = visit.reading.rows("core.skills", skill_id=skill["skill_id"])
    return (
        f"A single skill ({concept['skill_type']}), named by "
        f"{TAXONOMIES.get(concept['source'], concept['source'])} {concept['source_version']}."
    )


def _first_sector(directory: Directory, demand: pl.DataFrame, program_id: str) -> str:
    """A sector the program feeds, or the one in which most postings name the skill."""
    if program_id and (own := directory.own_sectors(program_id)):
        return own[0]
    sectors = demand.filter(~pl.col("sector_code").str.starts_with(PROGRAM_MARKET)).sort(
        pl.col("sector_code").is_in(list(directory.group_codes)),
        "postings_n",
        descending=True,
    )["sector_code"]
    return sectors[0] if len(sectors) else next(iter(directory.sector_codes), "")


def _only(frame: pl.DataFrame, **keys: str) -> Row | None:
    found = frame.filter(**keys).to_dicts()
    return found[0] if found else None


def _form(directory: Directory, skill_id: str, program_id: str, sector_code: str) -> Component:
    own = directory.own_sectors(program_id) if program_id else []
    codes = dict.fromkeys([*own, *directory.sector_codes, *([sector_code] if sector_code else [])])
    return ask(
        SKILL,
        select(
            "program",
            "Program",
            [Choice("", "Any"), *[Choice(*item) for item in directory.program_names.items()]],
            program_id,
        ),
        select(
            "sector",
            "Sector",
            [Choice(code, first_upper(directory.sector_name(code))) for code in codes],
            sector_code,
        ),
        kept={"skill": skill_id},
    )


def _evidence(
    visit: Visit, skill_id: str, sector_code: str, program_id: str, taught: Row | None
) -> Component:
    employers = visit.reading.frame(
        "mart.posting_evidence", skill_id=skill_id, sector_code=sector_code
    ).sort("evidence_n")
    courses, note = _course_evidence(visit, skill_id, program_id, taught)
    return card(
        "evidence",
        "What both sides say",
        html.Div(
            [
                html.Div(
                    [
                        html.H3("Employers say"),
                        *[
                            quote(
                                employer_quote(row),
                                f"{row['source_id']}, {row['locator']}",
                                visit.extras.beside_sentence(visit, "postings", row),
                            )
                            for row in employers.to_dicts()
                        ],
                        None if employers.height else html.P("No posting here says it."),
                    ]
                ),
                html.Div(
                    [
                        html.H3("Courses say"),
                        html.P(note) if note else None,
                        *[
                            quote(
                                course_quote(row),
                                f"{row['source_id']}, {row['locator']}",
                                visit.extras.beside_sentence(visit, "courses", row),
                            )
                            for row in courses
                        ],
                    ]
                ),
            ],
            className="pair",
        ),
    )


def _course_evidence(
    visit: Visit, skill_id: str, program_id: str, taught: Row | None
) -> tuple[list[Row], str]:
    """The courses' sentences and what has to be said of them."""
    if not program_id:
        rows = (
            visit.reading.frame("mart.course_evidence", skill_id=skill_id)
            .sort("evidence_n", "course_code")
            .unique("course_id", keep="first", maintain_order=True)
            .head(EVIDENCE_SENTENCES)
            .to_dicts()
        )
        return rows, "" if rows else "No course of any program says it."
    covering, note = skill_id, ""
    if taught is None:
        nearest = visit.reading.frame(
            "mart.program_sector_gap", program_id=program_id, skill_id=skill_id
        )["nearest_skill_id"].drop_nulls()
        note = "No course of the program says it."
        if len(nearest):
            covering = nearest[0]
            note += f" Closest, of the same group: {_label(visit, covering)}."
    elif taught["covered_by"] != "itself":
        covering = taught["covering_skill_id"]
        note = f"Covered by the {taught['covered_by']} skill {_label(visit, covering)}."
    found = visit.reading.frame("mart.course_evidence", program_id=program_id, skill_id=covering)
    if taught is not None and found.is_empty():
        note = f"{note} No sentence of a course says it; a reviewer does.".lstrip()
    return found.sort("evidence_n").to_dicts(), note


def _label(visit: Visit, skill_id: str) -> str:
    found = visit.reading.rows("core.skill_names", skill_id=skill_id)
    return str(found[0]["skill_label"]) if found else skill_id


def _words(visit: Visit, skill: Row) -> Component | None:
    terms = visit.reading.frame("mart.term_crosswalk", skill_id=skill["skill_id"]).sort("term_n")
    if terms.is_empty():
        return None
    rows = terms.to_dicts()
    sides = {side: [row for row in rows if row["side"] == side] for side in SIDES}
    return card(
        "words",
        "The same in two vocabularies",
        html.P(words_sentence(rows)),
        html.Div(
            [
                _side("Employers' words", sides["postings"], "posting"),
                _side("Courses' words", sides["courses"], "course"),
            ],
            className="pair",
        ),
        visit.extras.beside_terms(visit, skill["skill_id"], rows),
        soft("Over all sectors and courses. Marked: words that both sides use."),
    )


def _side(title: str, rows: list[Row], noun: str) -> Component:
    items = [
        html.Li(
            [
                html.Mark(row["term"]) if row["is_shared"] else row["term"],
                f" ({count(row['documents_n'], noun)})",
            ]
        )
        for row in rows
    ]
    return html.Div(
        [html.H3(title), html.Ul(items, className="chips") if items else html.P("None.")]
    )


def _where_asked(
    visit: Visit, directory: Directory, skill_id: str, demand: pl.DataFrame, sector_code: str
) -> Component:
    rows = (
        demand.filter(~pl.col("sector_code").str.starts_with(PROGRAM_MARKET))
        .sort("is_publishable", "share", descending=True)
        .head(SECTORS_SHOWN)
        .to_dicts()
    )
    if not rows:
        return card(
            "asked",
            "Where it is asked",
            html.P("No posting of the period names it, in any sector."),
        )
    ranked = [row for row in rows if row["is_publishable"]]
    sentence = (
        f"Asked most in {directory.sector_name(ranked[0]['sector_code'])}: "
        f"{percent(ranked[0]['share'])} of {count(ranked[0]['sector_postings_n'], 'posting')}."
        if ranked
        else "Too few postings in every sector to say where it is asked most."
    )
    bars = [
        charts.Measured(
            directory.sector_name(row["sector_code"]),
            row["share"],
            row["ci_low"],
            row["ci_high"],
            f"{percent(row['share'])} ({interval(row)})",
        )
        for row in ranked
    ]
    columns = [
        Column(
            "Sector",
            lambda row: dcc.Link(
                directory.sector_name(row["sector_code"]),
                href=link(SECTOR, {"sector": row["sector_code"]}),
            ),
        ),
        Column(
            "Share",
            lambda row: (
                f"{percent(row['share'])} ({interval(row)})"
                if row["is_publishable"]
                else "too few postings"
            ),
            True,
        ),
        Column(
            "Postings", lambda row: f"{row['postings_n']:,} of {row['sector_postings_n']:,}", True
        ),
        Column("Employers", lambda row: f"{row['employers_n']:,}", True),
    ]
    trends = visit.reading.rows(
        "mart.sector_skill_trends", skill_id=skill_id, sector_code=sector_code
    )
    return card(
        "asked",
        "Where it is asked",
        html.P(sentence),
        charts.share_bars(sentence, bars) if bars else None,
        html.P(change_sentence(trends[0], directory.sector_name(sector_code))) if trends else None,
        more("The same as a table", table("Table of sectors", columns, rows), printed=True),
        soft(
            f"Postings from {dated(directory.start_on, directory.end_on)}; whiskers: 95% interval."
        ),
    )


def _who_teaches(
    directory: Directory, coverage: pl.DataFrame, skill_id: str, sector_code: str
) -> Component:
    rows = coverage.sort("coverage", "program_id", descending=[True, False]).to_dicts()
    if not rows:
        return card("taught", "Who teaches it", html.P("No program covers it."))
    columns = [
        Column(
            "Program",
            lambda row: dcc.Link(
                directory.program_names[row["program_id"]],
                href=link(
                    SKILL,
                    {"skill": skill_id, "program": row["program_id"], "sector": sector_code},
                ),
            ),
        ),
        Column("Covered", lambda row: percent(row["coverage"]), True),
        Column("How deep", lambda row: row["depth"]),
        Column("Courses", lambda row: ", ".join(row["course_codes"])),
    ]
    others_n = len(directory.programs) - len(rows)
    return card(
        "taught",
        "Who teaches it",
        html.P(f"{count(len(rows), 'program')} of {len(directory.programs):,} cover it."),
        table("Table of programs that teach it", columns, rows),
        soft(f"{count(others_n, 'program')} do not.") if others_n else None,
    )


def _figures(
    visit: Visit, directory: Directory, skill: Row, program_id: str, sector_code: str
) -> Component | None:
    if not program_id:
        return None
    compared = visit.reading.rows(
        "mart.program_sector_gap",
        program_id=program_id,
        sector_code=sector_code,
        skill_id=skill["skill_id"],
    )
    if not compared:
        return None
    shown = card_of(
        visit.reading.connection,
        Found(program_id, directory.program_names[program_id]),
        Found(sector_code, directory.sector_name(sector_code)),
        Found(skill["skill_id"], skill["skill_label"]),
    )
    figures = [
        part
        for figure, value in shown.figures
        for part in (html.Dt(figure.label), html.Dd(figure.format(value)))
    ]
    return card(
        "figures",
        f"The figures for {directory.program_names[program_id]}",
        html.P(figures_sentence(shown.row)),
        html.Ul([html.Li(remark) for remark in shown.remarks]) if shown.remarks else None,
        html.P(
            dcc.Link(
                "All gaps of this program",
                href=link(PROGRAM, {"program": program_id, "sector": sector_code}),
            )
        ),
        more("Every figure", html.Dl(figures, className="figures")),
        more("How they follow from one another", html.Ul([html.Li(a) for a in shown.arithmetic])),
    )


def _neighbors(visit: Visit, skill_id: str, program_id: str, sector_code: str) -> Component | None:
    rows = visit.reading.select("related_skills", skill_id=skill_id, limit_n=NEIGHBORS).to_dicts()
    if not rows:
        return None
    parts: list[Any] = []
    for relation, title in RELATIONS.items():
        near = [row for row in rows if row["relation"] == relation]
        if near:
            items = [
                html.Li(
                    dcc.Link(
                        first_upper(row["skill_label"]),
                        href=link(
                            SKILL,
                            {
                                "skill": row["skill_id"],
                                "program": program_id,
                                "sector": sector_code,
                            },
                        ),
                    )
                )
                for row in near
            ]
            parts += [html.H3(title), html.Ul(items, className="chips")]
    asked_n = sum(1 for row in rows if row["postings_n"])
    return card(
        "related",
        "Near it in the taxonomy",
        soft(f"{count(len(rows), 'skill')}, {asked_n:,} of them asked for; most asked first."),
        *parts,
    )
