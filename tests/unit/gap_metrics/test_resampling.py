"""Interval of alignment: bounds, certainty, and coverage over many draws."""

import numpy as np
import polars as pl
import pytest

from pipelines.gap_metrics.resampling import alignment_intervals

PLACE = {"sector_code": "62", "grain": "group"}
COVERAGE = {"a": 1.0, "b": 0.25, "c": 0.0}


def tables(named: np.ndarray, posts: np.ndarray) -> tuple[pl.DataFrame, ...]:
    """The four tables of one program; `named` (employers, skills) and `posts` (employers,)."""
    clusters = [f"e{n:03}" for n in range(len(posts))]
    employers = pl.DataFrame(
        {"sector_code": "62", "cluster_id": clusters, "weight": posts.astype(float)}
    )
    entries = [
        PLACE | {"skill_id": skill, "cluster_id": clusters[row], "weight": float(named[row, n])}
        for n, skill in enumerate(COVERAGE)
        for row in np.flatnonzero(named[:, n])
    ]
    gaps = [
        PLACE | {"program_id": "p", "skill_id": skill, "coverage": value, "status": "gap"}
        for skill, value in COVERAGE.items()
    ]
    share = named.sum(0) / posts.sum()
    demand = [
        PLACE | {"skill_id": skill, "share": share[n], "specificity": share[n] / 0.25}
        for n, skill in enumerate(COVERAGE)
    ]
    return employers, pl.DataFrame(entries), pl.DataFrame(gaps), pl.DataFrame(demand)


def alignment_of(share: np.ndarray) -> float:
    demand = share * (share / 0.25) / (1 + share / 0.25)
    return float(demand @ np.array(list(COVERAGE.values())) / demand.sum())


def test_employers_that_all_ask_alike_leave_no_doubt() -> None:
    named, posts = np.tile([1, 2, 1], (30, 1)), np.full(30, 4)
    [row] = alignment_intervals(*tables(named, posts)).to_dicts()
    assert row["ci_low"] == pytest.approx(row["ci_high"])
    assert row["ci_low"] == pytest.approx(alignment_of(np.array([0.25, 0.5, 0.25])))


def test_no_publishable_skill_no_interval() -> None:
    named, posts = np.ones((30, 3), int), np.full(30, 4)
    employers, entries, gaps, demand = tables(named, posts)
    thin = gaps.with_columns(status=pl.lit("too few postings"))
    assert alignment_intervals(employers, entries, thin, demand).is_empty()


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Employers post one to eight ads and lean their own way; 300 samples of 80 of them."""
    chance = np.random.default_rng(7)
    truth = alignment_of(np.array([0.3, 0.4, 0.2]))
    hits = 0
    for _ in range(300):
        posts = chance.integers(1, 9, 80)
        leaning = chance.beta(20, 20, (80, 1)) * 2
        shares = np.clip(np.array([0.3, 0.4, 0.2]) * leaning, 0, 1)
        named = chance.binomial(posts[:, None], shares)
        [row] = alignment_intervals(*tables(named, posts)).to_dicts()
        hits += row["ci_low"] <= truth <= row["ci_high"]
    assert 0.90 <= hits / 300 <= 0.98
