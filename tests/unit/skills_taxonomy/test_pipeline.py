"""The saved pipeline: round trip, load time, sentence boundaries, labels it must find."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from skills_taxonomy import Taxonomy, pipeline

TEXT = (
    "Registered nurse\nYou will administer medication, take vital signs and carry out wound care. "
    "Experience with Python, R and Go; GD&T; CNC programming; C# is a plus.\n"
    "• Lockout/tagout\n• Blueprint reading"
)


def found(nlp: Language, text: str) -> list[tuple[str, str, float]]:
    doc = nlp(text)
    return [(s.text, s._.skill.skill_id, s._.skill.score) for s in doc.spans["skills"]]


def test_round_trip_gives_the_same_mentions(nlp: Language, tmp_path: Path) -> None:
    pipeline.save(nlp, tmp_path / "nlp")
    assert found(pipeline.load(tmp_path / "nlp"), TEXT) == found(nlp, TEXT)
    assert len(found(nlp, TEXT)) >= 10


def test_loads_without_rebuilding(
    nlp: Language, taxonomy: Taxonomy, extraction_cache: Path
) -> None:
    start = time.perf_counter()
    pipeline.load_cached(extraction_cache, taxonomy)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Medication administration and patient assessment.", "Medication administration"),
        ("Medication administration and patient assessment.", "patient assessment"),
        ("Assessment of the patients on arrival.", "Assessment of the patients"),
        ("Measure and record vital signs.", "record vital signs"),
        ("MIG welding of thin sheet.", "MIG welding"),
        ("Troubleshooting of machines.", "Troubleshooting"),
        ("Deploy with Docker and Kubernetes.", "Docker"),
        ("SQL queries every day.", "SQL queries"),
        ("Excellent customer service.", "customer service"),
        ("CI/CD pipelines.", "CI/CD pipelines"),
        ("Uses Node.js, C++ and .NET Core.", "Node.js"),
        ("BLS certification required.", "BLS certification"),
        ("OSHA 10 card needed.", "OSHA 10 card"),
        ("Models in Autodesk Maya and ZBrush.", "ZBrush"),
        ("Project management of repairs.", "Project management"),
        ("Keep electronic health records up to date.", "electronic health records"),
    ],
)
def test_finds(nlp: Language, text: str, label: str) -> None:
    assert label in [name for name, _, _ in found(nlp, text)]


def test_wrapped_lines_join_and_lists_split(nlp: Language) -> None:
    text = (
        "This course is about how to plan the work of a clinic and how to keep\n"
        "records of it.\nTOPICS\n• triage\n• coding; billing; audits"
    )
    sentences = [s.text.strip() for s in nlp(text).sents]
    assert sentences == [
        "This course is about how to plan the work of a clinic and how to keep\nrecords of it.",
        "TOPICS",
        "• triage",
        "• coding;",
        "billing;",
        "audits",
    ]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=200))
def test_any_text_is_read(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert all(0 < s._.skill.score <= 1 for s in doc.spans["skills"])
