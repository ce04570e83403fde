"""The committed sample: its counts, formats and flaws, read from the files alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import yaml

from tests.unit.sample.conftest import SAMPLE, Ad, read_feed


def test_every_source_has_as_many_rows_and_rejects_as_the_answers_say(
    ads: list[Ad], answers: dict[str, Any]
) -> None:
    rows = Counter(row.source for row in ads)
    refused = Counter(row.source for row in ads if not row.is_acceptable)
    broken_n = read_feed()[1]
    for source_id, counts in answers["sources"].items():
        name = source_id.removeprefix("sample-")
        extra_n = broken_n if name == "feed" else 0
        assert rows[name] + extra_n == counts["rows"], source_id
        assert refused[name] + extra_n == sum(counts["rejects"].values()), source_id
    assert sum(refused.values()) + broken_n == 12 == answers["postings"]["rejects"]


def test_the_market_is_as_large_as_promised(
    distinct_ads: list[Ad], answers: dict[str, Any]
) -> None:
    assert len(distinct_ads) == answers["postings"]["distinct"] >= 1200
    employers = {row.employer for row in distinct_ads}
    assert len(employers) == answers["postings"]["employers"] >= 200
    days = sorted(row.posted_on for row in distinct_ads)
    assert days[0] >= "2024-11-01"
    assert days[-1] <= "2026-10-31"
    assert len({day[:7] for day in days}) == 24


def test_no_two_distinct_ads_are_alike(distinct_ads: list[Ad]) -> None:
    assert len({row.text for row in distinct_ads}) == len(distinct_ads)


def test_reposts_repeat_an_ad_word_for_word_and_agencies_hide_the_employer(
    ads: list[Ad], distinct_ads: list[Ad], answers: dict[str, Any]
) -> None:
    reposts = [row for row in ads if row.record_id[2] == "R"]
    copies = [row for row in ads if row.record_id[2] == "A"]
    assert len(reposts) == answers["postings"]["exact_reposts"]
    assert len(copies) == answers["postings"]["agency_reposts"]
    known = {(row.title, row.employer, row.raw) for row in distinct_ads}
    assert all((row.title, row.employer, row.raw) in known for row in reposts)
    employers = {row.employer for row in distinct_ads}
    assert not employers & {row.employer for row in copies}


def test_the_sources_have_the_flaws_the_readme_lists(ads: list[Ad]) -> None:
    board = (SAMPLE / "postings_board" / "board_2025.csv").read_bytes()
    export = (SAMPLE / "postings_export" / "export.tsv").read_bytes()
    assert board.startswith(b"\xef\xbb\xbf")
    assert b"\x92" in export
    assert sum("\u00e2\u20ac" in row.raw for row in ads) > 20
    assert sum("&amp;lt;" in row.raw for row in ads) > 20
    assert sum(row.raw.startswith("<") for row in ads) > 200


def test_one_sector_is_thin_and_some_ads_have_no_sector(
    distinct_ads: list[Ad], answers: dict[str, Any]
) -> None:
    thin = [row for row in distinct_ads if row.naics_code.startswith("11")]
    assert 0 < len(thin) == answers["thin_sector"]["distinct_postings_with_sector_n"] < 30
    without = sum(not row.naics_code for row in distinct_ads)
    assert without == answers["postings"]["without_sector_code"]
    assert 0.05 < without / len(distinct_ads) < 0.12


def test_every_source_contract_holds_for_its_own_files(answers: dict[str, Any]) -> None:
    contracts = [yaml.safe_load(path.read_text()) for path in SAMPLE.glob("*/source.yml")]
    assert Counter(contract["kind"] for contract in contracts) == {
        "postings": 5,
        "syllabi": 3,
        "programs": 1,
    }
    for contract in contracts:
        counts = answers["sources"].get(contract["source_id"])
        if counts:
            expect = contract["expect"]
            assert expect["min_rows"] <= counts["rows"] <= expect["max_rows"]
            assert sum(counts["rejects"].values()) <= expect["max_reject_share"] * counts["rows"]


def test_courses_and_programs_refer_to_each_other(
    course_texts: dict[str, str], programs: dict[str, dict[str, Any]]
) -> None:
    assert len(course_texts) >= 60
    assert len(programs) == 8
    listed = {
        code for program in programs.values() for code in program["required"] + program["elective"]
    }
    assert listed == set(course_texts)
    assert len(set(course_texts.values())) == len(course_texts)


def test_syllabi_come_in_five_document_formats_with_readable_code_and_title(
    course_texts: dict[str, str],
) -> None:
    formats = Counter(path.suffix for path in (SAMPLE / "syllabi").iterdir())
    assert {".md", ".html", ".txt", ".pdf", ".docx"} <= set(formats)
    for code, text in course_texts.items():
        assert code in text[:400], code
        assert (
            "earning outcomes" in text
            or '"outcomes"' in text
            or "LEARNING OUTCOMES" in text
            or (code.startswith("FLM"))
        ), code


def test_the_sample_is_small(answers: dict[str, Any]) -> None:
    size = sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file())
    assert size < 6_000_000
    assert answers["as_of"] == dt.date(2026, 10, 31)
