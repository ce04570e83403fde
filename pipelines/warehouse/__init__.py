"""The DuckDB warehouse: one writer, a file of SQL a table, published snapshots for readers."""
