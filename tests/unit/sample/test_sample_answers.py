"""The planted answers hold in the committed files, not only in the generator's memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from vocabulary import label_pattern, load_skills

from tests.unit.sample.conftest import Ad

PROGRAMS = (
    "software-development-aas",
    "cybersecurity-networking-aas",
    "nursing-adn",
    "medical-laboratory-technician-aas",
    "welding-technology-certificate",
    "mechatronics-aas",
    "film-video-production-aas",
    "game-design-aas",
)
WINDOW_START = "2025-11-01"


def group_ads(
    ads: list[Ad], answers: dict[str, Any], group: str, is_recent: bool = True
) -> list[Ad]:
    """Ads of a sector group before or within the last 12 months."""
    prefixes = tuple(answers["sector_groups"][group]["naics_prefixes"])
    return [
        row
        for row in ads
        if row.naics_code.startswith(prefixes) and (row.posted_on >= WINDOW_START) == is_recent
    ]


def share(ads: list[Ad], pattern: re.Pattern[str]) -> float:
    """Share of the ads that carry the pattern."""
    return sum(bool(pattern.search(row.text)) for row in ads) / len(ads)


def courses_of(program: dict[str, Any], texts: dict[str, str]) -> Iterator[str]:
    """Texts of a program's courses."""
    return (texts[code] for code in program["required"] + program["elective"])


@pytest.mark.parametrize("program_id", PROGRAMS)
def test_planted_gaps_are_demanded_and_taught_nowhere(
    program_id: str,
    answers: dict[str, Any],
    distinct_ads: list[Ad],
    course_texts: dict[str, str],
    programs: dict[str, dict[str, Any]],
) -> None:
    planted = answers["programs"][program_id]
    assert len(planted["gaps"]) >= 3
    ads = group_ads(distinct_ads, answers, planted["sector_group"])
    for row in planted["gaps"]:
        pattern = label_pattern(row["labels"])
        hits = [ad for ad in ads if pattern.search(ad.text)]
        assert len(hits) / len(ads) >= 0.15, row["label"]
        assert len({ad.employer for ad in hits}) >= 8, row["label"]
        for text in courses_of(programs[program_id], course_texts):
            assert not pattern.search(text), (row["label"], text[:60])


@pytest.mark.parametrize("program_id", PROGRAMS)
def test_taught_skills_are_in_the_courses_that_the_answers_name(
    program_id: str,
    answers: dict[str, Any],
    distinct_ads: list[Ad],
    course_texts: dict[str, str],
) -> None:
    planted = answers["programs"][program_id]
    ads = group_ads(distinct_ads, answers, planted["sector_group"])
    for kind in ("aligned", "partly_taught", "taught_not_asked"):
        assert planted[kind], kind
        for row in planted[kind]:
            pattern = load_skills()[row["skill"]].pattern
            for codes in row["taught"].values():
                for code in codes:
                    assert pattern.search(course_texts[code]), (row["label"], code)
            if kind == "taught_not_asked":
                assert share(ads, pattern) <= 0.01
            else:
                assert share(ads, pattern) == pytest.approx(row["share"], abs=0.005)
    assert all("assessed" in row["taught"] for row in planted["aligned"])
    assert not any(
        {"assessed", "practiced"} & set(row["taught"]) for row in planted["partly_taught"]
    )


def test_planted_trends_point_the_way_they_should(
    answers: dict[str, Any], distinct_ads: list[Ad]
) -> None:
    for group, directions in answers["trends"].items():
        before = group_ads(distinct_ads, answers, group, is_recent=False)
        after = group_ads(distinct_ads, answers, group)
        for direction, rows in directions.items():
            for row in rows:
                pattern = load_skills()[row["skill"]].pattern
                change = share(after, pattern) - share(before, pattern)
                assert (change > 0.08) if direction == "emerging" else (change < -0.15), row[
                    "label"
                ]


def test_a_planted_season_comes_in_the_same_months_of_both_years(
    answers: dict[str, Any], distinct_ads: list[Ad]
) -> None:
    for group, rows in answers["seasons"].items():
        for row in rows:
            pattern = load_skills()[row["skill"]].pattern
            for is_recent in (False, True):
                ads = group_ads(distinct_ads, answers, group, is_recent)
                season = [ad for ad in ads if int(ad.posted_on[5:7]) in row["months"]]
                rest = [ad for ad in ads if ad not in season]
                assert share(season, pattern) > 0.2
                assert share(rest, pattern) == 0


def test_a_course_says_in_its_words_what_employers_say_in_theirs(
    answers: dict[str, Any], distinct_ads: list[Ad], course_texts: dict[str, str]
) -> None:
    assert len(answers["term_crosswalk"]) >= 3
    texts = [row.text.lower() for row in distinct_ads]
    for row in answers["term_crosswalk"]:
        course = course_texts[row["course"]].lower()
        assert row["course_words"] in course
        assert row["employer_words"].lower() not in course
        assert sum(row["employer_words"].lower() in text for text in texts) >= 30
        assert not any(row["course_words"].lower() in text for text in texts)


def test_every_skill_of_esco_carries_its_identifier(answers: dict[str, Any]) -> None:
    for planted in answers["programs"].values():
        for kind in ("gaps", "aligned", "partly_taught", "taught_not_asked"):
            for row in planted[kind]:
                if row["taxonomy"] == "ESCO 1.2":
                    assert re.fullmatch(
                        r"http://data\.europa\.eu/esco/skill/[0-9a-f-]{36}", row["uri"]
                    )
                else:
                    assert row["taxonomy"] == "O*NET 29.3", row["label"]
