"""A ballot made from a program's first gaps, and a course that is said to teach one of them."""

import re

import pytest
from playwright.sync_api import expect

from pipelines.decisions import ballots
from pipelines.decisions.log import all_acts
from pipelines.decisions.store import open_store

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("published_sample")]


def test_a_board_is_asked_about_a_programs_gaps(
    published_sample, start, new_visitor, violations, tmp_path
) -> None:
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    url = start(published_sample, "--decisions", elsewhere)
    page = new_visitor()
    page.goto(f"{url}/ballot")
    page.get_by_label("First gaps of").select_option(label="Nursing (ADN)")
    boxes = page.get_by_role("checkbox")
    expect(boxes.first).to_be_checked()
    assert violations(page) == []
    chosen = page.get_by_role("checkbox", checked=True).count()
    boxes.first.focus()
    page.keyboard.press("Space")
    expect(boxes.first).not_to_be_checked()
    page.get_by_role("button", name="Open the ballot").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nursing (ADN)")
    expect(page.get_by_role("button", name=re.compile("^Yes: "))).to_have_count(chosen - 1)
    store = open_store(elsewhere)
    (one,) = ballots.ballots(store)
    assert one.program_id == "nursing-adn"
    assert all(skill.ci_low <= skill.share <= skill.ci_high for skill in one.skills)

    page.goto(f"{url}/program?program=nursing-adn")
    form = page.locator("#course-decisions form").first
    form.get_by_role("combobox", name="Course").select_option(index=1)
    form.get_by_role("combobox", name="Depth").select_option("practiced")
    form.get_by_role("button", name="The course teaches it").click()
    expect(form.get_by_role("status")).to_contain_text("Accepted (practiced) by local")
    page.reload()
    decided = page.locator("#course-decisions li")
    expect(decided).to_contain_text("pending until the next run")
    assert violations(page) == []
    decided.get_by_role("button", name="Withdraw").click()
    expect(decided.get_by_role("status")).to_contain_text("Withdrawn by local")
    assert all_acts(store)["verdict"].to_list() == ["accept", "withdrawn"]
