"""How far alignment would move had other employers of the sector advertised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Draws:
    """Demand (0-1) of a sector's skills in each draw of its employers: an array of draws × skills,
    skills in the order of `skill_ids`. It depends on no program.
    """

    skill_ids: list[str]
    demands: np.ndarray

    def alignments(self, coverage: Mapping[str, float]) -> np.ndarray:
        """Alignment (0-1) in each draw, with the coverage of each skill; 0 where none is given."""
        covered = np.array([coverage.get(skill_id, 0.0) for skill_id in self.skill_ids])
        alignments: np.ndarray = self.demands @ covered / self.demands.sum(axis=1)
        return alignments


def draw_demands(
    employers: pl.DataFrame, named: pl.DataFrame, demand: pl.DataFrame, skill_ids: Iterable[str]
) -> Draws:
    """The draws of one sector and grain.

    Args:
        employers: rows of core.sector_employers; named: of core.employer_skills; demand: of
            mart.sector_skill_demand; all of the sector, the latter two of the grain.
        skill_ids: the skills that count, all of them in `demand`.
    """
    everywhere = demand.select("skill_id", everywhere=pl.col("share") / pl.col("specificity"))
    wanted = pl.DataFrame({"skill_id": list(skill_ids)}, schema={"skill_id": pl.String})
    skills = wanted.unique().join(everywhere, on="skill_id").sort("skill_id")
    drawn = _demands(employers.sort("cluster_id"), named, skills)
    return Draws(skills["skill_id"].to_list(), drawn)


def interval(values: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of a figure from its values in all draws."""
    low, high = np.quantile(values, _INTERVAL)
    return float(low), float(high)


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
    found: list[tuple[object, ...]] = []
    for (sector_code, grain), part in counted.group_by("sector_code", "grain"):
        in_sector = pl.col("sector_code") == sector_code
        is_here = in_sector & (pl.col("grain") == grain)
        draws = draw_demands(
            employers.filter(in_sector),
            named.filter(is_here),
            demand.filter(is_here),
            part["skill_id"],
        )
        for (program_id,), rows in part.group_by("program_id"):
            coverage = dict(rows.select("skill_id", "coverage").iter_rows())
            ends = interval(draws.alignments(coverage))
            found.append((program_id, sector_code, grain, *ends))
    return pl.DataFrame(found, schema=INTERVALS, orient="row")


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
