"""Countries and US states in the ways that sources write them.

Belongs here: ISO 3166 codes of a place. Does not belong here: geocoding, distances.
"""

import re
from functools import cache
from typing import NamedTuple

import pycountry

_OTHER_NAMES = {
    "usa": "US", "us": "US", "u s": "US", "u s a": "US", "america": "US",
    "united states of america": "US", "uk": "GB", "u k": "GB", "great britain": "GB",
    "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "south korea": "KR", "korea": "KR", "russia": "RU", "czech republic": "CZ", "turkey": "TR",
}  # fmt: skip
_STATE_CODE = re.compile(r"[,\s(]([A-Z]{2})\b(?:\s+\d{5}(?:-\d{4})?)?\s*(?:,|\)|$)")


class Place(NamedTuple):
    """ISO 3166-1 alpha-2 country and, in the United States, the state's two letters."""

    country_code: str | None
    state_code: str | None


def parse_place(location: str | None, country: str | None) -> Place:
    """The country and state of a place as written; None for what it does not say.

    A US state says its country unless the source names another.
    """
    named = _countries().get(_key(country)) or next(
        (code for part in reversed(_parts(location)) if (code := _country_in_place(part))), None
    )
    state = _state(location or "") if named in (None, "US") else None
    return Place(named or ("US" if state else None), state)


def _parts(location: str | None) -> list[str]:
    return [part for part in re.split(r"[,;|/\n]| - ", location or "") if part.strip()]


def _key(name: str | None) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", (name or "").casefold()).split())


def _country_in_place(part: str) -> str | None:
    """The country a part of a place names; what is also a state's name or code is the state's."""
    key = _key(part)
    states = _states()
    is_state = key in states or key.upper() in states.values()
    return None if is_state else _countries().get(key)


def _state(location: str) -> str | None:
    for part in _parts(location):
        code = _states().get(" ".join(part.casefold().split()))
        if code:
            return code
    written = _STATE_CODE.search(f" {location}")
    return written.group(1) if written and written.group(1) in _states().values() else None


@cache
def _countries() -> dict[str, str]:
    codes = dict(_OTHER_NAMES)
    for country in pycountry.countries:
        names = {country.name, country.alpha_3, getattr(country, "common_name", country.name)}
        codes |= {name.casefold(): country.alpha_2 for name in names}
        codes[country.alpha_2.casefold()] = country.alpha_2
    return codes


@cache
def _states() -> dict[str, str]:
    return {
        state.name.casefold(): state.code.removeprefix("US-")
        for state in pycountry.subdivisions.get(country_code="US")
    }
