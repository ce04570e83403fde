"""What if equals what the run would say, were the skill taught."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.dashboard.snapshot import Published, Reading
from pipelines.dashboard.what_if import Addition, Outcome, what_if
from pipelines.gap_metrics.coverage import program_coverage
from pipelines.gap_metrics.gap import add_gap, alignment
from pipelines.gap_metrics.resampling import alignment_intervals
from pipelines.warehouse import database

pytestmark = pytest.mark.xdist_group("published_sample")

PROGRAM, SECTOR = "nursing-adn", "health-care"
PAIR = {"program_id": PROGRAM, "sector_code": SECTOR}


@pytest.fixture
def reading(published_sample: Path) -> Iterator[Reading]:
    with Published(published_sample).reading() as opened:
        yield opened


@pytest.fixture
def working(published_sample: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the published tables that can be written."""
    folder = published_sample / "published"
    file = json.loads((folder / "current.json").read_text(encoding="utf-8"))["file"]
    copy = shutil.copy(folder / file, tmp_path / "working.duckdb")
    with duckdb.connect(copy) as connection:
        yield connection


def outcome_of(reading: Reading, grain: str, additions: list[Addition]) -> Outcome:
    [aligned] = reading.rows("mart.program_sector_alignment", **PAIR, grain=grain)
    return what_if(
        reading, aligned, reading.frame("mart.program_sector_gap", **PAIR, grain=grain), additions
    )


def largest_gaps(reading: Reading, grain: str, n: int) -> list[str]:
    gaps = reading.frame("mart.program_sector_gap", **PAIR, grain=grain)
    return gaps.sort("rank", nulls_last=True)["skill_id"].head(n).to_list()


def course_ids(reading: Reading, is_required: bool) -> list[str]:
    courses = reading.frame("core.program_courses", program_id=PROGRAM)
    return (
        courses.filter(pl.col("is_required") == is_required)
        .sort("course_id")["course_id"]
        .to_list()
    )


def recomputed(
    connection: duckdb.DuckDBPyConnection, grain: str, additions: list[Addition]
) -> tuple[dict, pl.DataFrame]:
    """The alignment and gaps that the run's own steps give once the courses teach the skills."""
    members = connection.table("core.skill_members").pl()
    for addition in additions:
        taught = (
            members.filter(pl.col("member_id") == addition.skill_id)
            .select("grain", "skill_id")
            .rows()
        )
        for of, skill_id in taught or [("group", addition.skill_id)]:
            connection.execute(
                "INSERT INTO core.taught_skills VALUES (?, ?, ?, ?, 1.0)",
                [addition.course_id, of, skill_id, addition.depth],
            )
    coverage = program_coverage(database.select(connection, "mart.program_skill_coverage"))
    database.replace(connection, "mart.program_skill_coverage", coverage)
    gaps = add_gap(database.select(connection, "mart.program_sector_gap"))
    database.replace(connection, "mart.program_sector_gap", gaps)
    aligned = alignment(database.select(connection, "mart.program_sector_alignment"))
    is_here = (
        (pl.col("program_id") == PROGRAM)
        & (pl.col("sector_code") == SECTOR)
        & (pl.col("grain") == grain)
    )
    intervals = alignment_intervals(
        database.read(connection, "core.sector_employers"),
        database.read(connection, "core.employer_skills"),
        gaps.filter(is_here),
        database.read(connection, "mart.sector_skill_demand"),
    )
    [row] = aligned.filter(is_here).to_dicts()
    [ends] = intervals.to_dicts()
    return row | ends, gaps.filter(is_here)


@pytest.mark.parametrize("grain", ["group", "concept"])
def test_it_equals_a_full_recomputation(reading, working, grain: str) -> None:
    required, elective = course_ids(reading, True)[0], course_ids(reading, False)[0]
    first, second, third = largest_gaps(reading, grain, 3)
    additions = [
        Addition(first, required, "assessed"),
        Addition(second, required, "introduced"),
        Addition(third, elective, "assessed"),
    ]
    outcome = outcome_of(reading, grain, additions)
    row, gaps = recomputed(working, grain, additions)
    for name in ("alignment", "ci_low", "ci_high"):
        assert outcome.after[name] == pytest.approx(row[name], abs=1e-9), name
    for name in ("skills_n", "gap_n", "partly_taught_n", "aligned_n"):
        assert outcome.after[name] == row[name], name
    shown = ["skill_id", "coverage", "gap", "status", "rank"]
    asked = pl.col("postings_n") > 0
    assert (
        outcome.gaps.filter(asked).select(shown).sort("skill_id").to_dicts()
        == gaps.filter(asked).select(shown).sort("skill_id").to_dicts()
    )


def test_an_elective_counts_half_and_the_best_course_counts(reading) -> None:
    [skill_id] = largest_gaps(reading, "group", 1)
    required, elective = course_ids(reading, True)[0], course_ids(reading, False)[0]

    def coverage(*additions: Addition) -> float:
        gaps = outcome_of(reading, "group", list(additions)).gaps
        return gaps.filter(pl.col("skill_id") == skill_id)["coverage"].item()

    deep_elective = Addition(skill_id, elective, "assessed")
    shallow_required = Addition(skill_id, required, "introduced")
    assert coverage(deep_elective) == 0.5
    assert coverage(shallow_required) == 0.5
    assert coverage(deep_elective, Addition(skill_id, required, "practiced")) == 0.75


def test_what_is_taught_well_already_gains_nothing(reading) -> None:
    gaps = reading.frame("mart.program_sector_gap", **PAIR, grain="group")
    taught = gaps.filter(pl.col("coverage") == 1)["skill_id"][0]
    outcome = outcome_of(
        reading, "group", [Addition(taught, course_ids(reading, True)[0], "assessed")]
    )
    assert outcome.gain == 0
    assert outcome.changed.is_empty()
    assert outcome.after["ci_low"] == pytest.approx(outcome.before["ci_low"])


def test_the_gain_lies_within_its_interval_and_moves_both_ends(reading) -> None:
    course = course_ids(reading, True)[0]
    additions = [Addition(skill, course, "assessed") for skill in largest_gaps(reading, "group", 3)]
    outcome = outcome_of(reading, "group", additions)
    assert 0 < outcome.gain_low <= outcome.gain <= outcome.gain_high
    assert outcome.after["ci_low"] > outcome.before["ci_low"]
    assert set(outcome.changed["skill_id"]) == {addition.skill_id for addition in additions}


def test_a_course_of_another_program_changes_nothing(reading) -> None:
    other = reading.rows("core.program_courses", program_id="welding-technology-certificate")[0]
    [skill_id] = largest_gaps(reading, "group", 1)
    assert (
        outcome_of(reading, "group", [Addition(skill_id, other["course_id"], "assessed")]).gain == 0
    )
