"""What stands beside what was decided on."""

import datetime as dt

import pytest

from pipelines.dashboard.verdicts import in_words

ACT = {
    "verdict": "reject",
    "reviewer": "Ada",
    "decided_at": dt.datetime(2026, 11, 3, 9, 5),
    "depth": None,
    "note": "",
    "state": "pending",
}


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ({}, "Rejected by Ada on 3 November 2026, pending until the next run"),
        (
            {"state": "applied", "note": "a bead is jewelry"},
            "Rejected by Ada on 3 November 2026, applied: a bead is jewelry",
        ),
        (
            {"verdict": "accept", "depth": "practiced"},
            "Accepted (practiced) by Ada on 3 November 2026, pending until the next run",
        ),
        (
            {"verdict": "withdrawn"},
            "Withdrawn by Ada on 3 November 2026, pending until the next run",
        ),
        ({"verdict": "withdrawn", "state": "applied"}, ""),
    ],
)
def test_what_was_decided_in_words(act, said) -> None:
    assert in_words(ACT | act) == said


def test_nothing_is_said_where_nothing_was_decided() -> None:
    assert in_words(None) == ""
