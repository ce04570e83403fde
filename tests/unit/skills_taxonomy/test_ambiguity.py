"""One-word labels count only where the stated rule says so."""

import csv
from pathlib import Path

import pytest
from spacy.language import Language

from skills_taxonomy.ambiguity import is_trusted_alternative, shipped_word_lists, word_class

CASES = list(csv.DictReader((Path(__file__).parent / "ambiguity_cases.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['word']}: {c['sentence']}")
def test_word_in_sentence(case: dict[str, str], nlp: Language) -> None:
    doc = nlp(case["sentence"])
    at = case["sentence"].index(case["word"])
    found = any(
        span.start_char <= at < span.end_char and case["word"].lower() in span.text.lower()
        for span in doc.spans["skills"]
    )
    assert found == (case["counts"] == "yes")


def test_table_has_both_sides() -> None:
    counts = [case["counts"] for case in CASES]
    assert len(counts) >= 60
    assert counts.count("yes") >= 20
    assert counts.count("no") >= 20


@pytest.mark.parametrize(
    ("label", "is_software", "expected"),
    [
        ("energy", False, "common"),
        ("physics", False, "plain"),
        ("Excel", True, "tool"),
        ("R", True, "tool"),
        ("GMAW", False, "cased"),
        ("sing", False, "never"),
        ("haemodialysis", False, "plain"),
    ],
)
def test_word_class(label: str, is_software: bool, expected: str) -> None:
    assert word_class(label, is_software, shipped_word_lists()) == expected


@pytest.mark.parametrize(
    ("label", "preferred", "expected"),
    [
        ("power", "electricity principles", False),
        ("support", "scaffolding components", False),
        ("PLC", "programmable logic controller", True),
        ("Access", "Microsoft Access", True),
        ("maths", "mathematics", False),
        ("photographic", "photography", True),
    ],
)
def test_one_word_alternatives(label: str, preferred: str, expected: bool) -> None:
    assert is_trusted_alternative(label, preferred, shipped_word_lists()) is expected
