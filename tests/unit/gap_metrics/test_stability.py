"""Ranks under several variants, by hand."""

import polars as pl

from pipelines.contracts.rules import COUNTINGS, MIN_MENTION_SCORE, TOP_GAPS, WEIGHTINGS
from pipelines.gap_metrics.stability import stability, top_gaps

PROGRAMS = pl.DataFrame({"program_id": ["p"]})


def demand(**by_skill: float) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "sector_code": "62",
                "grain": "concept",
                "skill_id": skill,
                "demand": value,
                "postings_n": 50,
                "is_publishable": value < 0.9,
                "is_transversal": False,
            }
            for skill, value in by_skill.items()
        ]
    )


def coverage(**by_skill: float) -> pl.DataFrame:
    rows = [("p", "concept", skill, value) for skill, value in by_skill.items()]
    return pl.DataFrame(rows, schema=["program_id", "grain", "skill_id", "coverage"], orient="row")


def test_top_gaps_by_hand() -> None:
    found = top_gaps(demand(a=0.4, b=0.5, c=0.6, thin=0.95), coverage(b=0.5, c=1.0), PROGRAMS)
    assert found.select("skill_id", "rank").rows() == [("a", 1), ("b", 2)]


def test_only_the_first_are_kept() -> None:
    many = demand(**{f"s{n:02}": 0.5 - n / 100 for n in range(TOP_GAPS + 5)})
    assert top_gaps(many, coverage(other=1.0), PROGRAMS).height == TOP_GAPS


def test_stability_counts_variants_and_keeps_the_span_of_ranks() -> None:
    nothing = coverage(other=1.0)
    variants = [
        top_gaps(demand(a=0.4, b=0.3), nothing, PROGRAMS),
        top_gaps(demand(a=0.2, b=0.3), nothing, PROGRAMS),
        top_gaps(demand(b=0.3), nothing, PROGRAMS),
    ]
    rows = {row["skill_id"]: row for row in stability(variants).to_dicts()}
    assert (rows["a"]["top_n"], rows["a"]["best_rank"], rows["a"]["worst_rank"]) == (2, 1, 2)
    assert rows["b"]["top_n"] == 3


def test_the_grid_holds_the_published_choice_once() -> None:
    published = {
        "min_mention_score": MIN_MENTION_SCORE,
        "counting_rule": "threshold",
        "counts_agencies": True,
    }
    assert list(COUNTINGS).count(published) == 1
    assert WEIGHTINGS.count("raw") == 1
