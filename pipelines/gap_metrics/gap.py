"""Where a program falls short of a sector: gap, status, rank, and the alignment of the whole."""

import polars as pl

from pipelines.contracts.rules import ALIGNED_COVERAGE, PROGRAM_MARKET, PUBLISHABLE_STATUSES

RANKED = ("gap", "partly taught")
TIED_DIGITS = 9
"""Gaps alike in so many digits are tied: the last ones of a sum are not the same in every run."""


def compared(demand: pl.DataFrame, coverage: pl.DataFrame, programs: pl.DataFrame) -> pl.DataFrame:
    """Each publishable skill of each sector beside what each program covers of it (0-1).

    Args:
        demand: rows of mart.sector_skill_demand, coverage: of mart.program_skill_coverage;
            programs: program_id. A market of a program's own meets that program only.
    """
    return (
        demand.filter("is_publishable")
        .join(programs.select("program_id"), how="cross")
        .filter(
            ~pl.col("sector_code").str.starts_with(PROGRAM_MARKET)
            | (pl.col("sector_code") == PROGRAM_MARKET + pl.col("program_id"))
        )
        .join(
            coverage.select("program_id", "grain", "skill_id", "coverage"),
            on=["program_id", "grain", "skill_id"],
            how="left",
        )
        .with_columns(pl.col("coverage").fill_null(0.0))
    )


def add_gap(pairs: pl.DataFrame) -> pl.DataFrame:
    """Gap g = v·(1−c), its status and its rank.

    Transversal skills ("teamwork"), which every sector asks for, have ranks of their own: they do
    not crowd out what is the sector's own.

    Args:
        pairs: one row a program, sector, grain and skill with demand v and coverage c (0-1),
            postings_n, is_publishable and is_transversal.

    Returns:
        `pairs` with gap (0-1), status, and rank: 1 for the largest gap; none for what is
        taught well enough, not asked, or too thinly evidenced.
    """
    status = (
        pl.when(pl.col("postings_n") == 0)
        .then(pl.lit("taught, not asked"))
        .when(~pl.col("is_publishable"))
        .then(pl.lit("too few postings"))
        .when(pl.col("coverage") == 0)
        .then(pl.lit("gap"))
        .when(pl.col("coverage") < ALIGNED_COVERAGE)
        .then(pl.lit("partly taught"))
        .otherwise(pl.lit("aligned"))
    )
    order = pl.struct(-pl.col("gap").round(TIED_DIGITS), -pl.col("postings_n"), pl.col("skill_id"))
    in_ranking = pl.col("status").is_in(RANKED)
    rank = (
        order.rank("ordinal")
        .over("program_id", "sector_code", "grain", "is_transversal", in_ranking)
        .cast(pl.Int64)
    )
    return (
        pairs.with_columns(gap=pl.col("demand") * (1 - pl.col("coverage")), status=status)
        .with_columns(rank=pl.when(in_ranking).then(rank))
        .sort("program_id", "sector_code", "grain", "rank", "skill_id", nulls_last=True)
    )


def alignment_of() -> pl.Expr:
    """A(p,s) = Σ v·c / Σ v over the publishable skills of a group of rows; empty without any."""
    is_publishable = pl.col("status").is_in(PUBLISHABLE_STATUSES)
    demand = pl.col("demand").filter(is_publishable)
    covered = (pl.col("demand") * pl.col("coverage")).filter(is_publishable).sum()
    return pl.when(demand.sum() > 0).then(covered / demand.sum())


def alignment(gaps: pl.DataFrame) -> pl.DataFrame:
    """Alignment A(p,s) = Σ v·c / Σ v over publishable skills, by program, sector and grain.

    Args:
        gaps: one row a program, sector, grain and skill (an empty skill_id where there is none)
            with demand, coverage, status, is_target and the sector's counts.

    Returns:
        One row a program, sector and grain; alignment (0-1) is empty where no skill is publishable.
    """
    counts = {
        f"{status.replace(' ', '_')}_n": (pl.col("status") == status).sum().cast(pl.Int64)
        for status in PUBLISHABLE_STATUSES
    }
    return (
        gaps.group_by("program_id", "sector_code", "grain")
        .agg(
            pl.col("is_target", "sector_postings_n", "sector_employers_n").first(),
            alignment=alignment_of(),
            skills_n=pl.col("status").is_in(PUBLISHABLE_STATUSES).sum().cast(pl.Int64),
            **counts,
        )
        .sort("program_id", "sector_code", "grain")
    )
