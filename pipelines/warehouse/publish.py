"""Published snapshots: immutable copies that dashboard, notebooks and reports read.

A snapshot is a new file; readers find the newest through `current.json`, which is switched
in one step, so that no reader ever sees half a run and no run ever waits for a reader.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.contracts import TABLES
from pipelines.warehouse.database import WORKING_FILE, WarehouseError, violations

CURRENT = "current.json"
KEPT_SNAPSHOTS = 5


@dataclass(frozen=True)
class Snapshot:
    """One published run. `fingerprint` is of all that its tables depend on, empty where that is not
    known; on `rereading_on` the same files give other rows, since dates in them have come.
    """

    file: str
    published_at: str
    title: str
    taxonomy_version: str
    rows: dict[str, int]
    fingerprint: str = ""
    rereading_on: str | None = None


def publish(
    connection: duckdb.DuckDBPyConnection,
    directory: Path,
    title: str,
    taxonomy_version: str,
    fingerprint: str = "",
) -> Snapshot:
    """Copy the working tables into a new snapshot and make it the current one.

    Args:
        fingerprint: of all that the tables depend on; a run with the same one has nothing to do.

    Raises:
        WarehouseError: a table is missing or breaks its contract; nothing is published.
    """
    _refuse_broken(connection)
    now = datetime.now(UTC)
    folder = directory / "published"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"skillgap-{now:%Y%m%dT%H%M%S%f}.duckdb"
    _copy(connection, directory, path)
    [(rereading_on,)] = connection.table("raw.files").aggregate("min(rereading_on)").fetchall()
    snapshot = Snapshot(
        file=path.name,
        published_at=now.isoformat(timespec="seconds"),
        title=title,
        taxonomy_version=taxonomy_version,
        rows={name: connection.table(name).count("*").fetchall()[0][0] for name in TABLES},
        fingerprint=fingerprint,
        rereading_on=rereading_on and rereading_on.isoformat(),
    )
    pointer = folder / f".{CURRENT}.{os.getpid()}"
    pointer.write_text(json.dumps(asdict(snapshot), indent=2), encoding="utf-8")
    os.replace(pointer, folder / CURRENT)
    for old in sorted(folder.glob("skillgap-*.duckdb"))[:-KEPT_SNAPSHOTS]:
        old.unlink()
    return snapshot


def current_snapshot(directory: Path) -> Snapshot:
    """The snapshot that readers are to read.

    Raises:
        WarehouseError: nothing has been published yet.
    """
    pointer = directory / "published" / CURRENT
    if not pointer.exists():
        raise WarehouseError(
            f"{directory}: nothing is published yet. Run `skillgap demo` for the sample, or "
            "`skillgap run --sources DIR` for your own files"
        )
    return Snapshot(**json.loads(pointer.read_text(encoding="utf-8")))


def standing_snapshot(directory: Path, fingerprint: str) -> Snapshot | None:
    """The current snapshot if it is what a run with this fingerprint publishes today."""
    try:
        current = current_snapshot(directory)
    except WarehouseError:
        return None
    is_same = current.fingerprint == fingerprint != ""
    is_due = current.rereading_on and current.rereading_on <= datetime.now(UTC).date().isoformat()
    is_there = (directory / "published" / current.file).exists()
    return current if is_same and is_there and not is_due else None


def published_before(directory: Path) -> tuple[Path, datetime] | None:
    """The file of the current snapshot and when it was published (UTC), if there is one."""
    try:
        current = current_snapshot(directory)
    except WarehouseError:
        return None
    path = directory / "published" / current.file
    published_at = datetime.fromisoformat(current.published_at).replace(tzinfo=None)
    return (path, published_at) if path.exists() else None


@contextmanager
def open_snapshot(directory: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The current snapshot, read-only: no file can be written or read from within a query."""
    connection = connect(directory, current_snapshot(directory))
    try:
        yield connection
    finally:
        connection.close()


def connect(directory: Path, snapshot: Snapshot) -> duckdb.DuckDBPyConnection:
    """Open one snapshot as `open_snapshot` does; the caller closes it."""
    return duckdb.connect(
        str(directory / "published" / snapshot.file),
        read_only=True,
        config={"enable_external_access": False, "lock_configuration": True},
    )


def _refuse_broken(connection: duckdb.DuckDBPyConnection) -> None:
    for name in TABLES:
        try:
            broken = violations(connection, name)
        except duckdb.CatalogException as error:
            message = f"{name} has not been built: run the whole job before publishing"
            raise WarehouseError(message) from error
        if broken.height:
            rule = broken.row(0, named=True)
            raise WarehouseError(
                f"{name}.{rule['column']}: {rule['rows_n']:,} rows break '{rule['rule']}', "
                f"for example {rule['example']!r}; nothing is published"
            )


def _copy(connection: duckdb.DuckDBPyConnection, directory: Path, path: Path) -> None:
    """The working database's file as it is: this process alone writes it, and does not now."""
    connection.execute("CHECKPOINT")
    shutil.copyfile(directory / WORKING_FILE, path)
