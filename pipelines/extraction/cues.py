"""What a sentence's words say about a mention in it: requirement, depth, negation.

Belongs here: the readable tables beside this module and the rules over them.
Does not belong here: finding sections (`sections`) or skills (`skills_taxonomy`).
"""

import csv
import re
from functools import cache

from pipelines.extraction.patterns import DATA, read_patterns

_SECTION_REQUIREMENT = {"requirements": "required", "preferred": "preferred"}
_NEGATION = re.compile(
    r"\b(?:no|not|without|don'?t|doesn'?t|isn'?t|aren'?t|never)\b[^.,;]{0,50}?"
    r"\b(?:experience|knowledge|skills?|training|qualifications?|background|degree|licen[cs]e)\b"
    r"[^.;]{0,60}?\b(?:needed|required|necessary|essential|expected|mandatory)\b"
    r"|\bno (?:previous |prior )?[^.,;]{0,40}?\bexperience\b"
    r"|\b(?:is|are) not (?:needed|required|necessary|essential|expected)\b"
    r"|\b(?<!but )not (?:required|necessary|essential)\b",
    re.IGNORECASE,
)
_NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        start=1,
    )
}
_YEARS = re.compile(
    rf"\b(?P<number>\d{{1,2}}(?:\.5)?|{'|'.join(_NUMBERS)})\b"
    r"(?:\s*\(\d{1,2}\))?(?:\s*(?:\+|plus|or more|to|-|–)\s*(?:\d{1,2}\b)?)?"
    r"(?:\s+full[- ]time)?\s*years?\b",
    re.IGNORECASE,
)
_EXPERIENCE = re.compile(r"\bexperience|\bpracti[cs]e|\bworking (?:in|with|as)\b", re.IGNORECASE)
_NEGATIVE_WORDS = ("no ", "not ", "n't", "nt ", "without", "never")
_CLAUSE_BREAK = re.compile(r"[.;]|,?\s+\b(?:but|however|although|though)\b|,\s+(?:just|only)\b")


def requirement_of(sentence: str, section: str) -> str:
    """``preferred``, ``required`` or ``unstated``: cue words first, then the section.

    Cue words are those of ``requirement_cues.csv``; preferred wins over required.
    """
    cued = read_patterns("requirement_cues.csv", "requirement").first(sentence)
    return cued or _SECTION_REQUIREMENT.get(section, "unstated")


def depth_of(sentence: str, section: str) -> str:
    """``mentioned``, ``introduced``, ``practiced`` or ``assessed``.

    The first row of ``depth_rules.csv`` for the section whose ``sentence_shows`` holds; what an
    action verb or a practice cue is, ``depth_verbs.csv`` says.
    """
    shown = {"anything", *read_patterns("depth_verbs.csv", "sentence_shows").all(sentence)}
    for row_section, shows, depth in _depth_rules():
        if row_section == section and shows in shown:
            return depth
    return "mentioned"


def years_asked(sentence: str) -> float | None:
    """The least years of experience a sentence asks for, e.g. 3 for ``3-5 years``; None if none."""
    found = [
        _number(match.group("number"))
        for match in _YEARS.finditer(sentence)
        if _EXPERIENCE.search(sentence)
    ]
    return min(found) if found else None


def _number(text: str) -> float:
    return float(_NUMBERS.get(text.lower(), 0) or text)


def negated_ranges(sentence: str) -> list[tuple[int, int]]:
    """Character ranges of `sentence` whose skills are said not to be needed (whole clauses)."""
    ranges: list[tuple[int, int]] = []
    if not any(word in sentence.lower() for word in _NEGATIVE_WORDS):
        return ranges
    for match in _NEGATION.finditer(sentence):
        breaks = [m.span() for m in _CLAUSE_BREAK.finditer(sentence)]
        comma = sentence.rfind(", ", 0, match.start())
        start = max([end for _, end in breaks if end <= match.start()] + [comma + 1])
        stop = min((begin for begin, _ in breaks if begin >= match.end()), default=len(sentence))
        ranges.append((start, stop))
    return ranges


def is_part_of_name(before: str, after: str) -> bool:
    """Whether the words around a mention make it a department, a job title or a degree.

    ``Cardiology department``, ``mental health nurse``, ``Bachelor of Science in biology``: patterns
    of ``name_cues.csv`` over the sentence's text before and after the mention.
    """
    return any(
        read_patterns("name_cues.csv", "why", ("side", side)).first(text) is not None
        for side, text in (("before", before), ("after", after))
    )


@cache
def _depth_rules() -> tuple[tuple[str, str, str], ...]:
    with (DATA / "depth_rules.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            (row["section"], row["sentence_shows"], row["depth"]) for row in csv.DictReader(file)
        )
