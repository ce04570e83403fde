"""Which reader opens which file."""

import csv
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

import fastexcel
import kreuzberg

from pipelines.contracts.rules import MAX_REJECTS_OF_FILE
from pipelines.ingest import cartridges, documents, sheets, tables
from pipelines.ingest.bounded import TooLarge, UnsafeContent
from pipelines.ingest.records import Record, Reject

READING_ERRORS = (
    ArithmeticError,
    OSError,
    EOFError,
    LookupError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    csv.Error,
    expat.ExpatError,
    fastexcel.FastExcelError,
    kreuzberg.KreuzbergError,
    zipfile.BadZipFile,
    zlib.error,
)
Reader = Callable[[Path, str, str | None], Iterator[Record | Reject]]

READERS: dict[str, Reader] = {
    ".csv": tables.read_delimited,
    ".tsv": tables.read_delimited,
    ".parquet": tables.read_parquet,
    ".json": tables.read_json,
    ".jsonld": tables.read_json,
    ".jsonl": tables.read_json_lines,
    ".ndjson": tables.read_json_lines,
    ".txt": documents.read_plain,
    ".md": documents.read_markdown,
    ".html": documents.read_html,
    ".htm": documents.read_html,
    ".pdf": documents.read_pdf,
    ".docx": documents.read_office,
    ".pptx": documents.read_office,
    ".xlsx": sheets.read_workbook,
    ".imscc": cartridges.read_cartridge,
}


def read_file(path: Path, locator: str, encoding: str | None = None) -> Iterator[Record | Reject]:
    """Records and rejects of one file, whatever its format; never raises for what is in it."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    reader = READERS.get(suffixes[-1] if suffixes else "")
    if reader is None:
        known = " ".join(READERS)
        yield Reject(locator, "unknown_format", f"no reader for '{path.name}': known are {known}")
        return
    read = _page if reader is documents.read_html else reader
    records_n = rejects_n = 0
    try:
        for found in read(path, locator, encoding):
            yield found
            records_n += isinstance(found, Record)
            rejects_n += isinstance(found, Reject)
            if rejects_n > max(records_n, MAX_REJECTS_OF_FILE):
                message = f"{rejects_n:,} of its rows are refused: the rest is not read"
                yield Reject(locator, "unreadable_file", message)
                return
    except TooLarge as error:
        yield Reject(locator, "too_large", f"{error}. Split it, or leave out what is no text")
    except UnsafeContent as error:
        yield Reject(locator, "unsafe_content", str(error))
    except READING_ERRORS as error:
        kind = path.suffix[1:].upper()
        message = f"cannot be read as {kind}: {type(error).__name__}: {error}"
        yield Reject(locator, "unreadable_file", message)


def _page(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    embedded = list(tables.read_jsonld_page(path, locator, encoding))
    yield from embedded or documents.read_html(path, locator, encoding)
