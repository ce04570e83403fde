"""Addresses: a view is its URL, so that it can be sent. Reading queries, writing links."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

OVERVIEW, SECTOR, PROGRAM, SKILL, DATA = "/", "/sector", "/program", "/skill", "/data"
BALLOT, DECISIONS = "/ballot", "/decisions"
LONGEST_VALUE = 300
MOST_VALUES = 200


@dataclass(frozen=True)
class Query:
    """What stands behind the question mark; values are text from outside and nothing more."""

    values: dict[str, list[str]]

    @classmethod
    def of(cls, search: str | None) -> "Query":
        """From the address's "?..."; what is too long to be meant is left out."""
        try:
            parsed = parse_qs((search or "").lstrip("?"), max_num_fields=MOST_VALUES)
        except ValueError:
            return cls({})
        return cls(
            {
                name: [value for value in values if len(value) <= LONGEST_VALUE]
                for name, values in parsed.items()
            }
        )

    def one(self, name: str) -> str:
        """The first value of this name, empty where there is none."""
        return next(iter(self.many(name)), "")

    def many(self, name: str) -> list[str]:
        """All values of this name, in order."""
        return self.values.get(name, [])

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """The value if it is one of `choices`, else the first of these."""
        value = self.one(name)
        return value if value in choices else choices[0]


def link(path: str, values: dict[str, str | list[str]] | None = None) -> str:
    """The address of a page with these values; empty ones are left out."""
    query = urlencode({name: value for name, value in (values or {}).items() if value}, doseq=True)
    return f"{path}?{query}" if query else path
