"""Readers of files that hold rows: CSV, TSV, Parquet, JSON, JSON Lines, JSON-LD."""

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyarrow import RecordBatch
from pyarrow.parquet import ParquetFile
from selectolax.lexbor import LexborHTMLParser

from pipelines.contracts.rules import MAX_JSON_BYTES, MAX_RECORD_BYTES, MAX_ROW_FILE_BYTES
from pipelines.ingest.bounded import open_bounded, read_bounded
from pipelines.ingest.case import case_courses
from pipelines.ingest.jsontext import parse_json
from pipelines.ingest.linked_data import linked_courses
from pipelines.ingest.records import Record, Reject, excerpt
from pipelines.ingest.text import decode, read_lines, read_text

PARQUET_BATCH_ROWS = 1_000

csv.field_size_limit(MAX_RECORD_BYTES)


def read_delimited(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """Rows of a CSV or TSV file, the first line being the header."""
    written = read_lines(path, encoding)
    first = next(written, "")
    lines = csv.reader(itertools.chain([first], written), delimiter=_delimiter(path, first))
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
    number = 0
    with open_bounded(path, MAX_ROW_FILE_BYTES) as file:
        for batch in ParquetFile(file).iter_batches(PARQUET_BATCH_ROWS):
            for row in _parquet_rows(batch):
                number += 1
                place = f"{locator}:row {number}"
                if isinstance(row, OverflowError):
                    yield Reject(place, "malformed_row", f"a date or time out of range: {row}")
                else:
                    yield _record(row, place)


def _parquet_rows(batch: RecordBatch) -> Iterator[dict[str, Any] | OverflowError]:
    """The rows of `batch`; where one has a value that Python cannot hold, one by one."""
    try:
        yield from batch.to_pylist()
    except OverflowError as error:
        if batch.num_rows == 1:
            yield error
        else:
            for number in range(batch.num_rows):
                yield from _parquet_rows(batch.slice(number, 1))


def read_json_lines(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """Objects of a file with one a line."""
    for number, line in enumerate(read_lines(path, encoding), start=1):
        if line.strip():
            yield _json_row(line, f"{locator}:{number}")


def read_json(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """Objects of a JSON file: the courses of a CTDL, schema.org or CASE file, else its list, the
    longest list of objects in it, or the one object."""
    text = decode(read_bounded(path, MAX_JSON_BYTES), encoding)
    try:
        content = parse_json(text)
    except ValueError as error:
        yield Reject(locator, "unreadable_file", f"not valid JSON: {error}", excerpt(text))
        return
    courses = linked_courses(content, locator) or case_courses(content, locator)
    yield from courses or _objects(content, locator)


def read_jsonld_page(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """JobPosting objects that an HTML page embeds as JSON-LD; nothing where it has none."""
    yield from jsonld_objects(read_text(path, encoding), locator)


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
    return _record(row, place)


def _record(row: dict[str, Any], place: str) -> Record | Reject:
    try:
        return Record(place, flatten(row))
    except RecursionError:
        return Reject(place, "malformed_row", "its objects are nested too deep")


def _objects(content: Any, locator: str) -> Iterator[Record | Reject]:
    for number, row in enumerate(_longest_list(content), start=1):
        place = f"{locator}:item {number}"
        if isinstance(row, dict):
            described = row.get("MatchedObjectDescriptor")
            yield _record(described if isinstance(described, dict) else row, place)
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


def _delimiter(path: Path, header: str) -> str:
    if ".tsv" in path.suffixes:
        return "\t"
    return max(",;\t|", key=header.count)
