"""Copies of one vacancy are found by the stated rule, and only by it."""

import datetime as dt
import itertools
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.duplicates import COMPARED_COLUMNS, copies, near_pairs

WORDS = [f"word{n}" for n in range(120)]
AD = " ".join(WORDS)
NEARLY = " ".join([*WORDS[:118], "other", "end"])
END = " ".join(f" and{n}" for n in range(22))
APART = " ".join(reversed(WORDS))


def posting(record_id: str, **columns) -> dict:
    text = columns.get("text", AD)
    return {
        "source_id": "board",
        "source_record_id": record_id,
        "content_hash": columns.get("content_hash", f"{hash(text) & 0xFFFFFF:06x}{record_id}"),
        "title": "Staff Nurse",
        "text": text,
        "employer_id": "mercy",
        "location": "Ada, OH",
        "posted_on": dt.date(2026, 6, 1),
    } | columns


def kinds(*rows: dict) -> tuple[int, list[str]]:
    found = copies(pl.DataFrame(rows).select(COMPARED_COLUMNS))
    return found["vacancy_id"].n_unique(), found["copy_kind"].to_list()


def test_a_hundred_pairs_near_the_bound_are_all_found() -> None:
    """The index of signatures is asked for less than the rule, so that chance loses none."""
    texts = [" ".join(f"ad{n}word{place}" for place in range(120)) for n in range(100)]
    rows = [
        posting(f"{n}{end}", text=text + end) for n, text in enumerate(texts) for end in ("", END)
    ]
    assert kinds(*rows)[0] == 100


def test_the_same_words_are_one_vacancy() -> None:
    same = [
        posting("1", content_hash="aa"),
        posting("2", content_hash="aa"),
        posting("3", text=APART),
    ]
    assert kinds(*same) == (2, ["exact", "exact", "only"])


@pytest.mark.parametrize(
    ("columns", "is_copy"),
    [
        ({}, True),
        ({"title": "Senior Staff Nurse (Band 6)"}, True),
        ({"title": "Staff Nurse (Emergency Department)"}, False),
        ({"employer_id": "bright staffing"}, True),
        ({"employer_id": "bright temporary services"}, True),
        ({"employer_id": None, "location": None}, True),
        ({"text": APART}, False),
        ({"title": "Ward Clerk"}, False),
        ({"employer_id": "another hospital"}, False),
        ({"location": "Troy, OH"}, False),
        ({"location": "Ada, OK"}, False),
        ({"location": "ADA"}, True),
        ({"location": "Mercy East, Ada, OH"}, True),
        ({"posted_on": dt.date(2026, 12, 1)}, False),
    ],
)
def test_nearly_the_same_words(columns: dict, is_copy: bool) -> None:
    vacancies_n, found = kinds(posting("1"), posting("2", **{"text": NEARLY} | columns))
    assert (vacancies_n == 1) is is_copy
    assert ("near" in found) is is_copy


@settings(deadline=None)
@given(st.lists(st.sampled_from([AD, NEARLY, APART, "", "short"]), min_size=1, max_size=8))
def test_every_record_has_one_row_whatever_their_order(texts: list[str]) -> None:
    rows = [
        posting(str(n), text=text, content_hash=f"h{text[-9:]}") for n, text in enumerate(texts)
    ]
    forward = copies(pl.DataFrame(rows).select(COMPARED_COLUMNS))
    backward = copies(pl.DataFrame(rows[::-1]).select(COMPARED_COLUMNS))
    assert forward["source_record_id"].to_list() == [str(n) for n in range(len(rows))]
    assert forward.sort("source_record_id").equals(backward.sort("source_record_id"))


def test_pairs_are_those_of_the_definition() -> None:
    chance = random.Random(20261126)
    texts = []
    for _ in range(60):
        words = [f"word{chance.randrange(2_000)}" for _ in range(150)]
        texts.append(" ".join(words))
        for changed_n in (1, 2, 4, 12):
            for place in chance.sample(range(150), changed_n):
                words[place] = f"other{chance.randrange(2_000)}"
            texts.append(" ".join(words))
    rows = [posting(str(n), text=text, content_hash=str(n)) for n, text in enumerate(texts)]
    found = {(a, b) for a, b, _ in near_pairs(pl.DataFrame(rows).select(COMPARED_COLUMNS))}
    runs = [set(zip(*(text.split()[n:] for n in range(5)), strict=False)) for text in texts]
    shared = {
        (a, b): len(runs[a] & runs[b]) / len(runs[a] | runs[b])
        for a, b in itertools.combinations(range(len(texts)), 2)
    }
    assert found <= {pair for pair, share in shared.items() if share >= 0.8}
    assert found >= {pair for pair, share in shared.items() if share >= 0.85}
    assert len(found) > 100
