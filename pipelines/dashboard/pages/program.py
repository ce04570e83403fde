"""A program beside a sector: gaps with their stability, course by skill, and what if."""

from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from pipelines.contracts.rules import (
    DEPTHS,
    GRAINS,
    MIN_MENTION_SCORE,
    PUBLISHABLE_STATUSES,
    TOP_GAPS,
    TRANSVERSAL_GAPS,
)
from pipelines.dashboard import charts
from pipelines.dashboard.addresses import PROGRAM, SECTOR, SKILL, link
from pipelines.dashboard.directory import Directory
from pipelines.dashboard.grids import Field, grid
from pipelines.dashboard.page import Laid, Visit
from pipelines.dashboard.pages import empty
from pipelines.dashboard.parts import (
    Choice,
    Column,
    Row,
    ask,
    bar,
    card,
    count,
    dated,
    first_upper,
    heading,
    interval,
    lead,
    more,
    percent,
    scrolling,
    select,
    soft,
    table,
)
from pipelines.dashboard.sentences import since_sentence, what_if_sentence
from pipelines.dashboard.what_if import Addition, Outcome, what_if
from pipelines.presentation.names import listed
from pipelines.presentation.sentences import KINDS, plain_sentence

DEPTH_SIGNS = dict(zip(DEPTHS, "◔◑◕●", strict=True))
GRAIN_NAMES = {"group": "Groups of skills", "concept": "Single skills"}
OFFERED_SKILLS = 60


def layout(visit: Visit) -> Laid:
    """`program`, `sector` and `grain` (group or concept) in the address; additions of the what-if
    as `add` (skill), `to` (course) and `at` (depth), as many of each."""
    directory = visit.directory
    program_id = visit.query.one("program")
    if not directory.programs:
        return Laid("Programs", [heading("Programs"), *empty.no_programs()])
    if not program_id:
        return _list(visit, directory)
    if program_id not in directory.programs:
        known = [Choice(code, name) for code, name in directory.program_names.items()]
        return empty.unknown("program", program_id, PROGRAM, known)
    sector_code = visit.query.one("sector") or _first_sector(visit, directory, program_id)
    if not directory.has_sector(sector_code):
        known = [Choice(code, directory.sector_name(code)) for code in directory.sector_codes]
        return empty.unknown("sector", sector_code, SECTOR, known)
    return _page(visit, directory, program_id, sector_code)


def _list(visit: Visit, directory: Directory) -> Laid:
    best: dict[str, list[Component]] = {}
    aligned = visit.reading.frame("mart.program_sector_alignment", grain="group")
    for row in aligned.filter("is_target").sort("sector_code", descending=True).to_dicts():
        name = directory.sector_name(row["sector_code"])
        figure = (
            "too few postings"
            if row["alignment"] is None
            else f"{percent(row['alignment'])} ({interval(row)})"
        )
        href = link(PROGRAM, {"program": row["program_id"], "sector": row["sector_code"]})
        item = html.Li([dcc.Link(first_upper(name), href=href), f": {figure}"])
        best.setdefault(row["program_id"], []).append(item)
    columns = [
        Column(
            "Program",
            lambda row: dcc.Link(
                directory.program_names[row["program_id"]],
                href=link(PROGRAM, {"program": row["program_id"]}),
            ),
        ),
        Column("Institution", lambda row: row["institution"]),
        Column("Courses read", lambda row: f"{row['courses_n']:,}", True),
        Column(
            "Alignment with what it feeds",
            lambda row: html.Ul(best.get(row["program_id"], []), className="plain"),
        ),
    ]
    return Laid(
        "Programs",
        [
            heading("Programs"),
            lead(f"{count(len(directory.programs), 'program')} beside what employers ask for."),
            card(
                "programs",
                "Choose a program",
                table("Table of programs", columns, directory.programs.values()),
            ),
        ],
    )


def _first_sector(visit: Visit, directory: Directory, program_id: str) -> str:
    """Of the program's own sectors the first with an alignment, else that of most postings."""
    own = directory.own_sectors(program_id) or directory.sector_codes or [""]
    rows = visit.reading.rows("mart.program_sector_alignment", program_id=program_id, grain="group")
    postings_n = {row["sector_code"]: row["sector_postings_n"] for row in rows}
    aligned = {row["sector_code"] for row in rows if row["alignment"] is not None}
    return max(own, key=lambda code: (code in aligned, code in aligned or postings_n.get(code, 0)))


def _page(visit: Visit, directory: Directory, program_id: str, sector_code: str) -> Laid:
    grain = visit.query.choice("grain", tuple(reversed(GRAINS)))
    program = directory.programs[program_id]
    title, sector = directory.program_names[program_id], directory.sector_name(sector_code)
    view = {"program": program_id, "sector": sector_code, "grain": grain}
    gaps = visit.reading.frame(
        "mart.program_sector_gap", program_id=program_id, sector_code=sector_code, grain=grain
    )
    found = visit.reading.rows(
        "mart.program_sector_alignment", program_id=program_id, sector_code=sector_code, grain=grain
    )
    above = [
        heading(title),
        soft(
            program["institution"],
            f" · CIP {program['cip_code']}" if program["cip_code"] else "",
            f" · {count(program['courses_n'], 'course')} read",
            f" · named in the registry and not found: {listed(program['missing_courses'])}"
            if program["missing_courses"]
            else "",
        ),
        _form(directory, program_id, sector_code, grain),
    ]
    name = f"{title} beside {sector}"
    if not found:
        return Laid(name, [*above, *_no_comparison(directory, sector)])
    [aligned] = found
    return Laid(
        name,
        [
            *above,
            lead(plain_sentence(gaps, aligned, title, sector, KINDS[grain])),
            _alignment(aligned, directory, grain),
            _change(visit, view),
            _gaps(gaps, view) if aligned["sector_postings_n"] else None,
            _what_if(visit, aligned, gaps, view) if aligned["alignment"] is not None else None,
            _matrix(visit, gaps, view, sector),
            _decisions(visit, gaps, view),
            _taught(gaps, view),
        ],
    )


def _form(directory: Directory, program_id: str, sector_code: str, grain: str) -> Component:
    own = directory.own_sectors(program_id)
    others = [code for code in directory.sector_codes if code not in own]
    sectors = [
        Choice(code, first_upper(directory.sector_name(code)))
        for code in dict.fromkeys([*own, *others, sector_code])
    ]
    return ask(
        PROGRAM,
        select(
            "program",
            "Program",
            [Choice(code, name) for code, name in directory.program_names.items()],
            program_id,
        ),
        select("sector", "Beside", sectors, sector_code),
        select("grain", "Show", [Choice(g, GRAIN_NAMES[g]) for g in reversed(GRAINS)], grain),
    )


def _no_comparison(directory: Directory, sector: str) -> list[Any]:
    if not directory.is_asked:
        return empty.no_postings()
    return [
        lead(f"No posting of the period belongs to {sector}, so there is nothing to compare with.")
    ]


def _alignment(aligned: Row, directory: Directory, grain: str) -> Component:
    period = f"postings from {dated(directory.start_on, directory.end_on)}"
    if not aligned["sector_postings_n"]:
        return soft(f"Choose another sector above; {period}.")
    if aligned["alignment"] is None:
        return soft(f"What is listed below is indicative and not ranked; {period}.")
    return soft(
        f"Alignment {percent(aligned['alignment'])} (95% interval {interval(aligned)}), over "
        f"{aligned['skills_n']:,} {KINDS[grain]} in demand",
        f", from {count(aligned['sector_postings_n'], 'posting')} by "
        f"{count(aligned['sector_employers_n'], 'employer')}; {period}.",
    )


def _change(visit: Visit, view: dict[str, Any]) -> Component | None:
    """Why alignment is another than in the run before."""
    rows = visit.reading.rows(
        "mart.run_changes",
        program_id=view["program"],
        sector_code=view["sector"],
        grain=view["grain"],
    )
    return soft(since_sentence(rows)) if rows else None


def _gaps(gaps: pl.DataFrame, view: dict[str, Any]) -> Component:
    first = gaps.filter(pl.col("rank") <= TOP_GAPS).sort("rank")
    ranked = first.filter(~pl.col("is_transversal")).to_dicts()
    everywhere = first.filter("is_transversal").head(TRANSVERSAL_GAPS).to_dicts()
    every = gaps.filter(pl.col("postings_n") > 0).sort(
        "is_transversal", "rank", "postings_n", nulls_last=True, descending=[False, False, True]
    )
    if ranked:
        content: list[Any] = [
            soft(
                "Ranked by demand not covered; skills particular to the sector weigh more. The "
                "name of a skill leads to both sides' sentences."
            ),
            html.Ol([_gap(row, view) for row in ranked], className="gaps"),
            *_asked_everywhere(everywhere, view),
        ]
        title = "The largest gaps"
    else:
        thin = (
            gaps.filter(pl.col("postings_n") > 0, pl.col("coverage") == 0)
            .sort("postings_n", "skill_label", descending=[True, False])
            .head(TOP_GAPS)
            .to_dicts()
        )
        title = "Named most often and taught nowhere (indicative, not ranked)" if thin else "Gaps"
        content = [
            html.Ul([_gap(row, view) for row in thin], className="gaps")
            if thin
            else html.P("Nothing that employers ask for here is left untaught."),
        ]
    return card("gaps", title, *content, _every_skill(every, view))


def _asked_everywhere(rows: list[Row], view: dict[str, Any]) -> list[Component]:
    if not rows:
        return []
    return [
        html.H3("Asked for in every sector"),
        soft("Skills that any work may ask for, such as teamwork, have a ranking of their own."),
        html.Ol([_gap(row, view) for row in rows], className="gaps"),
    ]


def _gap(row: Row, view: dict[str, Any]) -> Component:
    status = "not taught" if row["status"] == "gap" else row["status"]
    stability = (
        f"Among the first {TOP_GAPS} gaps in {row['top_n']} of {row['variants_n']} ways to count."
        if row["rank"]
        else "Too few postings to rank."
    )
    taught = f" Taught in {listed(row['course_codes'])}." if row["course_codes"] else ""
    return html.Li(
        html.Div(
            [
                dcc.Link(
                    html.Span(row["skill_label"], className="first"),
                    href=_skill_link(row["skill_id"], view),
                    className="skill",
                ),
                html.Span(
                    status, className="status gap-status" if row["status"] == "gap" else "status"
                ),
                html.Span(
                    [
                        bar("asked in", row["share"], "demand"),
                        bar("covered", row["coverage"], "coverage"),
                    ],
                    className="bars",
                ),
                html.Span(
                    f"{count(row['postings_n'], 'posting')} by "
                    f"{count(row['employers_n'], 'employer')} ask for it ({interval(row)} of the "
                    f"sector). {stability}{taught}",
                    className="says",
                ),
            ],
            className="gap",
        )
    )


def _skill_link(skill_id: str, view: dict[str, Any]) -> str:
    return link(SKILL, {"skill": skill_id, "program": view["program"], "sector": view["sector"]})


def _every_skill(gaps: pl.DataFrame, view: dict[str, Any]) -> Component | None:
    if gaps.is_empty():
        return None
    fields = [
        Field("Skill", "skill_label", "link", flex=3),
        Field("Rank", "rank", "count"),
        Field("Asked in", "share", "share"),
        Field("Covered", "coverage", "share"),
        Field("Status", "status"),
        Field("Ways among the first", "top_n", "count"),
        Field("Postings", "postings_n", "count"),
        Field("Employers", "employers_n", "count"),
    ]
    rows = [
        {
            **{field.field: row[field.field] for field in fields},
            "skill_label": first_upper(row["skill_label"]),
            "href": _skill_link(row["skill_id"], view),
        }
        for row in gaps.to_dicts()
    ]
    return more(
        f"All {len(rows):,} that employers ask for, as a table",
        grid("all-gaps", "Table of all skills asked for", fields, rows),
    )


def _matrix(
    visit: Visit, gaps: pl.DataFrame, view: dict[str, Any], sector: str
) -> Component | None:
    wanted = (
        gaps.filter(pl.col("status").is_in(PUBLISHABLE_STATUSES))
        .sort("demand", "skill_id", descending=[True, False])
        .head(TOP_GAPS)
        .to_dicts()
    )
    if not wanted:
        return None
    courses: dict[str, Row] = {}
    depths: dict[tuple[str, str], str] = {}
    for row in _course_rows(visit, view):
        courses[row["course_id"]] = row
        key = row["course_id"], row["skill_id"]
        if row["skill_id"] and DEPTHS.index(row["depth"]) >= DEPTHS.index(
            depths.get(key, DEPTHS[0])
        ):
            depths[key] = row["depth"]
    teaching = {course for course, skill in depths if skill in {row["skill_id"] for row in wanted}}
    sentence = (
        f"{len(teaching)} of {count(len(courses), 'course')} teach one of the {len(wanted)} most "
        f"wanted of {sector}."
    )
    head = [html.Th("Course", scope="col")] + [
        html.Th(
            dcc.Link(first_upper(row["skill_label"]), href=_skill_link(row["skill_id"], view)),
            scope="col",
        )
        for row in wanted
    ]
    body = [
        html.Tr(
            [
                html.Th(
                    [
                        html.B(course["course_code"]),
                        f" {course['title']}",
                        "" if course["is_required"] else " (elective)",
                    ],
                    scope="row",
                ),
                *[html.Td(_depth(depths.get((course_id, row["skill_id"])))) for row in wanted],
            ]
        )
        for course_id, course in courses.items()
    ]
    return card(
        "courses",
        "Course by course",
        html.P(sentence),
        scrolling(
            "Table of courses and the most wanted skills, with depth",
            html.Table([html.Thead(html.Tr(head)), html.Tbody(body)], className="matrix"),
        ),
        soft(
            "How deep a course goes: ",
            ", ".join(f"{sign} {depth}" for depth, sign in DEPTH_SIGNS.items()),
            "; a dash where it does not name the skill. Most wanted skills from the left.",
        ),
    )


def _decisions(visit: Visit, gaps: pl.DataFrame, view: dict[str, Any]) -> Component | None:
    courses = {row["course_id"]: row for row in _course_rows(visit, view)}
    asked = gaps.filter(pl.col("status").is_in(PUBLISHABLE_STATUSES)).sort("skill_label")
    skills = [Choice(row["skill_id"], first_upper(row["skill_label"])) for row in asked.to_dicts()]
    return visit.extras.beside_courses(visit, list(courses.values()), skills)


def _course_rows(visit: Visit, view: dict[str, Any]) -> list[Row]:
    return visit.reading.select(
        "course_depths",
        program_id=view["program"],
        grain=view["grain"],
        min_mention_score=MIN_MENTION_SCORE,
    ).to_dicts()


def _depth(depth: str | None) -> list[Any] | str:
    if depth is None:
        return "–"
    hidden: dict[str, Any] = {"aria-hidden": "true"}
    return [html.Span(DEPTH_SIGNS[depth], className="depth", **hidden), depth]


def _what_if(visit: Visit, aligned: Row, gaps: pl.DataFrame, view: dict[str, Any]) -> Component:
    courses = {row["course_id"]: row for row in _course_rows(visit, view)}
    offered = gaps.filter(pl.col("status").is_in(("gap", "partly taught")))
    offered = offered.sort("is_transversal", "rank")
    labels = dict(gaps.select("skill_id", "skill_label").iter_rows())
    additions = _additions(visit, labels, set(courses))
    skills = [
        Choice(
            row["skill_id"],
            f"{first_upper(row['skill_label'])} ({percent(row['coverage'])} covered)",
        )
        for row in offered.head(OFFERED_SKILLS).to_dicts()
    ]
    course_choices = [
        Choice(
            code,
            f"{row['course_code']} {row['title']}{'' if row['is_required'] else ' (elective)'}",
        )
        for code, row in courses.items()
    ]
    content: list[Any] = [
        html.P(
            "Add a skill to a course and see how alignment would move. Nothing is stored: the plan "
            "is the address of this page, and can be sent."
        )
    ]
    if skills and course_choices:
        content.append(
            ask(
                PROGRAM,
                select("add", "Skill", skills, skills[0].value),
                select("to", "Course", course_choices, course_choices[0].value),
                select(
                    "at", "Depth", [Choice(d, first_upper(d)) for d in reversed(DEPTHS)], DEPTHS[-1]
                ),
                kept={**view, **_as_values(additions)},
                button="Add",
                at_once=False,
                label="Add a skill to a course",
            )
        )
    if additions:
        outcome = what_if(visit.reading, aligned, gaps, additions)
        content += _outcome(outcome, additions, labels, courses, view)
    return card("what-if", "What if a course taught it?", *content)


def _additions(visit: Visit, labels: dict[str, str], course_ids: set[str]) -> list[Addition]:
    """What the address adds, as far as this program and sector know it."""
    named = zip(*(visit.query.many(name) for name in ("add", "to", "at")), strict=False)
    return list(
        dict.fromkeys(
            Addition(skill_id, course_id, depth)
            for skill_id, course_id, depth in named
            if skill_id in labels and course_id in course_ids and depth in DEPTHS
        )
    )


def _as_values(additions: list[Addition]) -> dict[str, list[str]]:
    return {
        "add": [addition.skill_id for addition in additions],
        "to": [addition.course_id for addition in additions],
        "at": [addition.depth for addition in additions],
    }


def _outcome(
    outcome: Outcome,
    additions: list[Addition],
    labels: dict[str, str],
    courses: dict[str, Row],
    view: dict[str, Any],
) -> list[Component | None]:
    sentence = what_if_sentence(outcome)
    items = [
        html.Li(
            [
                html.B(first_upper(labels[addition.skill_id])),
                f", {addition.depth} in {courses[addition.course_id]['course_code']} ",
                dcc.Link(
                    "remove",
                    href=link(
                        PROGRAM,
                        {**view, **_as_values([a for a in additions if a != addition])},
                    ),
                    title=f"Remove {labels[addition.skill_id]}",
                ),
            ]
        )
        for addition in additions
    ]
    points = [
        charts.Measured(
            label,
            row["alignment"],
            row["ci_low"],
            row["ci_high"],
            f"{label}: {percent(row['alignment'])} ({interval(row)})",
        )
        for label, row in (("As it is", outcome.before), ("With the additions", outcome.after))
    ]
    columns = [
        Column("Skill", lambda row: first_upper(row["skill_label"])),
        Column("Covered now", lambda row: percent(row["coverage_before"]), True),
        Column("Then", lambda row: percent(row["coverage"]), True),
        Column("Asked in", lambda row: percent(row["share"]), True),
        Column("Rank then", lambda row: f"{row['rank']:,}" if row["rank"] else "no gap left", True),
    ]
    return [
        html.H3("The plan"),
        html.Ul(items, className="added"),
        html.P(dcc.Link("Remove all", href=link(PROGRAM, view))) if len(additions) > 1 else None,
        html.P(sentence, className="lead", role="status"),
        charts.positions(sentence, points),
        soft(
            f"From {count(outcome.after['sector_postings_n'], 'posting')} by "
            f"{count(outcome.after['sector_employers_n'], 'employer')}; intervals from drawing the "
            "employers anew, the same draws for both."
        ),
        more(
            f"What would be covered better: {count(outcome.changed.height, 'row')}",
            table("Table of skills covered better", columns, outcome.changed.to_dicts()),
            printed=True,
        ),
    ]


def _taught(gaps: pl.DataFrame, view: dict[str, Any]) -> Component | None:
    aligned = gaps.filter(pl.col("status") == "aligned").sort(
        "demand", "skill_label", descending=[True, False]
    )
    not_asked = gaps.filter(pl.col("status") == "taught, not asked").sort(
        "coverage", "skill_label", descending=[True, False]
    )
    if aligned.is_empty() and not_asked.is_empty():
        return None
    return card(
        "taught",
        "What is taught already",
        *_chips("In demand and well taught", aligned, view),
        *_chips("Taught, and asked for by no posting here", not_asked, view),
    )


def _chips(title: str, rows: pl.DataFrame, view: dict[str, Any]) -> list[Component]:
    if rows.is_empty():
        return []
    chips = [
        html.Li(dcc.Link(first_upper(row["skill_label"]), href=_skill_link(row["skill_id"], view)))
        for row in rows.to_dicts()
    ]
    shown, rest = chips[: 2 * TOP_GAPS], chips[2 * TOP_GAPS :]
    return [
        html.H3(title),
        html.Ul(shown, className="chips"),
        *([more(f"{len(rest):,} more", html.Ul(rest, className="chips"))] if rest else []),
    ]
