"""The overview page of a college that has only begun: it says what is missing and what to do."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

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


def test_without_programs_the_page_says_how_to_register_one(tmp_path, warehouse, open_page) -> None:
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


def test_without_postings_of_today_the_page_says_what_to_do(tmp_path, warehouse, open_page) -> None:
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
