"""The fictional labor market: employers, occupations, trends, seasons, and what a posting is about.

Belongs here: facts of a posting (who, what, when, which skills). How it is worded belongs to `ads`,
how it is filed belongs to `posting_sources`.
"""

from __future__ import annotations

import datetime as dt
import functools
import random
from dataclasses import dataclass

from vocabulary import load_yaml

FIRST_DAY = dt.date(2024, 11, 1)
LAST_YEAR_START = dt.date(2025, 11, 1)
LAST_DAY = dt.date(2026, 10, 31)
SPAN_DAYS = (LAST_DAY - FIRST_DAY).days
GROUP_SHARES = {
    "technology": 0.33,
    "health_care": 0.29,
    "manufacturing_trades": 0.23,
    "entertainment": 0.137,
    "agriculture": 0.013,
}
EMPLOYERS_PER_GROUP = {
    "technology": 64,
    "health_care": 58,
    "manufacturing_trades": 56,
    "entertainment": 36,
    "agriculture": 8,
}
NO_SECTOR_SHARE = 0.08
STALE_SHARE = 0.02
POSTINGS_PER_EMPLOYER_AT_SCALE = 12


@dataclass(frozen=True)
class Employer:
    """An invented employer; `style` is the house style of its ads, `domain` ends in .example."""

    name: str
    group: str
    naics_code: str
    town: str
    style: str
    domain: str


@dataclass(frozen=True)
class Posting:
    """What one ad is about. `skills` are vocabulary keys; `pay` is a yearly range in USD."""

    number: int
    employer: Employer
    occupation: str
    soc_code: str
    title: str
    schooling: str
    skills: tuple[str, ...]
    posted_on: dt.date
    valid_through_on: dt.date
    has_sector: bool
    pay: tuple[int, int]


STYLES = ("html_lists", "html_prose", "capital_headings", "bullets", "prose", "dashes")


def employers_in(group: str, postings_n: int) -> int:
    """Number of employers of a sector group in a market of `postings_n` postings."""
    at_scale = int(GROUP_SHARES[group] * postings_n / POSTINGS_PER_EMPLOYER_AT_SCALE)
    words = load_yaml("employers.yml")
    most = len(words["openings"]) * len(words["endings"]) * len(words["kinds"][group])
    return min(max(EMPLOYERS_PER_GROUP[group], at_scale), most)


def telling_digits(naics_code: str) -> int:
    """Digits a NAICS code needs to tell its sector group: four within 541, three elsewhere."""
    return 4 if naics_code.startswith("541") else 3


@functools.cache
def employer(group: str, index: int) -> Employer:
    """The employer with this index; names differ for different indexes of a group."""
    words = load_yaml("employers.yml")
    kinds = words["kinds"][group]
    roots_n = len(words["openings"]) * len(words["endings"])
    offset = list(GROUP_SHARES).index(group) * 157
    root = (index * 367 + offset) % roots_n
    opening = words["openings"][root // len(words["endings"])]
    ending = words["endings"][root % len(words["endings"])]
    kind = kinds[(index % roots_n + index // roots_n) % len(kinds)]
    name = f"{opening}{ending} {kind['name']}"
    chance = random.Random(name)
    return Employer(
        name=name,
        group=group,
        naics_code=kind["naics"][: max(chance.choice((3, 4, 6, 6)), telling_digits(kind["naics"]))],
        town=f"{chance.choice(words['towns'])}, {chance.choice(words['states'])}",
        style=chance.choice(STYLES),
        domain=name.lower().replace("&", "and").replace(" ", "-") + ".example",
    )


@dataclass(frozen=True)
class Trend:
    """A planted trend: the factor at the start and at the end, and how often an ad of the weak year
    (the first of an emerging skill, the last of a fading one) leaves the skill out after all.
    """

    start: float
    end: float
    left_out: float

    def is_weak_on(self, day: dt.date) -> bool:
        """Whether the day is in the year in which the skill is asked less."""
        return (day >= LAST_YEAR_START) == (self.end < self.start)


@functools.cache
def trends_in(group: str) -> dict[str, Trend]:
    """Every planted trend of the sector group by skill."""
    planted = load_yaml("trends.yml").get(group, {})
    return {
        key: Trend(*numbers) for direction in planted.values() for key, numbers in direction.items()
    }


def skill_share(group: str, occupation: str, key: str, elapsed: float) -> float:
    """Share of the occupation's ads that ask for the skill, `elapsed` (0-1) into the 24 months."""
    share = load_yaml("occupations.yml")[group][occupation]["skills"][key]
    trend = trends_in(group).get(key, Trend(1.0, 1.0, 0.0))
    return min(0.96, share * (trend.start + (trend.end - trend.start) * elapsed))


def dated_skills(
    skills: list[str], group: str, occupation: str, day: dt.date, chance: random.Random
) -> list[str]:
    """The skills less those that the day's year leaves out, and with those of its season."""
    trends = trends_in(group)
    kept = [
        key
        for key in skills
        if not (
            key in trends and trends[key].is_weak_on(day) and chance.random() < trends[key].left_out
        )
    ]
    for key, season in load_yaml("seasons.yml").get(group, {}).items():
        share = season["occupations"].get(occupation, 0) if day.month in season["months"] else 0
        if chance.random() < share:
            kept.insert(chance.randint(0, len(kept)), key)
    return kept


def draw_posting(number: int, seed: int, postings_n: int) -> Posting:
    """Posting `number` of the market; it depends on nothing but the three arguments.

    What year and season do to its skills has a chance of its own, so that employers, dates and
    sources stay where they are when that changes.
    """
    chance = random.Random(f"posting {seed} {number}")
    group = chance.choices(list(GROUP_SHARES), list(GROUP_SHARES.values()))[0]
    occupations = load_yaml("occupations.yml")[group]
    occupation = chance.choices(list(occupations), [o["share"] for o in occupations.values()])[0]
    profile = occupations[occupation]
    offset = chance.randrange(SPAN_DAYS + 1)
    posted_on = FIRST_DAY + dt.timedelta(days=offset)
    elapsed = offset / SPAN_DAYS
    skills = [
        key
        for key in profile["skills"]
        if chance.random() < skill_share(group, occupation, key, elapsed)
    ]
    chance.shuffle(skills)
    dating = random.Random(f"dated {seed} {number}")
    skills = dated_skills(skills, group, occupation, posted_on, dating)
    employers_n = employers_in(group, postings_n)
    low, high = profile["pay"]
    bottom = round(chance.uniform(low, (low + high) / 2), -2)
    is_stale = offset < SPAN_DAYS * 0.45 and chance.random() < STALE_SHARE / 0.45
    open_days = SPAN_DAYS - offset + 60 if is_stale else chance.choice((14, 21, 30, 30, 45, 60))
    return Posting(
        number=number,
        employer=employer(group, int(employers_n * chance.random() ** 1.35)),
        occupation=occupation,
        soc_code=profile["soc"],
        title=chance.choice(profile["titles"]),
        schooling=chance.choice(profile["schooling"]),
        skills=tuple(skills),
        posted_on=posted_on,
        valid_through_on=posted_on + dt.timedelta(days=open_days),
        has_sector=chance.random() >= NO_SECTOR_SHARE,
        pay=(int(bottom), int(round(bottom * chance.uniform(1.08, 1.35), -2))),
    )
