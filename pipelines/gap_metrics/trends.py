"""Which skills employers of a sector ask for more, or less, than a year before."""

import numpy as np
import polars as pl
from scipy.stats import false_discovery_control, norm

from pipelines.contracts.rules import FALSE_DISCOVERY_RATE, MIN_EMPLOYERS, MIN_POSTINGS
from pipelines.gap_metrics.demand import Z_95

_HISTORY_SLACK_DAYS = 31


def add_trends(sums: pl.DataFrame) -> pl.DataFrame:
    """Change of share between two windows of the same months, its interval, p and q values.

    Args:
        sums: one row a sector, grain and skill, with the sums over employers that
            warehouse/sql/mart/sector_skill_trends.sql selects.

    Returns:
        `sums` with share_before and share_after (0-1), change (−1 to 1) with ci_low and ci_high
        (95 %), p_value, q_value (Benjamini and Hochberg 1995, over the skills tested in a sector
        and grain), trend and untested_reason. Untested skills have no p, q or interval.
    """
    return (
        sums.with_columns(
            share_before=_share("y_before", "w_before"), share_after=_share("y_after", "w_after")
        )
        .with_columns(
            change=pl.col("share_after") - pl.col("share_before"),
            untested_reason=_untested_reason(),
        )
        .with_columns(error=pl.when(pl.col("untested_reason").is_null()).then(_error()))
        .with_columns(
            ci_low=(pl.col("change") - Z_95 * pl.col("error")).clip(-1, 1),
            ci_high=(pl.col("change") + Z_95 * pl.col("error")).clip(-1, 1),
            p_value=(pl.col("change").abs() / pl.col("error")).map_batches(
                _two_sided, return_dtype=pl.Float64
            ),
        )
        .with_columns(
            q_value=pl.col("p_value")
            .map_batches(_q_values, return_dtype=pl.Float64)
            .over("sector_code", "grain")
        )
        .with_columns(trend=_trend())
    )


def _share(named: str, of: str) -> pl.Expr:
    """0 where there are no postings."""
    return pl.when(pl.col(of) > 0).then(pl.col(named) / pl.col(of)).otherwise(0.0)


def _error() -> pl.Expr:
    """Standard error of the change, with employers as clusters over both windows.

    Linearised (Särndal, Swensson and Wretman 1992, §5.6): with e the sum over an employer of
    w·(y − share)/Σw after, less the same before, Var = m/(m−1) · Σ e². An employer that posts in
    both windows enters with both, so what it always asks for cancels.
    """
    after, before = 1 / pl.col("w_after"), 1 / pl.col("w_before")
    all_after, all_before = after * pl.col("share_after"), before * pl.col("share_before")
    named = (
        after**2 * pl.col("yy_after")
        - 2 * after * before * pl.col("yy_both")
        + before**2 * pl.col("yy_before")
    )
    crossed = (
        after * all_after * pl.col("y_after_w_after")
        - after * all_before * pl.col("y_after_w_before")
        - before * all_after * pl.col("y_before_w_after")
        + before * all_before * pl.col("y_before_w_before")
    )
    everywhere = (
        all_after**2 * pl.col("ww_after")
        - 2 * all_after * all_before * pl.col("ww_both")
        + all_before**2 * pl.col("ww_before")
    )
    clusters = pl.col("clusters_n")
    squares = (named - 2 * crossed + everywhere).clip(0)
    return (squares * clusters / (clusters - 1)).sqrt()


def _two_sided(z: pl.Series) -> pl.Series:
    """The two-sided p value of normal deviates; none where undefined (no error to compare with)."""
    p = pl.Series(2 * norm.sf(z.fill_null(float("nan")).to_numpy()))
    return pl.select(pl.when(z.is_not_null() & z.is_finite()).then(p)).to_series()


def _q_values(p: pl.Series) -> pl.Series:
    values = p.to_numpy().astype(float)
    tested = ~np.isnan(values)
    if tested.any():
        values = values.copy()
        values[tested] = false_discovery_control(values[tested], method="bh")
    return pl.Series(values).fill_nan(None)


def _untested_reason() -> pl.Expr:
    history = pl.col("earliest_on") > pl.col("before_start_on") + pl.duration(
        days=_HISTORY_SLACK_DAYS
    )
    fewest = pl.min_horizontal("sector_before_n", "sector_after_n")
    return (
        pl.when(history)
        .then(pl.format("postings only from {} on", pl.col("earliest_on")))
        .when(fewest < MIN_POSTINGS)
        .then(
            pl.format("{} postings in one of the years, at least {} needed", fewest, MIN_POSTINGS)
        )
        .when(pl.col("employers_n") < MIN_EMPLOYERS)
        .then(
            pl.format(
                "{} employers name it, at least {} needed", pl.col("employers_n"), MIN_EMPLOYERS
            )
        )
    )


def _trend() -> pl.Expr:
    is_found = pl.col("q_value") <= FALSE_DISCOVERY_RATE
    return (
        pl.when(pl.col("untested_reason").is_not_null())
        .then(pl.lit("too few postings"))
        .when(is_found & (pl.col("change") > 0))
        .then(pl.lit("emerging"))
        .when(is_found & (pl.col("change") < 0))
        .then(pl.lit("fading"))
        .otherwise(pl.lit("steady"))
    )
