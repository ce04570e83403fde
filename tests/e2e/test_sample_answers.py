"""What the sample's README says a reader should find is what the pipeline finds."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml

from pipelines.contracts.rules import FALSE_DISCOVERY_RATE, MIN_MENTION_SCORE

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
ANSWERS = yaml.safe_load((SAMPLE / "answers.yml").read_text(encoding="utf-8"))
PROGRAMS = ANSWERS["programs"]
LEAST_OF_PLANTED_SHARE = 0.5
"""Of the ads in which a skill was planted, in whatever words, so many at least are found."""

SAID_WITH = {
    "large language models": "prompt engineering",
    "virtual production": "Unreal Engine",
    "use manual draughting techniques": "manual draughting techniques",
}
"""What ads say in the words of a planted skill."""

pytestmark = pytest.mark.xdist_group("published_sample")


@pytest.fixture
def gaps(snapshot: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    return snapshot.table("mart.program_sector_gap").pl()


@pytest.fixture
def ids_of_label(snapshot: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    ids: dict[str, set[str]] = {}
    for skill_id, label in snapshot.table("core.skill_labels").select("skill_id, label").fetchall():
        ids.setdefault(label.lower(), set()).add(skill_id)
    return ids


def planted(kind: str) -> list:
    return [
        pytest.param(program_id, answer, id=f"{program_id}-{answer['skill']}")
        for program_id, program in PROGRAMS.items()
        for answer in program.get(kind, [])
    ]


def row_of(gaps: pl.DataFrame, ids_of_label: dict, program_id: str, answer: dict) -> dict:
    ids = {answer["uri"]} if "uri" in answer else ids_of_label[answer["label"].lower()]
    rows = gaps.filter(
        pl.col("program_id") == program_id,
        pl.col("sector_code") == PROGRAMS[program_id]["sector_group"],
        pl.col("skill_id").is_in(ids),
    )
    assert rows.height == 1, f"{answer['label']} is not measured for {program_id}"
    return rows.row(0, named=True)


def share_of_family(snapshot, sector_code: str, skill_id: str) -> float:
    """Share of the sector's ads that ask for the concept or one whose name holds its name.

    ESCO has both "palliative care" and "provide palliative care": they share the ads.
    """
    names = snapshot.table("core.skill_names").filter("grain = 'concept'").pl()
    [name] = names.filter(pl.col("skill_id") == skill_id)["skill_label"]
    family = names.filter(pl.col("skill_label").str.contains(name, literal=True))["skill_id"]
    window = snapshot.table("core.postings").filter("is_in_window").select("posting_id").pl()
    ads = (
        snapshot.table("core.posting_sectors")
        .pl()
        .filter(pl.col("sector_code") == sector_code)
        .join(window, on="posting_id")
    )
    asked = snapshot.table("core.asked_skills").pl()
    naming = asked.filter(
        pl.col("skill_id").is_in(family.implode()), pl.col("best_score") >= MIN_MENTION_SCORE
    )
    return ads.join(naming, on="posting_id", how="semi").height / ads.height


@pytest.mark.parametrize(("program_id", "answer"), planted("gaps"))
def test_planted_gaps_are_found(snapshot, gaps, ids_of_label, program_id, answer) -> None:
    row = row_of(gaps, ids_of_label, program_id, answer)
    assert row["status"] == "gap"
    assert row["rank"] <= 20
    assert row["share"] <= 1.1 * answer["share"]
    found = share_of_family(snapshot, row["sector_code"], row["skill_id"])
    assert found >= LEAST_OF_PLANTED_SHARE * answer["share"]


@pytest.mark.parametrize(("program_id", "answer"), planted("aligned"))
def test_planted_alignment_is_found(gaps, ids_of_label, program_id, answer) -> None:
    row = row_of(gaps, ids_of_label, program_id, answer)
    assert row["status"] == "aligned"
    assert set(answer["taught"]["assessed"]) & set(row["course_codes"])


@pytest.mark.parametrize(("program_id", "answer"), planted("partly_taught"))
def test_planted_partly_taught_skills_are_found(gaps, ids_of_label, program_id, answer) -> None:
    assert row_of(gaps, ids_of_label, program_id, answer)["status"] == "partly taught"


@pytest.mark.parametrize(("program_id", "answer"), planted("taught_not_asked"))
def test_what_is_taught_and_hardly_asked_is_not_ranked(
    gaps, ids_of_label, program_id, answer
) -> None:
    row = row_of(gaps, ids_of_label, program_id, answer)
    assert row["status"] in {"taught, not asked", "too few postings"}
    assert row["rank"] is None


def called_trends(snapshot: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """(sector, direction, words of the sample) of every concept called emerging or fading."""
    trends = snapshot.table("mart.sector_skill_trends").pl()
    called = trends.filter(
        pl.col("grain") == "concept", pl.col("trend").is_in(["emerging", "fading"])
    ).select("sector_code", "trend", "skill_label")
    return [
        (sector_code, direction, SAID_WITH.get(label, label).lower())
        for sector_code, direction, label in called.rows()
    ]


PLANTED_TRENDS = [
    pytest.param((sector_code, direction, answer["label"].lower()), id=answer["skill"])
    for sector_code, directions in ANSWERS["trends"].items()
    for direction, answers in directions.items()
    for answer in answers
]


@pytest.mark.parametrize("trend", PLANTED_TRENDS)
def test_every_planted_trend_is_found(snapshot: duckdb.DuckDBPyConnection, trend) -> None:
    assert trend in called_trends(snapshot)


@pytest.mark.parametrize("sector_codes", ["sector groups", "every sector"])
def test_what_is_called_a_trend_was_planted(
    snapshot: duckdb.DuckDBPyConnection, sector_codes: str
) -> None:
    """But for a false one in twenty: as many as the control of false discoveries lets through."""
    planted = {param.values[0][1:] for param in PLANTED_TRENDS}
    called = [
        (sector_code, *trend)
        for sector_code, *trend in called_trends(snapshot)
        if sector_codes == "every sector" or sector_code in ANSWERS["trends"]
    ]
    assert len(called) >= len(PLANTED_TRENDS)
    false = [row for row in called if row[1:] not in planted]
    assert len(false) <= FALSE_DISCOVERY_RATE * len(called), false


PLANTED_SEASONS = [
    pytest.param(sector_code, answer, id=answer["skill"])
    for sector_code, answers in ANSWERS["seasons"].items()
    for answer in answers
]


@pytest.mark.parametrize(("sector_code", "answer"), PLANTED_SEASONS)
def test_a_planted_season_is_no_trend(
    snapshot: duckdb.DuckDBPyConnection, sector_code: str, answer: dict
) -> None:
    """It is tested in a sector with trends, and its months stand out of both years."""
    trends = snapshot.table("mart.sector_skill_trends").pl()
    of_skill = trends.filter(pl.col("grain") == "concept", pl.col("skill_label") == answer["label"])
    assert set(of_skill["trend"]) <= {"steady", "too few postings"}
    row = of_skill.row(by_predicate=pl.col("sector_code") == sector_code, named=True)
    assert row["trend"] == "steady"
    asked = snapshot.table("core.asked_skills").pl()
    naming = asked.filter(
        pl.col("skill_id") == row["skill_id"], pl.col("best_score") >= MIN_MENTION_SCORE
    )
    ads = (
        snapshot.table("core.posting_sectors")
        .pl()
        .filter(pl.col("sector_code") == sector_code)
        .join(snapshot.table("core.postings").pl(), on="posting_id")
        .with_columns(
            is_last_year=pl.col("posted_on") >= row["after_start_on"],
            is_season=pl.col("posted_on").dt.month().is_in(answer["months"]),
            is_naming=pl.col("posting_id").is_in(naming["posting_id"].implode()),
        )
    )
    for _, year in ads.group_by("is_last_year"):
        shares = dict(year.group_by("is_season").agg(pl.col("is_naming").mean()).rows())
        assert shares[True] >= 0.2
        assert shares[False] == 0


def test_rows_are_accounted_for(snapshot: duckdb.DuckDBPyConnection) -> None:
    """Every record of every source is in a raw table or in the rejects, once."""
    sources = snapshot.table("raw.sources").pl()
    counted = dict(sources.select("source_id", "rows_n").rows())
    refused = dict(sources.select("source_id", "rejects_n").rows())
    for source_id, answer in ANSWERS["sources"].items():
        assert counted[source_id] == answer["rows"]
        assert refused[source_id] == sum(answer["rejects"].values())
    kept = snapshot.table("raw.postings").count("*").fetchall()[0][0]
    assert kept == ANSWERS["postings"]["accepted"]
    assert (
        snapshot.table("raw.rejects").count("*").fetchall()[0][0] == ANSWERS["postings"]["rejects"]
    )


def test_every_planted_copy_is_found_and_counted(snapshot: duckdb.DuckDBPyConnection) -> None:
    planted = ANSWERS["postings"]
    totals = snapshot.table("core.postings").aggregate("count(*), sum(duplicate_n)").fetchall()[0]
    assert totals == (planted["distinct"], planted["exact_reposts"] + planted["agency_reposts"])


def test_the_thin_sector_is_not_ranked(snapshot: duckdb.DuckDBPyConnection) -> None:
    thin = ANSWERS["thin_sector"]["naics_sector"]
    demand = snapshot.table("mart.sector_skill_demand").filter(f"sector_code = '{thin}'").pl()
    assert demand.height > 0
    assert not demand["is_publishable"].any()


def test_every_course_of_every_format_is_read(snapshot: duckdb.DuckDBPyConnection) -> None:
    courses = snapshot.table("core.courses").pl()
    assert courses.height == ANSWERS["syllabi"]["courses"]
    assert courses["title"].str.len_chars().min() > 3
    programs = snapshot.table("core.programs").pl()
    assert programs["missing_courses"].list.len().sum() == 0


def test_every_figure_leads_to_a_row_of_a_source(snapshot: duckdb.DuckDBPyConnection) -> None:
    evidence = snapshot.table("mart.posting_evidence").pl()
    raw = snapshot.table("raw.postings").select("source_id, locator").pl()
    assert evidence.join(raw, on=["source_id", "locator"], how="anti").is_empty()
    marked = evidence.with_columns(
        mention=pl.col("sentence").str.slice(
            pl.col("mention_start"), pl.col("mention_end") - pl.col("mention_start")
        )
    )
    assert marked["mention"].str.len_chars().min() > 0
