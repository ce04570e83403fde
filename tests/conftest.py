"""What several rooms' tests share: the published sample, made once."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.warehouse.publish import open_snapshot


@pytest.fixture(scope="session")
def published_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse in which `skillgap demo` has run; tests that use it share an xdist group."""
    warehouse = tmp_path_factory.mktemp("warehouse")
    result = CliRunner().invoke(app, ["demo", "--warehouse", str(warehouse)])
    assert result.exit_code == 0, result.output
    return warehouse


@pytest.fixture
def snapshot(published_sample: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample's published snapshot, read-only."""
    with open_snapshot(published_sample) as connection:
        yield connection
