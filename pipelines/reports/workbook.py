"""The mart tables as one Excel workbook for a dean."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import xlsxwriter

from pipelines.presentation.spreadsheets import without_formulas
from pipelines.reports.tables import Edition, dictionary, mart_tables, provenance

MAX_SHEET_ROWS = 1_048_575
COLUMN_FORMATS: dict[Any, str] = {pl.Float64: "0.000", pl.Int64: "#,##0", pl.Date: "yyyy-mm-dd"}
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class WorkbookExporter:
    """A sheet a table with typed columns and filters, a dictionary sheet, a provenance sheet."""

    FORMAT = "xlsx"

    def write(
        self, connection: duckdb.DuckDBPyConnection, edition: Edition, directory: Path
    ) -> list[Path]:
        """Write the workbook into `directory` and return its path."""
        path = directory / "skills_gap.xlsx"
        labels = connection.table("core.programs").select("program_id, title").pl()
        tables = mart_tables(connection)
        gaps = tables["program_sector_gap"].join(
            labels.rename({"title": "program"}), on="program_id", how="left"
        )
        tables["program_sector_gap"] = gaps.select("program", pl.exclude("program")).sort(
            "program_id", "sector_code", "rank", nulls_last=True
        )
        sheets = {
            "provenance": provenance(connection, edition),
            **tables,
            "dictionary": dictionary(),
        }
        with xlsxwriter.Workbook(path, SAFE) as book:
            book.set_properties({"title": edition.title})
            for name, frame in sheets.items():
                _write_sheet(book, name, frame)
        return [path]


def _write_sheet(book: xlsxwriter.Workbook, name: str, frame: pl.DataFrame) -> None:
    if frame.height > MAX_SHEET_ROWS:
        note = f"only the first {MAX_SHEET_ROWS:,} of {frame.height:,} rows fit a sheet"
        book.add_worksheet(f"{name[:24]} note").write_string(0, 0, note)
    without_formulas(frame).head(MAX_SHEET_ROWS).write_excel(
        book,
        worksheet=name[:31],
        table_style="Table Style Light 1",
        dtype_formats=COLUMN_FORMATS,
        autofilter=True,
        autofit=frame.height < 10_000,
        freeze_panes=(1, 0),
    )
