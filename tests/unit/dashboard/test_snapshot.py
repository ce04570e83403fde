"""Readers see one snapshot from beginning to end; a new one is there for the next reader."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import duckdb
import pytest

from pipelines.dashboard.snapshot import Published, Reading
from pipelines.warehouse.publish import CURRENT, Snapshot, WarehouseError


def publish(warehouse: Path, number: int) -> None:
    """A snapshot with one table that holds its number."""
    folder = warehouse / "published"
    folder.mkdir(exist_ok=True)
    with duckdb.connect(str(folder / f"{number}.duckdb")) as connection:
        connection.execute("CREATE SCHEMA core")
        connection.execute("CREATE TABLE core.period AS SELECT ? AS number, 'x' AS kind", [number])
    snapshot = Snapshot(f"{number}.duckdb", f"2026-01-0{number}", "College", "esco", {})
    pointer = folder / "pointer"
    pointer.write_text(json.dumps(asdict(snapshot)), encoding="utf-8")
    pointer.replace(folder / CURRENT)


def number_in(reading: Reading) -> int:
    [row] = reading.rows("core.period", kind="x")
    assert reading.edition.file == f"{row['number']}.duckdb"
    return row["number"]


def test_nothing_published_is_said_until_something_is(tmp_path: Path) -> None:
    published = Published(tmp_path)
    with pytest.raises(WarehouseError, match="nothing is published"), published.reading():
        pass
    publish(tmp_path, 1)
    with published.reading() as reading:
        assert number_in(reading) == 1


def test_a_reader_keeps_its_snapshot_while_the_next_has_the_new_one(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    published = Published(tmp_path)
    with published.reading() as early:
        assert number_in(early) == 1
        publish(tmp_path, 2)
        (tmp_path / "published" / "1.duckdb").unlink()
        with published.reading() as late:
            assert number_in(late) == 2
        assert number_in(early) == 1
    with pytest.raises(duckdb.Error):
        early.rows("core.period")


def test_a_snapshot_nobody_reads_any_more_is_closed(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    published = Published(tmp_path)
    with published.reading() as early:
        before = published._current
        publish(tmp_path, 2)
        with published.reading():
            pass
        assert before is not None
        assert before.connection.execute("SELECT 1").fetchall() == [(1,)]
    assert early.edition.file == "1.duckdb"
    with pytest.raises(duckdb.Error):
        before.connection.execute("SELECT 1")


def test_many_threads_read_while_snapshots_change(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    published = Published(tmp_path)

    def read(_: int) -> int:
        with published.reading() as reading:
            return number_in(reading)

    with ThreadPoolExecutor(8) as pool:
        first = list(pool.map(read, range(50)))
        running = pool.map(read, range(200))
        publish(tmp_path, 2)
        seen = list(running)
        last = list(pool.map(read, range(20)))
    assert set(first) == {1}
    assert set(seen) <= {1, 2}
    assert set(last) == {2}


def test_what_is_kept_is_kept_for_its_snapshot_only(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    published = Published(tmp_path)
    made = []

    def kept() -> int:
        with published.reading() as reading:

            def make() -> int:
                made.append(reading.edition.file)
                return number_in(reading)

            return reading.once("number", make)

    assert [kept(), kept()] == [1, 1]
    publish(tmp_path, 2)
    assert [kept(), kept()] == [2, 2]
    assert made == ["1.duckdb", "2.duckdb"]


def test_a_closed_one_is_opened_again_by_the_next_reader(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    published = Published(tmp_path)
    with published.reading() as reading:
        published.close()
        assert number_in(reading) == 1
    with published.reading() as reading:
        assert number_in(reading) == 1


def test_values_are_never_read_as_sql(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    with Published(tmp_path).reading() as reading:
        assert reading.rows("core.period", kind="x' OR '1'='1") == []


def test_a_reader_can_change_nothing(tmp_path: Path) -> None:
    publish(tmp_path, 1)
    with Published(tmp_path).reading() as reading, pytest.raises(duckdb.Error):
        reading.connection.execute("DELETE FROM core.period")
