"""What pages of the dashboard say first, computed from their rows."""

from typing import Any

import polars as pl

from pipelines.contracts.rules import MIN_EMPLOYERS, MIN_POSTINGS, PROGRAM_MARKET, TOP_GAPS
from pipelines.dashboard.directory import Directory
from pipelines.dashboard.parts import count, interval, percent, points
from pipelines.dashboard.what_if import Outcome
from pipelines.presentation.names import listed

Row = dict[str, Any]
LEAST_GAIN = LEAST_CHANGE = 0.0005
MARKET = "ads for "


def overview_sentence(rows: list[Row], directory: Directory) -> str:
    """What stands out among the comparisons shown: best and least aligned with a sector they feed.

    Args:
        rows: of mart.program_sector_alignment.
    """
    programs_n = len({row["program_id"] for row in rows})
    if not rows:
        return "No comparison fits these filters."
    fed = [
        row
        for row in rows
        if row["is_target"] and not row["sector_code"].startswith(PROGRAM_MARKET)
    ]
    known = sorted(
        (row for row in fed or rows if row["alignment"] is not None),
        key=lambda row: (-row["alignment"], row["program_id"], row["sector_code"]),
    )
    if not known:
        return (
            f"{count(programs_n, 'program')} compared, and everywhere too few postings to say how "
            "well they cover what is asked."
        )
    best, least = known[0], known[-1]
    thin_n = len(fed or rows) - len(known)
    thin = f" For {count(thin_n, 'comparison')} there are too few postings." if thin_n else ""
    if len(known) == 1:
        return f"{_named(best, directory)} covers {_covered(best, directory)}.{thin}"
    return (
        f"Of {count(programs_n, 'program')}, {_named(best, directory)} is best aligned: its "
        f"courses cover {_covered(best, directory)}. {_named(least, directory)} is least aligned, "
        f"with {_covered(least, directory)}.{thin}"
    )


def what_if_sentence(outcome: Outcome) -> str:
    """How far the additions would move alignment."""
    before, after = outcome.before, outcome.after
    if outcome.gain < LEAST_GAIN:
        return (
            f"Alignment would stay at {percent(before['alignment'])}: what is added is covered as "
            "well already, or no ranked skill of the sector."
        )
    return (
        f"Alignment would rise from {percent(before['alignment'])} ({interval(before)}) to "
        f"{percent(after['alignment'])} ({interval(after)}): {100 * outcome.gain:.1f} points more "
        f"({100 * outcome.gain_low:.1f} to {100 * outcome.gain_high:.1f})."
    )


CAUSES = {
    "readings": "the same texts read anew",
    "syllabi": "courses and programs",
    "postings": "postings",
}


def since_sentence(changes: list[Row]) -> str:
    """Why an alignment is another than in the run before; empty where no run before tells.

    Args:
        changes: the rows of mart.run_changes of a program, a sector and a grain.
    """
    if not changes:
        return ""
    since = f"the run of {changes[0]['since_at']:%-d %B %Y}"
    parts = {row["cause"]: row["change"] for row in changes if row["change"] is not None}
    if not parts:
        return f"Only one of this run and {since} had postings enough for this figure."
    whole = sum(parts.values())
    if all(abs(change) < LEAST_CHANGE for change in parts.values()):
        return f"As in {since}."
    named = [f"{points(parts[cause])} by {CAUSES[cause]}" for cause in CAUSES if cause in parts]
    return f"{points(whole)} points since {since}: {listed(named)}."


def sector_sentence(demand: pl.DataFrame, sector: str, kind: str) -> str:
    """What a sector asks for most, its own skills first.

    Args:
        demand: rows of mart.sector_skill_demand of a sector and grain, one at least.
    """
    n = demand["sector_postings_n"][0]
    wanted = (
        demand.filter("is_publishable")
        .sort("is_transversal", -pl.col("share"), "skill_id")
        .head(3)
        .select("skill_label", "share")
        .rows()
    )
    if not wanted:
        return (
            f"Too few postings to rank: {count(n, 'posting')} in {sector}. At least {MIN_POSTINGS} "
            f"postings, and {MIN_EMPLOYERS} employers naming a skill, are needed."
        )
    most = listed([f"{label} ({percent(share)})" for label, share in wanted])
    return f"Of {count(n, 'posting')}, most ask for these {kind}: {most}."


def trend_sentence(found: pl.DataFrame, tested_n: int, sector: str) -> str:
    """What a sector asks for more, and less, than the year before.

    Args:
        found: rows of mart.sector_skill_trends that are emerging or fading; tested_n: of how many.
    """
    if not tested_n:
        return "Too few postings in one of the two years to say what is emerging or fading."
    parts = []
    for trend, verb in (("emerging", "more"), ("fading", "less")):
        labels = found.filter(pl.col("trend") == trend).sort(
            pl.col("change").abs(), descending=True
        )
        if not labels.is_empty():
            parts.append(f"{verb} for {listed(labels['skill_label'].to_list())}")
    if not parts:
        return f"None of the {tested_n:,} tested is asked for clearly more or less than before."
    return f"Of {tested_n:,} tested, employers ask clearly {', and '.join(parts)}."


def asked_sentence(demand: Row | None, sector: str) -> str:
    """How a sector asks for a skill; demand: its row of mart.sector_skill_demand, or none."""
    if demand is None:
        return f"No posting of the period in {sector} asks for it."
    of = sector if sector.startswith(MARKET) else f"postings in {sector}"
    named = (
        f"{demand['postings_n']:,} of the {demand['sector_postings_n']:,} {of}, by "
        f"{count(demand['employers_n'], 'employer')}"
    )
    if not demand["is_publishable"]:
        return f"Too few postings to rank: {named}, ask for it."
    required = f", {demand['required_n']:,} as required" if demand["required_n"] else ""
    return f"{percent(demand['share'])} ({interval(demand)}) ask for it: {named}{required}."


def taught_sentence(coverage: Row | None, program: str | None, programs_n: int) -> str:
    """How a program teaches a skill; without a program how many do."""
    if program is None:
        return (
            f"{count(programs_n, 'program')} {'covers' if programs_n == 1 else 'cover'} it."
            if programs_n
            else "No program covers it."
        )
    if coverage is None:
        return f"{program} does not teach it."
    courses = listed(coverage["course_codes"])
    through = (
        "" if coverage["covered_by"] == "itself" else f" through a {coverage['covered_by']} skill"
    )
    return (
        f"{program} covers {percent(coverage['coverage'])} of it{through}: {coverage['depth']} in "
        f"{courses}."
    )


def figures_sentence(row: Row) -> str:
    """Demand, coverage and gap in one; row: as a card has it."""
    left = (
        f"{percent(row['coverage'])} of it is covered, which leaves a gap of {row['gap']:.3f}"
        if row["coverage"]
        else f"none of it is covered, so all of it is the gap, {row['gap']:.3f}"
    )
    ranked = (
        f" It ranks {row['rank']:,} among the gaps, and is among the first {TOP_GAPS} in "
        f"{row['top_n']} of {row['variants_n']} ways to count."
        if row["rank"]
        else ""
    )
    return f"Demand is {row['demand']:.3f} on a scale of 0 to 1; {left}: {row['status']}.{ranked}"


def words_sentence(terms: list[Row]) -> str:
    """How far two sides say a skill in the same words; terms: rows of mart.term_crosswalk."""
    shared = next((row["shared_share"] for row in terms if row["shared_share"] is not None), None)
    if shared is None:
        side = "employers" if terms[0]["side"] == "postings" else "courses"
        return f"Only {side} name it."
    if shared == 1:
        return "Employers name it only in words that some course uses too."
    return (
        f"{percent(shared)} of employers' mentions are in words that some course uses; for the "
        "rest the two sides say it differently."
    )


def change_sentence(trend: Row, sector: str) -> str:
    """How its share has moved; trend: a row of mart.sector_skill_trends."""
    if trend["q_value"] is None:
        return f"Its change in {sector} was not tested: {trend['untested_reason'] or 'too few'}."
    moved = (
        f"from {percent(trend['share_before'])} to {percent(trend['share_after'])} of the "
        f"postings, {100 * trend['change']:+.0f} points ({100 * trend['ci_low']:+.0f} to "
        f"{100 * trend['ci_high']:+.0f})"
    )
    if trend["trend"] == "steady":
        return f"Steady in {sector}: {moved}, which may be chance."
    return f"{trend['trend'].capitalize()} in {sector}: {moved}."


def _named(row: Row, directory: Directory) -> str:
    return directory.program_names[row["program_id"]]


def _covered(row: Row, directory: Directory) -> str:
    sector = directory.sector_name(row["sector_code"])
    return f"{percent(row['alignment'])} ({interval(row)}) of what {sector} asks for"
