"""`skillgap fetch` as a user meets it: a table, errors with a mend, exit codes."""

import pytest
from typer.testing import CliRunner

from pipelines.cli import app

ANSWER = {"jobs": [{"id": 1, "title": "Welder", "content": "Weld."}], "meta": {"total": 2}}


def skillgap(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture
def sources(declare, web):
    """Two boards, of which `bad` is not known, and a source of files."""
    web.answer = lambda asked: (
        web.reply(status=404) if "nobody" in asked.path else web.reply(ANSWER)
    )
    good = declare({"type": "greenhouse", "board": "tidewater", "base_url": web.url})
    root = good.folder.parent
    text = (good.folder / "source.yml").read_text()
    for name, content in {
        "bad": text.replace("source_id: board", "source_id: bad").replace("tidewater", "nobody"),
        "files": "source_id: files\nkind: postings\n",
    }.items():
        (root / name).mkdir()
        (root / name / "source.yml").write_text(content)
    return root


def test_each_feed_is_fetched_and_each_failure_named(sources) -> None:
    output = skillgap("fetch", "--sources", sources, code=1)
    lines = {line.split()[0]: line.split() for line in output.splitlines() if line.strip()}
    assert lines["source"] == ["source", "pages", "records", "bytes", "result"]
    assert lines["board"][1:3] == ["1", "1"]
    assert lines["bad"][-1] == "failed"
    assert "files" not in lines
    assert f"{sources / 'bad' / 'source.yml'}: feed: " in output
    assert "Check the name of the board" in output
    assert "note: board: the provider counts 2 postings" in output


def test_only_the_source_asked_for(sources, web) -> None:
    assert "unchanged" not in skillgap("fetch", "--sources", sources, "--source", "board")
    assert "unchanged" in skillgap("fetch", "--sources", sources, "--source", "board")
    assert {request.path for request in web.asked} == {"/v1/boards/tidewater/jobs"}


def test_a_dry_run_asks_nobody(sources, web) -> None:
    output = skillgap("fetch", "--sources", sources, "--dry-run")
    assert f"board: would ask {web.url}/v1/boards/tidewater/jobs?content=true" in output
    assert "newest drop: none yet" in output
    assert web.asked == []
    assert not (sources / "board" / "fetched").exists()


def test_a_source_that_is_not_there(sources) -> None:
    output = skillgap("fetch", "--sources", sources, "--source", "files", code=2)
    assert "no source 'files' with a feed. Sources with a feed: bad, board" in output


def test_no_feed_at_all(sources) -> None:
    output = skillgap("fetch", "--sources", sources / "files")
    assert "declares a feed" in output


def test_what_was_fetched_goes_in(sources) -> None:
    skillgap("fetch", "--sources", sources, "--source", "board")
    output = skillgap("ingest", "check", sources / "board")
    assert "1 records: 1 go in, 0 refused" in output


def test_a_run_before_the_first_fetch_says_what_to_do(sources) -> None:
    output = skillgap("ingest", "check", sources / "bad", code=2)
    assert "skillgap fetch --source bad" in output
