"""The working database: one process writes it; everybody else reads published snapshots.

Belongs here: opening, filling and reading tables by their contracts. Not here: what the
figures mean (gap_metrics), what a snapshot is (publish).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import polars as pl

from pipelines.contracts import TABLES, rules

SQL = Path(__file__).with_name("sql")
MACROS = SQL / "macros.sql"
WORKING_FILE = "working.duckdb"

VARIABLES: dict[str, Any] = {
    "min_mention_score": rules.MIN_MENTION_SCORE,
    "counting_rule": rules.COUNTING_RULE,
    "counts_agencies": True,
    "most_calibrated_weight": rules.MOST_CALIBRATED_WEIGHT,
    "min_paid_postings": rules.MIN_PAID_POSTINGS,
    "first_group_chance": rules.FIRST_GROUP_CHANCE,
    "grains": list(rules.GRAINS),
    "program_market": rules.PROGRAM_MARKET,
    "variants_n": rules.VARIANTS_N,
    "stale_after_days": rules.STALE_AFTER_DAYS,
    "evidence_sentences": rules.EVIDENCE_SENTENCES,
    "likely_groups": rules.LIKELY_GROUPS,
    "terms_a_side": rules.TERMS_A_SIDE,
    "min_employers": rules.MIN_EMPLOYERS,
    "agency_words": rules.AGENCY_WORDS,
    "least_sector_confidence": rules.LEAST_SECTOR_CONFIDENCE,
    "sector_methods": list(rules.SECTOR_METHODS),
}
"""Constants that a SQL file may read with getvariable('name')."""


class WarehouseError(Exception):
    """The database cannot be used as asked; the text says why and what to do."""


@contextmanager
def open_working(directory: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The working database in `directory`, made where it is missing, for writing.

    Raises:
        WarehouseError: another process is writing.
    """
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / WORKING_FILE
    try:
        connection = duckdb.connect(str(path))
    except duckdb.IOException as error:
        raise WarehouseError(
            f"{path}: another run is writing. Wait for it to end; pages and reports read the "
            f"published snapshot meanwhile ({error})"
        ) from error
    try:
        for schema in ("raw", "core", "mart"):
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        connection.execute(MACROS.read_text(encoding="utf-8"))
        yield connection
    finally:
        connection.close()


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All that the block writes, or on an error nothing of it."""
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def holds(connection: duckdb.DuckDBPyConnection, *names: str, database: str | None = None) -> bool:
    """Whether all the tables are there as their contracts declare them today."""
    place = f"{database}." if database else ""
    try:
        return all(
            _columns(connection.table(f"{place}{name}")) == TABLES[name].types for name in names
        )
    except duckdb.CatalogException:
        return False


def create(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make the table anew, empty, as its contract declares it."""
    connection.execute(TABLES[name].ddl)


def append(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Add the rows of `frame` to the table, columns checked against its contract."""
    rows = TABLES[name].conform(frame)
    connection.from_arrow(rows.to_arrow()).insert_into(name)


def replace(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """The table holds exactly the rows of `frame`; on an error it stays as it was."""
    with transaction(connection):
        create(connection, name)
        append(connection, name, frame)


def remove(connection: duckdb.DuckDBPyConnection, name: str, keys: pl.DataFrame) -> None:
    """Take the rows out of the table whose values are those of a row of `keys`, in its columns."""
    if keys.is_empty():
        return
    same = " AND ".join(f'{name}."{column}" = gone."{column}"' for column in keys.columns)
    connection.register("gone", keys.to_arrow())
    try:
        connection.execute(f"DELETE FROM {name} USING gone WHERE {same}")
    finally:
        connection.unregister("gone")


def select(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    variables: Mapping[str, Any] | None = None,
    columns: Sequence[str] | None = None,
) -> pl.DataFrame:
    """The rows that the table's SQL file selects.

    Args:
        variables: values for getvariable() beside the constants of the rules.
        columns: those wanted, if not all; what only the others need is not computed.
    """
    for variable, value in {**VARIABLES, **(variables or {})}.items():
        connection.execute(f"SET VARIABLE {variable} = ?", [value])
    schema, table = name.split(".")
    query = (SQL / schema / f"{table}.sql").read_text(encoding="utf-8")
    relation = connection.sql(query)
    return (relation.select(*columns) if columns else relation).pl()


def read(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: list[str] | None = None,
    *,
    where: Mapping[str, Any] = MappingProxyType({}),
) -> pl.DataFrame:
    """The table's rows, all columns or those named; only rows with the values of `where`."""
    relation = connection.table(name)
    for column, value in where.items():
        relation = relation.filter(
            duckdb.ColumnExpression(column) == duckdb.ConstantExpression(value)
        )
    return (relation.select(*columns) if columns else relation).pl()


def violations(connection: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    """What in the table breaks its contract (see `Table.violations`)."""
    contract = TABLES[name]
    return contract.violations(read(connection, name, contract.checked_columns))


def _columns(relation: duckdb.DuckDBPyRelation) -> dict[str, str]:
    return dict(zip(relation.columns, map(str, relation.types), strict=True))
