"""One source, read whole: its rows, its rejects, and what it expected of itself.

A dry run and a real run share this; only what becomes of the result differs.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts import TABLES
from pipelines.ingest.catalogs import split_catalog
from pipelines.ingest.columns import map_columns, unknown_columns
from pipelines.ingest.errors import IngestError
from pipelines.ingest.feeds.reading import read_recorded
from pipelines.ingest.postings import posting_row
from pipelines.ingest.programs import program_rows
from pipelines.ingest.readers import read_file
from pipelines.ingest.records import Record, Reject, excerpt, storable
from pipelines.ingest.source import SOURCE_FILE, Source
from pipelines.ingest.syllabi import syllabus_row

ROW_MAKERS = {"postings": posting_row, "syllabi": syllabus_row}
Progress = Callable[[int, int], None]


@dataclass
class Drop:
    """What one reading of a source gave."""

    source: Source
    files: list[Path]
    rows: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    mapping: dict[str, list[str]] = field(default_factory=dict)
    unread_columns: set[str] = field(default_factory=set)
    ingested_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(tzinfo=None))

    @property
    def table(self) -> str:
        return f"raw.{self.source.kind}"

    @property
    def rows_n(self) -> int:
        """Records found, accepted and refused."""
        return len(self.rows) + len(self.rejects)

    def frames(self) -> dict[str, pl.DataFrame]:
        """The rows this drop adds to the raw tables, by table name, to their contracts."""
        source = {
            "source_id": self.source.source_id,
            "kind": self.source.kind,
            "publisher": self.source.publisher,
            "licence": self.source.licence,
            "files_n": len(self.files),
            "rows_n": self.rows_n,
            "rejects_n": len(self.rejects),
            "unread_columns": sorted(self.unread_columns),
        }
        rejects = [
            {
                "source_id": self.source.source_id,
                "locator": reject.locator,
                "reason_code": reject.reason_code,
                "message": storable(reject.message),
                "excerpt": reject.excerpt,
            }
            for reject in self.rejects
        ]
        tables = {"raw.sources": [source], self.table: self.rows, "raw.rejects": rejects}
        return {name: self._frame(name, rows) for name, rows in tables.items()}

    def warnings(self) -> list[str]:
        """What its source.yml did not expect, short of stopping the run."""
        expect, found = self.source.expect, []
        if expect.max_rows is not None and self.rows_n > expect.max_rows:
            found.append(f"{self.rows_n:,} records, expected at most {expect.max_rows:,}")
        if self.rows_n and len(self.rejects) / self.rows_n > expect.max_reject_share:
            share = len(self.rejects) / self.rows_n
            found.append(f"{share:.0%} refused, expected at most {expect.max_reject_share:.0%}")
        if self.unread_columns:
            found.append(f"columns that nothing reads: {', '.join(sorted(self.unread_columns))}")
        return found

    def _frame(self, name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
        contract = TABLES[name]
        stamped = [row | {"ingested_at": self.ingested_at} for row in rows]
        named = [{column: row[column] for column in contract.column_names} for row in stamped]
        return pl.DataFrame(named, schema=contract.polars_schema)


def read_drop(source: Source, progress: Progress = lambda done, total: None) -> Drop:
    """Read every file of `source`.

    Args:
        progress: called with (files done, files in all) after each file.

    Raises:
        IngestError: no file matches, a declared column is none of ours, or there are fewer
            records than the source promises. Bad rows and files never raise: they are rejects.
    """
    declaration = source.folder / SOURCE_FILE
    drop = Drop(source, source.files())
    if not drop.files:
        raise IngestError(f"{declaration}: {_nothing_there(source)}")
    if source.kind != "programs" and (unknown := unknown_columns(source.kind, source.columns)):
        raise IngestError(f"{declaration}: columns: {', '.join(unknown)} is not a column of ours")
    seen: dict[str, dict[str, Any]] = {}
    for number, path in enumerate(drop.files, start=1):
        locator = storable(Path(os.path.relpath(path, source.folder)).as_posix())
        for row in _rows(path, locator, drop):
            _keep(row, drop, seen)
        progress(number, len(drop.files))
    if drop.rows_n < source.expect.min_rows:
        raise IngestError(
            f"{declaration}: expect.min_rows is {source.expect.min_rows:,} and the files hold "
            f"{drop.rows_n:,}. Check the drop, or lower the expectation"
        )
    return drop


def _rows(path: Path, locator: str, drop: Drop) -> Iterator[dict[str, Any] | Reject]:
    source = drop.source
    if source.kind == "programs":
        yield from program_rows(path, locator, source)
        return
    make_row = ROW_MAKERS[source.kind]
    mappings: dict[frozenset[str], dict[str, list[str]]] = {}
    defaults = source.default_values()
    for record in _records(path, locator, source):
        if isinstance(record, Reject):
            yield record
            continue
        if any(str(record.fields.get(name)) != value for name, value in source.where.items()):
            continue
        names = frozenset(record.fields)
        if names not in mappings:
            mappings[names] = map_columns(source.kind, source.column_map(), names)
            drop.mapping |= mappings[names]
            read = {name for fields in mappings[names].values() for name in fields}
            unread = names - read - set(source.where)
            drop.unread_columns |= {name for name in unread if "@" not in name}
        yield make_row(record, _values(record, mappings[names], defaults), source)


def _nothing_there(source: Source) -> str:
    if source.feed:
        return f"nothing was fetched yet. Run `skillgap fetch --source {source.source_id}` first"
    return f"path '{source.path}' matches no file"


def _records(path: Path, locator: str, source: Source) -> Iterator[Record | Reject]:
    if source.feed:
        yield from read_recorded(path, locator, source.feed, source.encoding)
        return
    for found in read_file(path, locator, source.encoding):
        if source.kind == "syllabi" and isinstance(found, Record):
            yield from split_catalog(found)
        else:
            yield found


def _values(
    record: Record, mapping: dict[str, list[str]], defaults: dict[str, str]
) -> dict[str, str]:
    """The record's fields under our names, as text; blank where it has the field without value."""
    values = dict(defaults)
    for ours, fields in mapping.items():
        parts = [str(record.fields[name]) for name in fields if record.fields.get(name) is not None]
        joined = storable(" ".join(part.strip() for part in parts if part.strip()))
        if joined or ours not in defaults:
            values[ours] = joined
    return values


def _keep(row: dict[str, Any] | Reject, drop: Drop, seen: dict[str, dict[str, Any]]) -> None:
    if isinstance(row, Reject):
        drop.rejects.append(row)
        return
    earlier = seen.setdefault(row["source_record_id"], row)
    if earlier is row:
        drop.rows.append(row)
    elif not (drop.source.feed and _repeats(row, earlier)):
        message = f"the id {row['source_record_id']!r} is already used in this source"
        reject = Reject(row["locator"], "duplicate_record_id", message, excerpt(row["title"]))
        drop.rejects.append(reject)


def _repeats(row: dict[str, Any], earlier: dict[str, Any]) -> bool:
    """Whether a feed gave the same record twice: pages overlap, and an older drop has an older
    version of it.
    """
    is_same = row["content_hash"] == earlier["content_hash"]
    return is_same or Path(row["locator"]).parent != Path(earlier["locator"]).parent
