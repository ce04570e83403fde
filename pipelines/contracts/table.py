"""The shape of a contract, and what follows from one: DDL, polars schema, violations.

Belongs here: how any table is declared. Not here: a particular table (raw, core, mart).
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

POLARS_TYPES: dict[str, Any] = {
    "VARCHAR": pl.String,
    "VARCHAR[]": pl.List(pl.String),
    "BIGINT": pl.Int64,
    "DOUBLE": pl.Float64,
    "BOOLEAN": pl.Boolean,
    "DATE": pl.Date,
    "TIMESTAMP": pl.Datetime("us"),
}


@dataclass(frozen=True)
class Column:
    """One column: its DuckDB type, meaning, unit, and what its values may be."""

    name: str
    type: str
    description: str
    unit: str = ""
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: its grain in words, its key, its columns."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        missing = set(self.key) - set(self.column_names)
        if missing:
            raise ValueError(f"{self.name}: key columns {sorted(missing)} are not declared")

    @property
    def schema(self) -> str:
        return self.name.split(".")[0]

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def types(self) -> dict[str, str]:
        """Column name to DuckDB type, in the declared order."""
        return {column.name: column.type for column in self.columns}

    @property
    def polars_schema(self) -> dict[str, Any]:
        """Column name to polars type, in the declared order."""
        return {column.name: POLARS_TYPES[column.type] for column in self.columns}

    @property
    def ddl(self) -> str:
        """The DuckDB statement that creates the table anew, empty.

        Keys and bounds are left to `violations`: a broken rule is reported with its rows,
        where a constraint would only stop at the first.
        """
        columns = ",\n".join(
            f'    "{column.name}" {column.type}{"" if column.nullable else " NOT NULL"}'
            for column in self.columns
        )
        return f"CREATE OR REPLACE TABLE {self.name} (\n{columns}\n)"

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame` with this table's columns, in order, in their types.

        Raises:
            polars.exceptions.ColumnNotFoundError: a declared column is missing.
            polars.exceptions.InvalidOperationError: a value does not fit its type.
        """
        return frame.select(pl.col(name).cast(dtype) for name, dtype in self.polars_schema.items())

    def violations(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What in `frame` breaks the contract.

        Returns:
            One row a broken rule: column, rule, rows_n (offending rows), example (a value).
            No rows when all is well.
        """
        broken = [
            {"column": name, "rule": rule, "rows_n": rows.height, "example": _example(rows, name)}
            for name, rule, rows in self._offenders(frame)
            if rows.height
        ]
        schema = {"column": pl.String, "rule": pl.String, "rows_n": pl.Int64, "example": pl.String}
        return pl.DataFrame(broken, schema=schema)

    def _offenders(self, frame: pl.DataFrame) -> list[tuple[str, str, pl.DataFrame]]:
        found = [
            (
                self.key[0],
                f"key ({', '.join(self.key)}) is unique",
                frame.filter(pl.struct(self.key).is_duplicated()),
            )
        ]
        for column in self.columns:
            value = pl.col(column.name)
            if not column.nullable:
                found.append((column.name, "is present", frame.filter(value.is_null())))
            if column.minimum is not None:
                low = frame.filter(value < column.minimum)
                found.append((column.name, f"is at least {column.minimum:g}", low))
            if column.maximum is not None:
                high = frame.filter(value > column.maximum)
                found.append((column.name, f"is at most {column.maximum:g}", high))
            if column.allowed:
                other = frame.filter(~value.is_in(list(column.allowed)))
                found.append((column.name, f"is one of {', '.join(column.allowed)}", other))
        return found

    @property
    def checked_columns(self) -> list[str]:
        """The columns whose values a rule looks at (free text without a rule is not read)."""
        return [
            column.name
            for column in self.columns
            if column.name in self.key
            or not column.nullable
            or column.allowed
            or column.minimum is not None
            or column.maximum is not None
        ]


def _example(rows: pl.DataFrame, column: str) -> str:
    return str(rows.get_column(column)[0])[:80]
