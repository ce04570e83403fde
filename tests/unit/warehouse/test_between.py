"""The published run beside this one, and the tables that mix both."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.contracts import TABLES
from pipelines.warehouse import database
from pipelines.warehouse.between import Between, between_runs


def filled(directory: Path, readings: dict[str, str], skills: dict[str, str]) -> Path:
    """A database with a posting and a course of each id, its text's hash and the skill it names."""
    with database.open_working(directory) as connection:
        for name in TABLES:
            database.create(connection, name)
        for kind, table in (("posting", "core.asked_skills"), ("course", "core.taught_skills")):
            text, document = f"core.{kind}_texts", f"core.{kind}s"
            for identifier, text_hash in readings.items():
                row = {f"{kind}_id": identifier, "text_hash": text_hash}
                _put(connection, text, {**row, "extraction_version": directory.name})
                _put(connection, document, {f"{kind}_id": identifier, "is_in_window": True})
                _put(connection, table, {f"{kind}_id": identifier, "skill_id": skills[identifier]})
    return directory / database.WORKING_FILE


def _put(connection: duckdb.DuckDBPyConnection, name: str, row: dict) -> None:
    defaults = {pl.String: "mentioned", pl.Boolean: True, pl.List(pl.String): []}
    whole = {
        column: row.get(column, defaults.get(dtype, dt.date(2026, 1, 1) if dtype == pl.Date else 1))
        for column, dtype in TABLES[name].polars_schema.items()
    }
    database.append(connection, name, pl.DataFrame([whole], schema=TABLES[name].polars_schema))


@pytest.fixture
def between(tmp_path: Path) -> Iterator[Between]:
    """Document a is the same in both runs, b has another text now, c is gone, d is new."""
    earlier = filled(tmp_path / "then", {"a": "1", "b": "2", "c": "3"}, dict.fromkeys("abc", "old"))
    published = earlier.rename(tmp_path / "snapshot.duckdb")
    filled(tmp_path / "now", {"a": "1", "b": "9", "d": "4"}, dict.fromkeys("abd", "new"))
    with (
        database.open_working(tmp_path / "now") as connection,
        between_runs(connection, published) as found,
    ):
        yield found


def test_readings_come_first_and_only_of_texts_that_are_the_same(between: Between) -> None:
    between.step("readings")
    asked = between.connection.table("core.asked_skills").select("posting_id, skill_id").fetchall()
    assert sorted(asked) == [("a", "new"), ("b", "old"), ("c", "old")]
    taught = between.connection.table("core.taught_skills").select("course_id, skill_id").fetchall()
    assert sorted(taught) == [("a", "new"), ("b", "old"), ("c", "old")]


def test_then_come_the_courses_of_today(between: Between) -> None:
    between.step("readings")
    between.step("syllabi")
    taught = between.connection.table("core.taught_skills").select("course_id, skill_id").fetchall()
    assert sorted(taught) == [("a", "new"), ("b", "new"), ("d", "new")]
    assert between.connection.table("core.asked_skills").count("*").fetchall() == [(3,)]


def test_the_documents_behind_each_cause_are_counted(between: Between) -> None:
    assert sorted(between.documents().rows()) == [
        ("postings", 1, 1, 1),
        ("readings", 0, 0, 2),
        ("syllabi", 1, 1, 1),
    ]


def test_afterwards_the_working_tables_are_there_again(tmp_path: Path) -> None:
    published = filled(tmp_path / "then", {"a": "1"}, {"a": "old"}).rename(
        tmp_path / "O'Hara.duckdb"
    )
    filled(tmp_path / "now", {"a": "1"}, {"a": "new"})
    with database.open_working(tmp_path / "now") as connection:
        with between_runs(connection, published) as between:
            assert between.is_comparable
            between.step("readings")
        assert connection.table("core.asked_skills").select("skill_id").fetchall() == [("new",)]
        connection.execute("SELECT count(*) FROM core.posting_texts")


def test_tables_of_another_version_are_not_comparable(tmp_path: Path) -> None:
    published = filled(tmp_path / "then", {"a": "1"}, {"a": "old"})
    with duckdb.connect(published) as earlier:
        earlier.execute("ALTER TABLE core.asked_skills DROP COLUMN chance")
    with (
        database.open_working(tmp_path / "now") as connection,
        between_runs(connection, published) as between,
    ):
        assert not between.is_comparable
