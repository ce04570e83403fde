"""A store of decisions in a file of its own."""

from pathlib import Path

import pytest

from pipelines.decisions.ballots import open_ballot
from pipelines.decisions.records import BallotSkill
from pipelines.decisions.store import Database, open_store, store_url


@pytest.fixture
def url(tmp_path: Path) -> str:
    return store_url("", tmp_path)


@pytest.fixture
def store(url: str) -> Database:
    return open_store(url)


def ballot_skill(skill_id: str, ci_low: float = 0.1, ci_high: float = 0.3) -> BallotSkill:
    """A skill whose postings' share lies around the median of .2."""
    return BallotSkill(skill_id, skill_id.title(), 0.2, ci_low, ci_high, median_share=0.2)


@pytest.fixture
def ballot_id(store: Database) -> int:
    return open_ballot(
        store,
        "Nursing board",
        [
            ballot_skill("lifting", ci_low=0.25, ci_high=0.4),
            ballot_skill("charting"),
            ballot_skill("singing", ci_low=0.0, ci_high=0.15),
        ],
        sector_code="62",
        program_id="adn",
        opened_by="ada",
    )
