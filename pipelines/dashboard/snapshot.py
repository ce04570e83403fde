"""The published snapshot for many readers at once; a new one is taken up without a restart.

Every request reads one snapshot from beginning to end. The first request after a publication opens
the new file; the old one is closed when its last reader is done.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import polars as pl

from pipelines.warehouse.publish import (
    CURRENT,
    Snapshot,
    WarehouseError,
    connect,
    current_snapshot,
)

SQL = Path(__file__).with_name("sql")
Row = dict[str, Any]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Reading:
    """One request's view of a snapshot; not for use by two threads."""

    edition: Snapshot
    connection: duckdb.DuckDBPyConnection
    _made: dict[object, Any]

    def frame(self, table: str, **where: str) -> pl.DataFrame:
        """The rows of a table with these values."""
        relation = self.connection.table(table)
        for column, value in where.items():
            is_wanted = duckdb.ColumnExpression(column) == duckdb.ConstantExpression(value)
            relation = relation.filter(is_wanted)
        return relation.pl()

    def rows(self, table: str, **where: str) -> list[Row]:
        """The same as a list."""
        return self.frame(table, **where).to_dicts()

    def select(self, query: str, **parameters: object) -> pl.DataFrame:
        """What `sql/<query>.sql` selects with these parameters."""
        text = (SQL / f"{query}.sql").read_text(encoding="utf-8")
        return self.connection.sql(text, params=parameters or None).pl()

    def once(self, key: object, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once a snapshot and kept as long as it is the current one."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made


@dataclass
class _Opened:
    edition: Snapshot
    connection: duckdb.DuckDBPyConnection
    readers_n: int = 0
    made: dict[object, Any] = field(default_factory=dict)


class Published:
    """The snapshots of one warehouse, for readers in several threads."""

    def __init__(self, warehouse: Path) -> None:
        self.warehouse = warehouse
        self._lock = threading.Lock()
        self._stamp: object = None
        self._current: _Opened | None = None

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """The current snapshot, the same one throughout the block.

        Raises:
            WarehouseError: nothing is published yet.
        """
        with self._lock:
            opened = self._up_to_date()
            opened.readers_n += 1
        cursor = opened.connection.cursor()
        try:
            yield Reading(opened.edition, cursor, opened.made)
        finally:
            cursor.close()
            with self._lock:
                opened.readers_n -= 1
                self._close_if_left(opened)

    def close(self) -> None:
        """Close the current snapshot, once its readers are done; a later reader opens it anew."""
        with self._lock:
            opened, self._current = self._current, None
            if opened is not None:
                self._close_if_left(opened)

    def _up_to_date(self) -> _Opened:
        stamp = self._pointer_stamp()
        if self._current is None or stamp != self._stamp:
            edition = current_snapshot(self.warehouse)
            before = self._current
            if before is None or edition.file != before.edition.file:
                self._current = _Opened(edition, connect(self.warehouse, edition))
                if before is not None:
                    self._close_if_left(before)
            self._stamp = stamp
        if self._current is None:
            raise WarehouseError(f"{self.warehouse}: nothing is published yet")
        return self._current

    def _pointer_stamp(self) -> object:
        try:
            status = (self.warehouse / "published" / CURRENT).stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _close_if_left(self, opened: _Opened) -> None:
        if opened is not self._current and opened.readers_n == 0:
            opened.connection.close()
