"""A title names its occupation, whatever noise stands around it."""

import polars as pl
import pytest

from skills_taxonomy.occupations import Titles, occupation_sectors, occupations_frame, title_parts


@pytest.fixture(scope="module")
def titles() -> Titles:
    return Titles.load()


def test_noise_is_stripped_and_the_head_comes_first() -> None:
    parts = title_parts("Senior Staff Nurse (Band 6) - Cardiology, m/f/d")
    assert parts[0] == ["staff", "nurs"]
    assert parts[1] == ["cardiolog"] or parts[1] == ["cardiolog" + "i"]


@pytest.mark.parametrize(
    ("title", "soc_code"),
    [
        ("Staff Nurse", "29-1141"),
        ("RN - ICU (Nights)", "29-1141"),
        ("Sr. Software Engineer II, Remote", "15-1252"),
        ("Welder", "51-4121"),
        ("CNC Machinist - 2nd Shift", "51-4041"),
        ("Physiotherapist Band 5", "29-1123"),
        ("Advanced Physiotherapist Practitioner", "29-1123"),
        ("Nurse Practitioner", "29-1171"),
        ("Consultant Anaesthetist", "29-1211"),
        ("Ward Sister", "29-1141"),
    ],
)
def test_titles(titles: Titles, title: str, soc_code: str) -> None:
    [found] = titles.occupations([title])
    assert found.soc_code == soc_code


@pytest.mark.parametrize("title", ["", "(m/f/d)", "Zxqv", "Band 6"])
def test_a_title_that_says_nothing_has_no_occupation(titles: Titles, title: str) -> None:
    [found] = titles.occupations([title])
    assert (found.soc_code, found.method) == (None, "none")


def test_shares_of_an_occupation_sum_to_one() -> None:
    mix = occupation_sectors()
    sums = mix.group_by("occupation_code").agg(pl.col("sector_share").sum())
    assert sums["sector_share"].is_between(0.999, 1.001).all()
    assert occupations_frame()["occupation_code"].is_unique().all()
