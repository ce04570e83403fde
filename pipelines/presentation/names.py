"""How programs, sectors and markets are called where people read of them, one or several."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import duckdb

from pipelines.contracts.rules import PROGRAM_MARKET

NAMED_OCCUPATIONS = 3


def listed(names: Sequence[str]) -> str:
    """The names as they stand in a sentence: "a, b and c"."""
    return " and ".join(
        part for part in (", ".join(names[:-1]), names[-1] if names else "") if part
    )


def program_names(programs: list[dict[str, Any]]) -> dict[str, str]:
    """A program's title by its id; with its institution where two share the title."""
    shared = Counter(program["title"] for program in programs)
    return {
        program["program_id"]: program["title"]
        if shared[program["title"]] == 1
        else f"{program['title']}, {program['institution']}"
        for program in programs
    }


def sector_name(code: str, titles: dict[str, str], occupations: dict[str, list[str]]) -> str:
    """The title of a sector; of a program's own market its occupations, the first ones by name.

    Args:
        titles: of sectors, by sector_code; occupations: as `occupation_titles` gives them.
    """
    if not code.startswith(PROGRAM_MARKET):
        return titles.get(code, code)
    prepared_for = occupations.get(code.removeprefix(PROGRAM_MARKET), [])
    if not prepared_for:
        return "ads for the occupations it prepares for"
    more = len(prepared_for) - NAMED_OCCUPATIONS
    named = (
        prepared_for
        if more <= 0
        else [*prepared_for[:NAMED_OCCUPATIONS], f"{more} more occupations"]
    )
    return f"ads for {listed(named)}"


def occupation_titles(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The titles of the occupations that each program prepares for, by program_id."""
    titles = (
        connection.table("core.program_occupations")
        .pl()
        .join(connection.table("core.occupations").pl(), on="occupation_code")
        .sort("program_id", "occupation_code")
        .group_by("program_id", maintain_order=True)
        .agg("title")
    )
    return dict(titles.iter_rows())
