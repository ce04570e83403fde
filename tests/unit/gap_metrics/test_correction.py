"""Shares freed of extraction's errors: by hand, in bounds, and as often right as they say."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.gap_metrics.correction import add_correction
from pipelines.gap_metrics.demand import wilson

LABELED = {"labeled_right_n": 60, "labeled_wrong_n": 40, "labeled_missed_n": 20}


def corrected(**columns: object) -> dict[str, float | None]:
    row = {"share": 0.25, "ci_low": 0.2, "ci_high": 0.31, "sentences_mean": 1.0, **LABELED}
    found = add_correction(pl.DataFrame([{**row, **columns}]))
    return found.select("share_corrected", "corrected_low", "corrected_high").row(0, named=True)


def test_share_times_precision_over_recall() -> None:
    """Without labels of its own p = 60/100 and r = 60/80: .25 · .6/.75 = .2."""
    found = corrected(right_n=0, wrong_n=0, missed_n=0)
    assert found["share_corrected"] == pytest.approx(0.2)
    assert found["corrected_low"] < 0.2 < found["corrected_high"]


def test_a_posting_that_says_it_twice_is_right_and_found_more_often() -> None:
    """m = 2: P = 1 − .4² = .84, R = 1 − .25² = .9375."""
    found = corrected(right_n=0, wrong_n=0, missed_n=0, sentences_mean=2.0)
    assert found["share_corrected"] == pytest.approx(0.25 * 0.84 / 0.9375)


def test_concepts_have_no_correction() -> None:
    none = dict.fromkeys(("right_n", "wrong_n", "missed_n"))
    assert set(corrected(**none).values()) == {None}


def test_more_labels_narrow_the_interval() -> None:
    few = corrected(right_n=6, wrong_n=4, missed_n=2)
    many = corrected(right_n=600, wrong_n=400, missed_n=200)
    assert (
        many["corrected_high"] - many["corrected_low"]
        < few["corrected_high"] - few["corrected_low"]
    )
    assert many["share_corrected"] == pytest.approx(few["share_corrected"])


COUNTS = st.integers(0, 200)


@settings(deadline=None)
@given(
    share=st.floats(0.001, 1), right=COUNTS, wrong=COUNTS, missed=COUNTS, sentences=st.floats(1, 9)
)
def test_the_corrected_share_lies_in_its_interval_and_both_in_bounds(
    share, right, wrong, missed, sentences
) -> None:
    found = corrected(
        share=share,
        ci_low=share / 2,
        ci_high=min(1.0, 1.5 * share),
        right_n=right,
        wrong_n=wrong,
        missed_n=missed,
        sentences_mean=sentences,
    )
    assert 0 <= found["corrected_low"] <= found["share_corrected"] <= found["corrected_high"] <= 1


def test_the_interval_covers_the_true_share_as_often_as_it_says() -> None:
    """1,000 markets of 300 postings of which 30 % ask for it, found with p = .7 and r = .6."""
    rng = np.random.default_rng(20261126)
    draws, postings, truth, precision, recall = 1_000, 300, 0.3, 0.7, 0.6
    named = truth * recall / precision
    share = rng.binomial(postings, named, draws) / postings
    marked = rng.binomial(100, recall, draws)
    frame = pl.DataFrame(
        {
            "share": share,
            "right_n": marked,
            "missed_n": 100 - marked,
            "wrong_n": rng.negative_binomial(marked, precision),
        }
    ).with_columns(
        ci_low=wilson(pl.col("share"), pl.lit(postings), -1),
        ci_high=wilson(pl.col("share"), pl.lit(postings), +1),
        sentences_mean=1.0,
        labeled_right_n=600,
        labeled_wrong_n=257,
        labeled_missed_n=400,
    )
    found = add_correction(frame)
    covered = found.select(
        ((pl.col("corrected_low") <= truth) & (truth <= pl.col("corrected_high"))).mean()
    ).item()
    assert 0.93 <= covered <= 0.985
