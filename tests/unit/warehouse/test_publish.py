"""Snapshots: whole or not at all; readers and the writer never wait for each other."""

import datetime as dt
import json
import threading

import duckdb
import polars as pl
import pytest

from pipelines.contracts import TABLES
from pipelines.warehouse import database
from pipelines.warehouse.database import WarehouseError
from pipelines.warehouse.publish import (
    KEPT_SNAPSHOTS,
    current_snapshot,
    open_snapshot,
    publish,
    standing_snapshot,
)


def fill(connection: duckdb.DuckDBPyConnection, *sector_codes: str) -> None:
    for name in TABLES:
        database.create(connection, name)
    rows = {
        "sector_code": list(sector_codes),
        "title": ["t"] * len(sector_codes),
        "is_group": [False] * len(sector_codes),
        "naics_prefixes": [["62"]] * len(sector_codes),
    }
    database.append(connection, "core.sectors", pl.DataFrame(rows))


def publish_sectors(directory, *sector_codes: str) -> None:
    with database.open_working(directory) as connection:
        fill(connection, *sector_codes)
        publish(connection, directory, "title", "v1")


def sectors(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return connection.table("core.sectors").order("sector_code").pl()["sector_code"].to_list()


def test_nothing_published_says_what_to_do(tmp_path) -> None:
    with pytest.raises(WarehouseError, match="skillgap demo"), open_snapshot(tmp_path):
        pass


def test_a_reader_keeps_its_snapshot_while_the_next_is_published(tmp_path) -> None:
    publish_sectors(tmp_path, "62")
    with open_snapshot(tmp_path) as before:
        publish_sectors(tmp_path, "62", "92")
        assert sectors(before) == ["62"]
        with open_snapshot(tmp_path) as after:
            assert sectors(after) == ["62", "92"]


def test_a_broken_contract_is_not_published(tmp_path) -> None:
    publish_sectors(tmp_path, "62")
    with pytest.raises(WarehouseError, match=r"core.sectors.sector_code: 2 rows break"):
        publish_sectors(tmp_path, "92", "92")
    with open_snapshot(tmp_path) as connection:
        assert sectors(connection) == ["62"]


def test_half_a_run_is_not_published(tmp_path) -> None:
    with (
        database.open_working(tmp_path) as connection,
        pytest.raises(WarehouseError, match="has not been built"),
    ):
        publish(connection, tmp_path, "title", "v1")


def test_a_snapshot_cannot_be_written_nor_files_read_through_it(tmp_path) -> None:
    publish_sectors(tmp_path, "62")
    with open_snapshot(tmp_path) as connection:
        for statement in (
            "DELETE FROM core.sectors",
            "COPY core.sectors TO 'out.csv'",
            f"SELECT * FROM read_text('{tmp_path}/published/current.json')",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)


def test_old_snapshots_go(tmp_path) -> None:
    for _ in range(KEPT_SNAPSHOTS + 2):
        publish_sectors(tmp_path, "62")
    files = sorted((tmp_path / "published").glob("*.duckdb"))
    assert len(files) == KEPT_SNAPSHOTS
    assert files[-1].name == current_snapshot(tmp_path).file


def test_readers_never_meet_a_half_switched_pointer(tmp_path) -> None:
    publish_sectors(tmp_path, "62")
    seen, failures, done = set(), [], threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                seen.add(current_snapshot(tmp_path).file)
            except Exception as error:
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(5):
        publish_sectors(tmp_path, "62")
    done.set()
    reader.join()
    assert not failures
    assert seen


def test_replace_keeps_the_old_rows_when_it_fails(tmp_path) -> None:
    with database.open_working(tmp_path) as connection:
        fill(connection, "62")
        with pytest.raises(pl.exceptions.ColumnNotFoundError):
            database.replace(connection, "core.sectors", pl.DataFrame({"sector_code": ["92"]}))
        assert sectors(connection) == ["62"]


def publish_file(directory, fingerprint: str, rereading_on: dt.date | None = None) -> None:
    row = {
        "source_id": "s", "file": "f", "file_hash": "h", "reading_hash": "r", "rows_n": 1,
        "rejects_n": 1, "unread_columns": [], "repeated_ids": [], "rereading_on": rereading_on,
        "ingested_at": dt.datetime(2026, 1, 1),
    }  # fmt: skip
    with database.open_working(directory) as connection:
        fill(connection, "62")
        database.append(connection, "raw.files", pl.DataFrame([row]))
        publish(connection, directory, "title", "v1", fingerprint)


def test_a_snapshot_stands_for_its_fingerprint_only(tmp_path) -> None:
    assert standing_snapshot(tmp_path, "a") is None
    publish_file(tmp_path, "a")
    assert standing_snapshot(tmp_path, "a") == current_snapshot(tmp_path)
    assert standing_snapshot(tmp_path, "b") is None
    (tmp_path / "published" / current_snapshot(tmp_path).file).unlink()
    assert standing_snapshot(tmp_path, "a") is None


def test_a_snapshot_of_unknown_origin_stands_for_none(tmp_path) -> None:
    publish_file(tmp_path, "")
    assert standing_snapshot(tmp_path, "") is None
    pointer = tmp_path / "published" / "current.json"
    older = json.loads(pointer.read_text())
    del older["fingerprint"], older["rereading_on"]
    pointer.write_text(json.dumps(older))
    assert current_snapshot(tmp_path).title == "title"
    assert standing_snapshot(tmp_path, "a") is None


@pytest.mark.parametrize(("days", "stands"), [(-1, False), (0, False), (1, True)])
def test_a_snapshot_stands_until_a_refused_date_comes(tmp_path, days, stands) -> None:
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)
    publish_file(tmp_path, "a", day)
    assert (standing_snapshot(tmp_path, "a") is not None) is stands
