"""What a run depends on: another of it is another fingerprint, the same is the same."""

import datetime as dt
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipelines.contracts import TABLES
from pipelines.decisions.log import all_acts, decide
from pipelines.decisions.records import Subject
from pipelines.decisions.store import open_store, store_url
from pipelines.defs import inputs
from pipelines.defs.inputs import FILE_COLUMNS, extraction_version, fingerprint
from pipelines.ingest.source import Project

FILES = pl.DataFrame([("s", "a", "1", "r"), ("s", "b", "2", "r")], FILE_COLUMNS, orient="row")
NO_DECISIONS = pl.DataFrame(schema=TABLES["core.decisions"].polars_schema)
PROJECT = Project(as_of=dt.date(2026, 10, 31))


def test_the_order_of_files_does_not_matter_and_each_of_them_does(tmp_path) -> None:
    one = fingerprint(FILES, PROJECT, tmp_path / "none", NO_DECISIONS)
    assert fingerprint(FILES.reverse(), PROJECT, tmp_path / "none", NO_DECISIONS) == one
    assert fingerprint(FILES.head(1), PROJECT, tmp_path / "none", NO_DECISIONS) != one


@pytest.mark.parametrize("change", [{"window_months": 6}, {"as_of": None}, {"title": "Other"}])
def test_every_setting_of_the_project_matters(tmp_path, change) -> None:
    other = PROJECT.model_copy(update=change)
    assert fingerprint(FILES, other, tmp_path, NO_DECISIONS) != fingerprint(
        FILES, PROJECT, tmp_path, NO_DECISIONS
    )


def test_every_decision_matters(tmp_path) -> None:
    store = open_store(store_url("", tmp_path))
    words = Subject("term", "postings", "weld", "bead", "weld metal", "bead")
    seen = [fingerprint(FILES, PROJECT, tmp_path / "none", NO_DECISIONS)]
    for verdict in ("reject", "withdrawn"):
        decide(store, words, verdict, reviewer="Ada")
        seen.append(fingerprint(FILES, PROJECT, tmp_path / "none", all_acts(store)))
    assert len(set(seen)) == 3


def test_an_imported_taxonomy_matters_to_extraction_and_run(tmp_path) -> None:
    before = extraction_version(tmp_path), fingerprint(FILES, PROJECT, tmp_path, NO_DECISIONS)
    (tmp_path / "skills.parquet").write_bytes(b"another")
    after = extraction_version(tmp_path), fingerprint(FILES, PROJECT, tmp_path, NO_DECISIONS)
    assert all(old != new for old, new in zip(before, after, strict=True))


@pytest.mark.parametrize(
    ("changed", "matters"),
    [
        ("ingest/postings.py", True),
        ("warehouse/sql/core/postings.sql", True),
        ("gap_metrics/gap.py", True),
        ("reports/overview.html", False),
    ],
)
def test_code_that_makes_tables_matters(monkeypatch, tmp_path, changed, matters) -> None:
    rooms = tmp_path / "pipelines"
    shutil.copytree(inputs.ROOMS, rooms)
    monkeypatch.setattr(inputs, "ROOMS", rooms)
    before = fingerprint(FILES, PROJECT, Path("none"), NO_DECISIONS)
    (rooms / changed).write_text("other", encoding="utf-8")
    assert (fingerprint(FILES, PROJECT, Path("none"), NO_DECISIONS) != before) is matters
