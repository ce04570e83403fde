"""Which field of a source is which column of ours: as its source.yml says, else guessed."""

import re
from functools import cache
from pathlib import Path

import yaml

ALIASES = Path(__file__).with_name("column_aliases.yml")
JOIN = " + "


@cache
def aliases(kind: str) -> dict[str, list[str]]:
    """Our column to their likely names, for 'postings' or 'syllabi'."""
    return yaml.safe_load(ALIASES.read_text(encoding="utf-8"))[kind]


def map_columns(
    kind: str, declared: dict[str, str | list[str]], names: frozenset[str]
) -> dict[str, list[str]]:
    """Our column to the fields of `names` that make it (several are joined by a space).

    A declared column is used as declared; the others go to the first alias that is there.
    A field serves one column only.
    """
    mapping = {
        ours: [theirs] if isinstance(theirs, str) else theirs for ours, theirs in declared.items()
    }
    taken = {name for fields in mapping.values() for name in fields}
    by_form = {_form(name): name for name in sorted(names - taken, reverse=True)}
    for ours, candidates in aliases(kind).items():
        if ours in mapping:
            continue
        for candidate in candidates:
            forms = [_form(part) for part in candidate.split(JOIN)]
            if all(form in by_form for form in forms):
                mapping[ours] = [by_form.pop(form) for form in forms]
                break
    return mapping


def unknown_columns(kind: str, declared: dict[str, str | list[str]]) -> list[str]:
    """Declared columns that are none of ours."""
    return sorted(set(declared) - set(aliases(kind)))


def _form(name: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", name.lower())
