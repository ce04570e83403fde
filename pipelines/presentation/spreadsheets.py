"""Tables that a spreadsheet opens without running any of their text."""

import polars as pl

RUNNABLE = r"^[=+\-@\t\r]"
"""A text cell that begins like this is a formula to a spreadsheet."""


def without_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` as plain columns: lists joined, and an apostrophe before text that a
    spreadsheet would run."""
    joined = frame.with_columns(pl.selectors.list().list.join(", "))
    text_columns = joined.select(pl.selectors.string()).columns
    return joined.with_columns(_without_formula(name) for name in text_columns)


def _without_formula(column: str) -> pl.Expr:
    text = pl.col(column)
    return pl.when(text.str.contains(RUNNABLE)).then("'" + text).otherwise(text).alias(column)
