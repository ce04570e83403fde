"""Which one-word labels are trusted in a text, and the rule for those that are not.

Belongs here: classes of words and the corroboration rule, free of spaCy.
Does not belong here: finding the words (`components.matcher`) or lists of items (`components`).

Class of a one-word label (`word_class`), first line that applies:

* ``never``: in ``ambiguous_words.csv`` as such; not looked for.
* ``tool``: listed, or a software name (or one of one or two letters) that is also an English word
  with a Zipf frequency of at least 3.3 (`word_frequencies.csv`): ``Excel``, ``R``, ``Go``.
* ``cased``: listed as ``name`` (``Python``, ``Cisco``: capitalized they are nothing else in an
  ad), software names with a frequency of 2.5–3.3; abbreviations of up to five capitals.
* ``common``: listed, a language name, or any other word of frequency 3.3 or more: ``energy``.
* ``plain``: everything else, and the words listed as ``subject`` (``physics``, ``accounting``).

The rule (`is_corroborated`):

* plain: counts when it is an inflection of the label (`normalization.same_word`).
* cased: counts when it is also written exactly as the label, unless what surrounds it is hardly a
  tool's (`tool_context`). In a line of capitals capitals are enough, and the rule for tools holds.
* tool: as cased, and one of: what surrounds it is likely a tool's (`SURE_CONTEXT`); a software cue
  right before it (``experience with``, ``fluent in``, ``using``, ``Microsoft``) or right after it
  (``programming``, ``spreadsheets``); or the sentence holds another software name.
* common: as plain (a language's name only as it is: not *polishing*), and one of: the tagger is
  sure (`SURE_TAGGED`); a knowledge cue right before it (``knowledge of``, ``theory of``) or after
  it (``skills``, ``theory``); or it stands in a list beside a trusted mention whose concept shares
  a skill group with it.

Labels of two words or more need no corroboration.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

WordClass = Literal["plain", "cased", "tool", "common", "never"]

SURE_TAGGED = 0.8
"""From this probability on the tagger's word corroborates a common word; by the shipped cases."""
SURE_CONTEXT, HARDLY_CONTEXT = 0.6, 0.15
"""From the first chance on that they are a tool's, surroundings corroborate an ambiguous name;
below the second they speak against any. By `training.tool_context`'s sentences, each word's unseen:
.74 of the tools and .10 of the others reach the first, .97 and .59 the second.
"""
UNKNOWN_CONTEXT = 0.5
"""Where nothing is tagged, surroundings speak neither for nor against."""
NAMED_ODDS = 28 / 5
"""Odds that a name which is nothing else in an ad is asked for, whatever surrounds it: 28 of 33
labels of tools judged by hand were right."""
COMMON_ZIPF = 3.3
CASED_ZIPF = 2.5
_MAKERS = frozenset({"Microsoft", "Adobe", "Apache", "Autodesk", "Google", "Oracle", "IBM"})
_DATA = Path(__file__).parent / "data"
_LISTED: Mapping[str, WordClass] = {
    "never": "never",
    "tool": "tool",
    "name": "cased",
    "common": "common",
    "language": "common",
    "subject": "plain",
    "trusted": "plain",
}

_LINK = (
    r"(?:\s+(?:with|in|of|on|to|using|and|the|a|an|such\s+as|including|like|e\.g\.|"
    r"basic|advanced))*"
)
_TOOL_BEFORE = re.compile(
    r"(?:\b(?:experience|experienced|proficien\w+|knowledge|skill\w*|skilled|familiar\w*|expertise|"
    r"understanding|competen\w+|certifi\w+|trained|training|using|use|uses|fluen\w+|written|"
    r"programming|coding|software|package\w*|tools?|languages?|applications?|systems?)"
    r"(?:\s+(?:language|languages|software|tools?|packages?|applications?))?"
    + _LINK
    + r"|\b(?:Microsoft|MS|Adobe|Apache|Autodesk|Google|Oracle|IBM|Atlassian|Avid))[\s:(]*$",
    re.IGNORECASE,
)
_TOOL_AFTER = re.compile(
    r"^[\s)]*(?:programming|language|software|spreadsheets?|scripts?|scripting|developer|engineer|"
    r"framework|database|databases|applications?|skills?|experience|EHR|EMR|charting|certified)\b",
    re.IGNORECASE,
)
_KNOWLEDGE_BEFORE = re.compile(
    r"\b(?:knowledge|principles|fundamentals|understanding|introduction|expertise|skills?|theory|"
    r"theories|competen\w+|proficien\w+|fluen\w+|concepts|basics|elements|background|degree|speak\w*|"
    r"study|training|trained|experience|qualified|survey)\s+(?:in|of|to|with)"
    r"(?:\s+(?:the|basic|advanced|general|applied))*\s*$",
    re.IGNORECASE,
)
_KNOWLEDGE_AFTER = re.compile(
    r"^\s*(?:skills?|theory|theories|techniques|principles|concepts|fundamentals|proficiency|"
    r"speaking|speaker)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class WordLists:
    """Classes by lower-case word and Zipf frequencies by lower-case word (absent means rare)."""

    listed: Mapping[str, str]
    zipf_frequency: Mapping[str, float]


@cache
def shipped_word_lists(directory: Path = _DATA) -> WordLists:
    """The lists of ``ambiguous_words.csv`` and ``word_frequencies.csv``."""
    with (directory / "ambiguous_words.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["word"]: row["kind"] for row in csv.DictReader(file)}
    with (directory / "word_frequencies.csv").open(encoding="utf-8", newline="") as file:
        zipf = {row["word"]: float(row["zipf_frequency"]) for row in csv.DictReader(file)}
    return WordLists(listed, zipf)


def word_class(label: str, is_software: bool, lists: WordLists) -> WordClass:
    """Class of a one-word label, as the module's docstring defines it."""
    word = label.lower()
    kind = lists.listed.get(word)
    if kind is not None:
        if kind == "subject" and is_software and label != word:
            return "cased"
        return _LISTED[kind]
    zipf = lists.zipf_frequency.get(word, 0.0)
    if (len(label) <= 2 and label.isalpha()) or (is_software and zipf >= COMMON_ZIPF):
        return "tool"
    if label.isupper() and len(label) <= 5:
        return "cased"
    if zipf >= COMMON_ZIPF:
        return "common"
    return "cased" if is_software and zipf >= CASED_ZIPF else "plain"


def is_trusted_alternative(label: str, preferred_label: str, lists: WordLists) -> bool:
    """Whether a one-word alternative label says the same as its concept's preferred label.

    ESCO gives single words as alternatives of concepts they only hint at (``power`` or ``current``
    for *electricity principles*). Kept are: abbreviations made of the preferred label's initials,
    the name after a maker (``Access`` of *Microsoft Access*), words as long as a one-word
    preferred label that begin with its first five letters, and listed ones.
    """
    if lists.listed.get(label.lower()) == "trusted":
        return True
    parts = re.findall(r"[A-Za-z]+", preferred_label)
    if len(parts) > 1 and parts[0] in _MAKERS and parts[-1] == label:
        return True
    if label.isupper() and len(label) >= 3:
        initials = "".join(part[0] for part in parts).upper()
        return label in initials
    shared = label.lower()[:5]
    return (
        len(parts) == 1
        and len(parts[0]) <= len(label)
        and len(shared) == 5
        and parts[0].lower().startswith(shared)
    )


def has_cue(kind: WordClass, before: str, after: str) -> bool:
    """Whether the words right before or after an ambiguous word in its sentence corroborate it."""
    if kind == "tool":
        return bool(_TOOL_BEFORE.search(before) or _TOOL_AFTER.match(after))
    return bool(_KNOWLEDGE_BEFORE.search(before) or _KNOWLEDGE_AFTER.match(after))


@dataclass(frozen=True)
class Evidence:
    """What speaks for a candidate: text `before` and `after` it in its sentence, and around it.

    `tagged` is the tagger's probability that it lies in words that name a skill, `context` that its
    surroundings are a tool's; `is_in_capitals` says that its line is.
    """

    before: str
    after: str
    tagged: float
    context: float
    is_in_capitals: bool
    is_beside_software: bool
    is_beside_same_group: bool


def needs_evidence(kind: WordClass, is_software: bool) -> bool:
    """Whether a candidate counts only by what stands around it."""
    return kind in ("tool", "common") or (kind == "cased" and is_software)


def is_corroborated(kind: WordClass, evidence: Evidence) -> bool:
    """The rule for a word that `needs_evidence` (see the module docstring)."""
    if kind == "common":
        return (
            evidence.is_beside_same_group
            or evidence.tagged >= SURE_TAGGED
            or has_cue(kind, evidence.before, evidence.after)
        )
    if evidence.context < HARDLY_CONTEXT:
        return False
    return (
        (kind == "cased" and not evidence.is_in_capitals)
        or evidence.context >= SURE_CONTEXT
        or evidence.is_beside_software
        or has_cue("tool", evidence.before, evidence.after)
    )


def tool_chance(kind: WordClass, context: float) -> float:
    """The chance that a corroborated name is a tool that is asked for or taught.

    `context` takes tools and others to be equally frequent, as ambiguous names roughly are.
    """
    odds = context / (1 - context) * (1 if kind == "tool" else NAMED_ODDS)
    return odds / (1 + odds)
