"""Dates in the shapes that feeds use."""

from contextlib import suppress
from datetime import UTC, date, datetime

from dateutil import parser

MILLISECONDS_FROM = 100_000_000_000
EPOCH_DIGITS = 10
EARLIEST_YEAR = 1990


def parse_date(value: object, *, day_first: bool = False) -> date | None:
    """The date in `value`: ISO 8601, epoch seconds or milliseconds, or written in words or figures.

    Args:
        value: what the source gave; None and blank give None.
        day_first: read 03/04/2025 as 3 April (the default reads March 4).

    Raises:
        ValueError: there is something, and it is no date from 1990 on.
    """
    if isinstance(value, datetime):
        parsed = value.date()
    elif isinstance(value, date):
        parsed = value
    elif value is None or not str(value).strip():
        return None
    else:
        parsed = _parse_text(str(value).strip(), day_first)
    if parsed.year < EARLIEST_YEAR:
        raise ValueError(f"{value!r} lies before {EARLIEST_YEAR}")
    return parsed


def _parse_text(text: str, day_first: bool) -> date:
    try:
        if text.isdecimal() and len(text) >= EPOCH_DIGITS:
            seconds = int(text) / 1000 if int(text) >= MILLISECONDS_FROM else int(text)
            return datetime.fromtimestamp(seconds, UTC).date()
        with suppress(ValueError):
            return datetime.fromisoformat(text).date()
        return parser.parse(text, dayfirst=day_first).date()
    except (OverflowError, OSError, TypeError) as error:
        raise ValueError(f"{text!r} is not a date") from error
