"""Why an alignment changed: the causes add up to the whole."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.gap_metrics.changes import GONE, KEY, NEW, alignments, changes


def aligned(values: dict[str, float | None]) -> pl.DataFrame:
    rows = [(program, "62", "group", value) for program, value in values.items()]
    schema = {**dict.fromkeys(KEY, pl.String), "alignment": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_each_cause_has_the_difference_it_makes_after_those_before_it() -> None:
    steps = [
        ("readings", aligned({"adn": 0.5})),
        ("syllabi", aligned({"adn": 0.75})),
        ("postings", aligned({"adn": 0.625})),
    ]
    found = changes(steps, before=aligned({"adn": 0.25}))
    assert found.select("cause", "before", "after", "change").rows() == [
        ("postings", 0.75, 0.625, -0.125),
        ("readings", 0.25, 0.5, 0.25),
        ("syllabi", 0.5, 0.75, 0.25),
    ]


def test_what_only_one_run_could_measure_says_so() -> None:
    steps = [("syllabi", aligned({})), ("postings", aligned({"adn": 0.5, "welding": None}))]
    found = changes(steps, before=aligned({"adn": None, "welding": 0.25}))
    assert found.select("program_id", "cause", "before", "after", "change").rows() == [
        ("adn", NEW, None, 0.5, None),
        ("welding", GONE, 0.25, None, None),
    ]


SHARES = st.floats(0, 1)


@given(
    before=st.dictionaries(st.sampled_from("abcd"), st.none() | SHARES),
    steps=st.lists(st.dictionaries(st.sampled_from("abcd"), SHARES), min_size=1, max_size=3),
)
def test_the_causes_add_up_to_the_whole_change(before, steps) -> None:
    found = changes([(str(n), aligned(step)) for n, step in enumerate(steps)], aligned(before))
    known = {program for program, value in before.items() if value is not None}
    total = dict(found.group_by("program_id").agg(pl.col("change").sum()).rows())
    for program in known & set(steps[-1]):
        assert total[program] == pytest.approx(steps[-1][program] - before[program])
    assert set(found["program_id"]) == known | set(steps[-1])


def test_alignment_straight_from_demand_and_coverage() -> None:
    demand = pl.DataFrame(
        {
            "sector_code": ["62", "62", "62", "program:other"],
            "grain": "group",
            "skill_id": ["a", "b", "thin", "a"],
            "demand": [0.3, 0.1, 0.9, 0.5],
            "postings_n": 40,
            "is_publishable": [True, True, False, True],
            "is_transversal": False,
        }
    )
    coverage = pl.DataFrame(
        {"program_id": ["adn"], "grain": ["group"], "skill_id": ["b"], "coverage": [1.0]}
    )
    found = alignments(demand, coverage, pl.DataFrame({"program_id": ["adn"]}))
    assert found.rows() == [("adn", "62", "group", pytest.approx(0.1 / 0.4))]
