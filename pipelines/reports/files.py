"""The mart tables as plain files."""

from pathlib import Path

import duckdb

from pipelines.presentation.spreadsheets import without_formulas
from pipelines.reports.tables import Edition, dictionary, mart_tables, provenance


class CsvExporter:
    """A CSV file a table, beside a dictionary and the provenance."""

    FORMAT = "csv"

    def write(
        self, connection: duckdb.DuckDBPyConnection, edition: Edition, directory: Path
    ) -> list[Path]:
        """Write the files into `directory` and return their paths."""
        tables = mart_tables(connection) | {
            "dictionary": dictionary(),
            "provenance": provenance(connection, edition),
        }
        paths = [directory / f"{name}.csv" for name in tables]
        for path, frame in zip(paths, tables.values(), strict=True):
            without_formulas(frame).write_csv(path, include_bom=True)
        return paths


class ParquetExporter:
    """A Parquet file a table, types as in the warehouse."""

    FORMAT = "parquet"

    def write(
        self, connection: duckdb.DuckDBPyConnection, edition: Edition, directory: Path
    ) -> list[Path]:
        """Write the files into `directory` and return their paths."""
        tables = mart_tables(connection) | {"provenance": provenance(connection, edition)}
        paths = [directory / f"{name}.parquet" for name in tables]
        for path, frame in zip(paths, tables.values(), strict=True):
            frame.write_parquet(path)
        return paths
