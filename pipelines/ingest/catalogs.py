"""A document that holds several courses → a record for each.

Belongs here: where a course begins in a catalog. Not here: reading the document (`documents`,
`pages`), nor what its row holds (`syllabi`).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.ingest.documents import DOCUMENT_TEXT
from pipelines.ingest.records import Record, Reject, excerpt

HEADING_MARKS = " #*_\t|"
HEAD = re.compile(
    r"^(?P<code>(?P<subject>[A-Z][A-Za-z]{1,4})(?: [A-Z]{2,3})?[ *-]{0,2}\d{1,4}[A-Z]{0,2})"
    r"(?![\w/])[\s|:–—.-]*(?P<title>[A-Z0-9(“\"].*)$"
)
CERTAIN_CODE = re.compile(r"^[A-Z]+[^a-z]*\d{2,}[A-Z]*$")
CREDITS = re.compile(
    r"[\s|,:–—(\[-]*(?P<credits>\d{1,2}(?:\.\d+)?)(?:\s?(?:-|–|to|or)\s?\d{1,2}(?:\.\d+)?)?\s*"
    r"(?:(?:semester|quarter|credit|contact|lecture)[ -]*)*"
    r"(?:credits?|units?|hours?|hrs?|crs?|cr|sh|ch)\b[.)\]\s]*.{0,20}$",
    re.IGNORECASE,
)
NOT_SUBJECTS = frozenset(
    {
        "WEEK", "DAY", "UNIT", "PART", "PAGE", "PP", "CH", "CHAP", "STEP", "LAB", "ROOM", "RM",
        "BLDG", "SUITE", "BOX", "TEL", "FAX", "PHONE", "ISBN", "EXAM", "QUIZ", "TEST", "FALL",
        "TERM", "YEAR", "JAN", "FEB", "MAR", "MARCH", "APR", "APRIL", "MAY", "JUN", "JUNE", "JUL",
        "JULY", "AUG", "SEP", "SEPT", "OCT", "NOV", "DEC", "TABLE", "FIG", "STAGE", "LEVEL",
    }
)  # fmt: skip
LONGEST_TITLE_WORDS = 14
LONGEST_REST_OF_HEAD_WORDS = 8
FEWEST_WORDS_BELOW = 6
FEWEST_COURSES_WITH_CREDITS = 2
FEWEST_COURSES = 3


@dataclass(frozen=True)
class Head:
    """The line a course begins with, and where that line and the course's text begin."""

    code: str
    title: str
    credits: str
    start: int
    text_start: int


@dataclass(frozen=True)
class Course:
    """A head with the text below it."""

    head: Head
    text: str

    @property
    def is_described(self) -> bool:
        return len(self.text.split()) >= FEWEST_WORDS_BELOW


def split_catalog(record: Record) -> Iterator[Record | Reject]:
    """`record` itself, or the courses of its document where it is a catalog.

    A catalog has two courses or more whose heads name code, title and credits ("NUR 101 Care (4
    credits)"), or three whose heads name code and title, each with text below. What stands before
    the first head is no course; a head without text is one refused, unless the course is described
    elsewhere in the document.
    """
    text = record.fields.get(DOCUMENT_TEXT)
    is_one_course = "course_code" in record.fields
    courses = list(_courses(text)) if isinstance(text, str) and not is_one_course else []
    described = {course.head.code for course in courses if course.is_described}
    with_credits = {c.head.code for c in courses if c.is_described and c.head.credits}
    if len(with_credits) < FEWEST_COURSES_WITH_CREDITS and len(described) < FEWEST_COURSES:
        yield record
        return
    refused: set[str] = set()
    for number, course in enumerate(courses, start=1):
        place = f"{record.locator}:{_page(record, course.head.start)}course {number}"
        if course.is_described:
            yield Record(place, record.fields | _fields(course))
        elif course.head.code not in described | refused:
            refused.add(course.head.code)
            said = f"{course.head.code} {course.head.title}"
            message = "the catalog names the course and does not describe it"
            yield Reject(place, "missing_description", message, excerpt(said))


def _courses(text: str) -> Iterator[Course]:
    heads = list(_heads(text))
    ends = [*(head.start for head in heads), len(text)][1:]
    for head, end in zip(heads, ends, strict=False):
        yield Course(head, _without_trailing_headings(text[head.text_start : end]))


def _heads(text: str) -> Iterator[Head]:
    """The heads in `text`: those with credits where that is how most are written. A head that
    repeats the one before it (on a new page) is none."""
    heads = list(_likely_heads(text))
    with_credits = [head for head in heads if head.credits]
    is_usual = len(with_credits) >= max(FEWEST_COURSES_WITH_CREDITS, len(heads) / 2)
    last_code = ""
    for head in with_credits if is_usual else heads:
        if head.code != last_code:
            yield head
        last_code = head.code


def _likely_heads(text: str) -> Iterator[Head]:
    lines = text.splitlines(keepends=True)
    offset = 0
    for line, next_line in zip(lines, [*lines[1:], ""], strict=True):
        if head := _head_over(line, next_line, offset):
            yield head
        offset += len(line)


def _head_over(line: str, next_line: str, offset: int) -> Head | None:
    """The head that `line` is, alone or with a short next line that ends with the credits."""
    rest = next_line.strip()
    is_rest = 0 < len(rest.split()) <= LONGEST_REST_OF_HEAD_WORDS and CREDITS.search(rest)
    if is_rest and not HEAD.match(rest) and not CREDITS.search(line):
        return _head(f"{line.rstrip()} {rest}", offset, len(line) + len(next_line))
    return _head(line, offset, len(line))


def _head(line: str, offset: int, length: int) -> Head | None:
    match = HEAD.match(line.strip().strip(HEADING_MARKS))
    if not match or match["subject"].upper() in NOT_SUBJECTS:
        return None
    said = CREDITS.search(match["title"])
    title = (match["title"][: said.start()] if said else match["title"]).strip(" .:|-–—")
    is_title = title and len(title.split()) <= LONGEST_TITLE_WORDS
    is_certain = CERTAIN_CODE.match(match["code"]) and match["title"].rstrip()[-1:] not in ".,;:?!"
    if not is_title or not (said or is_certain):
        return None
    code = re.sub(r"[\s*_-]+", " ", match["code"]).upper()
    return Head(code, title, said["credits"] if said else "", offset, offset + length)


def _without_trailing_headings(text: str) -> str:
    """`text` without the heading of the next subject at its end."""
    lines = text.strip().splitlines()
    while lines and (not lines[-1].strip() or lines[-1].isupper()):
        lines.pop()
    return "\n".join(lines)


def _fields(course: Course) -> dict[str, str]:
    fields = {
        "course_code": course.head.code,
        "title": course.head.title,
        "credits": course.head.credits,
        DOCUMENT_TEXT: course.text,
    }
    return {name: value for name, value in fields.items() if value}


def _page(record: Record, at: int) -> str:
    return f"page {bisect_right(record.page_starts, at)}, " if record.page_starts else ""
