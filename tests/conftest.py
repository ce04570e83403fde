"""What several rooms' tests share: the published sample, made once."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.extraction.runner import load_pipeline
from pipelines.warehouse.publish import open_snapshot
from skills_taxonomy.taxonomy import Taxonomy


@pytest.fixture(scope="session")
def extraction_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The saved extraction pipeline of the shipped taxonomy."""
    directory = tmp_path_factory.mktemp("extraction")
    load_pipeline(directory, Taxonomy.load())
    return directory


@pytest.fixture
def warehouse(tmp_path: Path, extraction_cache: Path) -> Path:
    """An empty warehouse that need not build the extraction pipeline again."""
    directory = tmp_path / "warehouse"
    directory.mkdir()
    (directory / "extraction").symlink_to(extraction_cache)
    return directory


@pytest.fixture(scope="session")
def published_sample(tmp_path_factory: pytest.TempPathFactory, extraction_cache: Path) -> Path:
    """A warehouse in which `skillgap demo` has run; tests that use it share an xdist group."""
    warehouse = tmp_path_factory.mktemp("warehouse")
    (warehouse / "extraction").symlink_to(extraction_cache)
    result = CliRunner().invoke(app, ["demo", "--warehouse", str(warehouse)])
    assert result.exit_code == 0, result.output
    return warehouse


@pytest.fixture
def snapshot(published_sample: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample's published snapshot, read-only."""
    with open_snapshot(published_sample) as connection:
        yield connection
