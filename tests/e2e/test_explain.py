"""What `skillgap explain` prints of the sample is what a reader finds by counting again."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.contracts.rules import MIN_MENTION_SCORE
from pipelines.warehouse.publish import open_snapshot

pytestmark = pytest.mark.xdist_group("published_sample")

Case = tuple[str, str, str]
CASES = [
    ("nursing-adn", "health-care", "carry out wound care"),
    ("nursing-adn", "62", "health informatics"),
    ("welding-technology-certificate", "31-33", "welding techniques"),
    ("software-development-aas", "technology", "SQL"),
    ("film-video-production-aas", "entertainment", "perform video editing"),
]


def explained(warehouse: Path, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["explain", *arguments, "--warehouse", str(warehouse)])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[2]}")
def test_every_sentence_stands_in_its_document(published_sample: Path, case: Case) -> None:
    card = json.loads(explained(published_sample, *case, "--json"))
    printed = explained(published_sample, *case)
    with open_snapshot(published_sample) as snapshot:
        for side, table, id_column in (
            ("postings", "core.postings", "posting_id"),
            ("courses", "core.courses", "course_id"),
        ):
            assert card[side]
            for trace in card[side]:
                document = snapshot.table(table).filter(f"{id_column} = '{trace['document_id']}'")
                text, source_id, locator = document.select("text, source_id, locator").fetchall()[0]
                assert trace["sentence"] in text
                assert (trace["source_id"], trace["locator"]) == (source_id, locator)
                assert f'"{" ".join(trace["sentence"].split())}"' in printed
                assert f"{trace['said_by']}, {trace['title']}" in printed
                assert locator in printed


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[2]}")
def test_the_share_is_what_one_counts_again(published_sample: Path, case: Case) -> None:
    card = json.loads(explained(published_sample, *case, "--json"))
    printed = explained(published_sample, *case)
    counted = """
        SELECT
            count(DISTINCT p.posting_id) FILTER (WHERE m.skill_id IS NOT NULL),
            count(DISTINCT p.posting_id),
            count(DISTINCT p.employer_id) FILTER (WHERE m.skill_id IS NOT NULL)
        FROM core.postings p
        JOIN core.posting_sectors s ON s.posting_id = p.posting_id AND s.sector_code = ?
        LEFT JOIN core.posting_skills m
            ON m.posting_id = p.posting_id AND m.skill_id = ? AND m.score >= ?
        WHERE p.is_in_window
    """
    with open_snapshot(published_sample) as snapshot:
        asked_n, all_n, employers_n = snapshot.execute(
            counted, [case[1], card["skill"]["id"], MIN_MENTION_SCORE]
        ).fetchall()[0]
    figures = card["figures"]
    assert figures["share"] == pytest.approx(asked_n / all_n)
    assert (figures["postings_n"], figures["employers_n"]) == (asked_n, employers_n)
    assert f"share {asked_n / all_n:.3f}: {asked_n} of the sector's {all_n} postings" in printed


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[2]}")
def test_the_arithmetic_follows_from_the_stored_figures(published_sample: Path, case: Case) -> None:
    card = json.loads(explained(published_sample, *case, "--json"))
    figures = card["figures"]
    share, rca, v = figures["share"], figures["specificity"], figures["demand"]
    assert v == pytest.approx(share * rca / (1 + rca))
    assert figures["gap"] == pytest.approx(v * (1 - figures["coverage"]))
    equation = (
        f"gap {figures['gap']:.3f} = demand {v:.3f} × (1 − coverage {figures['coverage']:.3f})"
    )
    assert equation in card["arithmetic"]
    (coverage,) = [line for line in card["arithmetic"] if line.startswith("coverage")]
    product = 1.0
    for factor in coverage.split(" = ")[1].split(" × "):
        product *= float(factor.split()[-1])
    assert product == pytest.approx(figures["coverage"])


def test_words_of_both_sides_are_those_of_the_program_and_the_sector(published_sample) -> None:
    card = json.loads(
        explained(published_sample, "nursing", "health-care", "monitor basic patients", "--json")
    )
    said = {side: [term["term"] for term in terms] for side, terms in card["terms"].items()}
    assert said == {
        "postings": ["check patient's vital signs"],
        "courses": ["monitor basic patients signs"],
    }


def test_words_most_different_first(published_sample: Path) -> None:
    result = CliRunner().invoke(app, ["terms", "--warehouse", str(published_sample)])
    shares = [
        int(line.split(": ")[1].split("%")[0])
        for line in result.output.splitlines()
        if "% of employers' mentions" in line
    ]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert "check patient's vital signs" in result.output
