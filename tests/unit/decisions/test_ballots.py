"""Ballots: many vote at once, each once a skill, until they close; disagreement follows a rule."""

import multiprocessing
from itertools import cycle

import pytest

from pipelines.decisions import ballots
from pipelines.decisions.records import BallotSkill, StoreError, Tally, User
from pipelines.decisions.store import open_store

ADA, BEN, ROOT = User("ada", "reviewer"), User("ben", "reviewer"), User("root", "admin")


def counts(store, ballot_id: int) -> dict[str, tuple[int, int, int]]:
    return {
        tally.skill.skill_id: (tally.yes_n, tally.no_n, tally.not_sure_n)
        for tally in ballots.tallies(store, ballot_id)
    }


def test_a_vote_is_changed_and_taken_back(store, ballot_id) -> None:
    ballots.vote(store, ballot_id, "lifting", "Cleo", "yes")
    ballots.vote(store, ballot_id, "lifting", " Cleo ", "no")
    ballots.vote(store, ballot_id, "charting", "Cleo", "not sure")
    ballots.vote(store, ballot_id, "singing", "Cleo", "yes")
    ballots.vote(store, ballot_id, "singing", "Cleo", None)
    assert counts(store, ballot_id) == {
        "lifting": (0, 1, 0),
        "charting": (0, 0, 1),
        "singing": (0, 0, 0),
    }
    assert ballots.answers(store, ballot_id, "Cleo") == {"lifting": "no", "charting": "not sure"}
    assert ballots.voters_n(store, ballot_id) == 1


@pytest.mark.parametrize(
    ("skill_id", "voter", "answer"),
    [("dancing", "Cleo", "yes"), ("lifting", " ", "yes"), ("lifting", "Cleo", "perhaps")],
)
def test_a_vote_on_nothing_by_nobody_or_without_an_answer_is_refused(
    store, ballot_id, skill_id, voter, answer
) -> None:
    with pytest.raises(StoreError):
        ballots.vote(store, ballot_id, skill_id, voter, answer)
    assert ballots.voters_n(store, ballot_id) == 0


def test_a_closed_ballot_stays_as_it_is(store, ballot_id) -> None:
    ballots.vote(store, ballot_id, "lifting", "Cleo", "yes")
    with pytest.raises(StoreError, match="ada opened this ballot"):
        ballots.close_ballot(store, ballot_id, BEN)
    ballots.close_ballot(store, ballot_id, ADA)
    for act in (
        lambda: ballots.vote(store, ballot_id, "lifting", "Cleo", "no"),
        lambda: ballots.close_ballot(store, ballot_id, ROOT),
    ):
        with pytest.raises(StoreError, match="is closed"):
            act()
    assert counts(store, ballot_id)["lifting"] == (1, 0, 0)
    assert not ballots.ballot(store, ballot_id).is_open


def test_an_admin_closes_the_ballots_of_others(store, ballot_id) -> None:
    ballots.close_ballot(store, ballot_id, ROOT)
    assert not ballots.ballot(store, ballot_id).is_open


def test_ballots_are_listed_the_latest_first(store, ballot_id) -> None:
    one = ballots.ballot(store, ballot_id)
    second = ballots.open_ballot(
        store, " Welders ", one.skills[:1], sector_code="31-33", program_id="", opened_by="ben"
    )
    assert [found.title for found in ballots.ballots(store)] == ["Welders", "Nursing board"]
    assert [skill.skill_id for skill in one.skills] == ["lifting", "charting", "singing"]
    assert ballots.ballot(store, second).skills == one.skills[:1]


@pytest.mark.parametrize("title", ["", "  "])
def test_a_ballot_has_a_title_and_skills(store, ballot_id, title) -> None:
    skills = ballots.ballot(store, ballot_id).skills
    for asked in ((title, skills), ("Board", [])):
        with pytest.raises(StoreError, match="needs a title"):
            ballots.open_ballot(store, *asked, sector_code="62", program_id="", opened_by="ada")


def test_there_is_no_such_ballot(store) -> None:
    with pytest.raises(StoreError, match="no ballot 7"):
        ballots.ballot(store, 7)


def cast_votes(url: str, ballot_id: int, voter: str) -> None:
    """What one of several processes does: change a mind many times, end with yes."""
    store = open_store(url)
    for answer, _ in zip(cycle(["no", "not sure", "yes"]), range(15), strict=False):
        ballots.vote(store, ballot_id, "lifting", voter, answer)


def test_several_vote_at_once_and_every_last_answer_counts(url, store, ballot_id) -> None:
    context = multiprocessing.get_context("spawn")
    voters = [
        context.Process(target=cast_votes, args=(url, ballot_id, name)) for name in ("A", "B", "C")
    ]
    for voter in voters:
        voter.start()
    for voter in voters:
        voter.join(timeout=60)
    assert counts(store, ballot_id)["lifting"] == (3, 0, 0)


@pytest.mark.parametrize(
    ("votes", "interval", "said"),
    [
        ((1, 2, 9), (0.25, 0.4), "postings ask for it, the board does not"),
        ((2, 1, 0), (0.0, 0.15), "the board asks for it, postings seldom do"),
        ((3, 3, 0), (0.25, 0.4), ""),
        ((0, 3, 0), (0.15, 0.4), ""),
        ((3, 0, 0), (0.25, 0.4), ""),
        ((0, 2, 9), (0.25, 0.4), ""),
        ((0, 0, 0), (0.25, 0.4), ""),
    ],
)
def test_where_board_and_postings_disagree(votes, interval, said) -> None:
    skill = BallotSkill("s", "S", 0.2, *interval, median_share=0.2)
    assert Tally(skill, *votes).disagreement == said


def test_results_are_a_row_a_skill(store, ballot_id) -> None:
    for voter in ("A", "B", "C"):
        ballots.vote(store, ballot_id, "singing", voter, "yes")
    rows = ballots.results(store, ballot_id)
    assert rows.select("skill_label", "share", "yes_n", "yes_share", "disagreement").rows() == [
        ("Lifting", 0.2, 0, None, ""),
        ("Charting", 0.2, 0, None, ""),
        ("Singing", 0.2, 3, 1.0, "the board asks for it, postings seldom do"),
    ]
