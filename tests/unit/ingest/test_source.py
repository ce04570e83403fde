"""A source.yml that is wrong is told so, with the file and the mend."""

from pathlib import Path

import pytest

from pipelines.ingest.drop import read_drop
from pipelines.ingest.source import (
    IngestError,
    find_sources,
    guess_source,
    read_project,
    read_source,
)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("source_id: a\nkind: adverts\n", "kind: Input should be 'postings'"),
        ("kind: postings\n", "source_id: Field required"),
        ("source_id: a\nkind: postings\ncolour: red\n", "colour: Extra inputs"),
        ("source_id: [a\nkind: postings\n", "source.yml line 2: not valid YAML"),
        ("source_id: Not An Id\nkind: postings\n", "source_id: String should match"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, message) -> None:
    path = write(tmp_path / "source.yml", text)
    with pytest.raises(IngestError) as error:
        read_source(path)
    assert message in str(error.value)
    assert str(path) in str(error.value)


def test_no_file_matches(tmp_path) -> None:
    path = write(tmp_path / "source.yml", "source_id: a\nkind: postings\npath: '*.csv'\n")
    with pytest.raises(IngestError, match="matches no file"):
        read_drop(read_source(path))


def test_a_column_that_is_none_of_ours(tmp_path) -> None:
    write(tmp_path / "ads.csv", "x\n1\n")
    path = write(tmp_path / "source.yml", "source_id: a\nkind: postings\ncolumns: {tilte: x}\n")
    with pytest.raises(IngestError, match="tilte is not a column of ours"):
        read_drop(read_source(path))


def test_fewer_rows_than_promised_stops_the_run(tmp_path) -> None:
    write(tmp_path / "ads.csv", "title,description\nNurse,Care.\n")
    path = write(tmp_path / "source.yml", "source_id: a\nkind: postings\nexpect: {min_rows: 100}\n")
    with pytest.raises(IngestError, match="is 100 and the files hold 1"):
        read_drop(read_source(path))


def test_two_sources_with_one_id(tmp_path) -> None:
    for folder in ("one", "two"):
        write(tmp_path / folder / "source.yml", "source_id: same\nkind: postings\n")
    with pytest.raises(IngestError, match="'same' is already used"):
        find_sources(tmp_path)


def test_no_source_at_all(tmp_path) -> None:
    with pytest.raises(IngestError, match="no source"):
        find_sources(tmp_path)


def test_a_file_without_source_yml_is_guessed(tmp_path) -> None:
    path = write(tmp_path / "My Ads [1].csv", "job title,job description\nNurse,Care.\n")
    drop = read_drop(guess_source(path, "postings"))
    assert [row["title"] for row in drop.rows] == ["Nurse"]
    assert drop.source.source_id == "my-ads--1"


def test_the_project_has_defaults(tmp_path) -> None:
    assert read_project(tmp_path).window_months == 12
    write(tmp_path / "project.yml", "as_of: 2026-10-31\nwindow_months: 6\n")
    project = read_project(tmp_path)
    assert (str(project.as_of), project.window_months) == ("2026-10-31", 6)
