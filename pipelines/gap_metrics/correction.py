"""Shares of postings freed of what extraction gets wrong, as far as a labeled sample tells."""

import polars as pl

from pipelines.contracts.rules import ACCURACY_PRIOR_N
from pipelines.gap_metrics.demand import Z_95


def add_correction(demand: pl.DataFrame) -> pl.DataFrame:
    """The share of postings that ask for a group of skills, were extraction never wrong.

    A posting that names the group in m sentences is right about it with P = 1−(1−p)^m, and one that
    asks for it in m is found with R = 1−(1−r)^m, p and r being precision and recall by sentence:
    share · P/R. Where labels are few, p and r lean on those of all groups together (a Beta prior
    worth `ACCURACY_PRIOR_N` sentences). The interval adds up, on the logarithm, the variances of
    the share and of both (delta method).

    Args:
        demand: rows with share, ci_low, ci_high, sentences_mean (m ≥ 1), and the labeled sentences
            of the group: right_n, wrong_n, missed_n (empty where there is no such label, as for
            concepts), and of all groups: labeled_right_n, labeled_wrong_n, labeled_missed_n.

    Returns:
        `demand` with share_corrected, corrected_low and corrected_high (0-1; empty for concepts).
    """
    precision = _Share("right_n", "wrong_n")
    recall = _Share("right_n", "missed_n")
    share = pl.col("share")
    corrected = share * precision.of_posting / recall.of_posting
    share_variance = ((pl.col("ci_high") / pl.col("ci_low")).log() / (2 * Z_95)) ** 2
    deviation = (share_variance + precision.log_variance + recall.log_variance).sqrt()
    return demand.with_columns(
        share_corrected=corrected.clip(0, 1),
        corrected_low=(corrected * (-Z_95 * deviation).exp()).clip(0, 1),
        corrected_high=(corrected * (Z_95 * deviation).exp()).clip(0, 1),
    )


class _Share:
    """Of a group's labeled sentences the right ones among those and `others` (Beta, by moments)."""

    def __init__(self, right: str, others: str) -> None:
        right_n, others_n, all_right_n, all_others_n = (
            pl.col(name).cast(pl.Float64)
            for name in (right, others, f"labeled_{right}", f"labeled_{others}")
        )
        pooled = all_right_n / (all_right_n + all_others_n)
        a = right_n + ACCURACY_PRIOR_N * pooled
        b = others_n + ACCURACY_PRIOR_N * (1 - pooled)
        m = pl.col("sentences_mean")
        mean = a / (a + b)
        self.of_posting = 1 - (1 - mean) ** m
        slope = m * (1 - mean) ** (m - 1) / self.of_posting
        self.log_variance = slope**2 * a * b / ((a + b) ** 2 * (a + b + 1))
