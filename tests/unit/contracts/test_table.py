"""One declaration gives DDL, schema, checks and dictionary, and they agree."""

import datetime as dt

import duckdb
import polars as pl
import pytest

from pipelines.contracts import TABLES
from pipelines.contracts.dictionary import PAGE, as_frame, as_markdown
from pipelines.contracts.table import Column, Table

SHELVES = Table(
    name="core.shelves",
    grain="a shelf",
    key=("shelf_id",),
    columns=(
        Column("shelf_id", "VARCHAR", "Id."),
        Column("books_n", "BIGINT", "Books.", minimum=0, maximum=40),
        Column("kind", "VARCHAR", "Kind.", allowed=("oak", "pine")),
        Column("bought_on", "DATE", "Bought.", nullable=True),
    ),
)


def shelves(**columns: list) -> pl.DataFrame:
    rows = {
        "shelf_id": ["a", "b"],
        "books_n": [3, 40],
        "kind": ["oak", "pine"],
        "bought_on": [None, dt.date(2026, 1, 2)],
    }
    return pl.DataFrame(rows | columns, schema_overrides=SHELVES.polars_schema)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_ddl_and_polars_schema_agree(table: Table) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE SCHEMA {table.schema}")
        connection.execute(table.ddl)
        empty = connection.table(table.name).pl()
    assert dict(empty.schema) == table.polars_schema


def test_good_rows_break_nothing() -> None:
    assert SHELVES.violations(shelves()).is_empty()


@pytest.mark.parametrize(
    ("columns", "column", "rule", "rows_n"),
    [
        ({"shelf_id": ["a", "a"]}, "shelf_id", "key (shelf_id) is unique", 2),
        ({"shelf_id": ["a", None]}, "shelf_id", "is present", 1),
        ({"books_n": [-1, 3]}, "books_n", "is at least 0", 1),
        ({"books_n": [41, 42]}, "books_n", "is at most 40", 2),
        ({"kind": ["oak", "glass"]}, "kind", "is one of oak, pine", 1),
    ],
)
def test_a_broken_rule_is_named_with_its_rows(columns, column, rule, rows_n) -> None:
    broken = SHELVES.violations(shelves(**columns))
    assert broken.select("column", "rule", "rows_n").rows() == [(column, rule, rows_n)]


def test_conform_orders_casts_and_drops() -> None:
    loose = (
        shelves()
        .with_columns(pl.col("books_n").cast(pl.Int8), extra=1)
        .select("extra", "kind", "books_n", "bought_on", "shelf_id")
    )
    assert dict(SHELVES.conform(loose).schema) == SHELVES.polars_schema


def test_conform_refuses_a_missing_column() -> None:
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        SHELVES.conform(shelves().drop("kind"))


def test_a_key_must_be_declared() -> None:
    with pytest.raises(ValueError, match="are not declared"):
        Table(name="core.odd", grain="x", key=("nowhere",), columns=())


def test_the_dictionary_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_markdown(), (
        "run python -m pipelines.contracts.dictionary"
    )


def test_every_column_says_what_it_means() -> None:
    assert as_frame().filter(pl.col("meaning").str.len_chars() < 5).is_empty()


def test_the_same_column_has_the_same_type_everywhere() -> None:
    types = as_frame().group_by("column").agg(pl.col("type").unique())
    assert types.filter(pl.col("type").list.len() > 1).is_empty()
