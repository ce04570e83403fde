"""Sentences of both sides as evidence, cut at the mention."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

BULLETS = "*•·-–‣◦ \t"


@dataclass(frozen=True)
class Quote:
    """A sentence around a mention, and who says it."""

    before: str
    mention: str
    after: str
    said_by: str
    said_on: str | None = None


def employer_quote(row: dict[str, Any]) -> Quote:
    """The quote of a row of mart.posting_evidence."""
    employer = row["employer"] or "employer not named"
    if employer.startswith("(masked"):
        employer = "employer masked"
    said_on = row["posted_on"]
    said_by = f"{row['title']}, {employer}{'' if said_on else ', undated'}"
    return Quote(*_around_mention(row), said_by, said_on.isoformat() if said_on else None)


def course_quote(row: dict[str, Any]) -> Quote:
    """The quote of a row of mart.course_evidence."""
    return Quote(*_around_mention(row), f"{row['course_code']} {row['title']} ({row['depth']})")


def quotes_by(
    evidence: pl.DataFrame, by: tuple[str, str], quote: Callable[[dict[str, Any]], Quote]
) -> dict[tuple[Any, ...], list[Quote]]:
    """The quotes of all rows, in their order, by the values of two columns."""
    quotes: dict[tuple[Any, ...], list[Quote]] = {}
    for row in evidence.to_dicts():
        quotes.setdefault(tuple(row[name] for name in by), []).append(quote(row))
    return quotes


def _around_mention(row: dict[str, Any]) -> tuple[str, str, str]:
    sentence, start, end = row["sentence"], row["mention_start"], row["mention_end"]
    return sentence[:start].lstrip(BULLETS), sentence[start:end], sentence[end:]
