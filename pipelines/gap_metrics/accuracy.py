"""How right extraction is: precision and recall with their intervals."""

import polars as pl

from pipelines.gap_metrics.demand import wilson


def add_accuracy(counts: pl.DataFrame) -> pl.DataFrame:
    """Precision and recall of every side and sector, and of each side's sectors together ("all").

    Args:
        counts: side, sector_code, sentences_n, mentions_n and right_n of them, marked_n and found_n
            of them.

    Returns:
        side, sector_code, measure, sentences_n, n, right_n, value (0-1; empty where n is 0), ci_low
        and ci_high (Wilson 1927; sentences are taken as independent).
    """
    numbers = pl.selectors.numeric()
    whole = counts.group_by("side").agg(numbers.sum()).with_columns(sector_code=pl.lit("all"))
    every = pl.concat([counts, whole.select(counts.columns)])
    of_measure = {"precision": ("right_n", "mentions_n"), "recall": ("found_n", "marked_n")}
    measures = [
        every.select(
            "side",
            "sector_code",
            "sentences_n",
            measure=pl.lit(measure),
            n=pl.col(tried),
            right_n=pl.col(right),
        )
        for measure, (right, tried) in of_measure.items()
    ]
    has_any = pl.when(pl.col("n") > 0)
    value, n = pl.col("right_n") / pl.col("n"), pl.col("n")
    return (
        pl.concat(measures)
        .with_columns(
            value=has_any.then(value),
            ci_low=has_any.then(wilson(value, n, -1)),
            ci_high=has_any.then(wilson(value, n, +1)),
        )
        .sort("side", "sector_code", "measure")
    )
