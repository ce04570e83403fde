"""Share, interval, specificity and demand against figures worked out by hand."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.gap_metrics.demand import add_demand


def counts(**given_counts: float) -> pl.DataFrame:
    """Forty postings by forty employers, one each; ten name the skill."""
    row = {
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
    return pl.DataFrame([row | given_counts])


def test_by_hand() -> None:
    row = add_demand(counts()).row(0, named=True)
    assert row["share"] == pytest.approx(0.25)
    assert row["specificity"] == pytest.approx(2.5)
    assert row["demand"] == pytest.approx(0.25 * 2.5 / 3.5)
    # One posting an employer: Var = 40/39 · (10·.75² + 30·.25²)/40² → n = .1875/Var = 39.
    assert row["effective_n"] == pytest.approx(39)
    # Wilson 1927 at p = .25, n = 39.
    assert row["ci_low"] == pytest.approx(0.140, abs=0.001)
    assert row["ci_high"] == pytest.approx(0.405, abs=0.001)
    assert row["is_publishable"]


def test_an_employer_with_many_postings_widens_the_interval() -> None:
    """The same ten postings, all by one employer: that is one voice, not ten."""
    one_voice = add_demand(
        counts(
            clusters_n=31,
            skill_weight_squares=100.0,
            weight_products=100.0,
            sector_weight_squares=130.0,
        )
    ).row(0, named=True)
    many = add_demand(counts()).row(0, named=True)
    assert one_voice["effective_n"] < 5
    assert one_voice["ci_low"] < many["ci_low"]
    assert one_voice["ci_high"] > many["ci_high"]


@pytest.mark.parametrize(
    ("given_counts", "reason"),
    [
        ({"sector_postings_n": 29}, "29 postings in the sector, at least 30 needed"),
        ({"employers_n": 4}, "4 employers name it, at least 5 needed"),
    ],
)
def test_thin_evidence_is_not_published(given_counts, reason) -> None:
    row = add_demand(counts(**given_counts)).row(0, named=True)
    assert not row["is_publishable"]
    assert row["unpublishable_reason"] == reason


def test_a_skill_that_everybody_asks_keeps_an_interval() -> None:
    row = add_demand(
        counts(skill_weight=40.0, skill_weight_squares=40.0, weight_products=40.0)
    ).row(0, named=True)
    assert row["share"] == 1
    assert row["ci_low"] == pytest.approx(40 / (40 + 1.96**2), abs=1e-3)
    assert row["ci_high"] == 1


@given(
    employers=st.lists(
        st.tuples(st.integers(1, 20), st.floats(0, 1)), min_size=1, max_size=40
    ).filter(lambda rows: any(round(n * share) for n, share in rows))
)
def test_bounds_hold_for_any_market(employers: list[tuple[int, float]]) -> None:
    sizes = [float(n) for n, _ in employers]
    naming = [float(round(n * share)) for n, share in employers]
    row = add_demand(
        counts(
            sector_postings_n=int(sum(sizes)),
            employers_n=sum(n > 0 for n in naming),
            skill_weight=sum(naming),
            sector_weight=sum(sizes),
            clusters_n=len(sizes),
            skill_weight_squares=sum(n * n for n in naming),
            weight_products=sum(n * m for n, m in zip(naming, sizes, strict=True)),
            sector_weight_squares=sum(m * m for m in sizes),
            skill_weight_everywhere=sum(naming) + 1,
            weight_everywhere=sum(sizes) + 50,
        )
    ).row(0, named=True)
    assert 0 <= row["ci_low"] <= row["share"] + 1e-9
    assert row["share"] - 1e-9 <= row["ci_high"] <= 1
    assert 0 <= row["demand"] <= row["share"]
    assert 0 < row["effective_n"] <= max(sum(sizes), 1) + 1e-9
