"""What every reader yields: a record with its place, or a reject with its reason."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.contracts.rules import REJECT_REASONS

EXCERPT_CHARACTERS = 200
LONGEST_READ_FOR_EXCERPT = 10_000


@dataclass(frozen=True)
class Record:
    """One record of a source: where it stands and its fields, nested names joined by dots.

    A document of pages says at which characters of its text they begin.
    """

    locator: str
    fields: dict[str, Any] = field(default_factory=dict)
    page_starts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reject:
    """One refused record or file. `acceptable_on` is the day from which it would not be refused."""

    locator: str
    reason_code: str
    message: str
    excerpt: str = ""
    acceptable_on: date | None = None

    def __post_init__(self) -> None:
        if self.reason_code not in REJECT_REASONS:
            raise ValueError(f"unknown reject reason {self.reason_code!r}")


def excerpt(text: object) -> str:
    """The beginning of `text`, on one line."""
    return " ".join(storable(str(text)[:LONGEST_READ_FOR_EXCERPT]).split())[:EXCERPT_CHARACTERS]


def storable(text: str) -> str:
    """`text` without what no table and no file of UTF-8 holds: NULs and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def content_hash(*parts: str | None) -> str:
    """SHA-256 of the words of `parts`, whatever their case and spacing."""
    words = "\x1f".join(" ".join((part or "").lower().split()) for part in parts)
    return hashlib.sha256(words.encode()).hexdigest()
