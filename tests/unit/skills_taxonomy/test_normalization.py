"""Words and labels that are the same, and those that only look so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills_taxonomy.normalization import (
    american,
    base_label,
    is_same_phrase,
    normal_form,
    same_word,
    strict_form,
)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Python (computer programming)", "Python"),
        ("MLT(ASCP)", "MLT(ASCP)"),
        ("(only)", "(only)"),
        ("welding", "welding"),
    ],
)
def test_base_label(label: str, expected: str) -> None:
    assert base_label(label) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("patients", "patents", False),
        ("powers", "power", True),
        ("organisation", "organization", True),
        ("organs", "organization", False),
        ("welding", "weld", True),
        ("planned", "plan", True),
        ("university", "universe", False),
    ],
)
def test_same_word(first: str, second: str, expected: bool) -> None:
    assert same_word(first, second) is expected
    assert same_word(second, first) is expected


@pytest.mark.parametrize(
    ("written", "label", "expected"),
    [
        ("administering medication", "administer medication", True),
        ("mental health nurse", "mental health nursing", False),
        ("electronic", "electronics", False),
        ("supervised work", "supervise work", False),
        ("management team", "manage team", False),
        ("care plans", "care plan", True),
        ("colour grading", "color grading", True),
    ],
)
def test_same_phrase(written: str, label: str, expected: bool) -> None:
    assert is_same_phrase(tuple(written.split()), label) is expected


def test_british_and_american_share_a_form() -> None:
    assert american("organisation") == "organization"
    assert normal_form("orthopaedic programmes") == normal_form("orthopedic programs")
    assert normal_form("the care plan") == normal_form("care plans")


def test_symbols_keep_names_apart() -> None:
    assert len({strict_form(name) for name in ("C", "C++", "C#")}) == 3


@given(st.text(max_size=60))
def test_normal_form_never_fails_and_is_stable_in_case(text: str) -> None:
    assert normal_form(text) == normal_form(text)
    assert "  " not in normal_form(text)
