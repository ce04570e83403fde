"""The readable tables of patterns beside this module.

Belongs here: reading them. Does not belong here: what a match means (`sections`, `cues`).
Patterns are RE2's (no look-around), compared without case: some ten times faster than `re` here.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import re2

DATA = Path(__file__).parent
Patterns = tuple[tuple[str, Any], ...]


@cache
def read_patterns(name: str, column: str, kind: str | None = None) -> Patterns:
    """(value of `column`, compiled pattern) of each row of a table, of one `kind` if given."""
    options = re2.Options()
    options.case_sensitive = False
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(
            (row[column], re2.compile(row["pattern"], options))
            for row in csv.DictReader(file)
            if kind is None or row["kind"] == kind
        )
