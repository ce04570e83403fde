"""Between the published run and this one: what one cause alone would have changed.

Belongs here: databases that mix the tables of both. Not here: what is computed from them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from pipelines.warehouse.database import SQL, holds

MIXED = "between_runs"
PUBLISHED = "published"
CAUSES = ("readings", "syllabi")
"""In this order one table after the other becomes that of the working database; what is left, and
last, are the postings."""

_COMPARED = (
    "core.period",
    "core.postings",
    "core.posting_weights",
    "core.posting_sectors",
    "core.posting_texts",
    "core.asked_skills",
    "core.courses",
    "core.course_texts",
    "core.program_courses",
    "core.programs",
    "core.taught_skills",
    "mart.program_sector_alignment",
)


class Between:
    """A working database with a published one beside it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    @property
    def is_comparable(self) -> bool:
        """Whether the published tables are what today's contracts declare."""
        return holds(self.connection, *_COMPARED, database=PUBLISHED)

    def published(self, name: str) -> pl.DataFrame:
        """The rows of a published table."""
        return self.connection.table(f"{PUBLISHED}.{name}").pl()

    def documents(self) -> pl.DataFrame:
        """By cause how many documents are new, gone and changed."""
        return self.connection.sql(_sql("documents")).pl()

    def step(self, cause: str) -> None:
        """From here on the connection's tables are the published ones but for the causes so far."""
        self.connection.execute(_sql(cause))
        self.connection.execute(f"USE {MIXED}")


@contextmanager
def between_runs(connection: duckdb.DuckDBPyConnection, published: Path) -> Iterator[Between]:
    """The working database of `connection` beside the snapshot in the file `published`."""
    [(working,)] = connection.sql("SELECT current_database()").fetchall()
    quoted = str(published).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS {PUBLISHED} (READ_ONLY)")
    connection.execute(f"ATTACH ':memory:' AS {MIXED}")
    try:
        connection.execute(f"CREATE SCHEMA {MIXED}.core")
        yield Between(connection)
    finally:
        connection.execute(f"USE {working}")
        connection.execute(f"DETACH {MIXED}")
        connection.execute(f"DETACH {PUBLISHED}")


def _sql(step: str) -> str:
    return (SQL / f"between_{step}.sql").read_text(encoding="utf-8")
