"""The log of reviewers' decisions: only ever added to; the latest on a subject counts."""

import polars as pl
from sqlalchemy import Connection, insert, select

from pipelines.contracts import TABLES
from pipelines.contracts.rules import DECISION_SUBJECTS, DEPTHS, SIDES, VERDICTS
from pipelines.decisions.records import (
    MAX_NAME_CHARACTERS,
    MAX_NOTE_CHARACTERS,
    StoreError,
    Subject,
)
from pipelines.decisions.store import DECISIONS, Database, find_store, now

LOG = TABLES["core.decisions"]
SUBJECT_COLUMNS = ["subject_kind", "side", "skill_id", "subject_id"]
"""What two acts on the same subject have in common."""


def decide(
    database: Database,
    subject: Subject,
    verdict: str,
    *,
    reviewer: str,
    note: str = "",
    depth: str | None = None,
) -> int:
    """Add an act to the log and return its number.

    Args:
        depth: how deep the course goes, where a skill is accepted for it.

    Raises:
        StoreError: the act makes no sense, or the database refuses.
    """
    needs_depth = (subject.kind, verdict) == ("course_skill", "accept")
    if subject.kind not in DECISION_SUBJECTS or subject.side not in SIDES:
        raise StoreError(f"nobody decides on a {subject.kind} of {subject.side}")
    if verdict not in VERDICTS:
        raise StoreError(f"'{verdict}' is no verdict: {', '.join(VERDICTS)}")
    if needs_depth != (depth in DEPTHS):
        raise StoreError(f"accepting a skill for a course takes a depth: {', '.join(DEPTHS)}")
    if not 0 < len(reviewer.strip()) <= MAX_NAME_CHARACTERS:
        raise StoreError(f"a reviewer has a name of up to {MAX_NAME_CHARACTERS} characters")
    if len(note) > MAX_NOTE_CHARACTERS:
        raise StoreError(f"a note has up to {MAX_NOTE_CHARACTERS:,} characters")
    act = (
        insert(DECISIONS)
        .returning(DECISIONS.c.decision_id)
        .values(
            decided_at=now(),
            reviewer=reviewer.strip(),
            subject_kind=subject.kind,
            side=subject.side,
            skill_id=subject.skill_id,
            subject_id=subject.subject_id,
            skill_label=subject.skill_label,
            said=subject.said,
            verdict=verdict,
            depth=depth,
            note=note.strip(),
        )
    )
    with database.writing() as connection:
        if verdict == "withdrawn" and _standing(connection, subject) in (None, "withdrawn"):
            raise StoreError("there is nothing to withdraw")
        return connection.execute(act).scalar_one()


def all_acts(database: Database, skill_id: str | None = None) -> pl.DataFrame:
    """The log as rows of core.decisions, earliest first: all of it, or what is about one skill."""
    acts = select(DECISIONS).order_by(DECISIONS.c.decision_id)
    if skill_id is not None:
        acts = acts.where(DECISIONS.c.skill_id == skill_id)
    with database.reading() as connection:
        rows = connection.execute(acts).all()
    return with_current(pl.DataFrame(map(tuple, rows), _stored_schema(), orient="row"))


def read_log(url: str) -> pl.DataFrame:
    """The whole log of the store at `url` as rows of core.decisions; none where it is missing.

    Raises:
        StoreError: the database cannot be asked.
    """
    database = find_store(url)
    return all_acts(database) if database else LOG.conform(_no_acts())


def with_current(acts: pl.DataFrame) -> pl.DataFrame:
    """`acts` as rows of core.decisions: the act with the highest number on a subject is current."""
    latest = pl.col("decision_id").max().over(SUBJECT_COLUMNS)
    return LOG.conform(acts.with_columns(is_current=pl.col("decision_id") == latest))


def with_state(acts: pl.DataFrame, applied: pl.DataFrame) -> pl.DataFrame:
    """`acts` with their state: replaced by a later act, applied by a run, or pending until one.

    Args:
        applied: the rows of core.decisions that are published.
    """
    same = ["decision_id", "decided_at"]
    known = applied.select(*same, is_applied=pl.lit(True))
    return acts.join(known, on=same, how="left", maintain_order="left").select(
        *acts.columns,
        state=pl.when(~pl.col("is_current"))
        .then(pl.lit("replaced"))
        .when(pl.col("is_applied"))
        .then(pl.lit("applied"))
        .otherwise(pl.lit("pending")),
    )


def _standing(connection: Connection, subject: Subject) -> str | None:
    """The verdict that counts on a subject."""
    same = (
        DECISIONS.c.subject_kind == subject.kind,
        DECISIONS.c.side == subject.side,
        DECISIONS.c.skill_id == subject.skill_id,
        DECISIONS.c.subject_id == subject.subject_id,
    )
    latest_first = DECISIONS.c.decision_id.desc()
    latest = select(DECISIONS.c.verdict).where(*same).order_by(latest_first).limit(1)
    return connection.execute(latest).scalar_one_or_none()


def _stored_schema() -> dict[str, pl.DataType]:
    return {column.name: LOG.polars_schema[column.name] for column in DECISIONS.columns}


def _no_acts() -> pl.DataFrame:
    return pl.DataFrame(schema=LOG.polars_schema)
