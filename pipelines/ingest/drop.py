"""One source: which of its files are to be read, their rows, their rejects, and what it expected
of itself.

A dry run and a real run share this; only what becomes of the result differs. A file whose bytes,
source.yml and reading code are those of an earlier run is not read again: its rows stand.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
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
CLAIM_COLUMNS = ["source_record_id", "file", "locator", "content_hash"]
"""The columns of raw.postings and raw.syllabi that say whose record an id is."""

Progress = Callable[[int, int], None]
Claim = dict[str, Any]


_FILES = TABLES["raw.files"].polars_schema
_CLAIMS = dict.fromkeys(CLAIM_COLUMNS, pl.String)


@dataclass(frozen=True)
class Earlier:
    """What earlier runs left of a source: its rows of raw.files, and `CLAIM_COLUMNS` of its rows.

    Without an id of its own for every record (a registry of programs) it has no claims.
    """

    files: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_FILES))
    claims: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_CLAIMS))


@dataclass
class FileRead:
    """What reading one file gave."""

    file: str
    file_hash: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    unread_columns: set[str] = field(default_factory=set)
    repeated_ids: set[str] = field(default_factory=set)

    @property
    def rereading_on(self) -> date | None:
        """The first day on which a record that was refused today would be accepted."""
        days = [reject.acceptable_on for reject in self.rejects if reject.acceptable_on]
        return min(days, default=None)


@dataclass
class Drop:
    """What one reading of a source gave, beside what stands of earlier ones.

    `kept` are the rows of raw.files that stand; `gone` the files whose rows of earlier runs do not:
    changed, withdrawn, or to be judged anew. All of `read` is new.
    """

    source: Source
    files: list[Path]
    reading_hash: str = ""
    kept: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_FILES))
    gone: list[str] = field(default_factory=list)
    read: list[FileRead] = field(default_factory=list)
    mapping: dict[str, list[str]] = field(default_factory=dict)
    ingested_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(tzinfo=None))

    @property
    def table(self) -> str:
        return f"raw.{self.source.kind}"

    @property
    def is_unchanged(self) -> bool:
        """Whether the rows of earlier runs are all there is to say."""
        return not self.read and not self.gone

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of the files that were read."""
        return [row for found in self.read for row in found.rows]

    @property
    def rejects(self) -> list[Reject]:
        """The rejects of the files that were read."""
        return [reject for found in self.read for reject in found.rejects]

    @property
    def rows_n(self) -> int:
        """Records found in all files, accepted and refused."""
        return len(self.rows) + len(self.rejects) + int(self.kept["rows_n"].sum())

    @property
    def rejects_n(self) -> int:
        """Records and files refused."""
        return len(self.rejects) + int(self.kept["rejects_n"].sum())

    @property
    def unread_columns(self) -> set[str]:
        """Columns of the source that nothing reads."""
        return {name for found in self.read for name in found.unread_columns}.union(
            *self.kept["unread_columns"].to_list()
        )

    def frames(self) -> dict[str, pl.DataFrame]:
        """The rows this drop adds to the raw tables, by table name, to their contracts."""
        source = {
            "kind": self.source.kind,
            "publisher": self.source.publisher,
            "licence": self.source.licence,
            "files_n": len(self.files),
            "rows_n": self.rows_n,
            "rejects_n": self.rejects_n,
            "unread_columns": sorted(self.unread_columns),
        }
        files = [
            {
                "file": found.file,
                "file_hash": found.file_hash,
                "reading_hash": self.reading_hash,
                "rows_n": len(found.rows) + len(found.rejects),
                "rejects_n": len(found.rejects),
                "unread_columns": sorted(found.unread_columns),
                "repeated_ids": sorted(found.repeated_ids),
                "rereading_on": found.rereading_on,
            }
            for found in self.read
        ]
        rows = [{**row, "file": found.file} for found in self.read for row in found.rows]
        rejects = [
            {
                "file": found.file,
                "locator": reject.locator,
                "reason_code": reject.reason_code,
                "message": storable(reject.message),
                "excerpt": reject.excerpt,
            }
            for found in self.read
            for reject in found.rejects
        ]
        tables: dict[str, list[dict[str, Any]]] = {
            "raw.sources": [source],
            "raw.files": files,
            self.table: rows,
            "raw.rejects": rejects,
        }
        return {name: self._frame(name, rows) for name, rows in tables.items()}

    def warnings(self) -> list[str]:
        """What its source.yml did not expect, short of stopping the run."""
        expect, found = self.source.expect, []
        if expect.max_rows is not None and self.rows_n > expect.max_rows:
            found.append(f"{self.rows_n:,} records, expected at most {expect.max_rows:,}")
        if self.rows_n and self.rejects_n / self.rows_n > expect.max_reject_share:
            share = self.rejects_n / self.rows_n
            found.append(f"{share:.0%} refused, expected at most {expect.max_reject_share:.0%}")
        if self.unread_columns:
            found.append(f"columns that nothing reads: {', '.join(sorted(self.unread_columns))}")
        return found

    def _frame(self, name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
        contract = TABLES[name]
        shared = {"source_id": self.source.source_id, "ingested_at": self.ingested_at}
        stamped = [row | shared for row in rows]
        named = [{column: row[column] for column in contract.column_names} for row in stamped]
        return pl.DataFrame(named, schema=contract.polars_schema)


NOTHING = Earlier()


def file_hashes(source: Source) -> dict[str, str]:
    """File of the source → SHA-256 of its bytes, in the order in which they are read."""
    return {_name(path, source): _hash(path) for path in source.files()}


def reading_hash(source: Source, reading_version: str) -> str:
    """SHA-256 of what the rows of a file depend on beside its bytes."""
    return hashlib.sha256(f"{source.model_dump_json()} {reading_version}".encode()).hexdigest()


def read_drop(
    source: Source,
    progress: Progress = lambda done, total: None,
    *,
    earlier: Earlier = NOTHING,
    reading_version: str = "",
) -> Drop:
    """Read the files of `source` that `earlier` runs did not read as they are.

    Args:
        progress: called with (files done, files to read) after each file.
        earlier: what stands of earlier runs; the default reads every file.
        reading_version: of the code that reads; another one reads every file.

    Raises:
        IngestError: no file matches, a declared column is none of ours, or there are fewer
            records than the source promises. Bad rows and files never raise: they are rejects.
    """
    declaration = source.folder / SOURCE_FILE
    drop = Drop(source, source.files(), reading_hash(source, reading_version))
    if not drop.files:
        raise IngestError(f"{declaration}: {_nothing_there(source)}")
    if source.kind != "programs" and (unknown := unknown_columns(source.kind, source.columns)):
        raise IngestError(f"{declaration}: columns: {', '.join(unknown)} is not a column of ours")
    _read_changed(drop, earlier, progress)
    if drop.rows_n < source.expect.min_rows:
        raise IngestError(
            f"{declaration}: expect.min_rows is {source.expect.min_rows:,} and the files hold "
            f"{drop.rows_n:,}. Check the drop, or lower the expectation"
        )
    return drop


def _read_changed(drop: Drop, earlier: Earlier, progress: Progress) -> None:
    """Fill `drop`: what is read, what stands, what goes."""
    hashes = {_name(path, drop.source): _hash(path) for path in drop.files}
    paths = dict(zip(hashes, drop.files, strict=True))
    standing = _standing(hashes, drop, earlier)
    found = {name: FileRead(name, hashes[name]) for name in paths if name not in standing}
    given: dict[str, list[dict[str, Any] | Reject]] = {}

    def read(names: Iterable[str]) -> None:
        for name in names:
            given[name] = list(_outcomes(paths[name], found[name], drop))
            progress(len(given), len(found))

    read(list(found))
    contested = _contested(given, list(paths), standing, earlier)
    found |= {name: FileRead(name, hashes[name]) for name in contested}
    read(contested)
    kept = standing - contested
    drop.kept = earlier.files.filter(pl.col("file").is_in(list(kept)))
    drop.gone = sorted(set(earlier.files["file"]) - kept)
    claims = earlier.claims.filter(pl.col("file").is_in(list(kept))) if found else NOTHING.claims
    seen: dict[str, Claim] = {row["source_record_id"]: row for row in claims.iter_rows(named=True)}
    for name in paths:
        if name in found:
            drop.read.append(found[name])
            for outcome in given.pop(name):
                _keep(outcome, found[name], seen, is_feed=drop.source.feed is not None)


def _standing(hashes: dict[str, str], drop: Drop, earlier: Earlier) -> set[str]:
    """The files whose rows of earlier runs would be read again just so.

    A registry of programs stands whole or not at all.
    """
    today = datetime.now(UTC).date()
    standing = {
        row["file"]
        for row in earlier.files.iter_rows(named=True)
        if hashes.get(row["file"]) == row["file_hash"]
        and row["reading_hash"] == drop.reading_hash
        and (row["rereading_on"] is None or row["rereading_on"] > today)
    }
    is_whole = standing == hashes.keys() == set(earlier.files["file"])
    return set() if drop.source.kind == "programs" and not is_whole else standing


def _contested(
    given: dict[str, list[dict[str, Any] | Reject]],
    names: list[str],
    standing: set[str],
    earlier: Earlier,
) -> set[str]:
    """The standing files with a record whose id is given first by another file than before.

    Of several records with one id the first counts, so whether theirs do is to be judged anew.
    """
    place = {name: number for number, name in enumerate(names)}
    first = dict(earlier.claims.select("source_record_id", "file").iter_rows())
    moved = {record_id for record_id, file in first.items() if file not in standing}
    for name, outcomes in given.items():
        ids = {row["source_record_id"] for row in outcomes if not isinstance(row, Reject)}
        moved |= {
            record_id
            for record_id in ids & first.keys()
            if first[record_id] in standing and place[name] < place[first[record_id]]
        }
    holders = {first[record_id] for record_id in moved & first.keys()} | {
        row["file"]
        for row in earlier.files.iter_rows(named=True)
        if moved.intersection(row["repeated_ids"])
    }
    return holders & standing


def _outcomes(path: Path, found: FileRead, drop: Drop) -> Iterator[dict[str, Any] | Reject]:
    """The rows and rejects of a file as if no other were there."""
    source = drop.source
    if source.kind == "programs":
        yield from program_rows(path, found.file, source)
        return
    make_row = ROW_MAKERS[source.kind]
    mappings: dict[frozenset[str], dict[str, list[str]]] = {}
    defaults = source.default_values()
    for record in _records(path, found.file, source):
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
            found.unread_columns |= {storable(name) for name in unread if "@" not in name}
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


def _keep(
    row: dict[str, Any] | Reject, found: FileRead, seen: dict[str, Claim], *, is_feed: bool
) -> None:
    if isinstance(row, Reject):
        found.rejects.append(row)
        return
    record_id = row["source_record_id"]
    earlier = seen.setdefault(record_id, row)
    if earlier is row:
        found.rows.append(row)
        return
    found.repeated_ids.add(record_id)
    if not (is_feed and _repeats(row, earlier)):
        message = f"the id {record_id!r} is already used in this source"
        reject = Reject(row["locator"], "duplicate_record_id", message, excerpt(row["title"]))
        found.rejects.append(reject)


def _repeats(row: Claim, earlier: Claim) -> bool:
    """Whether a feed gave the same record twice: pages overlap, and an older drop has an older
    version of it.
    """
    is_same = row["content_hash"] == earlier["content_hash"]
    return is_same or Path(row["locator"]).parent != Path(earlier["locator"]).parent


def _name(path: Path, source: Source) -> str:
    return storable(Path(os.path.relpath(path, source.folder)).as_posix())


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
