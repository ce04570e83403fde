"""What people write on the dashboard, in a real browser: decisions, ballots, log-in, safety."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import polars as pl
import pypdfium2
import pytest
from playwright.sync_api import expect

from pipelines.decisions import ballots
from pipelines.decisions.log import all_acts, decide, read_log
from pipelines.decisions.records import BallotSkill, Subject
from pipelines.decisions.store import Database, open_store, store_url
from pipelines.decisions.users import add_user
from pipelines.warehouse.publish import open_snapshot

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("decisions")]

PASSWORD = "correct horse battery"
COMMAND = [sys.executable, "-m", "pipelines.cli"]
Start = Callable[..., str]


@pytest.fixture(scope="module")
def store(small_home: Path) -> Database:
    return open_store(store_url("", small_home))


@pytest.fixture(scope="module")
def url(small_home: Path, start: Start) -> str:
    """The dashboard of a small project, without users."""
    return start(small_home)


@pytest.fixture
def ballot_id(store: Database) -> int:
    return nursing_ballot(store)


def nursing_ballot(store: Database) -> int:
    skills = [
        BallotSkill("lifting", "Lift patients", 0.4, 0.3, 0.5, median_share=0.2),
        BallotSkill("charting", "Keep charts", 0.1, 0.0, 0.15, median_share=0.2),
    ]
    return ballots.open_ballot(
        store, "Nursing board", skills, sector_code="62", program_id="adn", opened_by="local"
    )


@pytest.fixture(scope="module")
def skill_page(small_home: Path) -> str:
    """Where the skill stands that two ads name in one sentence, and the course."""
    with open_snapshot(small_home) as connection:
        evidence = connection.table("mart.posting_evidence").pl()
    row, *_ = evidence.filter(
        pl.col("sentence").str.contains("phlebotomy"), sector_code="62", grain="concept"
    ).to_dicts()
    return "/skill?" + urlencode({"skill": row["skill_id"], "program": "adn", "sector": "62"})


@pytest.mark.slow
def test_a_wrong_mention_is_rejected_pending_and_gone_after_a_run(
    small_sources, small_home, url, skill_page, new_visitor
) -> None:
    page = new_visitor()
    page.goto(url + skill_page)
    employers = page.locator("#evidence .quote", has_text="Requirements:")
    expect(employers).to_have_count(2)
    form = employers.first.locator("form.decide")
    form.get_by_label("Why (optional)").fill("a <b>heading</b>")
    form.get_by_role("button", name="Reject").focus()
    page.keyboard.press("Enter")
    saved = form.get_by_role("status")
    expect(saved).to_contain_text("Saved. Rejected by local")
    expect(saved).to_contain_text("pending until the next run: a <b>heading</b>")
    page.reload()
    expect(employers.first.get_by_role("status")).to_contain_text("pending until the next run")
    expect(employers).to_have_count(2)

    run = [*COMMAND, "run", "--sources", str(small_sources), "--warehouse", str(small_home)]
    subprocess.run(run, check=True, capture_output=True, timeout=300)

    page.reload()
    expect(page.locator("#evidence")).to_be_visible()
    expect(employers).to_have_count(0)
    page.goto(f"{url}/decisions")
    row = page.get_by_role("row", name="Requirements: phlebotomy")
    expect(row).to_contain_text("applied")
    row.get_by_role("button", name="Withdraw").click()
    expect(row.get_by_role("status")).to_contain_text("Withdrawn by local")
    verdicts = read_log(store_url("", small_home))["verdict"].to_list()
    assert verdicts == ["reject", "withdrawn"]


def test_three_vote_at_once_and_see_each_other(ballot_id, url, new_visitor) -> None:
    pages = {name: new_visitor() for name in ("Ada", "Ben", "Cleo")}
    for name, page in pages.items():
        page.goto(f"{url}/ballot?ballot={ballot_id}")
        page.get_by_label("Your name").fill(name)
    for page in pages.values():
        page.get_by_role("button", name="No: Lift patients").click()
        expect(page.get_by_role("button", name="No: Lift patients")).to_have_attribute(
            "aria-pressed", "true"
        )
    ada = pages["Ada"]
    ada.get_by_role("button", name="Yes: Keep charts").click()
    for page in pages.values():
        expect(page.get_by_role("row", name="Lift patients")).to_contain_text("0 of 3 yes")
        expect(page.get_by_role("row", name="Lift patients")).to_contain_text(
            "postings ask for it, the board does not"
        )
        expect(page.get_by_role("row", name="Keep charts")).to_contain_text("1 of 1 yes")
        expect(page.locator(".voters")).to_have_text("3 people voted")
    ada.get_by_role("button", name="Yes: Keep charts").click()
    expect(ada.get_by_role("row", name="Keep charts")).to_contain_text("no votes")
    ada.reload()
    expect(ada.get_by_role("button", name="No: Lift patients")).to_have_attribute(
        "aria-pressed", "true"
    )

    ada.get_by_role("button", name="Close the ballot").click()
    expect(ada.get_by_text("Board and postings disagree on 1 skill of 2.")).to_be_visible()
    expect(pages["Ben"].get_by_role("button", name="No: Lift patients")).to_have_count(0)
    with ada.expect_download() as download:
        ada.get_by_role("link", name="Results as a CSV file").click()
    rows = pl.read_csv(download.value.path()).select("skill_label", "yes_n", "no_n").rows()
    assert rows == [("Lift patients", 0, 3), ("Keep charts", 0, 0)]


def test_a_voter_without_a_name_is_asked_for_one(store, ballot_id, url, new_visitor) -> None:
    page = new_visitor()
    page.goto(f"{url}/ballot?ballot={ballot_id}")
    page.get_by_role("button", name="Yes: Keep charts").click()
    status = page.get_by_role("row", name="Keep charts").get_by_role("status")
    expect(status).to_contain_text("Not saved: a voter has a name")
    assert ballots.voters_n(store, ballot_id) == 0


def test_a_printed_ballot_is_one_sheet_with_empty_boxes(
    store, ballot_id, url, new_visitor, tmp_path
) -> None:
    ballots.vote(store, ballot_id, "lifting", "Ada", "yes")
    page = new_visitor()
    page.goto(f"{url}/ballot?ballot={ballot_id}")
    expect(page.get_by_role("button", name="Yes: Keep charts")).to_be_visible()
    path = tmp_path / "ballot.pdf"
    page.pdf(path=path, format="Letter")
    with pypdfium2.PdfDocument(path) as document:
        assert len(document) == 1
        printed = document[0].get_textpage().get_text_bounded()
    assert printed.count("☐") == 6
    assert "Employer" in printed
    assert "Log out" not in printed
    assert "1 of 1 yes" not in printed


def test_a_ballot_that_is_not_there_says_so(url, new_visitor) -> None:
    page = new_visitor()
    for number in ("999", "x", "9" * 30):
        page.goto(f"{url}/ballot?ballot={number}")
        expect(page.get_by_role("heading", level=1)).to_have_text("There is no such ballot")
    page.get_by_role("link", name="All ballots").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ballots")


ATTACK = """
async (url) => {
  const answers = [];
  for (const [path, type, body] of [
    ["/decide", "application/x-www-form-urlencoded", "kind=term&side=postings&verdict=reject"],
    ["/_dash-update-component", "text/plain", "{}"],
    ["/ballots", "application/x-www-form-urlencoded", "title=x"],
  ]) {
    const options = { method: "POST", mode: "no-cors", credentials: "include", body };
    await fetch(url + path, { ...options, headers: { "Content-Type": type } });
  }
}
"""


def test_a_page_of_another_site_can_write_nothing(store, url, new_visitor, web) -> None:
    web.answer = lambda asked: web.reply("<!doctype html><title>elsewhere</title>")
    before = all_acts(store)
    page = new_visitor()
    page.goto(url)
    page.goto(web.url)
    statuses = []
    page.on("response", lambda answer: statuses.append((answer.request.method, answer.status)))
    page.evaluate(ATTACK, url)
    posts = [status for method, status in statuses if method == "POST"]
    assert posts == [403, 403, 403]
    assert all_acts(store).equals(before)


def test_with_users_there_is_a_login_and_a_way_out(
    small_home, start, skill_page, new_visitor, violations, tmp_path
) -> None:
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    store = open_store(elsewhere)
    ballot_id = nursing_ballot(store)
    for name, role in (("ada", "reviewer"), ("rae", "reader")):
        add_user(store, name, PASSWORD, role)
    url = start(small_home, "--decisions", elsewhere)
    page = new_visitor()
    page.goto(f"{url}/ballot?ballot={ballot_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    assert violations(page) == []
    page.get_by_label("Name").fill("rae")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    page.get_by_label("Name").fill("rae")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nursing board")
    page.get_by_role("button", name="Yes: Keep charts").click()
    expect(page.get_by_role("row", name="Keep charts")).to_contain_text("1 of 1 yes")
    assert ballots.answers(store, ballot_id, "rae") == {"charting": "yes"}
    expect(page.get_by_role("button", name="Close the ballot")).to_have_count(0)
    page.goto(url + skill_page)
    expect(page.locator("#evidence .quote").first).to_be_visible()
    expect(page.get_by_role("button", name="Reject")).to_have_count(0)
    refused = page.request.post(f"{url}/decide", form={"verdict": "reject"})
    assert (refused.status, "takes a reviewer" in refused.text()) == (403, True)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    assert all_acts(store).is_empty()


def test_another_address_without_users_is_refused(warehouse) -> None:
    command = [*COMMAND, "dashboard", "--warehouse", str(warehouse), "--host", "0.0.0.0"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 2
    assert "no users are configured" in result.stderr
    assert "Traceback" not in result.stderr


def test_what_goes_wrong_is_told_without_a_trace(url, new_visitor) -> None:
    page = new_visitor()
    answer = page.request.post(f"{url}/decide", form={"kind": "term", "side": "x", "skill": "'"})
    assert answer.status == 400
    for path in ("/decide", "/ballots/1/votes", "/_dash-update-component"):
        answer = page.request.post(f"{url}{path}", data="{")
        assert "Traceback" not in answer.text()
        assert "/pipelines/" not in answer.text()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_everybody_can_use_the_pages(
    store, ballot_id, url, skill_page, new_visitor, violations, width, scheme
) -> None:
    words = Subject("term", "postings", "weld", "bead", "weld metal", "<script>bead</script>")
    decide(store, words, "reject", reviewer="Ada", note="no")
    page = new_visitor(width, scheme)
    for address in (
        f"{url}/ballot",
        f"{url}/ballot?ballot={ballot_id}",
        f"{url}/decisions",
        url + skill_page,
    ):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert violations(page) == []
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, address
