"""Raw tables after any sequence of drops are those of reading everything once."""

import datetime as dt
import gzip
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts import TABLES
from pipelines.defs.stored import RAW, clear, earlier_reading, store_drop, withdraw_others
from pipelines.ingest import drop as drops
from pipelines.ingest.drop import Drop, read_drop
from pipelines.ingest.source import find_sources
from pipelines.warehouse import database

TOMORROW = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)

row = st.tuples(
    st.integers(1, 5),
    st.sampled_from(["Nurse", "Cook", ""]),
    st.sampled_from(["Care.", "CARE.", "Bake bread."]),
    st.sampled_from(["2026-01-02", "", str(TOMORROW)]),
)
file = st.lists(row, max_size=4)
change = st.tuples(st.sampled_from("abcd"), st.none() | file)
sequence = st.lists(st.lists(change, min_size=1, max_size=3), min_size=2, max_size=4)


def ingest(connection: duckdb.DuckDBPyConnection, root: Path, version: str = "1") -> list[Drop]:
    """What the asset does, without Dagster."""
    found = find_sources(root)
    read = []
    with database.transaction(connection):
        withdraw_others(connection, found)
        for source in found:
            earlier = earlier_reading(connection, source)
            read.append(read_drop(source, earlier=earlier, reading_version=version))
            store_drop(connection, read[-1])
    return read


@contextmanager
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA raw")
        clear(connection, *RAW)
        yield connection


def tables(connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """The raw tables in the order of their keys, without the time of reading."""
    return {
        name: database.read(connection, name).drop("ingested_at").sort(TABLES[name].key)
        for name in RAW
    }


def assert_as_read_once(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    with empty() as fresh:
        ingest(fresh, root)
        expected = tables(fresh)
    for name, frame in tables(connection).items():
        assert frame.to_dicts() == expected[name].to_dicts(), name


def declare(root: Path, text: str = "", name: str = "board", kind: str = "postings") -> Path:
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.yml").write_text(f"source_id: {name}\nkind: {kind}\n{text}")
    return folder


def write(folder: Path, name: str, rows: list[tuple] | None) -> None:
    """A CSV file of postings, or none of this name."""
    path = folder / f"{name}.csv"
    if rows is None:
        path.unlink(missing_ok=True)
    else:
        lines = [",".join(map(str, values)) for values in rows]
        path.write_text("\n".join(["id,title,description,date", *lines, ""]))


def write_page(folder: Path, name: str, rows: list[tuple] | None) -> None:
    """A drop of one page of a feed, or none of this name."""
    drop = folder / "fetched" / f"2026010{'abcd'.index(name) + 1}T000000.000000Z"
    drop.mkdir(parents=True, exist_ok=True)
    (drop / "responses.json").unlink(missing_ok=True)
    if rows is not None:
        hits = [
            {"id": id_, "headline": title, "description": {"text": text}, "publication_date": day}
            for id_, title, text, day in rows
        ]
        page = drop / "page-00001.json.gz"
        page.write_bytes(gzip.compress(json.dumps({"total": {"value": 9}, "hits": hits}).encode()))
        (drop / "responses.json").write_text("[]")


@pytest.mark.parametrize(
    ("declared", "put", "first"),
    [
        pytest.param("", write, [(1, "Nurse", "Care.", "")], id="files"),
        pytest.param(
            "feed: {type: jobtech, incremental: true}",
            write_page,
            [(1, "Nurse", "Care.", "")],
            id="feed",
            marks=pytest.mark.slow,
        ),
    ],
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=sequence)
def test_any_sequence_of_drops_is_as_if_read_once(declared, put, first, steps) -> None:
    with tempfile.TemporaryDirectory() as directory, empty() as connection:
        root = Path(directory)
        folder = declare(root, declared)
        for number, changes in enumerate([[("c", first)], *steps]):
            for name, rows in changes:
                put(folder, name, rows)
            if not find_sources(root)[0].files():
                put(folder, "c", first)
            ingest(connection, root, "1")
            assert_as_read_once(connection, root)
            unchanged = ingest(connection, root, "1")
            assert all(drop.is_unchanged for drop in unchanged), number


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty() as opened:
        yield opened


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were opened by a reader."""
    opened: list[str] = []
    read = drops.read_file

    def spy(path, locator, encoding=None):
        opened.append(locator)
        return read(path, locator, encoding)

    monkeypatch.setattr(drops, "read_file", spy)
    return opened


def test_of_many_files_only_the_new_one_is_read(tmp_path, connection, asked) -> None:
    folder = declare(tmp_path)
    for n in range(500):
        write(folder, f"{n:03d}", [(n, "Nurse", f"Care {n}.", "")])
    ingest(connection, tmp_path)
    asked.clear()
    write(folder, "new", [(501, "Cook", "Bake.", ""), (7, "Cook", "Bake.", "")])
    ingest(connection, tmp_path)
    assert asked == ["new.csv"]
    assert database.read(connection, "raw.sources")["rows_n"].to_list() == [502]
    assert database.read(connection, "raw.rejects")["file"].to_list() == ["new.csv"]
    assert_as_read_once(connection, tmp_path)


def test_a_withdrawn_file_and_a_withdrawn_source_leave_nothing(tmp_path, connection) -> None:
    folder = declare(tmp_path)
    write(folder, "a", [(1, "Nurse", "Care.", "")])
    write(folder, "b", [(2, "", "No title.", ""), (3, "Cook", "Bake.", "")])
    declare(tmp_path, name="other")
    write(tmp_path / "other", "c", [(4, "", "No title.", ""), (5, "Cook", "Bake.", "")])
    ingest(connection, tmp_path)
    write(folder, "b", None)
    (tmp_path / "other" / "source.yml").unlink()
    ingest(connection, tmp_path)
    assert {frame.height for name, frame in tables(connection).items() if "rejects" in name} == {0}
    assert database.read(connection, "raw.postings")["source_record_id"].to_list() == ["1"]
    assert_as_read_once(connection, tmp_path)


def test_a_corrected_file_replaces_its_rows_and_an_id_set_free_counts(tmp_path, connection) -> None:
    folder = declare(tmp_path)
    write(folder, "a", [(1, "Nurse", "Care.", ""), (2, "Cook", "Bake.", "")])
    write(folder, "b", [(2, "Baker", "Bake bread.", "")])
    ingest(connection, tmp_path)
    write(folder, "a", [(1, "Senior Nurse", "Care.", "")])
    ingest(connection, tmp_path)
    titles = database.read(connection, "raw.postings", ["title"])["title"].sort().to_list()
    assert titles == ["Baker", "Senior Nurse"]
    assert_as_read_once(connection, tmp_path)


@pytest.mark.parametrize("declared", ["naics_code: '62'", "day_first: true", "publisher: Us"])
def test_another_source_yml_reads_all_files_again(tmp_path, connection, asked, declared) -> None:
    folder = declare(tmp_path)
    write(folder, "a", [(1, "Nurse", "Care.", "03/04/2025")])
    write(folder, "b", [(2, "Cook", "Bake.", "")])
    ingest(connection, tmp_path)
    asked.clear()
    declare(tmp_path, declared)
    ingest(connection, tmp_path)
    assert asked == ["a.csv", "b.csv"]
    assert_as_read_once(connection, tmp_path)


def test_a_source_of_another_kind_leaves_no_rows_of_the_first(tmp_path, connection) -> None:
    folder = declare(tmp_path)
    (folder / "NUR.md").write_text("# NUR 101: Care\n\nPatients and charts.\n")
    ingest(connection, tmp_path)
    declare(tmp_path, kind="syllabi")
    ingest(connection, tmp_path)
    assert tables(connection)["raw.postings"].is_empty()
    assert tables(connection)["raw.syllabi"].height == 1
    assert_as_read_once(connection, tmp_path)


def test_other_reading_code_reads_all_files_again(tmp_path, connection, asked) -> None:
    write(declare(tmp_path), "a", [(1, "Nurse", "Care.", "")])
    ingest(connection, tmp_path, "1")
    ingest(connection, tmp_path, "2")
    assert asked == ["a.csv", "a.csv"]


def test_a_date_that_has_come_has_its_file_read_again(tmp_path, connection, asked) -> None:
    folder = declare(tmp_path)
    write(folder, "a", [(1, "Nurse", "Care.", str(TOMORROW))])
    write(folder, "b", [(2, "Cook", "Bake.", "no date")])
    ingest(connection, tmp_path)
    days = database.read(connection, "raw.files").sort("file")["rereading_on"].to_list()
    assert days == [TOMORROW, None]
    today = TOMORROW - dt.timedelta(days=1)
    connection.execute("UPDATE raw.files SET rereading_on = ? WHERE file = 'a.csv'", [today])
    asked.clear()
    ingest(connection, tmp_path)
    assert asked == ["a.csv"]


def test_a_program_in_two_files_counts_once_whichever_goes(tmp_path, connection) -> None:
    folder = declare(tmp_path, kind="programs")
    entry = "programs: [{program_id: adn, title: %s, institution: C, sectors: ['62']}]\n"
    for name in ("a", "b"):
        (folder / f"{name}.yml").write_text(entry % name)
    ingest(connection, tmp_path)
    assert tables(connection)["raw.programs"]["title"].to_list() == ["a"]
    (folder / "a.yml").unlink()
    ingest(connection, tmp_path)
    assert tables(connection)["raw.programs"]["title"].to_list() == ["b"]
    assert_as_read_once(connection, tmp_path)


def test_the_least_rows_a_source_promises_count_what_stands(tmp_path, connection) -> None:
    folder = declare(tmp_path, "expect: {min_rows: 2}")
    write(folder, "a", [(1, "Nurse", "Care.", "")])
    write(folder, "b", [(2, "Cook", "Bake.", "")])
    ingest(connection, tmp_path)
    write(folder, "b", [(2, "Baker", "Bake.", "")])
    ingest(connection, tmp_path)
    before = tables(connection)
    write(folder, "b", None)
    with pytest.raises(drops.IngestError, match="min_rows is 2"):
        ingest(connection, tmp_path)
    assert all(frame.equals(before[name]) for name, frame in tables(connection).items())
