"""Dagster's own command line on the real definitions, with the project's dagster.yaml."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts import TABLES

PROJECT = Path(__file__).parents[2]
WORRYING = ("Traceback", "BetaWarning", "PreviewWarning", "DeprecationWarning", "ERROR")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder that holds a copy of the project's dagster.yaml and nothing else."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(PROJECT / "dagster.yaml", folder)
    return folder


def dagster(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `dagster` in `home` as `make dagster` does, warehouse and user's home beside it."""
    user = home.parent / "user"
    user.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "dagster", *arguments, "-m", "pipelines.definitions"],
        cwd=home,
        env={
            **os.environ,
            "HOME": str(user),
            "DAGSTER_HOME": str(home),
            "DAGSTER_DISABLE_TELEMETRY": "yes",
            "SKILLGAP_WAREHOUSE": str(home.parent / "warehouse"),
        },
        capture_output=True,
        text=True,
        timeout=180,
    )


def test_every_table_is_listed_as_an_asset(home) -> None:
    listed = dagster(home, "asset", "list")
    assert listed.returncode == 0, listed.stderr
    expected = {name.replace(".", "/") for name in TABLES} | {"feed_drops", "published/snapshot"}
    assert set(listed.stdout.split()) == expected


@pytest.mark.slow
def test_an_asset_materializes_and_leaves_its_files_in_one_folder(home) -> None:
    run = dagster(home, "asset", "materialize", "--select", "key:core/sectors")
    assert run.returncode == 0, run.stderr
    assert not [word for word in WORRYING if word in run.stdout + run.stderr]
    assert {path.name for path in home.iterdir()} == {"dagster.yaml", ".dagster"}
    assert list((home / ".dagster").rglob("runs.db"))
    assert not (home.parent / "user" / ".dagster").exists()
    working = next((home.parent / "warehouse").glob("*.duckdb"))
    with duckdb.connect(working, read_only=True) as connection:
        rows = connection.sql("SELECT count(*) FROM core.sectors").fetchall()[0][0]
    assert rows >= 20
