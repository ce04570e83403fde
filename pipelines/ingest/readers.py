"""Which reader opens which file."""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from pipelines.ingest import documents, tables
from pipelines.ingest.records import Record, Reject

READING_ERRORS = (
    OSError,
    EOFError,
    LookupError,
    ValueError,
    RuntimeError,
    zlib.error,
    pl.exceptions.PolarsError,
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
    ".pdf": documents.read_office,
    ".docx": documents.read_office,
}


def read_file(path: Path, locator: str, encoding: str | None = None) -> Iterator[Record | Reject]:
    """Records and rejects of one file, whatever its format; never raises for what is in it."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    reader = READERS.get(suffixes[-1] if suffixes else "")
    if reader is None:
        known = " ".join(READERS)
        yield Reject(locator, "unknown_format", f"no reader for '{path.name}': known are {known}")
        return
    try:
        if reader is documents.read_html:
            yield from _page(path, locator, encoding)
        else:
            yield from reader(path, locator, encoding)
    except READING_ERRORS as error:
        yield Reject(locator, "unreadable_file", f"{type(error).__name__}: {error}")


def _page(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    embedded = list(tables.read_jsonld_page(path, locator, encoding))
    yield from embedded or documents.read_html(path, locator, encoding)
