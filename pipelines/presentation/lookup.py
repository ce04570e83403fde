"""From what a person types to one program, sector or skill of a snapshot.

Belongs here: matching ids, codes and words, and saying what else was meant.
Does not belong here: what is then said about it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

import duckdb

from pipelines.contracts.rules import PROGRAM_MARKET

SHOWN_CANDIDATES = 12
LEAST_LIKENESS = 0.5


class NotOneError(LookupError):
    """What was typed means nothing in the snapshot, or several things; the text lists which."""


@dataclass(frozen=True)
class Found:
    """A program, sector or skill: its id or code, and its name."""

    id: str
    name: str


def find_program(connection: duckdb.DuckDBPyConnection, typed: str) -> Found:
    """The program with this id, this title or these words in its title. Raises NotOneError."""
    rows = connection.table("core.programs").select("program_id, title").fetchall()
    return _only("program", typed, [(Found(*row), row[1]) for row in rows])


def find_sector(connection: duckdb.DuckDBPyConnection, typed: str) -> Found:
    """The sector, sector group or program's market with this code, name or words.

    Raises NotOneError.
    """
    rows = connection.table("core.sectors").select("sector_code, title").fetchall()
    programs = connection.table("core.programs").select("program_id, title").fetchall()
    markets = [
        Found(PROGRAM_MARKET + program_id, f"occupations of {title}")
        for program_id, title in programs
    ]
    known = [Found(*row) for row in rows] + markets
    return _only("sector", typed, [(found, found.name) for found in known])


def find_skill(connection: duckdb.DuckDBPyConnection, typed: str, among: Iterable[str]) -> Found:
    """The skill or group with this id, label or words in a label, of those whose ids are `among`.

    Preferred labels go before others, whole labels before parts. Raises NotOneError.
    """
    wanted = set(among)
    skills = connection.table("core.skill_names").select("skill_id, skill_label").fetchall()
    found = {skill_id: Found(skill_id, label) for skill_id, label in skills if skill_id in wanted}
    labels = connection.table("core.skill_labels").select("skill_id, label").fetchall()
    preferred = [(skill, skill.name) for skill in found.values()]
    others = [(found[skill_id], label) for skill_id, label in labels if skill_id in found]
    return _only("skill", typed, preferred, others)


def _only(kind: str, typed: str, *labeled: list[tuple[Found, str]]) -> Found:
    """What the surest way of matching finds; `labeled` are (what, label), surest labels first."""
    asked = typed.strip().casefold()
    everything = {found for found, _ in labeled[0]}
    if by_id := [found for found in everything if found.id.casefold() == asked]:
        return by_id[0]
    ways: list[Callable[[str], bool]] = [
        lambda label: label.casefold() == asked,
        lambda label: bool(asked) and set(asked.split()) <= set(label.casefold().split()),
        lambda label: bool(asked) and asked in label.casefold(),
    ]
    for way in ways:
        for labels in labeled:
            matches = sorted({found for found, label in labels if way(label)}, key=_by_name)
            if len(matches) == 1:
                return matches[0]
            if matches:
                raise NotOneError(f"'{typed}' is more than one {kind}: {_listed(matches)}")
    raise NotOneError(f"no {kind} '{typed}' here. {_nearest(asked, labeled)}")


def _nearest(asked: str, labeled: tuple[list[tuple[Found, str]], ...]) -> str:
    """What could have been meant: the few there are, or those spelled most alike."""
    everything = sorted({found for found, _ in labeled[0]}, key=_by_name)
    of_label = {label.casefold(): found for labels in labeled for found, label in labels}
    alike = get_close_matches(asked, of_label, n=SHOWN_CANDIDATES, cutoff=LEAST_LIKENESS)
    if alike:
        return f"Nearest: {_listed(list(dict.fromkeys(of_label[label] for label in alike)))}"
    return f"There are: {_listed(everything)}" if everything else "There is none"


def _by_name(found: Found) -> tuple[str, str]:
    return found.name.casefold(), found.id


def _listed(candidates: list[Found]) -> str:
    shown = "; ".join(f"{found.name} ({found.id})" for found in candidates[:SHOWN_CANDIDATES])
    more = len(candidates) - SHOWN_CANDIDATES
    return shown + (f"; and {more} more" if more > 0 else "")
