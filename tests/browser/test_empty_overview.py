"""A college that has only begun: page and dashboard say what is missing and what to do."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pipelines.dashboard.addresses import DATA, PROGRAM, SECTOR, SKILL, link
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

POSTINGS = "title,description,company,posted_on,naics\n" + "\n".join(
    f"Nurse,Requirements: phlebotomy and wound care.,Clinic {n},2026-06-01,62" for n in range(3)
)
PROGRAMS = "programs: [{program_id: 'n & m', title: Nursing, institution: C, sectors: ['62']}]"


def write_source(folder: Path, kind: str, file_name: str, content: str) -> None:
    folder.mkdir(parents=True)
    (folder / file_name).write_text(content, encoding="utf-8")
    (folder / "source.yml").write_text(
        f"source_id: {folder.name}\nkind: {kind}\n", encoding="utf-8"
    )


def overview_of(sources: Path, warehouse: Path) -> Path:
    """Run the whole way on `sources`, in processes without the browser's event loop; the page."""
    skillgap = Path(sys.executable).with_name("skillgap")
    for command in (["run", "--sources", sources], ["report"]):
        done = subprocess.run(
            [skillgap, *command, "--warehouse", warehouse], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    return warehouse / "reports" / "overview.html"


def see(visit: Visit, *said: str) -> None:
    """The page says all of it, breaks no rule and complains of nothing."""
    for words in said:
        expect(visit.page.get_by_text(words).first).to_be_visible()
    assert visit.violations() == []
    assert visit.complaints == []


@pytest.mark.slow
def test_without_programs_it_is_said_how_to_register_one(
    tmp_path, warehouse, open_page, open_url, serve
) -> None:
    write_source(tmp_path / "sources" / "board", "postings", "ads.csv", POSTINGS)
    visit = open_page(overview_of(tmp_path / "sources", warehouse))
    expect(visit.page.get_by_text("No program is registered yet.")).to_be_visible()
    expect(visit.page.get_by_text("What 3 job postings asked for")).to_be_visible()
    expect(visit.page.get_by_role("navigation")).to_have_count(0)
    expect(visit.page.get_by_role("link", name="Skip")).to_have_count(0)
    care = visit.page.get_by_role("table", name="Ads to read with care")
    expect(care.get_by_role("row", name="Health Care")).to_contain_text("0 of 3")
    assert visit.violations() == []
    assert visit.complaints == []

    site = serve(warehouse)
    see(open_url(site), "No program is registered yet", "programs.yml", "3 postings of 3")
    see(open_url(site + link(PROGRAM)), "No program is registered yet")
    see(open_url(site + link(SECTOR)), "too few postings to rank")
    see(
        open_url(site + link(SECTOR, {"sector": "62"})),
        "Too few postings to rank: 3 postings in Health Care",
        "Too few postings in one of the two years",
        "0 of 3",
    )
    see(open_url(site + link(SKILL, {"text": "wound"})), "wound care")
    see(open_url(site + link(DATA)), "3 records of 1 source were read", "No record and no file")


@pytest.mark.slow
def test_without_postings_of_today_it_is_said_what_to_do(
    tmp_path, warehouse, open_page, open_url, serve
) -> None:
    write_source(tmp_path / "sources" / "registry", "programs", "programs.yml", PROGRAMS)
    visit = open_page(overview_of(tmp_path / "sources", warehouse), scheme="dark")
    expect(visit.page.get_by_text("No posting lies in the period")).to_be_visible()
    expect(visit.page.locator("#alignment-heatmap .annotation-text")).to_have_text("too few")
    visit.page.get_by_role("link", name="Nursing").click()
    expect(visit.page.get_by_role("heading", name="Nursing")).to_be_in_viewport()
    expect(visit.page.get_by_text("Too few postings to rank: 0 postings")).to_be_visible()
    expect(visit.page.get_by_role("heading", name="Ads to read with care")).to_have_count(0)
    assert visit.violations() == []
    assert visit.complaints == []

    site = serve(warehouse)
    see(open_url(site), "No posting lies in the period", "window_months")
    see(open_url(site + link(PROGRAM)), "1 program beside")
    see(
        open_url(site + link(PROGRAM, {"program": "n & m"})), "Too few postings to rank: 0 postings"
    )
    see(open_url(site + link(SECTOR)), "No posting lies in the period")
    see(open_url(site + link(SKILL)), "Find a skill")
    see(open_url(site + link(DATA)), "1 record of 1 source were read")
