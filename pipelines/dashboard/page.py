"""What a page is given, what it gives, and where other parts hang in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dash.development.base_component import Component
from flask import Flask

from pipelines.dashboard.addresses import Query
from pipelines.dashboard.directory import Directory, directory_of
from pipelines.dashboard.parts import Choice, Row
from pipelines.dashboard.snapshot import Published, Reading


@dataclass(frozen=True)
class Laid:
    """A page laid out: the name of the window, and what stands in its main part. A waiting page is
    laid out again every few seconds.
    """

    title: str
    content: list[Any]
    is_waiting: bool = False


@dataclass(frozen=True)
class Page:
    """An address and how to lay it out; pages with a name stand in the navigation."""

    path: str
    name: str
    layout: Callable[["Visit"], Laid]


def nothing(*_: Any) -> Component | None:
    """Nothing beside it."""
    return None


@dataclass(frozen=True)
class Extras:
    """What a dashboard has beside the pages that read. The seam for decisions, ballots and users.

    `beside_sentence(visit, side, row)` gives what stands beside an evidence sentence: `side` is
    "postings" or "courses", `row` of mart.posting_evidence or mart.course_evidence.
    `beside_terms(visit, skill_id, terms)` gives what stands beside the two vocabularies: `terms`
    are rows of mart.term_crosswalk. `beside_courses(visit, courses, skills)` gives what stands
    below a program's matrix: `courses` are rows of core.courses, `skills` those to choose from.
    `account()` gives who is there, for the navigation. `on_server` gets the server, before its
    headers are set, and the published snapshots.
    """

    pages: tuple[Page, ...] = ()
    beside_sentence: Callable[["Visit", str, dict[str, Any]], Component | None] = nothing
    beside_terms: Callable[["Visit", str, list[dict[str, Any]]], Component | None] = nothing
    beside_courses: Callable[["Visit", list[Row], list[Choice]], Component | None] = nothing
    account: Callable[[], Component | None] = nothing
    on_server: tuple[Callable[[Flask, Published], None], ...] = ()


@dataclass(frozen=True)
class Visit:
    """One request for a page: the snapshot it reads, what the address asks, the extras."""

    reading: Reading
    query: Query
    extras: Extras

    @property
    def directory(self) -> Directory:
        """Programs, sectors and the period of the snapshot."""
        return directory_of(self.reading)
