"""Gap, status, rank and alignment, worked out by hand."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.gap_metrics.gap import TIED_DIGITS, add_gap, alignment


def pair(skill: str, demand: float, coverage: float, *, postings_n: int = 50, publishable=True):
    return {
        "program_id": "p",
        "sector_code": "62",
        "grain": "concept",
        "skill_id": skill,
        "demand": demand,
        "coverage": coverage,
        "postings_n": postings_n,
        "is_publishable": publishable,
        "is_transversal": skill == "teamwork",
    }


def test_transversal_skills_crowd_nothing_out() -> None:
    ranked = add_gap(pl.DataFrame([pair("welding", 0.2, 0), pair("teamwork", 0.5, 0)]))
    assert dict(ranked.select("skill_id", "rank").rows()) == {"welding": 1, "teamwork": 1}


def test_gaps_that_differ_by_the_order_of_a_sum_are_tied() -> None:
    one, other = pair("b", 0.1 + 0.2, 0.0), pair("a", 0.3, 0.0)
    assert one["demand"] > other["demand"]
    ranked = add_gap(pl.DataFrame([one, other]))
    assert dict(ranked.select("skill_id", "rank").rows()) == {"a": 1, "b": 2}


PAIRS = [
    pair("taught nowhere", 0.4, 0.0),
    pair("introduced", 0.5, 0.5),
    pair("assessed", 0.6, 1.0),
    pair("thin", 0.9, 0.0, publishable=False),
    pair("not asked", 0.0, 0.75, postings_n=0, publishable=False),
]


def test_by_hand() -> None:
    rows = {row["skill_id"]: row for row in add_gap(pl.DataFrame(PAIRS)).to_dicts()}
    assert rows["taught nowhere"]["gap"] == pytest.approx(0.4)
    assert rows["introduced"]["gap"] == pytest.approx(0.25)
    assert {name: (row["status"], row["rank"]) for name, row in rows.items()} == {
        "taught nowhere": ("gap", 1),
        "introduced": ("partly taught", 2),
        "assessed": ("aligned", None),
        "thin": ("too few postings", None),
        "not asked": ("taught, not asked", None),
    }


def test_alignment_by_hand() -> None:
    gaps = add_gap(pl.DataFrame(PAIRS)).with_columns(
        is_target=True, sector_postings_n=200, sector_employers_n=40
    )
    row = alignment(gaps).row(0, named=True)
    # (.5·.5 + .6·1) / (.4 + .5 + .6)
    assert row["alignment"] == pytest.approx(0.85 / 1.5)
    assert (row["skills_n"], row["gap_n"], row["partly_taught_n"], row["aligned_n"]) == (3, 1, 1, 1)


def test_alignment_is_empty_where_nothing_is_publishable() -> None:
    gaps = add_gap(pl.DataFrame([pair("thin", 0.9, 0.5, publishable=False)])).with_columns(
        is_target=True, sector_postings_n=3, sector_employers_n=1
    )
    assert alignment(gaps).row(0, named=True)["alignment"] is None


shares = st.floats(0, 1, allow_nan=False)


@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=30), st.randoms())
def test_order_of_rows_changes_nothing_and_ranks_are_complete(values, random) -> None:
    pairs = [pair(f"s{n}", demand, coverage) for n, (demand, coverage) in enumerate(values)]
    ranked = add_gap(pl.DataFrame(pairs))
    random.shuffle(pairs)
    assert add_gap(pl.DataFrame(pairs)).equals(ranked)
    ranks = ranked["rank"].drop_nulls().sort().to_list()
    assert ranks == list(range(1, len(ranks) + 1))
    in_order = ranked.drop_nulls("rank")["gap"].round(TIED_DIGITS)
    assert in_order.is_sorted(descending=True)
