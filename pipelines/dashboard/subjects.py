"""What a visitor decides on, looked up in the snapshot: a browser only says which."""

from typing import Any

import polars as pl

from pipelines.dashboard.snapshot import Reading
from pipelines.decisions.records import StoreError, Subject

EVIDENCE = {"postings": "mart.posting_evidence", "courses": "mart.course_evidence"}


def sentence_subject(side: str, row: dict[str, Any], skill_label: str) -> Subject:
    """A sentence as evidence of its skill; `row` is of the evidence table of the side."""
    return Subject(
        "mention", side, row["skill_id"], row["sentence_hash"], skill_label, row["sentence"]
    )


def term_subject(row: dict[str, Any]) -> Subject:
    """Words as a name of their skill; `row` is of mart.term_crosswalk."""
    return Subject(
        "term", row["side"], row["skill_id"], row["term"], row["skill_label"], row["term"]
    )


def course_subject(course: dict[str, Any], skill_id: str, skill_label: str) -> Subject:
    """A skill of a course; `course` is a row of core.courses."""
    said = f"{course['course_code']} {course['title']}"
    return Subject("course_skill", "courses", skill_id, course["course_id"], skill_label, said)


def find_subject(
    reading: Reading, acts: pl.DataFrame, kind: str, side: str, skill_id: str, subject_id: str
) -> Subject:
    """The subject as it is published, or as it was when somebody decided on it.

    Args:
        acts: rows of core.decisions about the skill.

    Raises:
        StoreError: neither the snapshot nor the log has it.
    """
    found = _published(reading, kind, side, skill_id, subject_id)
    if found:
        return found
    decided = acts.filter(
        subject_kind=kind, side=side, skill_id=skill_id, subject_id=subject_id, is_current=True
    )
    for act in decided.to_dicts():
        return Subject(kind, side, skill_id, subject_id, act["skill_label"], act["said"])
    raise StoreError("this is not in the published figures any more: load the page anew")


def _published(
    reading: Reading, kind: str, side: str, skill_id: str, subject_id: str
) -> Subject | None:
    names = reading.rows("core.skill_names", skill_id=skill_id)
    if not names:
        return None
    skill_label = names[0]["skill_label"]
    if kind == "mention" and side in EVIDENCE:
        for row in reading.rows(EVIDENCE[side], skill_id=skill_id, sentence_hash=subject_id):
            return sentence_subject(side, row, skill_label)
    if kind == "term":
        for row in reading.rows(
            "mart.term_crosswalk", skill_id=skill_id, side=side, term=subject_id
        ):
            return term_subject(row)
    if kind == "course_skill":
        for row in reading.rows("core.courses", course_id=subject_id):
            return course_subject(row, skill_id, skill_label)
    return None
