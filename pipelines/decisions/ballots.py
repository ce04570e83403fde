"""Ballots of an employer advisory board: opened, voted on by many at once, closed, counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

import polars as pl
from sqlalchemy import Connection, delete, func, insert, select, update

from pipelines.contracts.rules import BALLOT_ANSWERS
from pipelines.decisions.records import (
    MAX_NAME_CHARACTERS,
    Ballot,
    BallotSkill,
    StoreError,
    Tally,
    User,
)
from pipelines.decisions.store import BALLOT_SKILLS, BALLOTS, VOTES, Database, now


def open_ballot(
    database: Database,
    title: str,
    skills: Sequence[BallotSkill],
    *,
    sector_code: str,
    program_id: str,
    opened_by: str,
) -> int:
    """Open a ballot over the skills, in their order, and return its number.

    Raises:
        StoreError: it has no title or no skills, or the database refuses.
    """
    if not title.strip() or not skills:
        raise StoreError("a ballot needs a title and at least one skill")
    ballot = (
        insert(BALLOTS)
        .returning(BALLOTS.c.ballot_id)
        .values(
            title=title.strip(),
            sector_code=sector_code,
            program_id=program_id,
            opened_by=opened_by,
            opened_at=now(),
        )
    )
    with database.writing() as connection:
        ballot_id = connection.execute(ballot).scalar_one()
        rows = [
            {"ballot_id": ballot_id, "skill_n": number, **asdict(skill)}
            for number, skill in enumerate(skills, start=1)
        ]
        connection.execute(insert(BALLOT_SKILLS), rows)
    return ballot_id


def close_ballot(database: Database, ballot_id: int, by: User) -> None:
    """Close the ballot: from now on its votes stay as they are.

    Raises:
        StoreError: there is none, it is closed, or somebody else's and `by` is no admin.
    """
    with database.writing() as connection:
        ballot = _open_ballot(connection, ballot_id)
        if ballot.opened_by != by.name and not by.may("admin"):
            raise StoreError(f"{ballot.opened_by} opened this ballot: they or an admin close it")
        closed = update(BALLOTS).where(BALLOTS.c.ballot_id == ballot_id).values(closed_at=now())
        connection.execute(closed)


def vote(database: Database, ballot_id: int, skill_id: str, voter: str, answer: str | None) -> None:
    """Record what `voter` says of a skill, in place of what they said before; None takes it back.

    Raises:
        StoreError: the ballot is closed, or it has no such skill, or the answer is none.
    """
    voter = voter.strip()
    if answer is not None and answer not in BALLOT_ANSWERS:
        raise StoreError(f"'{answer}' is no answer: {', '.join(BALLOT_ANSWERS)}")
    if not 0 < len(voter) <= MAX_NAME_CHARACTERS:
        raise StoreError(f"a voter has a name of up to {MAX_NAME_CHARACTERS} characters")
    key = {"ballot_id": ballot_id, "skill_id": skill_id, "voter": voter}
    with database.writing() as connection:
        ballot = _open_ballot(connection, ballot_id)
        if skill_id not in {skill.skill_id for skill in ballot.skills}:
            raise StoreError("this ballot does not ask about that skill")
        connection.execute(delete(VOTES).where(*(VOTES.c[name] == key[name] for name in key)))
        if answer:
            connection.execute(insert(VOTES).values(answer=answer, voted_at=now(), **key))


def ballots(database: Database) -> list[Ballot]:
    """All ballots, the latest first."""
    with database.reading() as connection:
        ids = connection.scalars(
            select(BALLOTS.c.ballot_id).order_by(BALLOTS.c.ballot_id.desc())
        ).all()
        return [_ballot(connection, ballot_id) for ballot_id in ids]


def ballot(database: Database, ballot_id: int) -> Ballot:
    """One ballot. Raises StoreError where there is none of this number."""
    with database.reading() as connection:
        return _ballot(connection, ballot_id)


def answers(database: Database, ballot_id: int, voter: str) -> dict[str, str]:
    """What a voter has said: skill_id → answer."""
    said = select(VOTES.c.skill_id, VOTES.c.answer).where(
        VOTES.c.ballot_id == ballot_id, VOTES.c.voter == voter.strip()
    )
    with database.reading() as connection:
        return {row.skill_id: row.answer for row in connection.execute(said)}


def tallies(database: Database, ballot_id: int) -> list[Tally]:
    """The votes on every skill of a ballot, in its order."""
    counted = (
        select(VOTES.c.skill_id, VOTES.c.answer, func.count())
        .where(VOTES.c.ballot_id == ballot_id)
        .group_by(VOTES.c.skill_id, VOTES.c.answer)
    )
    with database.reading() as connection:
        skills = _ballot(connection, ballot_id).skills
        votes_n = Counter({(skill, said): n for skill, said, n in connection.execute(counted)})
    return [
        Tally(skill, *(votes_n[skill.skill_id, answer] for answer in BALLOT_ANSWERS))
        for skill in skills
    ]


def voters_n(database: Database, ballot_id: int) -> int:
    """How many people have voted."""
    people = select(func.count(VOTES.c.voter.distinct())).where(VOTES.c.ballot_id == ballot_id)
    with database.reading() as connection:
        return connection.execute(people).scalar_one()


def results(database: Database, ballot_id: int) -> pl.DataFrame:
    """One row a skill of the ballot: the postings' share with its interval (0-1), the votes, the
    share of yes (0-1, none without a yes or no), and how the two disagree."""
    return pl.DataFrame(
        [
            {
                **asdict(tally.skill),
                "yes_n": tally.yes_n,
                "no_n": tally.no_n,
                "not_sure_n": tally.not_sure_n,
                "yes_share": tally.yes_share,
                "disagreement": tally.disagreement,
            }
            for tally in tallies(database, ballot_id)
        ],
        schema_overrides={"yes_share": pl.Float64},
    )


def _ballot(connection: Connection, ballot_id: int) -> Ballot:
    row = connection.execute(select(BALLOTS).where(BALLOTS.c.ballot_id == ballot_id)).one_or_none()
    if row is None:
        raise StoreError(f"there is no ballot {ballot_id}")
    columns = (BALLOT_SKILLS.c[name] for name in BallotSkill.__dataclass_fields__)
    skills = connection.execute(
        select(*columns)
        .where(BALLOT_SKILLS.c.ballot_id == ballot_id)
        .order_by(BALLOT_SKILLS.c.skill_n)
    )
    return Ballot(**row._mapping, skills=tuple(BallotSkill(*skill) for skill in skills))


def _open_ballot(connection: Connection, ballot_id: int) -> Ballot:
    """The ballot, kept from being closed while the transaction goes on."""
    connection.execute(
        select(BALLOTS.c.ballot_id).where(BALLOTS.c.ballot_id == ballot_id).with_for_update()
    )
    found = _ballot(connection, ballot_id)
    if not found.is_open:
        raise StoreError(f"the ballot '{found.title}' is closed: its votes stay as they are")
    return found
