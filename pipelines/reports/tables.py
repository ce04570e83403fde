"""What every exporter draws on: the mart tables, their dictionary, their provenance."""

from dataclasses import dataclass

import duckdb
import polars as pl

from pipelines.contracts import TABLES
from pipelines.contracts.dictionary import as_frame

MART = [name for name in TABLES if name.startswith("mart.")]
OVERVIEW_FILE = "overview.html"


@dataclass(frozen=True)
class Edition:
    """Which snapshot a report is made of."""

    title: str
    file: str
    published_at: str
    taxonomy_version: str


def mart_tables(connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """The mart tables by their bare names, in the order of their keys."""
    return {
        name.split(".")[1]: connection.table(name).order(", ".join(TABLES[name].key)).pl()
        for name in MART
    }


def dictionary() -> pl.DataFrame:
    """The meaning of every mart column."""
    return as_frame().filter(pl.col("table").is_in(MART))


def provenance(connection: duckdb.DuckDBPyConnection, edition: Edition) -> pl.DataFrame:
    """One row a fact: the snapshot, the taxonomy, and every source with its terms."""
    facts = [
        ("snapshot", edition.file),
        ("published at (UTC)", edition.published_at),
        ("taxonomy", edition.taxonomy_version),
    ]
    for source in connection.table("raw.sources").order("source_id").pl().iter_rows(named=True):
        said = (
            f"{source['publisher'] or 'publisher not stated'}; "
            f"licence: {source['licence'] or 'not stated'}; {source['rows_n']:,} records, "
            f"{source['rejects_n']:,} refused; read {source['ingested_at']:%Y-%m-%d %H:%M} UTC"
        )
        facts.append((f"source {source['source_id']}", said))
    return pl.DataFrame(facts, schema=["fact", "value"], orient="row")
