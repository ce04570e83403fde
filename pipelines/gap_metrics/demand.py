"""What employers of a sector ask for: share with its interval, specificity, demand."""

import polars as pl

from pipelines.contracts.rules import MIN_EMPLOYERS, MIN_POSTINGS

Z_95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: a two-sided 95 % interval."""


WEIGHED = (
    "skill_weight",
    "sector_weight",
    "skill_weight_squares",
    "weight_products",
    "sector_weight_squares",
)
"""Sums that warehouse/sql/mart/sector_skill_demand.sql gives raw and calibrated."""

COUNTED = (
    "sector_postings_n",
    "employers_n",
    "clusters_n",
    "skill_weight_everywhere",
    "weight_everywhere",
    *WEIGHED,
    *(f"calibrated_{name}" for name in WEIGHED),
)
"""All that `add_demand` needs of them, under either weighting."""


def weighed(counts: pl.DataFrame, weighting: str) -> pl.DataFrame:
    """The same counts with postings weighed one way of `rules.WEIGHTINGS`."""
    if weighting == "raw":
        return counts
    return counts.with_columns(pl.col(f"{weighting}_{name}").alias(name) for name in WEIGHED)


def add_demand(counts: pl.DataFrame) -> pl.DataFrame:
    """Share, interval, specificity and demand of every sector and skill.

    Args:
        counts: one row a sector and skill, with the sums that
            warehouse/sql/mart/sector_skill_demand.sql selects. Weights are sums over postings;
            `clusters_n` counts employers of the sector (at least 1).

    Returns:
        `counts` with share, ci_low, ci_high (0-1), effective_n (postings), specificity (≥ 0),
        demand (0-1), is_publishable and unpublishable_reason.
    """
    return (
        counts.with_columns(share=pl.col("skill_weight") / pl.col("sector_weight"))
        .with_columns(
            effective_n=effective_n(),
            specificity=pl.col("share")
            / (pl.col("skill_weight_everywhere") / pl.col("weight_everywhere")),
        )
        .with_columns(
            ci_low=wilson(pl.col("share"), pl.col("effective_n"), -1),
            ci_high=wilson(pl.col("share"), pl.col("effective_n"), +1),
            demand=pl.col("share") * pl.col("specificity") / (1 + pl.col("specificity")),
            unpublishable_reason=_unpublishable_reason(),
        )
        .with_columns(is_publishable=pl.col("unpublishable_reason").is_null())
    )


def effective_n() -> pl.Expr:
    """Sample size of independent postings that would tell as much as the clustered ones.

    The variance of the ratio p = Σ w·y / Σ w is linearised with employers as clusters
    (Särndal, Swensson & Wretman 1992, §5.6): with z the cluster sums of w·(y − p),
    Var = m/(m−1) · Σ z² / (Σ w)². The effective n is p(1−p)/Var, never above Kish's
    (Σ w)²/Σ w² over postings of equal weight, here the number of postings.
    """
    share = pl.col("share")
    residual_squares = (
        pl.col("skill_weight_squares")
        - 2 * share * pl.col("weight_products")
        + share**2 * pl.col("sector_weight_squares")
    )
    clusters = pl.col("clusters_n")
    variance = residual_squares / pl.col("sector_weight") ** 2 * clusters / (clusters - 1)
    estimated = share * (1 - share) / variance
    kish = pl.col("sector_weight") ** 2 / pl.col("sector_weight_squares")
    postings = pl.col("sector_postings_n").cast(pl.Float64)
    has_variance = (clusters > 1) & (variance > 0) & (share < 1)
    return pl.when(has_variance).then(pl.min_horizontal(estimated, postings)).otherwise(kish)


def wilson(share: pl.Expr, n: pl.Expr, side: int) -> pl.Expr:
    """The lower (side −1) or upper (+1) end of Wilson's 95 % score interval (Wilson 1927)."""
    center = share + Z_95**2 / (2 * n)
    reach = Z_95 * (share * (1 - share) / n + Z_95**2 / (4 * n**2)).sqrt()
    return ((center + side * reach) / (1 + Z_95**2 / n)).clip(0, 1)


def _unpublishable_reason() -> pl.Expr:
    postings, employers = pl.col("sector_postings_n"), pl.col("employers_n")
    return (
        pl.when(postings < MIN_POSTINGS)
        .then(pl.format("{} postings in the sector, at least {} needed", postings, MIN_POSTINGS))
        .when(employers < MIN_EMPLOYERS)
        .then(pl.format("{} employers name it, at least {} needed", employers, MIN_EMPLOYERS))
    )
