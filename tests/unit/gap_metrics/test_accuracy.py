"""Precision and recall with Wilson's interval, worked out by hand."""

import polars as pl
import pytest

from pipelines.gap_metrics.accuracy import add_accuracy

COUNTS = pl.DataFrame(
    {
        "side": ["postings", "postings", "courses"],
        "sector_code": ["technology", "health-care", "technology"],
        "sentences_n": [10, 6, 2],
        "marked_n": [8, 2, 0],
        "found_n": [4, 2, 0],
        "mentions_n": [10, 0, 0],
        "right_n": [9, 0, 0],
    }
)


def test_every_side_and_sector_has_both_measures_and_each_side_its_whole() -> None:
    found = add_accuracy(COUNTS)
    assert found.height == 2 * (3 + 2)
    values = {
        row[:3]: row[3:] for row in found.select(*found.columns[:2], "measure", "value", "n").rows()
    }
    assert values["postings", "technology", "precision"] == (0.9, 10)
    assert values["postings", "all", "recall"] == (0.6, 10)
    assert values["courses", "all", "recall"] == (None, 0)


def test_the_interval_is_wilsons() -> None:
    """9 of 10: (.9 + z²/20 ± z·√(.09/10 + z²/400)) / (1 + z²/10) with z = 1.96."""
    row = add_accuracy(COUNTS).row(
        by_predicate=(pl.col("sector_code") == "technology")
        & (pl.col("side") == "postings")
        & (pl.col("measure") == "precision"),
        named=True,
    )
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((0.5958, 0.9821), abs=1e-4)
