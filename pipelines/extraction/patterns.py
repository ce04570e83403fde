"""The readable tables of patterns beside this module.

Belongs here: reading them. Does not belong here: what a match means (`sections`, `cues`).
Patterns are RE2's (no look-around), compared without case; RE2 tries a whole table at once.
"""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import re2

DATA = Path(__file__).parent
_MEMORY = 64 << 20


class Patterns:
    """Patterns in the order of their table, each with the value it stands for."""

    def __init__(self, values: Sequence[str], patterns: Sequence[str]) -> None:
        options = re2.Options()
        options.case_sensitive = False
        options.max_mem = _MEMORY
        self._values = values
        self._set = re2.Set.SearchSet(options)
        for pattern in patterns:
            self._set.Add(pattern)
        self._set.Compile()

    def all(self, text: str) -> list[str]:
        """The values of the patterns found in `text`."""
        return [self._values[n] for n in sorted(self._set.Match(text) or ())]

    def first(self, text: str) -> str | None:
        """The value of the first pattern of the table that is found in `text`."""
        found = self._set.Match(text)
        return self._values[min(found)] if found else None


@cache
def read_patterns(name: str, column: str, keep: tuple[str, str] | None = None) -> Patterns:
    """The patterns of a table with the values of `column`; `keep` is a column and its value."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if keep is None or row[keep[0]] == keep[1]]
    return Patterns([row[column] for row in rows], [row["pattern"] for row in rows])
