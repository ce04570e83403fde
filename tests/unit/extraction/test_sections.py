"""Headings, boilerplate, requirement, depth and negation."""

import csv
import re
from pathlib import Path

import pytest
from spacy.language import Language

from pipelines.extraction import cues, sections
from pipelines.extraction.cues import depth_of, is_part_of_name, negated_ranges, requirement_of
from pipelines.extraction.runner import read_documents
from pipelines.extraction.sections import boilerplate_section, heading_section

TABLES = sorted(Path(sections.__file__).parent.glob("*.csv"))


@pytest.mark.parametrize("table", TABLES, ids=lambda p: p.name)
def test_tables_are_whole(table: Path) -> None:
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert None not in row
        assert all(row.values())
        if "pattern" in row:
            re.compile(row["pattern"])


def test_tables_name_only_known_sections() -> None:
    known = {"posting": sections.POSTING_SECTIONS, "syllabus": sections.SYLLABUS_SECTIONS}
    for name in ("heading_patterns.csv", "boilerplate_cues.csv"):
        with (TABLES[0].parent / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert row["section"] in (*known[row["kind"]], sections.ASKED)


@pytest.mark.parametrize(
    "sentence",
    [
        "We are looking for an enthusiastic nurse with experience in wound care.",
        "Candidates may be examined for knowledge of: boilers; pumps; and turbines.",
        "Applies sound supervisory principles and fulfills equal employment opportunity "
        "responsibilities.",
    ],
)
def test_a_sentence_that_asks_is_none_of_the_boilerplate(sentence: str) -> None:
    assert sections.boilerplate_section(sentence, "posting") is None


def test_a_description_behind_its_prerequisites_is_read(nlp: Language) -> None:
    line = (
        "Undergraduate Prerequisites: (EK 307) calculus - Selected topics in discrete mathematics."
    )
    [doc] = read_documents([line], "syllabus", nlp)
    assert [(s.label_, s.text) for s in doc.spans[sections.SPAN_GROUP]] == [
        ("prerequisites", "Undergraduate Prerequisites: (EK 307) calculus -"),
        ("description", "Selected topics in discrete mathematics."),
    ]


@pytest.mark.parametrize(
    ("line", "kind", "expected"),
    [
        ("REQUIREMENTS", "posting", "requirements"),
        ("Requirements:", "posting", "requirements"),
        ("## What you will do", "posting", "duties"),
        ("3. Desirable criteria", "posting", "preferred"),
        ("Our benefits", "posting", "benefits"),
        ("HOW TO APPLY", "posting", "how_to_apply"),
        ("About us", "posting", "about_employer"),
        ("Equal Opportunity Employer", "posting", "equal_opportunity"),
        ("**Learning Outcomes**", "syllabus", "outcomes"),
        ("Grading", "syllabus", "assessment"),
        ("IV. Weekly Schedule", "syllabus", "schedule"),
        ("Academic Integrity Policy", "syllabus", "policies"),
        ("Prerequisites: MATH 100", "syllabus", "prerequisites"),
        ("Required Textbook:", "syllabus", "materials"),
        ("Title IX", "syllabus", "policies"),
        ("Terminal Objectives", "syllabus", "outcomes"),
        ("## Required Knowledge", "syllabus", "prerequisites"),
        ("SLOs", "syllabus", "outcomes"),
        ("Methods of Instruction", "syllabus", "policies"),
        ("Clinical Experience", "syllabus", "topics"),
        ("Homework", "syllabus", "assessment"),
        ("## Assignments", "syllabus", "assessment"),
        ("## Modules", "syllabus", "schedule"),
    ],
)
def test_headings(line: str, kind: sections.Kind, expected: str) -> None:
    assert heading_section(line, kind) == (True, expected)


@pytest.mark.parametrize(
    "line",
    [
        "You will be responsible for the skills lab and its duties.",
        "We need experience, knowledge and skills in nursing of older people.",
        "• experience",
    ],
)
def test_sentences_are_not_headings(line: str) -> None:
    assert heading_section(line, "posting")[0] is False


@pytest.mark.parametrize(
    ("sentence", "kind", "expected"),
    [
        ("We are an equal opportunity employer.", "posting", "equal_opportunity"),
        ("Larkmere Clinic is a leading provider of home care.", "posting", "about_employer"),
        ("27 days of annual leave and a pension.", "posting", "benefits"),
        ("To apply, send a covering letter.", "posting", "how_to_apply"),
        ("For an informal discussion call the ward.", "posting", "contact"),
        ("The post is subject to a criminal record check.", "posting", "legal"),
        ("Plagiarism leads to a failing grade.", "syllabus", "policies"),
        ("Prerequisite: BIOL 100 with a grade of C.", "syllabus", "prerequisites"),
        ("Title IX protects students.", "syllabus", "policies"),
        ("Office hours are on Mondays.", "syllabus", "policies"),
        ("Weld joints in four positions.", "syllabus", None),
        ("Administer medication on the ward.", "posting", None),
    ],
)
def test_boilerplate_sentences(sentence: str, kind: sections.Kind, expected: str | None) -> None:
    assert boilerplate_section(sentence, kind) == expected


@pytest.mark.parametrize(
    ("sentence", "section", "expected"),
    [
        ("Python is a plus.", "requirements", "preferred"),
        ("You must know SQL.", "summary", "required"),
        ("SQL", "requirements", "required"),
        ("SQL", "preferred", "preferred"),
        ("We use SQL.", "duties", "unstated"),
        ("Welding experience desirable.", "summary", "preferred"),
    ],
)
def test_requirement(sentence: str, section: str, expected: str) -> None:
    assert requirement_of(sentence, section) == expected


@pytest.mark.parametrize(
    ("sentence", "section", "expected"),
    [
        ("Lab practical on phlebotomy", "assessment", "assessed"),
        ("Perform venipuncture safely", "outcomes", "practiced"),
        ("Understand anatomy", "outcomes", "introduced"),
        ("Topics include anatomy.", "description", "introduced"),
        ("Hands-on welding in the shop.", "description", "practiced"),
        ("Textbook of anatomy", "materials", "mentioned"),
        ("Welding I", "title", "introduced"),
    ],
)
def test_depth(sentence: str, section: str, expected: str) -> None:
    assert depth_of(sentence, section) == expected


@pytest.mark.parametrize(
    ("sentence", "word", "is_negated"),
    [
        ("No experience of phlebotomy is needed.", "phlebotomy", True),
        ("Knowledge of SQL is not required.", "SQL", True),
        ("No sales experience needed, but customer service skills are.", "customer", False),
        ("You will need experience of phlebotomy.", "phlebotomy", False),
    ],
)
def test_negation(sentence: str, word: str, is_negated: bool) -> None:
    at = sentence.index(word)
    assert any(a <= at < b for a, b in negated_ranges(sentence)) is is_negated


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Work in the ", " department of the hospital.", True),
        ("Department of ", ".", True),
        ("A bachelor's degree in ", " or chemistry.", True),
        ("Knowledge of ", " and infection control.", False),
        ("A course on plant ", ".", True),
    ],
)
def test_names(before: str, after: str, expected: bool) -> None:
    assert is_part_of_name(before, after) is expected


def test_every_section_of_what_ingestion_writes_has_a_depth() -> None:
    """Headings that readers of exports and tables put above what they found."""
    written = {
        "Course Description": "introduced",
        "Learning Outcomes": "practiced",
        "Topics": "introduced",
        "Modules": "introduced",
        "Schedule": "introduced",
        "Assignments": "assessed",
        "Assessment": "assessed",
        "Materials": "mentioned",
    }
    for heading, depth in written.items():
        is_heading, section = heading_section(f"## {heading}", "syllabus")
        assert is_heading
        assert section is not None
        assert depth_of("Record vital signs.", section) == depth
    assert heading_section("Prerequisites", "syllabus")[1] in sections.BOILERPLATE


def test_every_depth_section_is_a_syllabus_section() -> None:
    with (Path(cues.__file__).parent / "depth_rules.csv").open(encoding="utf-8") as file:
        rules = list(csv.DictReader(file))
    assert {r["section"] for r in rules} <= set(sections.SYLLABUS_SECTIONS)
    assert {r["depth"] for r in rules} == {"mentioned", "introduced", "practiced", "assessed"}
