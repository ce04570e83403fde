"""A sector: what it asks for most, what it asks for more or less than before, who asks."""

from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from pipelines.contracts.rules import (
    FALSE_DISCOVERY_RATE,
    GRAINS,
    MIN_POSTINGS,
    PROGRAM_MARKET,
    STALE_AFTER_DAYS,
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
    card,
    count,
    dated,
    fine_percent,
    first_upper,
    heading,
    interval,
    lead,
    more,
    percent,
    points,
    select,
    soft,
    table,
)
from pipelines.dashboard.sentences import sector_sentence, trend_sentence
from pipelines.presentation.sentences import KINDS

LARGEST_MOVERS = 5
MOST_WANTED = 15
EMPLOYERS = 10
GRID_COLUMNS = (
    "share",
    "ci_low",
    "ci_high",
    "postings_n",
    "required_n",
    "preferred_n",
    "employers_n",
    "unpublishable_reason",
)
GRAIN_NAMES = {"group": "Groups of skills", "concept": "Single skills"}


def layout(visit: Visit) -> Laid:
    """`sector` and `grain` (group or concept) in the address."""
    directory = visit.directory
    sector_code = visit.query.one("sector")
    if not directory.is_asked:
        return Laid("Sectors", [heading("Sectors"), *empty.no_postings()])
    if not sector_code:
        return _list(visit, directory)
    if not directory.has_sector(sector_code):
        known = [Choice(code, directory.sector_name(code)) for code in directory.sector_codes]
        return empty.unknown("sector", sector_code, SECTOR, known)
    return _page(visit, directory, sector_code)


def _list(visit: Visit, directory: Directory) -> Laid:
    wanted = (
        visit.reading.frame("mart.sector_skill_demand", grain="group")
        .filter(~pl.col("sector_code").str.starts_with(PROGRAM_MARKET))
        .sort("is_transversal", -pl.col("share"), "skill_id")
        .group_by("sector_code")
        .agg(
            pl.col("sector_postings_n").first(),
            most_wanted=pl.col("skill_label").filter(pl.col("is_publishable")).head(3),
        )
        .with_columns(title=pl.col("sector_code").replace(directory.sector_titles))
        .sort(~pl.col("sector_code").is_in(list(directory.group_codes)), "title")
    )
    columns = [
        Column(
            "Sector",
            lambda row: dcc.Link(row["title"], href=link(SECTOR, {"sector": row["sector_code"]})),
        ),
        Column("Postings", lambda row: f"{row['sector_postings_n']:,}", True),
        Column(
            "Asks for most",
            lambda row: first_upper("; ".join(row["most_wanted"])) or "too few postings to rank",
        ),
    ]
    return Laid(
        "Sectors",
        [
            heading("Sectors"),
            lead(f"{count(wanted.height, 'sector')} with postings, and what each asks for most."),
            card(
                "sectors",
                "Choose a sector",
                table("Table of sectors", columns, wanted.to_dicts()),
                soft(
                    f"Postings from {dated(directory.start_on, directory.end_on)}. Sector groups "
                    "(Technology, Health Care and so on) come first; a posting may be in several."
                ),
            ),
        ],
    )


def _page(visit: Visit, directory: Directory, sector_code: str) -> Laid:
    grain = visit.query.choice("grain", tuple(reversed(GRAINS)))
    sector = directory.sector_name(sector_code)
    keys = {"sector_code": sector_code, "grain": grain}
    demand = visit.reading.frame("mart.sector_skill_demand", **keys)
    trends = visit.reading.frame("mart.sector_skill_trends", **keys)
    codes = dict.fromkeys([*directory.sector_codes, sector_code])
    above = [
        heading(first_upper(sector)),
        ask(
            SECTOR,
            select(
                "sector",
                "Sector",
                [Choice(code, first_upper(directory.sector_name(code))) for code in codes],
                sector_code,
            ),
            select("grain", "Show", [Choice(g, GRAIN_NAMES[g]) for g in reversed(GRAINS)], grain),
        ),
    ]
    if demand.is_empty():
        nothing = lead(f"No posting of the period in {sector} names a skill.")
        return Laid(first_upper(sector), [*above, nothing])
    period = f"postings from {dated(directory.start_on, directory.end_on)}"
    return Laid(
        first_upper(sector),
        [
            *above,
            lead(sector_sentence(demand, sector, KINDS[grain])),
            _most_wanted(demand, sector_code, period),
            _trends(trends, directory, sector),
            _weighed(demand, sector_code),
            html.Div(
                [
                    html.Div(_employers(visit, sector_code, period), className="stack"),
                    html.Div(
                        [
                            _care(visit, sector_code),
                            _programs(visit, directory, sector_code),
                        ],
                        className="stack",
                    ),
                ],
                className="pair",
            ),
        ],
    )


def _most_wanted(demand: pl.DataFrame, sector_code: str, period: str) -> Component:
    ranked, everywhere = (
        demand.filter("is_publishable", pl.col("is_transversal") == is_transversal).sort(
            "share", "skill_id", descending=[True, False]
        )
        for is_transversal in (False, True)
    )
    if ranked.is_empty():
        ranked, everywhere = everywhere, ranked
    n = demand["sector_postings_n"][0]
    caption = soft(
        f"Share of {count(n, 'posting')} that name it; whiskers: 95% interval; {period}."
    )
    every = more(
        f"All {demand.height:,} that a posting names, as a table",
        grid(
            "all-demand",
            "Table of all skills asked for",
            [
                Field("Skill", "skill_label", "link", flex=3),
                Field("Share", "share", "share"),
                Field("From", "ci_low", "share"),
                Field("To", "ci_high", "share"),
                Field("Postings", "postings_n", "count"),
                Field("Required", "required_n", "count"),
                Field("Preferred", "preferred_n", "count"),
                Field("Employers", "employers_n", "count"),
                Field("Why not ranked", "unpublishable_reason", flex=2),
            ],
            _grid_rows(demand, sector_code),
        ),
    )
    if ranked.is_empty():
        reason = demand["unpublishable_reason"][0]
        return card("wanted", "Most wanted", html.P(f"Too few postings to rank: {reason}."), every)
    rows = ranked.head(MOST_WANTED).to_dicts()
    sentence = (
        f"{first_upper(rows[0]['skill_label'])} is asked in {percent(rows[0]['share'])} of the "
        f"postings ({interval(rows[0])}), the {len(rows)}th most wanted, "
        f"{rows[-1]['skill_label']}, in {percent(rows[-1]['share'])}."
        if len(rows) > 3
        else f"{count(len(rows), 'skill')} can be ranked."
    )
    bars = [
        charts.Measured(
            first_upper(row["skill_label"]),
            row["share"],
            row["ci_low"],
            row["ci_high"],
            f"{percent(row['share'])} ({interval(row)}), {count(row['postings_n'], 'posting')} by "
            f"{count(row['employers_n'], 'employer')}",
        )
        for row in rows
    ]
    return card(
        "wanted",
        "Most wanted",
        html.P(sentence),
        charts.share_bars(sentence, bars),
        _asked_everywhere(everywhere, sector_code),
        caption,
        more(
            f"The first {len(rows)} as a table",
            table("Table of the most wanted skills", _wanted_columns(sector_code), rows),
            printed=True,
        ),
        every,
    )


def _asked_everywhere(ranked: pl.DataFrame, sector_code: str) -> Component | None:
    rows = ranked.head(TRANSVERSAL_GAPS).to_dicts()
    if not rows:
        return None
    parts: list[Component | str] = []
    for row in rows:
        parts += [
            ", " if parts else "",
            _skill_link(row, sector_code),
            f" ({percent(row['share'])})",
        ]
    return soft("Besides, as in every sector: ", *parts, ".")


def _grid_rows(demand: pl.DataFrame, sector_code: str) -> list[Row]:
    ordered = demand.sort("postings_n", "skill_label", descending=[True, False])
    return [
        {
            **{name: row[name] for name in GRID_COLUMNS},
            "skill_label": first_upper(row["skill_label"]),
            "href": _skill_address(row, sector_code),
        }
        for row in ordered.to_dicts()
    ]


def _wanted_columns(sector_code: str) -> list[Column]:
    return [
        Column("Skill", lambda row: _skill_link(row, sector_code)),
        Column("Share", lambda row: f"{percent(row['share'])} ({interval(row)})", True),
        Column("Postings", lambda row: f"{row['postings_n']:,}", True),
        Column("Required", lambda row: f"{row['required_n']:,}", True),
        Column("Preferred", lambda row: f"{row['preferred_n']:,}", True),
        Column("Employers", lambda row: f"{row['employers_n']:,}", True),
        Column("Pay", _pay, True),
    ]


def _pay(row: Row) -> str:
    if row["wage_usd_year"] is None:
        return "–"
    said = "" if row["wage_source"] == "posted" else " official"
    return f"${row['wage_usd_year']:,.0f}{said}"


def _skill_link(row: Row, sector_code: str) -> Component:
    return dcc.Link(first_upper(row["skill_label"]), href=_skill_address(row, sector_code))


def _skill_address(row: Row, sector_code: str) -> str:
    return link(SKILL, {"skill": row["skill_id"], "sector": sector_code})


def _trends(trends: pl.DataFrame, directory: Directory, sector: str) -> Component:
    found = trends.filter(pl.col("trend").is_in(("emerging", "fading"))).sort(
        "change", descending=True
    )
    tested_n = trends.filter(pl.col("q_value").is_not_null()).height
    sentence = trend_sentence(found, tested_n, sector)
    content: list[Any] = [html.P(sentence)]
    rows = found.to_dicts()
    if rows:
        measured = [
            charts.Measured(
                first_upper(row["skill_label"]),
                row["change"],
                row["ci_low"],
                row["ci_high"],
                f"{percent(row['share_before'])} before, {percent(row['share_after'])} now",
            )
            for row in rows
        ]
        columns = [
            Column("Skill", lambda row: _skill_link(row, row["sector_code"])),
            Column("What it does", lambda row: row["trend"]),
            Column("Before", lambda row: percent(row["share_before"]), True),
            Column("Now", lambda row: percent(row["share_after"]), True),
            Column(
                "Change, in points",
                lambda row: (
                    f"{100 * row['change']:+.0f} ({100 * row['ci_low']:+.0f} to "
                    f"{100 * row['ci_high']:+.0f})"
                ),
                True,
            ),
        ]
        content += [
            charts.changes(sentence, measured),
            more("The same as a table", table("Table of changes", columns, rows), printed=True),
        ]
    if not trends.is_empty():
        first = trends.row(0, named=True)
        untested = trends["untested_reason"].drop_nulls()
        content.append(
            soft(
                f"{count(first['sector_after_n'], 'posting')} from "
                f"{dated(first['after_start_on'], first['period_end_on'])}, beside "
                f"{count(first['sector_before_n'], 'posting')} from "
                f"{first['before_start_on']:%-d %B %Y} until then: the same months of both "
                "years, so that seasons cancel. Of what is called emerging or fading at most "
                f"{percent(FALSE_DISCOVERY_RATE)} is expected to be chance."
                if tested_n
                else f"No skill could be tested: {untested[0] if len(untested) else 'no postings'}."
            )
        )
    return card("trends", "Emerging and fading", *content)


def _weighed(demand: pl.DataFrame, sector_code: str) -> Component | None:
    """The skills whose share moves most when occupations count as they are employed."""
    moved = pl.col("share_calibrated") - pl.col("share")
    rows = (
        demand.filter("is_publishable", pl.col("share_calibrated").is_not_null())
        .with_columns(moved=moved)
        .sort(-moved.abs(), "skill_id")
        .head(LARGEST_MOVERS)
        .to_dicts()
    )
    if not rows:
        return None
    first = rows[0]
    columns = [
        Column("Skill", lambda row: _skill_link(row, sector_code)),
        Column("As posted", lambda row: percent(row["share"]), True),
        Column("As employed", lambda row: percent(row["share_calibrated"]), True),
        Column("Points", lambda row: points(row["moved"]), True),
    ]
    return card(
        "weighed",
        "Ads beside jobs",
        html.P(
            f"Were every occupation advertised as often as the sector employs it, "
            f"{first['skill_label']} would be asked in {percent(first['share_calibrated'])} of the "
            f"postings, not in {percent(first['share'])}: the largest move."
        ),
        table("Table of the largest moves", columns, rows),
        soft(
            f"Occupations weighed to official employment (BLS OEWS, May 2025), which leaves "
            f"{first['calibrated_n']:,.0f} of {count(first['sector_postings_n'], 'posting')} as "
            "the effective sample. Online ads over-represent graduate and office work; ranks use "
            "the shares as posted, and the other weighing is among the ways to count."
        ),
    )


def _employers(visit: Visit, sector_code: str, period: str) -> Component:
    rows = visit.reading.once(
        ("employers", sector_code),
        lambda: visit.reading.select(
            "sector_employers", sector_code=sector_code, limit_n=EMPLOYERS
        ).to_dicts(),
    )
    if not rows:
        return card("employers", "Who asks", html.P("No posting names its employer."))
    columns = [
        Column(
            "Employer",
            lambda row: f"{row['employer']}{' (agency)' if row['is_staffing_agency'] else ''}",
        ),
        Column("Postings", lambda row: f"{row['postings_n']:,}", True),
    ]
    sentence = (
        f"{rows[0]['employer']} has most postings, {rows[0]['postings_n']:,} of "
        f"{_sums(visit, sector_code)['postings_n']:,}."
    )
    return card(
        "employers",
        "Who asks",
        html.P(sentence),
        table("Table of the employers with most postings", columns, rows),
        soft(first_upper(period) + "."),
    )


def _sums(visit: Visit, sector_code: str) -> Row:
    return visit.reading.once(
        ("care", sector_code),
        lambda: visit.reading.select("sector_care", sector_code=sector_code).row(0, named=True),
    )


def _care(visit: Visit, sector_code: str) -> Component:
    sums = _sums(visit, sector_code)
    [unknown] = visit.reading.frame("mart.run_quality", subject="all").filter(
        pl.col("check_name") == "sector unknown share"
    )["value"]
    columns = [
        Column("Kind of ad", lambda row: row["kind"]),
        Column("Of the sector's", lambda row: _share_of(row["share"], sums["postings_n"]), True),
    ]
    rows = [
        {
            "kind": f"Stale: open for more than {STALE_AFTER_DAYS} days",
            "share": sums["stale_share"],
        },
        {"kind": "Perpetual: kept open by posting again", "share": sums["perpetual_share"]},
        {"kind": "Of staffing agencies", "share": sums["agency_share"]},
    ]
    return card(
        "care",
        "Ads to read with care",
        html.P(
            "They may stand for no open job; they stay in the figures. "
            f"{fine_percent(unknown)} of all postings are of unknown sector and in no sector's "
            "figures."
        ),
        table("Table of ads to read with care", columns, rows),
        soft(f"Of {count(sums['postings_n'], 'posting')} in the period."),
    )


def _share_of(share: float, n: int) -> str:
    return fine_percent(share) if n >= MIN_POSTINGS else f"{share * n:.0f} of {n:,}"


def _programs(visit: Visit, directory: Directory, sector_code: str) -> Component | None:
    aligned = (
        visit.reading.frame("mart.program_sector_alignment", sector_code=sector_code, grain="group")
        .sort("is_target", "alignment", descending=True, nulls_last=True)
        .to_dicts()
    )
    if not aligned:
        return None
    columns = [
        Column(
            "Program",
            lambda row: dcc.Link(
                directory.program_names[row["program_id"]],
                href=link(PROGRAM, {"program": row["program_id"], "sector": sector_code}),
            ),
        ),
        Column("Feeds it", lambda row: "yes" if row["is_target"] else ""),
        Column(
            "Alignment",
            lambda row: (
                "too few"
                if row["alignment"] is None
                else f"{percent(row['alignment'])} ({interval(row)})"
            ),
            True,
        ),
    ]
    return card(
        "programs", "Programs beside it", table("Table of programs beside it", columns, aligned)
    )
