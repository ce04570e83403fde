"""Who is who in a snapshot: programs, sectors, the period, with the names that pages use."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipelines.contracts.rules import PROGRAM_MARKET
from pipelines.dashboard.snapshot import Reading
from pipelines.presentation.names import occupation_titles, program_names, sector_name


@dataclass(frozen=True)
class Directory:
    """Small tables that nearly every page needs.

    `sector_codes` are those with a posting in the period or named by a program, by title.
    """

    programs: dict[str, dict[str, Any]]
    program_names: dict[str, str]
    sector_titles: dict[str, str]
    group_codes: set[str]
    occupations: dict[str, list[str]]
    sector_codes: list[str]
    start_on: date | None
    end_on: date | None

    def sector_name(self, code: str) -> str:
        """As it reads in the middle of a sentence."""
        return sector_name(code, self.sector_titles, self.occupations)

    def has_sector(self, code: str) -> bool:
        """Whether the code is a sector or a program's market of this snapshot."""
        return code in self.sector_titles or (
            code.startswith(PROGRAM_MARKET)
            and code.removeprefix(PROGRAM_MARKET) in self.occupations
        )

    def own_sectors(self, program_id: str) -> list[str]:
        """The program's own market, where its occupations are known, and the sectors it feeds."""
        own = [PROGRAM_MARKET + program_id] if program_id in self.occupations else []
        return own + list(self.programs[program_id]["sector_codes"])

    @property
    def is_asked(self) -> bool:
        """Whether any posting lies in the period."""
        return bool(self.sector_codes) and self.end_on is not None


def directory_of(reading: Reading) -> Directory:
    """The snapshot's directory, read once."""
    return reading.once("directory", lambda: _read(reading))


def _read(reading: Reading) -> Directory:
    programs = reading.frame("core.programs").sort("title", "program_id").to_dicts()
    sectors = reading.frame("core.sectors")
    titles = dict(sectors.select("sector_code", "title").rows())
    asked = set(reading.select("asked_sectors")["sector_code"])
    fed = {code for program in programs for code in program["sector_codes"]}
    period = reading.rows("core.period")
    return Directory(
        programs={program["program_id"]: program for program in programs},
        program_names=program_names(programs),
        sector_titles=titles,
        group_codes=set(sectors.filter(pl.col("is_group"))["sector_code"]),
        occupations=occupation_titles(reading.connection),
        sector_codes=sorted(
            {code for code in asked | fed if not code.startswith(PROGRAM_MARKET)},
            key=lambda code: titles.get(code, code),
        ),
        start_on=period[0]["start_on"] if period else None,
        end_on=period[0]["end_on"] if period else None,
    )
