"""Sentences computed from the figures: what a committee should take from them."""

from typing import Any

import polars as pl

from pipelines.contracts.rules import (
    MIN_EMPLOYERS,
    MIN_POSTINGS,
    PUBLISHABLE_STATUSES,
    TOP_GAPS,
)

KINDS = {"group": "groups of skills", "concept": "single skills"}
"""What a row of each grain is, in the plural."""


def plain_sentence(
    gaps: pl.DataFrame,
    alignment: dict[str, Any],
    program: str,
    sector: str,
    kind: str = KINDS["group"],
) -> str:
    """What a committee should take from the comparison, or why it cannot be said.

    It speaks of the sector's own skills; transversal ones are asked for everywhere.

    Args:
        gaps: the rows of mart.program_sector_gap for the pair, of one grain; kind: what they are.
        alignment: the row of mart.program_sector_alignment for it.
    """
    if alignment["alignment"] is None:
        return (
            f"Too few postings to rank: {alignment['sector_postings_n']:,} postings by "
            f"{alignment['sector_employers_n']:,} employers in {sector}. At least {MIN_POSTINGS} "
            f"postings, and {MIN_EMPLOYERS} employers naming a skill, are needed."
        )
    wanted = (
        gaps.filter(pl.col("status").is_in(PUBLISHABLE_STATUSES), ~pl.col("is_transversal"))
        .sort("demand", "skill_id", descending=[True, False])
        .head(TOP_GAPS)
    )
    missing = wanted.filter(pl.col("status") == "gap").height
    partly = wanted.filter(pl.col("status") == "partly taught").height
    most_wanted = f"the {wanted.height} most wanted {kind} in {sector}"
    if not missing and not partly:
        return f"All of {most_wanted} are taught in {program}."
    parts = []
    if missing:
        verb = "is" if missing == 1 else "are"
        parts.append(f"{missing} of {most_wanted} {verb} taught nowhere in {program}")
    if partly:
        verb = "is" if partly == 1 else "are"
        subject = str(partly) if missing else f"{partly} of {most_wanted}"
        parts.append(f"{subject} {verb} taught only in part{'' if missing else f' in {program}'}")
    return ", ".join(parts) + "."
