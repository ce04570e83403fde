"""From the taxonomy-miss lane to a concept: add a phrase, run again, it counts."""

import re
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.contracts.rules import MIN_MENTION_SCORE
from pipelines.warehouse.publish import open_snapshot

pytestmark = pytest.mark.xdist_group("published_sample")

PHRASE = "packet analysis"
SKILL = "local:packet-analysis"


def skillgap(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def drop(snapshot: duckdb.DuckDBPyConnection, tmp_path: Path) -> Path:
    """The sample's postings and courses that say the phrase, as sources of their own."""
    text = pl.col("text").str.to_lowercase()
    postings = snapshot.table("core.postings").pl().filter(text.str.contains(PHRASE))
    courses = snapshot.table("core.courses").pl().filter(text.str.contains(PHRASE))
    assert min(postings.height, courses.height) > 0
    root = tmp_path / "sources"
    for name, rows in {
        "postings": postings.select(
            "title",
            "employer",
            "posted_on",
            pl.col("text").alias("description"),
            naics="naics_code",
        ),
        "syllabi": courses.select(
            "course_code", "title", pl.col("text").alias("description"), institution="institution"
        ),
    }.items():
        (root / name).mkdir(parents=True)
        rows.write_csv(root / name / "rows.csv")
        source = f"source_id: {name}\nkind: {name}\n"
        (root / name / "source.yml").write_text(source, encoding="utf-8")
    return root


@pytest.fixture
def published(drop: Path, warehouse: Path) -> Path:
    skillgap("run", "--sources", drop, "--warehouse", warehouse)
    return warehouse


def found(warehouse: Path, table: str) -> pl.DataFrame:
    with open_snapshot(warehouse) as connection:
        return connection.table(table).filter(f"skill_id = '{SKILL}'").pl()


@pytest.mark.slow
def test_a_phrase_of_the_lane_becomes_a_concept_that_the_next_run_finds(drop, published) -> None:
    here = ("--warehouse", published)
    assert PHRASE in skillgap("taxonomy", "misses", "--limit", 500, *here).splitlines()[0]
    assert found(published, "core.posting_skills").is_empty()

    dry = skillgap("taxonomy", "add", PHRASE, "--dry-run", *here)
    assert "Nothing was written" in dry
    assert not (published / "taxonomy").exists()
    added = skillgap("taxonomy", "add", PHRASE, "--note", "asked for everywhere", *here)
    assert f"skill_id: {SKILL}" in added
    assert re.search(r"groups: [SKTAL]\d", added)
    assert "is there already" in skillgap("taxonomy", "add", PHRASE.title(), *here)

    skillgap("run", "--sources", drop, *here)
    for table in ("core.posting_skills", "core.course_skills"):
        mentions = found(published, table)
        assert mentions.height > 0
        assert mentions["label"].str.to_lowercase().unique().to_list() == [PHRASE]
        counts = mentions.filter(pl.col("score") >= MIN_MENTION_SCORE)
        assert counts.height >= 0.75 * mentions.height
    assert "+user-1+" in skillgap("status", *here)
    lane = skillgap("taxonomy", "misses", "--limit", 500, *here)
    assert not [line for line in lane.splitlines() if line.startswith(f"{PHRASE}  [")]
    assert PHRASE in skillgap("terms", "--skill", SKILL, *here)

    skillgap("taxonomy", "remove", SKILL, *here)
    assert "+user-" not in skillgap("taxonomy", "add", "anything else", "--dry-run", *here)
    skillgap("taxonomy", "remove", SKILL, *here, code=2)


@pytest.mark.slow
def test_additions_outlive_an_import(warehouse: Path, tmp_path: Path) -> None:
    """Also after a bundle has come that names the same thing, which is said."""
    here = ("--warehouse", warehouse)
    skillgap("taxonomy", "add", "Zorblatt Studio", "--type", "software", *here)
    skillgap("taxonomy", "add", "obs round", "--to", "local:vital-signs-measurement", *here)
    (tmp_path / "onet").mkdir()
    (tmp_path / "onet" / "Technology Skills.txt").write_text(
        "O*NET-SOC Code\tExample\tCommodity Code\tCommodity Title\tHot Technology\tIn Demand\n"
        "29-1141.00\tZorblatt Studio\t43232611\tMedical software\tY\tN\n",
        encoding="utf-8",
    )
    output = skillgap("taxonomy", "import", "onet", tmp_path / "onet", *here)
    assert "'Zorblatt Studio' of your local:zorblatt-studio is now a label of onet:" in output
    assert "user" in skillgap("taxonomy", "show", "local:zorblatt-studio", *here)
    assert "obs round" in skillgap("taxonomy", "show", "local:vital-signs-measurement", *here)
    stored = pl.read_parquet(warehouse / "taxonomy" / "skills.parquet")
    assert "user" not in stored["source"].to_list()
    skillgap("taxonomy", "remove", "local:zorblatt-studio", *here)
    skillgap("taxonomy", "show", "local:zorblatt-studio", *here, code=2)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["vital signs"], "--to local:vital-signs-measurement"),
        (["new words", "--group", "Z9"], "no group 'Z9'"),
        (["new words", "--type", "art"], "no type 'art'"),
        (["new words", "--broader", "local:none"], "no concept 'local:none'"),
        (["new words", "--to", "local:none"], "no concept has the id"),
        (["new words", "--to", "local:wound-care", "--label", "x"], "--to adds labels only"),
        (["one two three four five six seven eight nine ten"], "would never be found"),
        (["..."], "no words"),
    ],
)
def test_what_cannot_be_added_is_one_line_and_code_2(warehouse: Path, arguments, reason) -> None:
    output = skillgap("taxonomy", "add", *arguments, "--warehouse", warehouse, code=2)
    assert reason in output
    assert "Traceback" not in output
    assert not (warehouse / "taxonomy").exists()


def test_shipped_concepts_are_not_removed(warehouse: Path) -> None:
    here = ("--warehouse", warehouse)
    assert "no addition of yours" in skillgap(
        "taxonomy", "remove", "local:wound-care", *here, code=2
    )
    label = ("--label", "vital signs")
    skillgap("taxonomy", "remove", "local:vital-signs-measurement", *label, *here, code=2)


def test_the_lane_is_kept_by_sector_and_by_program(published_sample: Path) -> None:
    here = ("--limit", 500, "--warehouse", published_sample)
    assert "CYB 210" in skillgap(
        "taxonomy", "misses", "--program", "cybersecurity-networking-aas", *here
    )
    nursing = skillgap("taxonomy", "misses", "--program", "nursing-adn", *here)
    assert f"\n{PHRASE}  [" not in nursing
    technology = skillgap("taxonomy", "misses", "--sector", "technology", *here)
    with open_snapshot(published_sample) as snapshot:
        asked = snapshot.table("mart.unlabeled_phrases").filter(
            f"phrase = '{PHRASE}' AND scope_code = 'technology'"
        )
        postings_n, employers_n = asked.select("documents_n, employers_n").fetchall()[0]
    assert f"{postings_n} postings of {employers_n} employers" in technology.split(f"\n{PHRASE}")[1]
