"""The data dictionary: every contract as a page of docs/ and as a frame for an export.

Run `python -m pipelines.contracts.dictionary` after a contract has changed.
"""

from pathlib import Path

import polars as pl

from pipelines.contracts import TABLES
from pipelines.contracts.table import Column, Table

PAGE = Path(__file__).parents[2] / "docs" / "data_dictionary.md"


def as_frame() -> pl.DataFrame:
    """One row a column of every table: table, grain, column, type, unit, meaning, values."""
    return pl.DataFrame(
        [
            {
                "table": table.name,
                "grain": table.grain,
                "column": column.name,
                "type": column.type,
                "unit": column.unit,
                "meaning": column.description,
                "values": _values(table, column),
            }
            for table in TABLES.values()
            for column in table.columns
        ]
    )


def as_markdown() -> str:
    """The page docs/data_dictionary.md."""
    parts = [
        "# Data dictionary\n\nGenerated from `pipelines/contracts` by "
        "`python -m pipelines.contracts.dictionary`; a test keeps it fresh.\n"
    ]
    for table in TABLES.values():
        parts.append(f"\n## {table.name}\n\nOne row is {table.grain}.\n")
        parts.append("| column | type | unit | meaning | values |\n|---|---|---|---|---|")
        parts += [
            f"| {column.name} | {column.type} | {column.unit} | {column.description} "
            f"| {_values(table, column)} |"
            for column in table.columns
        ]
    return "\n".join(parts) + "\n"


def _values(table: Table, column: Column) -> str:
    notes = []
    if column.name in table.key:
        notes.append("key")
    if column.nullable:
        notes.append("may be empty")
    if column.minimum is not None:
        notes.append(f"≥ {column.minimum:g}")
    if column.maximum is not None:
        notes.append(f"≤ {column.maximum:g}")
    if column.allowed:
        notes.append(" / ".join(column.allowed))
    return "; ".join(notes)


if __name__ == "__main__":
    PAGE.write_text(as_markdown(), encoding="utf-8")
