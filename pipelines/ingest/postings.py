"""A record of a source → a row of raw.postings, or a reject."""

import re
from datetime import UTC, date, datetime
from typing import Any

from pipelines.ingest.dates import parse_date
from pipelines.ingest.documents import DOCUMENT_TEXT
from pipelines.ingest.employers import employer_id
from pipelines.ingest.geography import parse_place
from pipelines.ingest.pay import parse_pay
from pipelines.ingest.personal_data import mask_personal_data
from pipelines.ingest.records import Record, Reject, content_hash, excerpt
from pipelines.ingest.source import Source
from pipelines.ingest.text import readable

LONGEST_TITLE = 150
DATE_ADVICE = "Dates are best written as 2026-10-31"


def posting_row(record: Record, values: dict[str, str], source: Source) -> dict[str, Any] | Reject:
    """The row that `record` makes, its fields already under our names.

    Where a source has no title column, the first line of the description serves as title.
    """
    description = values.get("description", "")
    if not description:
        return _refuse(record, "missing_description", "the record has no description")
    text = readable(description)
    title = readable(values["title"]) if "title" in values else _first_line(text)
    if not title:
        return _refuse(record, "missing_title", "the record has no title")
    if not text:
        return _refuse(record, "missing_description", "the description holds no text")
    values = values | _found_by_pattern(source, text)
    try:
        posted_on = parse_date(values.get("posted_on"), day_first=source.day_first)
        valid_through_on = parse_date(values.get("valid_through_on"), day_first=source.day_first)
    except ValueError as error:
        return _refuse(record, "bad_date", f"{error}. {DATE_ADVICE}")
    if posted_on and posted_on > datetime.now(UTC).date():
        message = f"posted_on {posted_on} lies in the future. {DATE_ADVICE}"
        return _refuse(record, "bad_date", message, acceptable_on=posted_on)
    employer = readable(values.get("employer") or "") or None
    if source.masked_employers:
        employer = f"(masked {record.locator})"
    title, text = mask_personal_data(title), mask_personal_data(text)
    place = parse_place(values.get("location"), values.get("country"))
    pay = parse_pay(values.get("salary"), place.country_code)
    return {
        "source_id": source.source_id,
        "source_record_id": values.get("source_record_id") or record.locator,
        "locator": record.locator,
        "title": title,
        "description": mask_personal_data(description),
        "text": text if text.startswith(title) else f"{title}\n\n{text}",
        "employer": employer,
        "employer_id": employer_id(employer),
        "posted_on": posted_on,
        "valid_through_on": valid_through_on,
        "naics_code": _naics(values.get("naics_code")),
        "default_naics_code": source.naics_code,
        "industry": readable(values.get("industry") or "") or None,
        "location": values.get("location") or None,
        "country": values.get("country") or None,
        "country_code": place.country_code,
        "state_code": place.state_code,
        "salary": values.get("salary") or None,
        "pay_low_usd_year": pay.low_usd_year if pay else None,
        "pay_high_usd_year": pay.high_usd_year if pay else None,
        "url": values.get("url") or None,
        "content_hash": content_hash(title, text, employer, values.get("location")),
    }


def _found_by_pattern(source: Source, text: str) -> dict[str, str]:
    found = {}
    for column, pattern in source.patterns.items():
        match = re.search(pattern, text)
        if match:
            found[column] = match.group(1)
    return found


def _first_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "")[:LONGEST_TITLE]


def _naics(code: str | None) -> str | None:
    digits = re.match(r"\d{2,6}", (code or "").strip())
    return digits.group() if digits else None


def _refuse(
    record: Record, reason_code: str, message: str, acceptable_on: date | None = None
) -> Reject:
    said = record.fields.get(DOCUMENT_TEXT, record.fields)
    return Reject(record.locator, reason_code, message, excerpt(said), acceptable_on)
