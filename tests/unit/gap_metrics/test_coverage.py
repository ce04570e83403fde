"""Coverage of a skill by a program, worked out by hand from the rules."""

import polars as pl
import pytest

from pipelines.gap_metrics.coverage import program_coverage


def way(course: str, depth: str, *, by: str = "itself", required: bool = True, skill: str = "s"):
    return {
        "program_id": "p",
        "grain": "concept",
        "skill_id": skill,
        "skill_label": skill,
        "covered_by": by,
        "covering_skill_id": skill if by == "itself" else f"{by} of {skill}",
        "course_code": course,
        "depth": depth,
        "is_required": required,
    }


def coverage_of(*ways: dict) -> dict:
    return program_coverage(pl.DataFrame(list(ways))).row(0, named=True)


@pytest.mark.parametrize(
    ("ways", "coverage"),
    [
        ([way("A 1", "mentioned")], 0.25),
        ([way("A 1", "introduced")], 0.5),
        ([way("A 1", "practiced")], 0.75),
        ([way("A 1", "assessed")], 1.0),
        ([way("A 1", "assessed", required=False)], 0.5),
        ([way("A 1", "assessed", by="narrower")], 1.0),
        ([way("A 1", "assessed", by="broader")], 0.5),
        ([way("A 1", "assessed", by="broader", required=False)], 0.25),
        ([way("A 1", "introduced"), way("A 2", "introduced")], 0.5),
        ([way("A 1", "mentioned"), way("A 2", "assessed")], 1.0),
    ],
)
def test_the_best_course_counts(ways, coverage) -> None:
    assert coverage_of(*ways)["coverage"] == pytest.approx(coverage)


def test_the_skill_itself_goes_before_a_relative_of_equal_worth() -> None:
    row = coverage_of(way("B 1", "assessed", by="narrower"), way("A 1", "assessed"))
    assert (row["covered_by"], row["course_codes"]) == ("itself", ["A 1"])


def test_courses_are_listed_best_first_and_once() -> None:
    row = coverage_of(
        way("C 3", "mentioned"),
        way("A 1", "practiced"),
        way("B 2", "assessed"),
        way("A 1", "mentioned"),
    )
    assert row["course_codes"] == ["B 2", "A 1", "C 3"]
    assert (row["courses_n"], row["depth"]) == (3, "assessed")


def test_no_course_no_rows() -> None:
    empty = pl.DataFrame([way("A 1", "mentioned")]).clear()
    assert program_coverage(empty).is_empty()
