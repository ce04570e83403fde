"""The worked examples of docs/methods.md give the figures that the page says."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipelines.extraction.accuracy import labeled_sentences
from pipelines.gap_metrics.demand import add_demand, wilson
from pipelines.gap_metrics.gap import add_gap, alignment

METHODS = " ".join(
    (Path(__file__).parents[3] / "docs" / "methods.md").read_text(encoding="utf-8").split()
)


def said(text: str) -> None:
    assert text in METHODS, text


def test_share_interval_and_demand() -> None:
    sums = {
        "sector_postings_n": 40,
        "employers_n": 10,
        "skill_weight": 10.0,
        "sector_weight": 40.0,
        "clusters_n": 40,
        "skill_weight_squares": 10.0,
        "weight_products": 10.0,
        "sector_weight_squares": 40.0,
        "skill_weight_everywhere": 10.0,
        "weight_everywhere": 100.0,
    }
    row = add_demand(pl.DataFrame([sums])).row(0, named=True)
    said(f"interval {row['ci_low']:.2f} to {row['ci_high']:.2f}".replace("0.", "."))
    said(f"RCA = {row['specificity']:.1f}")
    said(f"= {row['demand']:.3f}".replace("0.", "."))


def test_alignment() -> None:
    pairs = [
        {"program_id": "p", "sector_code": "62", "grain": "group", "skill_id": f"s{n}",
         "demand": demand, "coverage": coverage, "postings_n": 50, "is_publishable": True,
         "is_transversal": False}
        for n, (demand, coverage) in enumerate([(0.4, 0.0), (0.5, 0.5), (0.6, 1.0)])
    ]  # fmt: skip
    gaps = add_gap(pl.DataFrame(pairs)).with_columns(
        is_target=True, sector_postings_n=200, sector_employers_n=40
    )
    said(f"A = (.25 + .6)/1.5 = {alignment(gaps)['alignment'][0]:.2f}".replace("0.57", ".57"))


def test_change() -> None:
    variance = 40 / 39 * (10 * 0.75**2 + 30 * 0.25**2) / 40**2
    low, high = 0.25 - 1.96 * variance**0.5, 0.25 + 1.96 * variance**0.5
    said(f"= {variance:.4f}, interval {low:.2f} to {high:.2f}".replace("0.", "."))


def test_accuracy() -> None:
    share, n = pl.lit(0.9), pl.lit(10)
    ends = pl.select(low=wilson(share, n, -1), high=wilson(share, n, +1)).row(0)
    said(f"9 of 10 mentions right: .90, interval {ends[0]:.2f} to {ends[1]:.2f}".replace("0.", "."))
    said(f"on {len(labeled_sentences())} sentences written")


def test_the_share_interval_covers_as_often_as_it_says() -> None:
    """2,000 samples of 60 employers that post unevenly and lean their own way."""
    chance = np.random.default_rng(20261126)
    draws, employers, share = 2_000, 60, 0.3
    posts = chance.integers(1, 9, (draws, employers))
    leaning = chance.beta(6, 14, (draws, employers))
    named = chance.binomial(posts, leaning)
    rows = pl.DataFrame(
        {
            "sector_postings_n": posts.sum(1),
            "employers_n": (named > 0).sum(1),
            "skill_weight": named.sum(1).astype(float),
            "sector_weight": posts.sum(1).astype(float),
            "clusters_n": np.full(draws, employers),
            "skill_weight_squares": (named * named).sum(1).astype(float),
            "weight_products": (named * posts).sum(1).astype(float),
            "sector_weight_squares": (posts * posts).sum(1).astype(float),
            "skill_weight_everywhere": named.sum(1).astype(float),
            "weight_everywhere": posts.sum(1).astype(float),
        }
    )
    found = add_demand(rows)
    hits = found.filter((pl.col("ci_low") <= share) & (share <= pl.col("ci_high"))).height / draws
    assert hits == pytest.approx(0.95, abs=0.02)
