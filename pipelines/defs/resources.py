"""What assets need from outside: where the sources are, where the warehouse is, who watches."""

import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import dagster as dg
import duckdb
import polars as pl

from pipelines.decisions.log import read_log
from pipelines.decisions.store import store_url
from pipelines.ingest.source import Project, Source, find_sources, read_project
from pipelines.places import SAMPLE, WAREHOUSE
from pipelines.warehouse.database import open_working
from skills_taxonomy.taxonomy import Taxonomy, taxonomy_in_use


class Sources(dg.ConfigurableResource):
    """The folder below which every source.yml lies."""

    root: str

    def find(self) -> list[Source]:
        return find_sources(Path(self.root))

    def project(self) -> Project:
        return read_project(Path(self.root))

    def variables(self) -> dict[str, object]:
        """What the project says about time, as the variables of the SQL files."""
        project = self.project()
        return {"as_of": project.as_of, "window_months": project.window_months}


class Warehouse(dg.ConfigurableResource):
    """The folder of the working database, the snapshots and the taxonomy in use.

    With `rebuild`, nothing that earlier runs left is used again. Reviewers' decisions are read from
    the database at `decisions_url`; where none is named, from the one in the folder.
    """

    directory: str
    rebuild: bool = False
    decisions_url: str = ""

    @property
    def path(self) -> Path:
        return Path(self.directory)

    def connect(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        return open_working(self.path)

    @property
    def taxonomy_path(self) -> Path:
        return self.path / "taxonomy"

    def taxonomy(self) -> Taxonomy:
        return taxonomy_in_use(self.taxonomy_path)

    def read_decisions(self) -> pl.DataFrame:
        return read_log(store_url(self.decisions_url, self.path))


class Watcher(Protocol):
    """Told how far a long step has come."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


def unwatched(step: str, done: int, total: int) -> None:
    """A watcher that does not look."""


def default_resources() -> dict[str, object]:
    """Resources from the environment: SKILLGAP_SOURCES, SKILLGAP_WAREHOUSE, else the sample;
    SKILLGAP_DECISIONS."""
    return {
        "sources": Sources(root=os.environ.get("SKILLGAP_SOURCES", str(SAMPLE))),
        "warehouse": Warehouse(
            directory=os.environ.get("SKILLGAP_WAREHOUSE", str(WAREHOUSE)),
            decisions_url=os.environ.get("SKILLGAP_DECISIONS", ""),
        ),
        "watch": unwatched,
    }
