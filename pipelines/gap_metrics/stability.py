"""How a rank would move under another reasonable choice."""

from collections.abc import Iterable

import polars as pl

from pipelines.contracts.rules import TOP_GAPS
from pipelines.gap_metrics.demand import COUNTED
from pipelines.gap_metrics.gap import add_gap, compared

KEY = ["program_id", "sector_code", "grain", "skill_id"]
RANKED_BY = ("sector_code", "grain", "skill_id", "is_transversal", "postings_n", *COUNTED)
"""The columns of mart.sector_skill_demand.sql that decide a rank."""


def top_gaps(demand: pl.DataFrame, coverage: pl.DataFrame, programs: pl.DataFrame) -> pl.DataFrame:
    """The first `TOP_GAPS` gaps of every program, sector and grain under one variant.

    Args:
        demand: rows of mart.sector_skill_demand, coverage: of mart.program_skill_coverage, each as
            the variant makes them; programs: program_id.

    Returns:
        program_id, sector_code, grain, skill_id, rank.
    """
    gaps = add_gap(compared(demand, coverage, programs))
    return gaps.filter(pl.col("rank") <= TOP_GAPS).select(*KEY, "rank")


def stability(variants: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """In how many variants a skill is among the first gaps.

    Args:
        variants: for each variant what `top_gaps` gave.

    Returns:
        One row a program, sector, grain and skill that is among the first in any variant: top_n,
        best_rank and worst_rank where it is.
    """
    return (
        pl.concat(variants)
        .group_by(KEY)
        .agg(
            top_n=pl.len().cast(pl.Int64),
            best_rank=pl.col("rank").min(),
            worst_rank=pl.col("rank").max(),
        )
        .sort(KEY)
    )
