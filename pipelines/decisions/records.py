"""The records that the store gives and takes, and how a board is said to disagree with postings.

Does not belong here: what decisions change in the figures (the SQL of `core.decided_mentions` and
`core.taught_skills`).
"""

import datetime as dt
from dataclasses import dataclass, field

from pipelines.contracts.rules import BOARD_MAJORITY, MIN_BOARD_VOTES, ROLES

MAX_NAME_CHARACTERS = 64
MAX_NOTE_CHARACTERS = 1_000


class StoreError(Exception):
    """The store cannot do what is asked; the text says why and what to do."""


@dataclass(frozen=True)
class Subject:
    """What a decision is about, by what survives a run, and as it was shown to who decides.

    `subject_id` is the SHA-256 of a sentence (`mention`), words (`term`) or a course's id
    (`course_skill`).
    """

    kind: str
    side: str
    skill_id: str
    subject_id: str
    skill_label: str = field(compare=False)
    said: str = field(compare=False)


@dataclass(frozen=True)
class User:
    """Somebody who may use the dashboard."""

    name: str
    role: str

    def may(self, role: str) -> bool:
        """Whether what this role may is allowed."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True)
class BallotSkill:
    """A skill that a board votes on, with what postings said of it when the ballot was opened.

    Shares are 0-1; `median_share` is of the sector's ranked skills.
    """

    skill_id: str
    skill_label: str
    share: float
    ci_low: float
    ci_high: float
    median_share: float


@dataclass(frozen=True)
class Ballot:
    """A list of skills that an employer advisory board votes on; open until it is closed."""

    ballot_id: int
    title: str
    sector_code: str
    program_id: str
    opened_by: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    skills: tuple[BallotSkill, ...]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True)
class Tally:
    """The votes on a skill of a ballot."""

    skill: BallotSkill
    yes_n: int = 0
    no_n: int = 0
    not_sure_n: int = 0

    @property
    def yes_share(self) -> float | None:
        """Of the votes that say yes or no; none without one."""
        decided = self.yes_n + self.no_n
        return self.yes_n / decided if decided else None

    @property
    def disagreement(self) -> str:
        """How board and postings disagree by the rule of `BOARD_MAJORITY`; empty where not."""
        share = self.yes_share
        if share is None or self.yes_n + self.no_n < MIN_BOARD_VOTES:
            return ""
        if share < BOARD_MAJORITY and self.skill.ci_low > self.skill.median_share:
            return "postings ask for it, the board does not"
        if share > BOARD_MAJORITY and self.skill.ci_high < self.skill.median_share:
            return "the board asks for it, postings seldom do"
        return ""
