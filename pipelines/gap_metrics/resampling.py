"""How far alignment would move had other employers of the sector advertised."""

import numpy as np
import polars as pl
from scipy import sparse

from pipelines.contracts.rules import PUBLISHABLE_STATUSES

INTERVALS = {
    "program_id": pl.String,
    "sector_code": pl.String,
    "grain": pl.String,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
}
DRAWS_N = 400
SEED = 20261126
_INTERVAL = (0.025, 0.975)


def alignment_intervals(
    employers: pl.DataFrame, named: pl.DataFrame, gaps: pl.DataFrame, demand: pl.DataFrame
) -> pl.DataFrame:
    """95 % interval of every alignment by resampling the sector's employers (Efron 1979).

    Args:
        employers: rows of core.sector_employers; named: of core.employer_skills; gaps: of
            mart.program_sector_gap; demand: of mart.sector_skill_demand.

    Returns:
        program_id, sector_code, grain, ci_low, ci_high (0-1), for pairs with a publishable skill.
        The shares everywhere, on which specificity rests, stay as they are.
    """
    counted = gaps.filter(pl.col("status").is_in(PUBLISHABLE_STATUSES))
    everywhere = demand.select(
        "sector_code", "grain", "skill_id", everywhere=pl.col("share") / pl.col("specificity")
    )
    found = []
    for (sector_code, grain), part in counted.group_by("sector_code", "grain"):
        is_here = (pl.col("sector_code") == sector_code) & (pl.col("grain") == grain)
        skills = (
            part.select("skill_id")
            .unique()
            .join(everywhere.filter(is_here), on="skill_id")
            .sort("skill_id")
        )
        here = employers.filter(pl.col("sector_code") == sector_code).sort("cluster_id")
        drawn = _demands(here, named.filter(is_here), skills)
        covered = (
            skills.select("skill_id")
            .join(part.pivot("program_id", index="skill_id", values="coverage"), on="skill_id")
            .sort("skill_id")
            .drop("skill_id")
        )
        alignments = drawn @ covered.to_numpy() / drawn.sum(axis=1, keepdims=True)
        low, high = np.quantile(alignments, _INTERVAL, axis=0)
        found.append(
            pl.DataFrame(
                {"program_id": covered.columns, "ci_low": low, "ci_high": high}
            ).with_columns(sector_code=pl.lit(sector_code), grain=pl.lit(grain))
        )
    return pl.concat(
        [pl.DataFrame(schema=INTERVALS), *(frame.select(*INTERVALS) for frame in found)]
    )


def _demands(employers: pl.DataFrame, named: pl.DataFrame, skills: pl.DataFrame) -> np.ndarray:
    """Demand of each skill in each draw of the employers, as many as there are (draws, skills)."""
    row_of = {cluster: row for row, cluster in enumerate(employers["cluster_id"])}
    column_of = {skill: column for column, skill in enumerate(skills["skill_id"])}
    entries = named.filter(pl.col("skill_id").is_in(skills["skill_id"].implode()))
    weights = sparse.csr_matrix(
        (
            entries["weight"].to_numpy(),
            (
                [row_of[cluster] for cluster in entries["cluster_id"]],
                [column_of[skill] for skill in entries["skill_id"]],
            ),
        ),
        shape=(len(row_of), len(column_of)),
    )
    n = employers.height
    draws = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=DRAWS_N)
    share = (weights.T @ draws.T).T / (draws @ employers["weight"].to_numpy())[:, None]
    specificity = share / skills["everywhere"].to_numpy()
    demands: np.ndarray = share * specificity / (1 + specificity)
    return demands
