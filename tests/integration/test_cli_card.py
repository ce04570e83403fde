"""`explain`, `terms` and `taxonomy misses` on a snapshot small enough to know by heart."""

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.contracts import TABLES
from pipelines.warehouse import database
from pipelines.warehouse.publish import publish

SHARED = {
    "program_id": "nursing",
    "sector_code": "62",
    "skill_id": "local:obs",
    "skill_label": "observe patients",
}
BOARD = {"source_id": "board", "locator": "ads.csv:7"}
GAP = SHARED | {"postings_n": 12, "employers_n": 6, "share": 0.3, "ci_low": 0.2, "ci_high": 0.4}
GAP |= {"demand": 0.2, "coverage": 0.25, "gap": 0.15, "rank": 1, "status": "partly taught"}
THIN = SHARED | {"skill_id": "local:tap", "skill_label": "tap", "postings_n": 1, "employers_n": 1}
THIN |= {"status": "too few postings", "coverage": 0.0, "demand": 0.01, "gap": 0.01, "share": 0.1}
DEMAND = {"specificity": 2.0, "sector_postings_n": 40, "period_end_on": dt.date(2026, 10, 31)}
TABLE_ROWS = {
    "core.programs": [
        {"program_id": "nursing", "title": "Nursing (ADN)"},
        {"program_id": "welding", "title": "Welding"},
        {"program_id": "practical-nursing", "title": "Practical Nursing"},
    ],
    "core.sectors": [{"sector_code": "62", "title": "Health Care"}],
    "core.skills": [
        {"skill_id": "local:obs", "preferred_label": "observe patients"},
        {"skill_id": "local:tap", "preferred_label": "tap"},
    ],
    "core.skill_names": [
        {"grain": "concept", "skill_id": "local:obs", "skill_label": "observe patients"},
        {"grain": "concept", "skill_id": "local:tap", "skill_label": "tap"},
    ],
    "core.skill_labels": [
        {"skill_id": "local:obs", "label": "take obs", "label_type": "alternative"}
    ],
    "mart.sector_skill_demand": [
        GAP | DEMAND,
        THIN | DEMAND | {"unpublishable_reason": "1 employers name it, at least 5 needed"},
    ],
    "mart.program_skill_coverage": [
        GAP
        | {"covering_skill_id": "local:obs", "covered_by": "itself", "depth": "introduced"}
        | {"course_codes": ["NUR 1"]}
    ],
    "mart.program_sector_gap": [
        GAP | {"depth": "introduced", "course_codes": ["NUR 1"]},
        THIN | {"nearest_skill_id": "local:obs"},
    ],
    "mart.posting_evidence": [
        SHARED | BOARD | {"evidence_n": 1, "sentence": "Take  obs.", "employer": "Mercy"}
    ],
    "mart.course_evidence": [
        SHARED
        | {"evidence_n": 1, "sentence": "Watch them.", "course_code": "NUR 1"}
        | {"depth": "introduced", "source_id": "syllabi", "locator": "nur-1.md"}
    ],
    "mart.term_crosswalk": [
        SHARED
        | {"side": side, "term": term, "term_n": 1, "documents_n": n, "mention_share": 1.0}
        | {"is_shared": False, "shared_share": 0.0, "scope_codes": [scope]}
        for side, term, n, scope in (
            ("courses", "watch them", 1, "nursing"),
            ("postings", "take obs", 12, "62"),
        )
    ],
    "mart.unlabeled_phrases": [
        {"phrase": "drape", "side": "postings", "scope_code": scope, "documents_n": n}
        | BOARD
        | {"employers_n": n, "sentence": f"Drape {n}.", "said_by": "Mercy"}
        for scope, n in (("all", 3), ("62", 2))
    ],
}
HARMLESS = {"VARCHAR": "x", "BIGINT": 1, "DOUBLE": 0.0, "BOOLEAN": False, "DATE": dt.date.min}


def rows_of(name: str) -> pl.DataFrame:
    """The rows above, with a harmless value in each column that they leave out."""
    contract = TABLES[name]
    filled = {
        column.name: None
        if column.nullable
        else []
        if column.type == "VARCHAR[]"
        else column.allowed[0]
        if column.allowed
        else HARMLESS.get(column.type)
        for column in contract.columns
    }
    rows = [
        {key: (filled | row)[key] for key in contract.column_names}
        for row in TABLE_ROWS.get(name, [])
    ]
    return pl.DataFrame(rows, schema=contract.polars_schema)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("card")
    with database.open_working(directory) as connection:
        for name in TABLES:
            database.replace(connection, name, rows_of(name))
        publish(connection, directory, "Small", "t-1")
    return directory


@pytest.fixture
def skillgap(published: Path):
    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, [*arguments, "--warehouse", str(published)])
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result.output

    return run


@pytest.mark.parametrize(
    "typed",
    [
        ("nursing", "62", "local:obs"),
        ("Nursing (ADN)", "health care", "Observe Patients"),
        ("adn", "health", "take obs"),
        ("(ADN) nursing", "care", "patients"),
    ],
)
def test_the_three_are_found_by_id_and_by_words(skillgap, typed) -> None:
    assert skillgap("explain", *typed).startswith("observe patients: Nursing (ADN) beside Health")


def test_a_card_shows_figures_arithmetic_evidence_and_words(skillgap) -> None:
    lines = [line.strip() for line in skillgap("explain", "nursing", "62", "obs").splitlines()]
    for expected in (
        "share 0.300: 12 of the sector's 40 postings in the window name it",
        "specificity 2.000 = share 0.300 / share everywhere 0.150",
        "demand 0.200 = share 0.300 × specificity 2.000 / (1 + 2.000)",
        "coverage 0.250 = introduced 0.50 × elective 0.50",
        "gap 0.150 = demand 0.200 × (1 − coverage 0.250)",
        '"Take obs."',
        "Mercy, x · board, ads.csv:7",
        '"Watch them."',
        "NUR 1, x, introduced · syllabi, nur-1.md",
        "employers: take obs (12)",
        "courses: watch them (1)",
        "snapshot",
    ):
        assert [line for line in lines if line.startswith(expected)], expected
    figures = {" ".join(line.split()) for line in lines}
    assert {"status partly taught", "rank by gap 1", "gap 0.150", "courses NUR 1"} <= figures


def test_too_few_postings_says_why(skillgap) -> None:
    output = skillgap("explain", "nursing", "62", "tap")
    assert "too few postings: 1 employers name it, at least 5 needed; so it has no rank" in output
    assert "it is not taught; nearest to it the program teaches 'observe patients'" in output
    assert "No posting in the window says it." in output
    assert "employers: none" in output


def test_json_holds_the_figures_that_the_snapshot_has(skillgap) -> None:
    card = json.loads(skillgap("explain", "nursing", "62", "obs", "--json"))
    assert card["figures"]["gap"] == 0.15
    assert card["figures"]["effective_n"] == 0
    assert "unpublishable_reason" not in card["figures"]
    assert card["taxonomy"] == "t-1"
    assert card["terms"]["postings"] == [{"term": "take obs", "documents_n": 12}]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (("nurs", "62", "obs"), "more than one program: Nursing (ADN) (nursing); Practical"),
        (("nursing", "farming", "obs"), "no sector 'farming' here. There are: Health Care (62)"),
        (("nursing", "62", "observe patient's"), "Nearest: observe patients (local:obs)"),
        (("nursing", "62", "zzz"), "There are: observe patients (local:obs); tap (local:tap)"),
        (("welding", "62", "obs"), "Welding and Health Care are not compared"),
        (("nursing", "62", ""), "no skill ''"),
    ],
)
def test_what_is_not_one_thing_is_told_with_candidates(skillgap, typed, reason) -> None:
    output = skillgap("explain", *typed, code=2)
    assert output.startswith("skillgap:")
    assert reason in " ".join(output.split())


def test_the_words_of_both_sides(skillgap) -> None:
    output = skillgap("terms", "--program", "nursing")
    assert "observe patients: 0% of employers' mentions in courses' words" in output
    assert "courses    watch them (1)" in output
    assert "employers  take obs (12)" in output
    assert skillgap("terms", "--skill", "take obs").startswith("observe patients")
    assert "No skill is named by both sides" in skillgap("terms", "--program", "welding")
    assert "no skill 'zzz'" in skillgap("terms", "--skill", "zzz", code=2)


def test_the_lane(skillgap) -> None:
    everywhere = skillgap("taxonomy", "misses")
    assert "3 postings of 3 employers" in everywhere
    assert 'skillgap taxonomy add "drape"' in everywhere
    sector = skillgap("taxonomy", "misses", "--sector", "62")
    assert '2 postings of 2 employers: "Drape 2." (Mercy · board, ads.csv:7)' in sector
    assert "No phrase here" in skillgap("taxonomy", "misses", "--program", "welding")
