"""What earlier runs left in the working database, and what takes its place.

Belongs here: which rows stand, which go. Does not belong here: reading files, finding skills.
"""

import duckdb
import polars as pl

from pipelines.contracts import TABLES
from pipelines.ingest.drop import CLAIM_COLUMNS, Drop, Earlier
from pipelines.ingest.source import Source
from pipelines.warehouse import database

RAW = [name for name in TABLES if name.startswith("raw.")]


def withdraw_others(connection: duckdb.DuckDBPyConnection, found: list[Source]) -> None:
    """Take out the rows of sources that are no longer there."""
    stored = database.read(connection, "raw.sources", ["source_id"])
    kept = [source.source_id for source in found]
    for name in RAW:
        database.remove(connection, name, stored.filter(~pl.col("source_id").is_in(kept)))


def earlier_reading(connection: duckdb.DuckDBPyConnection, source: Source) -> Earlier:
    """What earlier runs read of a source."""
    own = {"source_id": source.source_id}
    files = database.read(connection, "raw.files", where=own)
    if source.kind == "programs":
        return Earlier(files)
    table = f"raw.{source.kind}"
    return Earlier(files, database.read(connection, table, CLAIM_COLUMNS, where=own))


def store_drop(connection: duckdb.DuckDBPyConnection, drop: Drop) -> None:
    """What a drop read, in place of the rows of the files that are gone."""
    if drop.is_unchanged:
        return
    source = pl.DataFrame({"source_id": [drop.source.source_id]})
    gone = source.join(pl.DataFrame({"file": drop.gone}, {"file": pl.String}), how="cross")
    for name in RAW:
        database.remove(connection, name, source if name == "raw.sources" else gone)
    for name, frame in drop.frames().items():
        database.append(connection, name, frame)


def texts_to_search(
    connection: duckdb.DuckDBPyConnection, texts: str, mentions: str, extraction_version: str
) -> pl.DataFrame:
    """Rows of the table `texts` for documents that are new, or whose text, or what searches it,
    has changed. What was stored for these and for withdrawn documents is removed.
    """
    if not database.holds(connection, texts, mentions):
        clear(connection, texts, mentions)
    current = database.select(connection, texts, {"extraction_version": extraction_version})
    stored = database.read(connection, texts)
    gone = stored.join(current, on=stored.columns, how="anti").select(TABLES[texts].key)
    with database.transaction(connection):
        database.remove(connection, texts, gone)
        database.remove(connection, mentions, gone)
    return current.join(stored, on=stored.columns, how="anti")


def clear(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """The tables anew, empty, all of them or none."""
    with database.transaction(connection):
        for name in names:
            database.create(connection, name)
