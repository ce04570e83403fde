"""Readable text and dates: nothing is lost, nothing of the markup stays."""

import datetime as dt
import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.dates import parse_date
from pipelines.ingest.text import decode, readable


@pytest.mark.parametrize("escapes", [0, 1, 2])
def test_markup_is_resolved_however_often_it_was_escaped(escapes) -> None:
    text = "<p>Care &amp; cure</p><ul><li>Weld</li><li>Cut</li></ul>"
    for _ in range(escapes):
        text = html.escape(text)
    lines = [line.strip("*• ") for line in readable(text).splitlines() if line]
    assert lines == ["Care & cure", "Weld", "Cut"]


def test_broken_encodings_are_mended() -> None:
    assert readable("the patientâ€™s chart") == "the patient's chart"


def test_inline_markup_keeps_the_line_whole() -> None:
    assert readable("<p>Use <b>Python</b> and <i>SQL</i> daily</p>") == "Use Python and SQL daily"


def test_what_only_looks_like_markup_stays() -> None:
    assert readable("load < 5 kg and R&D, a<b") == "load < 5 kg and R&D, a<b"


@given(st.text())
def test_reading_is_stable_and_never_fails(text: str) -> None:
    once = readable(text)
    assert "\n\n\n" not in once
    assert once == once.strip()


@given(st.lists(st.text("abcdefghij", min_size=1), min_size=1, max_size=30))
def test_every_word_of_plain_text_survives(words: list[str]) -> None:
    assert readable(" ".join(words)).split() == words
    assert readable(f"<div><p>{'</p><p>'.join(words)}</p></div>").split() == words


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_decoding(encoding) -> None:
    assert decode("Zoë’s naïve résumé, and a longer line of words".encode(encoding)).startswith(
        "Zoë’s"
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-10-31", dt.date(2026, 10, 31)),
        ("2019-08-08T11:13:33+0100", dt.date(2019, 8, 8)),
        ("2026-08-10T16:52:46-04:00", dt.date(2026, 8, 10)),
        (1786000000000, dt.date(2026, 8, 6)),
        ("1786000000", dt.date(2026, 8, 6)),
        ("07-06-18", dt.date(2018, 7, 6)),
        ("Oct 31, 2026", dt.date(2026, 10, 31)),
        ("31 October 2026", dt.date(2026, 10, 31)),
        (dt.datetime(2026, 1, 2, 3, 4), dt.date(2026, 1, 2)),
        ("", None),
        (None, None),
    ],
)
def test_dates_in_the_shapes_of_feeds(value, expected) -> None:
    assert parse_date(value) == expected


def test_day_first_is_a_choice_of_the_source() -> None:
    assert parse_date("03/04/2025", day_first=True) == dt.date(2025, 4, 3)
    assert parse_date("03/04/2025") == dt.date(2025, 3, 4)


@pytest.mark.parametrize("value", ["soon", "0000-00-00", "1234", "9" * 40, "1889-01-01"])
def test_what_is_no_date_says_so(value) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_date(value)


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        parsed = parse_date(text)
    except ValueError:
        return
    assert parsed is None or parsed.year >= 1990
