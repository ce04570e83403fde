"""What pages say first follows from their figures."""

import datetime as dt

import polars as pl
import pytest

from pipelines.dashboard.directory import Directory
from pipelines.dashboard.sentences import (
    asked_sentence,
    change_sentence,
    overview_sentence,
    sector_sentence,
    since_sentence,
    taught_sentence,
    trend_sentence,
    words_sentence,
)

DIRECTORY = Directory(
    programs={},
    program_names={"n": "Nursing", "w": "Welding", "f": "Film"},
    sector_titles={"62": "Health Care", "31-33": "Manufacturing"},
    group_codes=set(),
    occupations={"n": ["Registered Nurses"]},
    sector_codes=["62", "31-33"],
    start_on=None,
    end_on=None,
)


def cell(
    program_id: str, sector_code: str, alignment: float | None, is_target: bool = True
) -> dict:
    low, high = (None, None) if alignment is None else (alignment - 0.05, alignment + 0.05)
    return {
        "program_id": program_id,
        "sector_code": sector_code,
        "is_target": is_target,
        "alignment": alignment,
        "ci_low": low,
        "ci_high": high,
    }


def test_the_overview_names_best_and_least_among_what_programs_feed() -> None:
    rows = [
        cell("n", "62", 0.7),
        cell("w", "31-33", 0.3),
        cell("w", "62", 0.01, is_target=False),
        cell("f", "62", None),
    ]
    sentence = overview_sentence(rows, DIRECTORY)
    assert "Of 3 programs, Nursing is best aligned" in sentence
    assert "70% (65%–75%) of what Health Care asks for" in sentence
    assert "Welding is least aligned, with 30%" in sentence
    assert "For 1 comparison there are too few postings." in sentence


def test_a_single_comparison_is_no_contest() -> None:
    assert overview_sentence([cell("n", "62", 0.7)], DIRECTORY).startswith("Nursing covers 70%")


def test_thin_evidence_is_said_and_never_ranked() -> None:
    assert "too few postings" in overview_sentence([cell("n", "62", None)], DIRECTORY)
    assert overview_sentence([], DIRECTORY) == "No comparison fits these filters."


def demanded(label: str, share: float, is_publishable: bool = True) -> dict:
    return {
        "skill_id": label,
        "skill_label": label,
        "share": share,
        "sector_postings_n": 40,
        "is_publishable": is_publishable,
        "is_transversal": label == "teamwork",
    }


def test_a_sector_says_what_it_asks_for_most() -> None:
    rows = [demanded(label, share) for label, share in (("teamwork", 0.8), ("a", 0.2), ("b", 0.6))]
    rows.append(demanded("thin", 0.9, False))
    sentence = sector_sentence(pl.DataFrame(rows), "Health Care", "groups of skills")
    assert sentence == (
        "Of 40 postings, most ask for these groups of skills: b (60%), a (20%) and teamwork (80%)."
    )
    thin = sector_sentence(pl.DataFrame(rows[3:]), "Health Care", "groups of skills")
    assert thin.startswith("Too few postings to rank: 40 postings in Health Care.")


def test_trends_say_what_grows_and_what_shrinks() -> None:
    found = pl.DataFrame(
        {
            "skill_label": ["a", "b", "c"],
            "trend": ["emerging", "fading", "emerging"],
            "change": [0.1, -0.2, 0.3],
        }
    )
    assert trend_sentence(found, 9, "x") == (
        "Of 9 tested, employers ask clearly more for c and a, and less for b."
    )
    assert "None of the 9 tested" in trend_sentence(found.clear(), 9, "x")
    assert "Too few postings" in trend_sentence(found.clear(), 0, "x")


ASKED = {
    "postings_n": 24,
    "sector_postings_n": 73,
    "employers_n": 1,
    "required_n": 0,
    "share": 0.33,
    "ci_low": 0.2,
    "ci_high": 0.4,
    "is_publishable": True,
}


@pytest.mark.parametrize(
    ("demand", "sector", "said"),
    [
        (None, "Health Care", "No posting of the period in Health Care asks for it."),
        (ASKED, "Health Care", "33% (20%–40%) ask for it: 24 of the 73 postings in Health Care, "),
        (ASKED, "ads for Nurses", "24 of the 73 ads for Nurses, by 1 employer."),
        (ASKED | {"required_n": 3}, "Health Care", "by 1 employer, 3 as required."),
        (
            ASKED | {"is_publishable": False},
            "Health Care",
            "Too few postings to rank: 24 of the 73",
        ),
    ],
)
def test_how_a_skill_is_asked_for(demand: dict | None, sector: str, said: str) -> None:
    assert said in asked_sentence(demand, sector)


def test_how_a_skill_is_taught() -> None:
    taught = {
        "coverage": 0.5,
        "covered_by": "broader",
        "depth": "assessed",
        "course_codes": ["A 1", "A 2"],
    }
    assert taught_sentence(taught, "Nursing", 0) == (
        "Nursing covers 50% of it through a broader skill: assessed in A 1 and A 2."
    )
    assert taught_sentence(None, "Nursing", 0) == "Nursing does not teach it."
    assert taught_sentence(None, None, 0) == "No program covers it."
    assert taught_sentence(None, None, 1) == "1 program covers it."


@pytest.mark.parametrize(
    ("share", "said"), [(None, "Only courses name it."), (1.0, "only in words"), (0.25, "25% of")]
)
def test_how_far_the_words_agree(share: float | None, said: str) -> None:
    assert said in words_sentence([{"shared_share": share, "side": "courses"}])


def test_a_steady_share_is_no_trend() -> None:
    trend = {
        "q_value": 0.6,
        "share_before": 0.3,
        "share_after": 0.33,
        "change": 0.03,
        "ci_low": -0.1,
        "ci_high": 0.16,
        "trend": "steady",
        "untested_reason": None,
    }
    assert "which may be chance" in change_sentence(trend, "Health Care")
    untested = trend | {"q_value": None, "untested_reason": "postings only from 2026 on"}
    assert "was not tested: postings only from 2026 on" in change_sentence(untested, "Health Care")


def changed(cause: str, change: float | None) -> dict:
    return {"cause": cause, "change": change, "since_at": dt.datetime(2026, 11, 1)}


def test_a_change_names_its_causes_and_they_add_up() -> None:
    rows = [changed("postings", 0.02), changed("readings", -0.005), changed("syllabi", 0.01)]
    assert since_sentence(rows) == (
        "+2.5 points since the run of 1 November 2026: −0.5 by the same texts read anew, +1.0 by "
        "courses and programs and +2.0 by postings."
    )
    assert since_sentence([changed("postings", 0.0)]) == "As in the run of 1 November 2026."
    assert "Only one of" in since_sentence([changed("measurable now", None)])
    assert since_sentence([]) == ""
