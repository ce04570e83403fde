"""Readers of files that hold rows: CSV, TSV, Parquet, JSON, JSON Lines, JSON-LD."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from selectolax.lexbor import LexborHTMLParser

from pipelines.ingest.jsontext import parse_json
from pipelines.ingest.records import Record, Reject, excerpt
from pipelines.ingest.text import decode

csv.field_size_limit(16_000_000)


def read_delimited(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """Rows of a CSV or TSV file, the first line being the header."""
    text = decode(_content(path), encoding)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(path, text))
    header = [name.strip() for name in next(lines, [])]
    while True:
        line = lines.line_num + 1
        place = f"{locator}:{line}"
        try:
            row = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            yield Reject(place, "malformed_row", f"line {line} is not valid CSV: {error}")
            continue
        if len(row) > len(header):
            message = (
                f"line {line} has {len(row)} values for {len(header)} columns: "
                "quote the value that holds a delimiter"
            )
            yield Reject(place, "unexpected_column", message, excerpt(row))
        elif any(row):
            yield Record(place, dict(zip(header, row, strict=False)))


def read_parquet(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """Rows of a Parquet file."""
    for number, row in enumerate(pl.read_parquet(path).iter_rows(named=True), start=1):
        yield Record(f"{locator}:row {number}", flatten(row))


def read_json_lines(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """Objects of a file with one a line."""
    for number, line in enumerate(decode(_content(path), encoding).split("\n"), start=1):
        if line.strip():
            yield _json_row(line, f"{locator}:{number}")


def read_json(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """Objects of a JSON file: its list, the longest list of objects in it, or the one object."""
    text = decode(_content(path), encoding)
    try:
        content = parse_json(text)
    except ValueError as error:
        yield Reject(locator, "unreadable_file", f"not valid JSON: {error}", excerpt(text))
        return
    yield from _objects(content, locator)


def read_jsonld_page(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """JobPosting objects that an HTML page embeds as JSON-LD; nothing where it has none."""
    yield from jsonld_objects(decode(_content(path), encoding), locator)


def jsonld_objects(text: str, locator: str) -> Iterator[Record | Reject]:
    """JobPosting objects in the text of an HTML page."""
    page = LexborHTMLParser(text)
    for number, script in enumerate(page.css('script[type="application/ld+json"]'), start=1):
        place = f"{locator}:script {number}"
        try:
            content = parse_json(script.text())
        except ValueError as error:
            message = f"the JSON-LD is not valid JSON: {error}"
            yield Reject(place, "malformed_row", message, excerpt(script.text()))
            continue
        for record in _objects(content, place):
            if isinstance(record, Reject) or record.fields.get("@type") == "JobPosting":
                yield record


def flatten(value: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """A nested object as one level, names joined by dots.

    Of a list of objects the first counts; a list of plain values becomes lines.
    """
    flat: dict[str, Any] = {}
    for name, item in value.items():
        if isinstance(item, list):
            item = item[0] if item and isinstance(item[0], dict) else "\n".join(map(str, item))
        if isinstance(item, dict):
            flat |= flatten(item, f"{prefix}{name}.")
        else:
            flat[prefix + name] = item
    return flat


def _json_row(line: str, place: str) -> Record | Reject:
    try:
        row = parse_json(line)
    except ValueError as error:
        return Reject(place, "malformed_row", f"not valid JSON: {error}", excerpt(line))
    if not isinstance(row, dict):
        return Reject(place, "malformed_row", "not a JSON object", excerpt(line))
    return Record(place, flatten(row))


def _objects(content: Any, locator: str) -> Iterator[Record | Reject]:
    for number, row in enumerate(_longest_list(content), start=1):
        place = f"{locator}:item {number}"
        if isinstance(row, dict):
            yield Record(place, flatten(row.get("MatchedObjectDescriptor", row)))
        else:
            yield Reject(place, "malformed_row", "not a JSON object", excerpt(row))


def _longest_list(content: Any) -> list[Any]:
    if isinstance(content, list):
        return content
    if not isinstance(content, dict):
        return [content]
    if "@type" in content:
        return [content]
    lists = [value for value in _lists_in(content) if value and isinstance(value[0], dict)]
    return max(lists, key=len, default=[content])


def _lists_in(content: dict[str, Any]) -> Iterator[list[Any]]:
    for value in content.values():
        if isinstance(value, list):
            yield value
        elif isinstance(value, dict):
            yield from _lists_in(value)


def _content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _delimiter(path: Path, text: str) -> str:
    if ".tsv" in path.suffixes:
        return "\t"
    header = text.split("\n", 1)[0]
    return max(",;\t|", key=header.count)
