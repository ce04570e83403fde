"""Reader of Excel workbooks: every sheet, its first row being the header."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

import fastexcel

from pipelines.contracts.rules import MAX_DOCUMENT_BYTES, MAX_SHEET_CELLS
from pipelines.ingest.archives import is_markup, open_archive
from pipelines.ingest.bounded import TooLarge
from pipelines.ingest.records import Record, Reject


def read_workbook(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """Rows of every sheet of an XLSX file; formulas give the value that was saved with them."""
    with open_archive(path, MAX_DOCUMENT_BYTES) as archive:
        yield from archive.rejects(locator)
        content = archive.repacked(is_markup)
    _check_extents(content)
    book = fastexcel.read_excel(content)
    for name in book.sheet_names:
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
        rows = enumerate(sheet.iter_rows(), start=1)
        header = next((row for _, row in rows if any(row)), ())
        for number, row in rows:
            if any(row):
                yield Record(f"{locator}:{name} row {number}", _fields(header, row))


def _fields(header: tuple[str | None, ...], row: tuple[str | None, ...]) -> dict[str, str | None]:
    """The row by its header; a value in a column without a name goes by the column's number."""
    columns = enumerate(zip(header, row, strict=True), start=1)
    return {
        name.strip() if name else f"column {number}": value
        for number, (name, value) in columns
        if name or value
    }


def _check_extents(content: bytes) -> None:
    """Refuse a sheet whose one far cell would make a table of all the empty cells before it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            rows_n, columns_n = _extent(archive.read(name))
            if rows_n * columns_n > MAX_SHEET_CELLS:
                raise TooLarge(f"{name} reaches over {rows_n:,} rows and {columns_n:,} columns")


def _extent(sheet: bytes) -> tuple[int, int]:
    rows_n = columns_n = 0

    def measure(tag: str, attributes: dict[str, str]) -> None:
        nonlocal rows_n, columns_n
        tag = tag.rpartition(":")[2]
        place = attributes.get("r", "")
        if tag == "c":
            letters = place.rstrip("0123456789").upper()
            columns_n = max(columns_n, _column_number(letters))
            place = place[len(letters) :]
        if tag in ("c", "row") and place.isdecimal():
            rows_n = max(rows_n, int(place))

    parser = expat.ParserCreate()
    parser.StartElementHandler = measure
    parser.Parse(sheet, True)
    return rows_n, columns_n


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
