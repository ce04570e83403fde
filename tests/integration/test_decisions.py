"""A reviewer's decision: pending, then applied by the next run, gone from figures and evidence."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.decisions.log import decide
from pipelines.decisions.records import Subject
from pipelines.decisions.store import Database, open_store
from pipelines.defs import assets
from pipelines.warehouse.publish import open_snapshot

pytestmark = pytest.mark.xdist_group("decisions")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store of decisions that lies elsewhere than the warehouse."""
    return f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"


@pytest.fixture
def store(url: str) -> Database:
    return open_store(url)


def skillgap(*arguments: object, input: str | None = None, exit_code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=input)
    assert result.exit_code == exit_code, result.output
    return result.output


def rows(home: Path, table: str, **values: str) -> list[dict]:
    with open_snapshot(home) as connection:
        frame = connection.table(table).pl()
    return frame.filter(*(pl.col(name) == value for name, value in values.items())).to_dicts()


def states(home: Path, url: str) -> list[str]:
    where = ("--warehouse", home, "--decisions", url)
    lines = skillgap("decisions", "export", "--format", "json", *where).splitlines()
    return [json.loads(line)["state"] for line in lines]


def phlebotomy(home: Path) -> dict:
    """The employers' sentence that a reviewer would reject."""
    found = rows(home, "mart.posting_evidence", sector_code="62", grain="concept")
    return next(row for row in found if row["sentence"].startswith("Requirements: phlebotomy"))


def rejection(evidence: dict) -> Subject:
    return Subject(
        kind="mention",
        side="postings",
        skill_id=evidence["skill_id"],
        subject_id=evidence["sentence_hash"],
        skill_label="phlebotomy",
        said=evidence["sentence"],
    )


@pytest.mark.slow
def test_decisions_are_pending_then_applied_and_taken_back(
    small_sources, small_home, url, store, monkeypatch
) -> None:
    home = small_home
    run = ("run", "--sources", small_sources, "--warehouse", home, "--decisions", url)
    wrong = phlebotomy(home)
    rejected = {"skill_id": wrong["skill_id"], "sector_code": "62"}
    (before,) = rows(home, "mart.sector_skill_demand", **rejected)
    gap = {"sector_code": "62", "skill_label": "wound care", "grain": "concept"}
    (asked,) = rows(home, "mart.program_sector_gap", **gap)
    assert asked["coverage"] == 0
    (course,) = rows(home, "core.courses")
    taught = Subject(
        "course_skill", "courses", asked["skill_id"], course["course_id"], "wound care", "NUR 101"
    )
    gone = Subject("term", "postings", "local:nothing", "words", "nothing", "words")

    decide(store, rejection(wrong), "reject", reviewer="Ada", note="an example")
    decide(store, taught, "accept", reviewer="Ada", depth="practiced")
    decide(store, gone, "reject", reviewer="Ada")
    assert states(home, url) == ["pending"] * 3
    monkeypatch.setattr(assets, "load_pipeline", None)  # no text is searched again
    assert "Nothing has changed" not in skillgap(*run)
    assert states(home, url) == ["applied"] * 3
    after = rows(home, "mart.sector_skill_demand", **rejected)
    assert sum(row["postings_n"] for row in after) < before["postings_n"]
    shown = {row["sentence_hash"] for row in rows(home, "mart.posting_evidence", **rejected)}
    assert wrong["sentence_hash"] not in shown
    (covered,) = rows(home, "mart.program_sector_gap", **gap)
    assert (covered["coverage"], covered["course_codes"]) == (0.75, ["NUR 101"])
    (counted,) = rows(home, "mart.run_quality", check_name="decisions whose subject is not there")
    assert counted["value"] == 1
    assert "Nothing has changed" in skillgap(*run)

    decide(store, rejection(wrong), "withdrawn", reviewer="Ada")
    assert states(home, url) == ["replaced", "applied", "applied", "pending"]
    skillgap(*run)
    (again,) = rows(home, "mart.sector_skill_demand", **rejected)
    assert again["postings_n"] == before["postings_n"]


def test_the_log_on_the_command_line(small_home, url, store, tmp_path) -> None:
    home = small_home
    where = ("--warehouse", home, "--decisions", url)
    assert "Nothing has been decided yet" in skillgap("decisions", "list", *where)
    subject = rejection(phlebotomy(home))
    decide(store, subject, "reject", reviewer="Ada", note='=HYPERLINK("x")')
    listed = skillgap("decisions", "list", *where)
    assert "Ada" in listed
    assert "1 acts, 1 pending" in listed
    assert "Ada" not in skillgap("decisions", "list", "--state", "applied", *where)
    path = tmp_path / "log.csv"
    skillgap("decisions", "export", "--out", path, *where)
    (row,) = pl.read_csv(path).to_dicts()
    assert row["note"] == '\'=HYPERLINK("x")'
    assert row["said"] == subject.said


def test_users_on_the_command_line(warehouse) -> None:
    where = ("--warehouse", warehouse)
    assert "No users are configured" in skillgap("users", "list", *where)
    skillgap("users", "add", "ada", "--role", "reviewer", *where, input="a long enough word\n")
    listed = skillgap("users", "list", *where)
    assert "ada" in listed
    assert "reviewer" in listed
    short = skillgap("users", "add", "ben", *where, input="short\n", exit_code=2)
    assert "a password has 12 to 256 characters" in short
    skillgap("users", "remove", "ada", *where)
    assert "no user 'ada'" in skillgap("users", "remove", "ada", *where, exit_code=2)


def test_a_store_that_cannot_be_is_said_in_a_line(warehouse) -> None:
    output = skillgap(
        "decisions", "list", "--decisions", "nonsense", "--warehouse", warehouse, exit_code=2
    )
    assert "is no database URL" in output
    assert "Traceback" not in output
