"""The data: sources, freshness, what was refused and why, how good the run was, the method."""

from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from pipelines.contracts import rules
from pipelines.contracts.rules import REJECT_REASONS
from pipelines.dashboard.addresses import SECTOR, link
from pipelines.dashboard.grids import Field, grid
from pipelines.dashboard.page import Laid, Visit
from pipelines.dashboard.parts import (
    Column,
    Row,
    card,
    count,
    dated,
    fine_percent,
    heading,
    lead,
    more,
    percent,
    points,
    soft,
    table,
)
from pipelines.presentation.names import listed

CAUSE_NAMES = {
    "readings": "The same texts, read anew (taxonomy, decisions or program)",
    "syllabi": "Courses and programs",
    "postings": "Postings",
    "measurable now": "Too few postings before",
    "measurable no more": "Too few postings now",
}
SHOWN_REJECTS = 500
EXCERPT = 160


def layout(visit: Visit) -> Laid:
    """Nothing in the address."""
    sources = visit.reading.frame("raw.sources").sort("source_id")
    return Laid(
        "Data",
        [
            heading("Where the figures come from"),
            lead(_sentence(sources)),
            _sources(visit, sources),
            _rejects(visit, sources),
            _quality(visit),
            _accuracy(visit),
            _changes(visit),
            _method(),
            _callers(),
        ],
    )


def _sentence(sources: pl.DataFrame) -> str:
    if sources.is_empty():
        return "No record has been read yet."
    [(rows_n, rejects_n, last_at)] = sources.select(
        pl.sum("rows_n"), pl.sum("rejects_n"), pl.max("ingested_at")
    ).rows()
    refused = f"{count(rejects_n, 'record')} refused" if rejects_n else "none refused"
    return (
        f"{count(rows_n, 'record')} of {count(sources.height, 'source')} were read, last on "
        f"{last_at:%-d %B %Y}; {refused}."
    )


def _sources(visit: Visit, sources: pl.DataFrame) -> Component:
    directory, edition = visit.directory, visit.reading.edition
    columns = [
        Column("Source", lambda row: row["source_id"]),
        Column("Gives", lambda row: row["kind"]),
        Column("Published by", lambda row: row["publisher"] or "not stated"),
        Column("Terms", lambda row: row["licence"] or "not stated"),
        Column("Records", lambda row: f"{row['rows_n']:,}", True),
        Column("Refused", lambda row: f"{row['rejects_n']:,}", True),
        Column("Read", lambda row: f"{row['ingested_at']:%Y-%m-%d}", True),
    ]
    unread = [
        f"{row['source_id']}: {', '.join(row['unread_columns'])}"
        for row in sources.to_dicts()
        if row["unread_columns"]
    ]
    return card(
        "sources",
        "Sources and freshness",
        html.P(
            f"Postings from {dated(directory.start_on, directory.end_on)} count as today's demand. "
            f"Published {edition.published_at[:16].replace('T', ' ')} UTC as {edition.file}, with "
            f"the taxonomy {edition.taxonomy_version}."
        ),
        table("Table of sources", columns, sources.to_dicts()),
        more(
            f"Columns that nothing reads, of {count(len(unread), 'source')}",
            html.Ul([html.Li(line) for line in unread]),
        )
        if unread
        else None,
    )


def _rejects(visit: Visit, sources: pl.DataFrame) -> Component:
    rejects = visit.reading.frame("raw.rejects").sort("reason_code", "source_id", "locator")
    if rejects.is_empty():
        return card("rejects", "Refused records", html.P("No record and no file was refused."))
    reasons = (
        rejects.group_by("reason_code")
        .agg(rejects_n=pl.len(), source_ids=pl.col("source_id").unique().sort())
        .sort("rejects_n", "reason_code", descending=[True, False])
        .to_dicts()
    )
    [(rows_n,)] = sources.select(pl.sum("rows_n")).rows()
    columns = [
        Column("Reason", lambda row: REJECT_REASONS[row["reason_code"]]),
        Column("Sources", lambda row: ", ".join(row["source_ids"])),
        Column("Records", lambda row: f"{row['rejects_n']:,}", True),
    ]
    shown = rejects.head(SHOWN_REJECTS).select(
        "source_id", "locator", "message", excerpt=pl.col("excerpt").str.head(EXCERPT)
    )
    fields = [
        Field("Source", "source_id", flex=2),
        Field("Place", "locator", flex=2),
        Field("Why, and what would mend it", "message", flex=3),
        Field("It begins", "excerpt", flex=3),
    ]
    return card(
        "rejects",
        "Refused records",
        html.P(
            f"{count(rejects.height, 'record')} ({fine_percent(rejects.height / rows_n)}) could "
            f"not be used, most because {REJECT_REASONS[reasons[0]['reason_code']]}."
        ),
        table("Table of reasons", columns, reasons),
        more(
            f"Where they stand: the first {shown.height:,}"
            if rejects.height > SHOWN_REJECTS
            else "Where they stand",
            grid("rejects-grid", "Table of refused records", fields, shown.to_dicts()),
        ),
    )


def _quality(visit: Visit) -> Component:
    quality = visit.reading.frame("mart.run_quality").sort("check_name", "subject")
    whole = quality.filter(pl.col("subject") == "all")
    value = dict(whole.select("check_name", "value").rows())
    titles = visit.directory.sector_titles
    columns = [
        Column("What was counted", lambda row: row["check_name"]),
        Column("Value", _value, True),
    ]
    fields = [
        Field("What was counted", "check_name", flex=3),
        Field("Of", "subject", flex=3),
        Field("Value", "shown"),
    ]
    parts = quality.filter(pl.col("subject") != "all").to_dicts()
    rows = [
        {
            "check_name": row["check_name"],
            "subject": titles.get(row["subject"], row["subject"]),
            "shown": _value(row),
        }
        for row in parts
    ]
    return card(
        "quality",
        "Quality of the run",
        html.P(
            f"{fine_percent(value['duplicate share'])} of the postings were copies of another; the "
            f"sector is unknown for {fine_percent(value['sector unknown share'])}; in "
            f"{fine_percent(value['postings without a skill'])} of the postings and "
            f"{fine_percent(value['courses without a skill'])} of the courses no skill was found."
        ),
        more(
            "All figures of the run", table("Table of the run's figures", columns, whole.to_dicts())
        ),
        more(
            "By source and sector", grid("quality-grid", "Table by source and sector", fields, rows)
        ),
    )


def _value(row: Row) -> str:
    return fine_percent(row["value"]) if row["unit"] == "share" else f"{row['value']:,.0f}"


def _accuracy(visit: Visit) -> Component:
    """How right extraction is on the labeled sample, side by side, with every sector below."""
    rows = visit.reading.frame("mart.extraction_accuracy")
    titles = {**visit.directory.sector_titles, "all": "All sectors"}
    of_side = {"postings": "Ads", "courses": "Courses"}
    cards = (
        rows.sort("measure")
        .group_by("side", "sector_code", "sentences_n", maintain_order=True)
        .agg("value", "ci_low", "ci_high")
        .sort(pl.col("side") != "postings", pl.col("sector_code") != "all", "sector_code")
        .to_dicts()
    )
    if not cards:
        return card("accuracy", "How right the reading is", html.P("It was not measured."))

    def measured(row: Row, n: int) -> str:
        value, low, high = (row[name][n] for name in ("value", "ci_low", "ci_high"))
        return "–" if value is None else f"{percent(value)} ({percent(low)}–{percent(high)})"

    columns = [
        Column("Sentences", lambda row: f"{of_side[row['side']]}: {titles[row['sector_code']]}"),
        Column("Number", lambda row: f"{row['sentences_n']:,}", True),
        Column("Right of what is found", lambda row: measured(row, 0), True),
        Column("Found of what is there", lambda row: measured(row, 1), True),
    ]
    first = cards[0]
    return card(
        "accuracy",
        "How right the reading is",
        html.P(
            f"On {first['sentences_n']:,} marked sentences of ads, {percent(first['value'][0])} of "
            f"the skills that this run found are right, and it found {percent(first['value'][1])} "
            "of those that are there."
        ),
        table("Table of accuracy", columns, cards),
        soft(
            "Sentences written for this watch and never learned from, shorter and cleaner than "
            "real ads; in brackets the 95% interval."
        ),
    )


def _changes(visit: Visit) -> Component:
    """By cause what moved the alignments of programs with the sectors they feed."""
    changes = visit.reading.frame("mart.run_changes", grain="group")
    title = "What changed since the run before"
    if changes.is_empty():
        return card("changes", title, html.P("There is no run before that could be compared."))
    moved = pl.col("change")
    causes = (
        changes.group_by("cause")
        .agg(
            pl.col("new_n", "gone_n", "changed_n").first(),
            fall=moved.min(),
            rise=moved.max(),
            pairs_n=pl.len(),
        )
        .with_columns(place=pl.col("cause").replace_strict(CAUSE_NAMES, default=None))
        .sort("cause")
        .to_dicts()
    )
    columns = [
        Column("Cause", lambda row: row["place"]),
        Column("New", lambda row: f"{row['new_n']:,}", True),
        Column("Gone", lambda row: f"{row['gone_n']:,}", True),
        Column("Changed", lambda row: f"{row['changed_n']:,}", True),
        Column(
            "Moved an alignment by",
            lambda row: (
                f"{points(row['fall'])} to {points(row['rise'])} points"
                if row["fall"] is not None
                else count(row["pairs_n"], "comparison")
            ),
            True,
        ),
    ]
    since_at = changes["since_at"][0]
    return card(
        "changes",
        title,
        html.P(f"Beside the run published {since_at:%-d %B %Y, %H:%M} UTC."),
        table("Table of causes", columns, causes),
        soft(
            "The causes of each comparison add up to its whole change; each program's page says it."
        ),
    )


def _method() -> Component:
    depths = [f"{depth} {percent(value)}" for depth, value in rules.DEPTH_COVERAGE.items()]
    said: list[tuple[str, Any]] = [
        (
            "Asked in",
            "The share of a sector's postings in the period that name a skill. A vacancy counts "
            "once, however often it is posted.",
        ),
        (
            "Interval",
            "Where the share would lie in 95 of 100 samples of employers like these. Ads of one "
            "employer are no independent witnesses, so it is wider where few employers post many.",
        ),
        (
            "Too few postings",
            f"Fewer than {rules.MIN_POSTINGS} postings in the sector, or fewer than "
            f"{rules.MIN_EMPLOYERS} employers naming the skill: it is shown and never ranked.",
        ),
        (
            "Demand",
            "The share, weighed by how particular the skill is to the sector: what is asked "
            "everywhere counts less.",
        ),
        (
            "Covered",
            f"The best course counts: {listed(depths)}; an elective "
            f"{percent(rules.ELECTIVE_FACTOR)} of that. A narrower skill taught covers the "
            f"broader one, a broader one {percent(rules.BROADER_COVERS_NARROWER)} of a narrower.",
        ),
        ("Gap", "Demand that is not covered. Gaps are ranked by it."),
        (
            "Alignment",
            "The share of a sector's demand that a program covers, over all skills that can be "
            "ranked.",
        ),
        (
            "Ways to count",
            f"Every ranking is made in {rules.VARIANTS_N} ways (how sure a mention must be, how "
            "it counts, with and without agencies, weighed or not); a gap that stays among the "
            f"first {rules.TOP_GAPS} in most of them is no artifact of a choice.",
        ),
        (
            "Emerging, fading",
            "This year's share beside the same months of the year before; of what is so called at "
            f"most {percent(rules.FALSE_DISCOVERY_RATE)} is expected to be chance.",
        ),
        (
            "Skills",
            "Read from sentences by models that are mostly right, not always. Look at the "
            "sentences before you decide.",
        ),
    ]
    return card(
        "method",
        "How the figures are made",
        html.Dl([part for name, text in said for part in (html.Dt(name), html.Dd(text))]),
        soft("The formulas with their sources: ", html.Code("docs/methods.md"), "."),
    )


def _callers() -> Component:
    return card(
        "callers",
        "Who may do what",
        html.P(
            "Everybody who can open this address may read all of it. Without configured users it "
            "is served to this machine alone."
        ),
        soft("Ads of each sector to read with care: ", dcc.Link("sectors", href=link(SECTOR)), "."),
    )
