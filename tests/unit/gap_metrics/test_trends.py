"""Change between two years: by hand, against a direct computation, and over many draws."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from pipelines.contracts.rules import FALSE_DISCOVERY_RATE
from pipelines.gap_metrics.trends import add_trends

AFTER_START = dt.date(2025, 11, 1)


def sums(after: np.ndarray, before: np.ndarray, named_after: np.ndarray, named_before: np.ndarray):
    """The sums that the SQL selects, of postings and of postings naming the skill by employer."""
    named = (named_after + named_before) > 0
    return {
        "sector_code": "62",
        "grain": "concept",
        "before_start_on": dt.date(2024, 11, 1),
        "after_start_on": AFTER_START,
        "earliest_on": dt.date(2024, 11, 3),
        "sector_before_n": int(before.sum()),
        "sector_after_n": int(after.sum()),
        "employers_n": int(named.sum()),
        "clusters_n": len(after),
        "w_after": after.sum(),
        "w_before": before.sum(),
        "ww_after": (after * after).sum(),
        "ww_before": (before * before).sum(),
        "ww_both": (after * before).sum(),
        "y_after": named_after.sum(),
        "y_before": named_before.sum(),
        "yy_after": (named_after * named_after).sum(),
        "yy_before": (named_before * named_before).sum(),
        "yy_both": (named_after * named_before).sum(),
        "y_after_w_after": (named_after * after).sum(),
        "y_after_w_before": (named_after * before).sum(),
        "y_before_w_after": (named_before * after).sum(),
        "y_before_w_before": (named_before * before).sum(),
    }


def trends(*rows: dict) -> list[dict]:
    numbered = [{"skill_id": f"s{n}", **row} for n, row in enumerate(rows)]
    floats = [
        {k: float(v) if isinstance(v, np.number) else v for k, v in row.items()} for row in numbered
    ]
    return add_trends(pl.DataFrame(floats)).to_dicts()


def test_by_hand() -> None:
    """Forty employers with one posting a year; ten name the skill before, twenty after.

    e is (y_after − ½)/40 − (y_before − ¼)/40: ten that name it twice −¼, ten that name it after
    alone +¾, twenty that never do −¼ (all /40). Var = 40/39 · (10·¾² + 30·¼²)/1600.
    """
    ones = np.ones(40)
    [row] = trends(
        sums(ones, ones, np.r_[np.ones(20), np.zeros(20)], np.r_[np.ones(10), np.zeros(30)])
    )
    error = (40 / 39 * (10 * 0.75**2 + 30 * 0.25**2) / 1600) ** 0.5
    assert row["change"] == pytest.approx(0.25)
    assert row["ci_low"] == pytest.approx(0.25 - 1.95996 * error, abs=1e-4)
    assert row["ci_high"] == pytest.approx(0.25 + 1.95996 * error, abs=1e-4)
    assert (row["trend"], row["p_value"]) == ("emerging", row["q_value"])


def test_the_error_is_that_of_the_clusters_one_by_one() -> None:
    chance = np.random.default_rng(5)
    after, before = chance.integers(0, 6, (2, 60)).astype(float)
    named_after, named_before = (
        chance.binomial(after.astype(int), 0.4),
        chance.binomial(before.astype(int), 0.3),
    )
    [row] = trends(sums(after, before, named_after.astype(float), named_before.astype(float)))
    share_after, share_before = named_after.sum() / after.sum(), named_before.sum() / before.sum()
    e = (named_after - share_after * after) / after.sum()
    e -= (named_before - share_before * before) / before.sum()
    error = (60 / 59 * (e**2).sum()) ** 0.5
    assert row["ci_high"] - row["ci_low"] == pytest.approx(2 * 1.959964 * error)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"sector_before_n": 12}, "12 postings in one of the years, at least 30 needed"),
        ({"employers_n": 4}, "4 employers name it, at least 5 needed"),
        ({"earliest_on": dt.date(2025, 6, 1)}, "postings only from 2025-06-01 on"),
    ],
)
def test_thin_evidence_is_not_tested(row, reason) -> None:
    ones = np.ones(40)
    whole = sums(ones, ones, np.r_[np.ones(20), np.zeros(20)], np.zeros(40))
    [found] = trends(whole | row)
    assert (found["trend"], found["untested_reason"]) == ("too few postings", reason)
    assert found["p_value"] is None is found["q_value"]


def test_planted_trends_are_found_and_few_others() -> None:
    """Sixty steady skills with a season, six planted, employers that post unevenly, 200 draws.

    Postings come in summer or winter; a season moves a skill's share in both years alike.
    """
    chance = np.random.default_rng(20261126)
    employers, planted_found, false_shares = 120, 0, []
    for _ in range(200):
        posts = chance.integers(0, 8, (2, 2, employers))
        leaning = chance.beta(8, 8, employers) * 2
        rows = []
        for skill in range(66):
            is_planted = skill < 6
            share = np.array([[0.30, 0.10], [0.30, 0.10]]) + (0.2 * is_planted) * np.array(
                [[0], [1]]
            )
            named = chance.binomial(posts, np.clip(share[:, :, None] * leaning, 0, 1))
            (before, after), (named_before, named_after) = posts.sum(1), named.sum(1)
            rows.append(
                sums(*(x.astype(float) for x in (after, before, named_after, named_before)))
            )
        called = [row["trend"] in ("emerging", "fading") for row in trends(*rows)]
        planted_found += sum(called[:6])
        false_shares.append(sum(called[6:]) / max(sum(called), 1))
    assert planted_found >= 0.99 * 6 * 200
    assert np.mean(false_shares) <= FALSE_DISCOVERY_RATE + 0.015
