"""The command line as a user meets it: answers, errors with a mend, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app

pytestmark = pytest.mark.xdist_group("published_sample")
SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def skillgap(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize(
    "command",
    [
        ["demo"],
        ["dashboard"],
        ["run"],
        ["fetch"],
        ["report"],
        ["status"],
        ["query"],
        ["explain"],
        ["terms"],
        ["ingest", "check"],
        ["taxonomy", "search"],
        ["taxonomy", "show"],
        ["taxonomy", "import"],
        ["taxonomy", "misses"],
        ["taxonomy", "add"],
        ["taxonomy", "remove"],
    ],
)
def test_every_command_explains_itself_with_an_example(command) -> None:
    assert "Example" in skillgap(*command, "--help")


def test_status_tells_sources_volumes_and_quality(published_sample) -> None:
    output = skillgap("status", "--warehouse", published_sample)
    for expected in ("sample-board", "core.postings", "sector unknown share", "taxonomy", "recall"):
        assert expected in output


def test_a_query_prints_tables_csv_and_json(published_sample) -> None:
    sql = "SELECT program_id, courses_n, sector_codes FROM core.programs ORDER BY program_id"
    assert "nursing-adn" in skillgap("query", sql, "--warehouse", published_sample)
    lines = skillgap("query", sql, "--format", "csv", "--warehouse", published_sample).splitlines()
    assert lines[0] == "program_id,courses_n,sector_codes"
    assert len(lines) == 9
    rows = skillgap("query", sql, "--format", "json", "--warehouse", published_sample)
    assert json.loads(rows.splitlines()[0])["courses_n"] > 0


@pytest.mark.parametrize("sql", ["SELECT nothing FROM nowhere", "DROP TABLE core.skills", "SELEC"])
def test_a_query_that_cannot_be_is_one_line_and_code_1(published_sample, sql) -> None:
    output = skillgap("query", sql, "--warehouse", published_sample, code=1)
    assert output.startswith("skillgap:")
    assert "Traceback" not in output


@pytest.mark.parametrize(
    "command",
    [["status"], ["report"], ["query", "SELECT 1"], ["terms"], ["explain", "p", "s", "k"]],
)
def test_nothing_published_yet(tmp_path, command) -> None:
    assert "skillgap demo" in skillgap(*command, "--warehouse", tmp_path, code=1)


def test_a_run_without_sources_says_where_to_look(tmp_path) -> None:
    output = skillgap("run", "--sources", tmp_path, "--warehouse", tmp_path / "w", code=2)
    assert "no source.yml" in output
    assert "Traceback" not in output


def test_a_run_while_another_writes(tmp_path) -> None:
    hold = f"""
from pathlib import Path
from pipelines.warehouse.database import open_working
with open_working(Path({str(tmp_path / "w")!r})):
    print("writing", flush=True)
    input()
"""
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout.readline() == "writing\n"
        output = skillgap("run", "--sources", SAMPLE, "--warehouse", tmp_path / "w", code=1)
        writer.communicate("done\n")
    assert "another run is writing" in output
    assert "Traceback" not in output


def test_a_dry_run_writes_nothing(tmp_path) -> None:
    output = skillgap("run", "--sources", SAMPLE, "--warehouse", tmp_path / "w", "--dry-run")
    assert "sample-board" in output
    assert "refused" in output
    assert not (tmp_path / "w").exists()


def test_ingest_check_shows_mapping_and_rejects(tmp_path) -> None:
    path = tmp_path / "ads.csv"
    path.write_text("Job Title,Job Description\nNurse,Care.\n,None.\n", encoding="utf-8")
    output = skillgap("ingest", "check", path)
    assert "title ← Job Title" in output
    assert "ads.csv:3: the record has no title" in output


def test_ingest_check_of_what_is_not_there(tmp_path) -> None:
    assert "no such file" in skillgap("ingest", "check", tmp_path / "gone.csv", code=2)


def test_taxonomy_search_and_show() -> None:
    output = skillgap("taxonomy", "search", "nursing")
    assert "nursing science" in output
    uri = next(word for word in output.split() if word.startswith("http"))
    assert "preferred_label" in skillgap("taxonomy", "show", uri)
    assert "No label matches" in skillgap("taxonomy", "search", "qqqqq")
    skillgap("taxonomy", "show", "http://nowhere", code=2)


def test_a_bundle_that_is_none(tmp_path) -> None:
    output = skillgap("taxonomy", "import", "esco", tmp_path, "--warehouse", tmp_path, code=2)
    assert output.startswith("skillgap:")
