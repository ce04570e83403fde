"""One-word labels count only where the stated rule says so."""

import csv
import re
from pathlib import Path

import pytest
from spacy.language import Language

from skills_taxonomy.ambiguity import is_trusted_alternative, shipped_word_lists, word_class

ACCURACY_FLOOR, FALSE_FLOOR = 0.66, 0.05


def read_cases(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CASES = read_cases("ambiguity_cases.csv")
WRITTEN_APART = read_cases("ambiguity_cases_apart.csv")


def names_the_word(case: dict[str, str], nlp: Language) -> bool:
    """Whether the word itself is linked: by a label that holds it, or inferred from it alone."""
    doc = nlp(case["sentence"])
    word = case["word"]
    at = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", case["sentence"]).start()  # type: ignore[union-attr]
    return any(
        span._.skill.skill_id
        and span.start_char <= at < span.end_char
        and (span._.skill.method != "inferred" or span.text == word)
        for span in doc.spans["skills"]
    )


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['word']}: {c['sentence']}")
def test_word_in_sentence(case: dict[str, str], nlp: Language) -> None:
    assert names_the_word(case, nlp) == (case["counts"] == "yes")


def test_held_out_sentences_reach_the_floor(nlp: Language) -> None:
    """Three hundred more sentences, written apart from the rules and read once."""
    right = [names_the_word(case, nlp) == (case["counts"] == "yes") for case in WRITTEN_APART]
    wrong_tools = [
        case["sentence"]
        for case in WRITTEN_APART
        if case["counts"] == "no" and names_the_word(case, nlp)
    ]
    assert len(right) == 300
    assert sum(right) / len(right) >= ACCURACY_FLOOR
    assert len(wrong_tools) / len(right) <= FALSE_FLOOR, wrong_tools


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
