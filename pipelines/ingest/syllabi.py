"""A record of a source → a row of raw.syllabi, or a reject."""

import re
from pathlib import Path
from typing import Any

from pipelines.ingest.documents import DOCUMENT_TEXT
from pipelines.ingest.records import Record, Reject, content_hash, excerpt
from pipelines.ingest.source import Source
from pipelines.ingest.text import readable

COURSE_CODE = re.compile(
    r"^\W*(?P<code>[A-Z]{2,5}(?: [A-Z]{2,3})?[ -]?\d{2,4}[A-Z]{0,2})\b[ :–—.-]*(?P<title>.*)$"
)
HEADINGS = {
    "description": "Course Description",
    "outcomes": "Learning Outcomes",
    "topics": "Topics",
    "schedule": "Schedule",
    "assessment": "Assessment",
    "materials": "Materials",
    "prerequisites": "Prerequisites",
}
HEADING_MARKS = " #*_\t"


def syllabus_row(record: Record, values: dict[str, str], source: Source) -> dict[str, Any] | Reject:
    """The row that `record` makes, its fields already under our names.

    A document gives its code and title in its front matter or first lines ("NUR 101: Care");
    where it names no code, its file name serves.
    """
    is_document = DOCUMENT_TEXT in record.fields
    body = readable(record.fields[DOCUMENT_TEXT]) if is_document else _sections(values)
    code, title = _code_and_title(record, values, body if is_document else "")
    if not title:
        return _refuse(record, "missing_title", "the course has no title")
    if not code:
        return _refuse(record, "missing_course_code", "the course has no code")
    if not body:
        return _refuse(record, "missing_description", "the course has no description or outcomes")
    text = f"{code}: {title}\n\n{body}"
    return {
        "source_id": source.source_id,
        "source_record_id": f"{code}@{record.locator}",
        "locator": record.locator,
        "institution": source.institution or source.publisher or source.source_id,
        "course_code": code,
        "title": title,
        "text": text,
        "term": values.get("term") or None,
        "credits": _number(values.get("credits")),
        "course_level": values.get("course_level") or None,
        "content_hash": content_hash(text),
    }


def _sections(values: dict[str, str]) -> str:
    return "\n\n".join(
        f"{heading}\n{readable(values[column])}"
        for column, heading in HEADINGS.items()
        if values.get(column)
    )


def _code_and_title(record: Record, values: dict[str, str], body: str) -> tuple[str, str]:
    title = readable(values.get("title", ""))
    code = values.get("course_code", "")
    if not code:
        for line in [title, *body.splitlines()[:5]]:
            match = COURSE_CODE.match(line.strip(HEADING_MARKS))
            if match:
                code = match["code"]
                title = match["title"].strip() if line == title else title or match["title"].strip()
                break
    if body:
        title = title or next((line.strip(HEADING_MARKS) for line in body.splitlines()), "")
        code = code or Path(record.locator).stem
    return re.sub(r"[\s_-]+", " ", code).strip().upper(), title


def _number(value: str | None) -> float | None:
    match = re.search(r"\d+(?:\.\d+)?", value or "")
    return float(match.group()) if match else None


def _refuse(record: Record, reason_code: str, message: str) -> Reject:
    return Reject(record.locator, reason_code, message, excerpt(record.fields))
