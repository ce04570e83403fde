"""Runs over what has changed publish what a run over everything publishes, and no more often."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.contracts import TABLES
from pipelines.defs import assets
from pipelines.defs.build import REFRESH, build_defs, refresh
from pipelines.defs.resources import Sources, Warehouse
from pipelines.warehouse.database import WarehouseError
from pipelines.warehouse.publish import current_snapshot, open_snapshot

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("incremental")]

AD = (
    "{id},{title},Requirements: {skill}. The ward is quiet and the team is kind. You bring two "
    "years of nursing and a calm hand; we bring tea and time for every patient.,{company},"
    "2026-06-0{day},622110"
)
SKILLS = ("phlebotomy", "welding", "Python", "patient care", "wound care", "project management")


def board(*numbers: int, title: str = "Nurse", company: str = "Mercy") -> str:
    ads = [
        AD.format(id=n, title=title, skill=SKILLS[n % 6], company=company, day=1 + n % 9)
        for n in numbers
    ]
    return "\n".join(["id,title,description,company,posted_on,naics", *ads, ""])


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sources")
    put(root / "project.yml", "title: Test\nwindow_months: 12\n")
    put(root / "board" / "source.yml", "source_id: board\nkind: postings\n")
    put(root / "board" / "a.csv", board(1, 2, 3))
    put(root / "board" / "b.csv", board(4, 5) + "6,,No title,Mercy,2026-06-01,622110\n")
    put(root / "college" / "source.yml", "source_id: college\nkind: syllabi\ninstitution: C\n")
    put(root / "college" / "NUR.md", "# NUR 101: Care\n\nOutcomes\n\n- Practice phlebotomy.\n")
    put(root / "college" / "WLD.md", "# WLD 101: Weld\n\nOutcomes\n\n- Practice welding.\n")
    put(root / "registry" / "source.yml", "source_id: registry\nkind: programs\npath: '*.yml'\n")
    program = (
        "{program_id: adn, title: Nursing, institution: C, sectors: ['62'], required: [NUR *]}"
    )
    put(root / "registry" / "programs.yml", f"programs:\n- {program}\n")
    return root


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, extraction_cache: Path, sources: Path) -> Path:
    """A warehouse in which the sources have been read once."""
    return new_warehouse(tmp_path_factory.mktemp("home"), extraction_cache, sources)


def new_warehouse(directory: Path, extraction_cache: Path, sources: Path) -> Path:
    (directory / "extraction").symlink_to(extraction_cache)
    refresh(sources, directory)
    return directory


def published(warehouse: Path) -> dict[str, pl.DataFrame]:
    """Every published table by its key, without the time of reading; what changed since the run
    before is another story after each run."""
    with open_snapshot(warehouse) as connection:
        return {
            name: connection.table(name).pl().drop("ingested_at", strict=False).sort(table.key)
            for name, table in TABLES.items()
            if name != "mart.run_changes"
        }


@pytest.fixture
def assert_as_built_anew(tmp_path, extraction_cache, sources):
    def compare(warehouse: Path) -> None:
        fresh = published(new_warehouse(tmp_path, extraction_cache, sources))
        for name, frame in published(warehouse).items():
            assert_frame_equal(frame, fresh[name], rel_tol=1e-9)

    return compare


@pytest.fixture
def no_extraction(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("there is nothing to extract")

    monkeypatch.setattr(assets, "load_pipeline", refuse)


def skillgap(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def state(warehouse: Path) -> dict[str, tuple[int, int]]:
    """Every file with its size and time, the symbolic link to the pipeline left out."""
    paths = [path for path in warehouse.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in paths}


def test_a_second_run_says_so_and_writes_nothing(sources, home) -> None:
    before = state(home)
    output = skillgap("run", "--sources", sources, "--warehouse", home)
    assert f"Nothing has changed since {current_snapshot(home).published_at}" in output
    assert "--rebuild" in output
    assert state(home) == before


def test_a_second_job_finds_nothing_to_do(sources, home, no_extraction) -> None:
    before = current_snapshot(home)
    refresh(sources, home)
    assert current_snapshot(home) == before
    assert [path.name for path in (home / "published").glob("*.duckdb")] == [before.file]


def test_what_part_of_the_job_publishes_does_not_stand_for_the_whole(sources, home) -> None:
    definitions = build_defs(
        sources=Sources(root=str(sources)), warehouse=Warehouse(directory=str(home))
    )
    job = definitions.resolve_job_def(REFRESH.name)
    before = current_snapshot(home)
    assert job.execute_in_process(asset_selection=[assets.PUBLISHED]).success
    assert current_snapshot(home).fingerprint == ""
    refresh(sources, home)
    assert current_snapshot(home).fingerprint == before.fingerprint


def test_rebuild_does_everything_anew(sources, home) -> None:
    before = current_snapshot(home)
    skillgap("run", "--sources", sources, "--warehouse", home, "--rebuild")
    after = current_snapshot(home)
    assert after.published_at >= before.published_at
    assert after.file != before.file
    assert (after.fingerprint, after.rows) == (before.fingerprint, before.rows)


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that were searched for skills."""
    titles: list[str] = []
    extract = assets.extract_mentions

    def spy(documents, *arguments, **options):
        titles.extend(documents["text"].to_list())
        return extract(documents, *arguments, **options)

    monkeypatch.setattr(assets, "extract_mentions", spy)
    return titles


def test_added_corrected_and_withdrawn_files(sources, home, searched, assert_as_built_anew) -> None:
    put(sources / "board" / "0-new.csv", board(4, 7, title="Senior Nurse", company="Hope"))
    put(sources / "board" / "a.csv", board(1, 2, 3).replace("The ward", "THE ward"))
    put(sources / "college" / "WLD.md", "# WLD 101: Weld\n\nOutcomes\n\n- Practice Python.\n")
    put(sources / "project.yml", "title: Test\nwindow_months: 6\n")
    refresh(sources, home)
    assert any("THE ward" in text for text in searched), "words alike in another case are read"
    assert not any("phlebotomy" in text and "NUR 101" in text for text in searched)
    (sources / "board" / "b.csv").unlink()
    (sources / "college" / "WLD.md").unlink()
    refresh(sources, home)
    tables = published(home)
    assert tables["raw.rejects"].is_empty()
    assert sorted(tables["raw.postings"]["source_record_id"]) == ["1", "2", "3", "4", "7"]
    assert tables["core.courses"]["course_code"].to_list() == ["NUR 101"]
    assert tables["core.course_texts"].height == 1
    assert_as_built_anew(home)


@pytest.fixture
def stopped_extraction(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Extraction that stops at its second part."""
    extract, parts = assets.extract_mentions, []

    def stop(*arguments, **options):
        parts.append(1)
        if len(parts) > 1:
            raise RuntimeError("the power went")
        return extract(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(assets, "EXTRACTED_N", 1)
        patched.setattr(assets, "extract_mentions", stop)
        yield


def stop_midway(sources: Path, home: Path) -> None:
    with pytest.raises((WarehouseError, RuntimeError)):
        refresh(sources, home)


def test_a_stopped_run_is_finished_by_the_next(
    sources, home, searched, assert_as_built_anew, request
) -> None:
    put(sources / "board" / "c.csv", board(8, 9, title="Ward Clerk", company="Hope"))
    before = current_snapshot(home)
    request.getfixturevalue("stopped_extraction")
    stop_midway(sources, home)
    assert current_snapshot(home) == before
    request.getfixturevalue("monkeypatch").undo()
    refresh(sources, home)
    assert_as_built_anew(home)


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE raw.files",
        "DROP TABLE core.posting_texts",
        "ALTER TABLE raw.postings DROP COLUMN file",
    ],
)
def test_a_working_database_of_an_older_version_is_filled_anew(sources, home, change) -> None:
    before = published(home)
    with duckdb.connect(home / "working.duckdb") as connection:
        connection.execute(change)
    (home / "published" / "current.json").unlink()
    refresh(sources, home)
    for name, frame in published(home).items():
        assert_frame_equal(frame, before[name], rel_tol=1e-9)
