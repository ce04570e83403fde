"""Addresses carry a view and nothing else."""

import pytest

from pipelines.dashboard.addresses import LONGEST_VALUE, Query, link


def test_a_link_is_read_back_as_it_was_written() -> None:
    view = {"skill": "http://data.example/skill/1?x=1&y=2", "add": ["a b", "c"], "none": ""}
    path, search = link("/skill", view).split("?")
    query = Query.of("?" + search)
    assert path == "/skill"
    assert query.one("skill") == view["skill"]
    assert query.many("add") == view["add"]
    assert "none" not in search


def test_a_link_without_values_is_the_bare_page() -> None:
    assert link("/data") == link("/data", {"sector": ""}) == "/data"


@pytest.mark.parametrize(
    "search", [None, "", "?", "?=", "?a", "?" + "&".join("a=1" for _ in range(999))]
)
def test_what_says_nothing_gives_nothing(search: str | None) -> None:
    query = Query.of(search)
    assert query.one("a") == ""
    assert query.many("a") == []


def test_a_value_too_long_to_be_meant_is_left_out() -> None:
    query = Query.of(f"?text={'x' * (LONGEST_VALUE + 1)}&sector=62")
    assert query.one("text") == ""
    assert query.one("sector") == "62"


@pytest.mark.parametrize(
    ("search", "chosen"), [("?grain=concept", "concept"), ("?grain=DROP", "group"), ("", "group")]
)
def test_a_choice_is_one_of_the_choices(search: str, chosen: str) -> None:
    assert Query.of(search).choice("grain", ("group", "concept")) == chosen
