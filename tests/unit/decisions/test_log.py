"""The log of decisions: nothing is lost, the latest act counts, nothing is made by looking."""

import datetime as dt
import multiprocessing

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts import TABLES
from pipelines.contracts.rules import VERDICTS
from pipelines.decisions.log import (
    SUBJECT_COLUMNS,
    all_acts,
    decide,
    read_log,
    with_current,
    with_state,
)
from pipelines.decisions.records import StoreError, Subject
from pipelines.decisions.store import find_store, open_store

WORDS = Subject("term", "postings", "weld", "bead", "weld metal", "bead")
COURSE = Subject("course_skill", "courses", "weld", "c1", "weld metal", "WLD 101")


def test_the_log_keeps_every_act_and_marks_the_one_that_counts(store) -> None:
    decide(store, WORDS, "reject", reviewer="Ada", note=" a bead is jewelry here ")
    decide(store, COURSE, "accept", reviewer="Ada", depth="introduced")
    decide(store, WORDS, "withdrawn", reviewer="Ben")
    acts = all_acts(store)
    columns = ["reviewer", "said", "verdict", "depth", "note", "is_current"]
    assert acts.select(columns).rows() == [
        ("Ada", "bead", "reject", None, "a bead is jewelry here", False),
        ("Ada", "WLD 101", "accept", "introduced", "", True),
        ("Ben", "bead", "withdrawn", None, "", True),
    ]
    assert acts["decision_id"].to_list() == [1, 2, 3]
    assert TABLES["core.decisions"].violations(acts).is_empty()


def test_times_are_utc(store) -> None:
    decide(store, WORDS, "reject", reviewer="Ada")
    (decided_at,) = all_acts(store)["decided_at"]
    assert abs(decided_at - dt.datetime.now(dt.UTC).replace(tzinfo=None)) < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("subject", "act"),
    [
        (Subject("posting", "postings", "s", "x", "s", "x"), {"verdict": "reject"}),
        (Subject("term", "boards", "s", "x", "s", "x"), {"verdict": "reject"}),
        (WORDS, {"verdict": "maybe"}),
        (WORDS, {"verdict": "accept", "depth": "assessed"}),
        (COURSE, {"verdict": "accept"}),
        (COURSE, {"verdict": "accept", "depth": "deep"}),
        (COURSE, {"verdict": "reject", "depth": "assessed"}),
        (WORDS, {"verdict": "reject", "reviewer": " "}),
        (WORDS, {"verdict": "reject", "note": "x" * 1_001}),
    ],
)
def test_an_act_that_makes_no_sense_is_refused(store, subject, act) -> None:
    with pytest.raises(StoreError):
        decide(store, subject, **({"reviewer": "Ada"} | act))
    assert all_acts(store).is_empty()


def test_only_what_counts_is_withdrawn_and_once(store) -> None:
    with pytest.raises(StoreError, match="nothing to withdraw"):
        decide(store, WORDS, "withdrawn", reviewer="Ada")
    decide(store, WORDS, "reject", reviewer="Ada")
    decide(store, WORDS, "withdrawn", reviewer="Ben")
    with pytest.raises(StoreError, match="nothing to withdraw"):
        decide(store, WORDS, "withdrawn", reviewer="Ada")
    assert all_acts(store)["verdict"].to_list() == ["reject", "withdrawn"]


def test_looking_for_a_store_makes_none(url, tmp_path) -> None:
    assert find_store(url) is None
    assert read_log(url).schema == TABLES["core.decisions"].polars_schema
    assert list(tmp_path.iterdir()) == []


def test_a_store_is_opened_again_as_it_was(url, store) -> None:
    decide(store, WORDS, "reject", reviewer="Ada")
    again = open_store(url)
    decide(again, WORDS, "accept", reviewer="Ada")
    assert read_log(url)["verdict"].to_list() == ["reject", "accept"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("no url", "is no database URL"),
        ("postgresql+pg8000://127.0.0.1/db", "a driver that is not installed"),
        ("postgresql+psycopg://nobody@/none?host=/nowhere", "cannot be used"),
        ("sqlite:////proc/none/decisions.sqlite", "cannot be used"),
    ],
)
def test_a_store_that_cannot_be_says_why(url, said) -> None:
    with pytest.raises(StoreError, match=said):
        open_store(url)


def write_acts(url: str, reviewer: str, acts_n: int) -> None:
    """What one of several processes does."""
    database = open_store(url)
    for n in range(acts_n):
        subject = Subject("term", "postings", "weld", f"words {n}", "weld", f"words {n}")
        decide(database, subject, "reject", reviewer=reviewer)


def test_three_processes_write_at_once_and_none_loses_an_act(url) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=write_acts, args=(url, name, 25)) for name in ("Ada", "Ben", "Cleo")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    acts = read_log(url)
    assert acts["decision_id"].to_list() == list(range(1, 76))
    assert acts.filter("is_current").height == 25


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["mention", "term"]),
        st.sampled_from(["courses", "postings"]),
        st.sampled_from(["s1", "s2"]),
        st.sampled_from(["x", "y"]),
        st.sampled_from(VERDICTS),
    ),
    max_size=12,
)


def frame_of(acts: list[tuple[str, ...]]) -> pl.DataFrame:
    fixed = {
        "decided_at": dt.datetime(2026, 11, 1),
        "reviewer": "Ada",
        "skill_label": "s",
        "said": "x",
        "note": "",
        "depth": None,
    }
    columns = [*SUBJECT_COLUMNS, "verdict"]
    rows = [
        {"decision_id": number, **fixed, **dict(zip(columns, act, strict=True))}
        for number, act in enumerate(acts, start=1)
    ]
    schema = TABLES["core.decisions"].polars_schema
    return pl.DataFrame(rows, {name: schema[name] for name in schema if name != "is_current"})


@given(ACTS)
def test_the_latest_act_on_each_subject_counts_and_no_other(acts) -> None:
    latest = {
        subject: verdict for *subject_parts, verdict in acts for subject in [tuple(subject_parts)]
    }
    current = with_current(frame_of(acts).reverse()).filter("is_current")
    assert {
        row[:-1]: row[-1] for row in current.select(*SUBJECT_COLUMNS, "verdict").rows()
    } == latest


def test_an_act_is_pending_until_a_run_and_replaced_by_a_later_one(store) -> None:
    decide(store, WORDS, "reject", reviewer="Ada")
    decide(store, COURSE, "reject", reviewer="Ada")
    published = all_acts(store)
    decide(store, WORDS, "accept", reviewer="Ada")
    states = with_state(all_acts(store), published)["state"].to_list()
    assert states == ["replaced", "applied", "pending"]


def test_an_act_of_another_store_with_the_same_number_is_not_the_applied_one(store) -> None:
    decide(store, WORDS, "reject", reviewer="Ada")
    acts = all_acts(store)
    elsewhere = acts.with_columns(
        decided_at=pl.lit(dt.datetime(2020, 1, 1)).cast(pl.Datetime("us"))
    )
    assert with_state(acts, elsewhere)["state"].to_list() == ["pending"]
