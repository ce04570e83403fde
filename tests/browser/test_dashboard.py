"""The dashboard, used as a curriculum committee uses it in a meeting."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from pipelines.contracts.rules import TOP_GAPS
from pipelines.dashboard.addresses import DATA, OVERVIEW, PROGRAM, SECTOR, SKILL, link

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("published_sample")]

NURSING = {"program": "nursing-adn", "sector": "health-care"}
SQL = "http://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742"
MAX_TABS = 60
SCRIPT = "<script>document.title = 'taken over'</script>"


@pytest.fixture(scope="module")
def site(published_sample: Path, serve: Callable[[Path], str]) -> str:
    return serve(published_sample)


def largest_gap(snapshot, program: str, sector: str) -> dict:
    gaps = snapshot.table("mart.program_sector_gap").filter(
        f"program_id = '{program}' AND sector_code = '{sector}' AND grain = 'group' "
        "AND rank = 1 AND NOT is_transversal"
    )
    [row] = gaps.pl().to_dicts()
    return row


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    for grid in page.locator(".grid").all():
        expect(grid.locator(".ag-row").first).to_be_visible()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element that matches is focused."""
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{MAX_TABS} presses of Tab do not reach {selector}")


PAGES = {
    "overview": link(OVERVIEW),
    "programs": link(PROGRAM),
    "program": link(PROGRAM, NURSING),
    "program by concept": link(PROGRAM, NURSING | {"grain": "concept"}),
    "sectors": link(SECTOR),
    "sector": link(SECTOR, {"sector": "technology"}),
    "skills": link(SKILL, {"text": "nurs"}),
    "skill": link(SKILL, {"skill": SQL, "program": "software-development-aas"}),
    "data": link(DATA),
    "unknown program": link(PROGRAM, {"program": "nowhere"}),
    "unknown page": "/nowhere",
}


RICH = ("overview", "program", "sector", "skill", "data")
QUICK = [*[(name, 1440, "light") for name in PAGES], ("program", 390, "dark")]
WINDOWS = [
    *QUICK,
    *[
        pytest.param(name, width, scheme, marks=pytest.mark.slow)
        for name in PAGES
        for width, scheme in ((390, "dark"), (1440, "dark"), (390, "light"))
        if (name, width, scheme) not in QUICK and (name in RICH or (width, scheme) == (390, "dark"))
    ],
]


@pytest.mark.parametrize(("name", "width", "scheme"), WINDOWS)
def test_every_page_fits_breaks_no_rule_and_asks_nobody_else(
    site, open_url, name, width, scheme
) -> None:
    visit = open_url(site + PAGES[name], width=width, scheme=scheme)
    expect(visit.page.get_by_role("heading", level=1)).to_have_count(1)
    open_all(visit.page)
    for chart in visit.page.locator(".chart").all():
        expect(chart.locator(".xtick").first).to_be_visible()
    assert visit.overflow() <= 0
    assert visit.violations() == []
    assert visit.requests == []
    assert visit.complaints == []
    assert visit.page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.slow
@pytest.mark.parametrize("width", [720, 320])
def test_it_reads_at_200_and_400_percent(site, open_url, width) -> None:
    """720 px is a window of 1440 px at 200 % zoom; 320 px at 400 % of 1280."""
    visit = open_url(site, width=width)
    for name in RICH:
        visit.page.goto(site + PAGES[name])
        expect(visit.page.locator(".card").first).to_be_visible()
        open_all(visit.page)
        assert visit.overflow() <= 0, name


@pytest.mark.parametrize("name", ["overview", "program", "sector", "skill"])
def test_every_picture_has_a_sentence_a_caption_and_a_table(site, open_url, name) -> None:
    page = open_url(site + PAGES[name]).page
    expect(page.locator("p.lead").first).to_be_visible()
    parts = page.locator(
        "section.card:has(.chart), section.card:has(.heat), section.card:has(.gaps)"
    )
    expect(parts.first).to_be_visible()
    for part in parts.all():
        expect(part.locator("p").first).to_be_visible()
        expect(part.locator("details:has-text('table')").first).to_be_visible()
    for chart in page.locator(".chart").all():
        assert chart.get_attribute("aria-label")
    expect(page.get_by_text("1 November 2025 to 31 October 2026").first).to_be_visible()


def test_from_the_heatmap_to_the_largest_gap_and_its_sentences(site, open_url, snapshot) -> None:
    page = open_url(site).page
    expect(page).to_have_title(re.compile("Overview"))
    expect(page.locator("p.lead")).to_contain_text("best aligned")
    page.locator(".heat tbody tr", has_text="Nursing").get_by_role("link").nth(3).click()
    expect(page).to_have_title(re.compile(r"Nursing \(ADN\) beside Health Care"))
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    gap = largest_gap(snapshot, **NURSING)
    first = page.locator(".gaps > li").first
    expect(first).to_contain_text(gap["skill_label"], ignore_case=True)
    expect(first).to_contain_text(
        f"Among the first {TOP_GAPS} gaps in {gap['top_n']} of {gap['variants_n']} ways to count"
    )
    first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(gap["skill_label"], ignore_case=True)
    evidence = snapshot.table("mart.posting_evidence").filter(
        f"sector_code = 'health-care' AND skill_id = '{gap['skill_id']}'"
    )
    sides = page.locator("#evidence .pair > div")
    expect(sides.first.locator("blockquote")).to_have_count(len(evidence))
    row = evidence.filter("evidence_n = 1").pl().row(0, named=True)
    quote = sides.first.locator(".quote").first
    expect(quote.locator("mark")).to_have_text(
        row["sentence"][row["mention_start"] : row["mention_end"]]
    )
    expect(quote).to_contain_text(f"{row['source_id']}, {row['locator']}")
    expect(quote.locator("time")).to_have_attribute("datetime", row["posted_on"].isoformat())
    expect(sides.nth(1)).to_contain_text("No course of the program says it")


def test_a_taught_skill_has_sentences_of_courses_and_both_vocabularies(site, open_url) -> None:
    page = open_url(site + PAGES["skill"]).page
    sides = page.locator("#evidence .pair > div")
    expect(sides.nth(1).locator("blockquote mark").first).to_be_visible()
    expect(page.get_by_role("heading", name="Employers' words")).to_be_visible()
    expect(page.locator("#words mark").first).to_have_text("sql")
    page.get_by_text("How they follow from one another").click()
    expect(page.get_by_text("gap 0.000 = demand")).to_be_visible()
    page.get_by_role("link", name="Query languages").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Query languages")
    expect(page.get_by_label("Program", exact=True)).to_have_value("software-development-aas")


def test_a_choice_changes_the_address_and_the_address_is_the_view(site, open_url) -> None:
    page = open_url(site + PAGES["program"]).page
    page.get_by_label("Show", exact=True).select_option("concept")
    expect(page.locator("p.lead").first).to_contain_text("single skills")
    page.get_by_label("Beside").select_option("technology")
    expect(page.locator("p.lead").first).to_contain_text("Technology")
    sent = page.url
    assert parse_qs(urlsplit(sent).query) == {
        "program": ["nursing-adn"],
        "sector": ["technology"],
        "grain": ["concept"],
    }
    landed = open_url(sent).page
    expect(landed.locator("p.lead").first).to_have_text(page.locator("p.lead").first.inner_text())
    expect(landed.get_by_label("Beside")).to_have_value("technology")
    page.go_back()
    expect(page.get_by_label("Beside")).to_have_value("health-care")
    expect(page.locator("p.lead").first).to_contain_text("Health Care")


def test_filters_of_the_overview_are_in_the_address(site, open_url) -> None:
    page = open_url(site).page
    search = page.get_by_label("Program or institution")
    search.fill("nurs")
    search.press("Enter")
    expect(page.locator(".heat tbody tr")).to_have_count(1)
    page.get_by_label("Show", exact=True).select_option("fed")
    expect(page.locator(".heat tbody .cell")).to_have_count(2)
    assert parse_qs(urlsplit(page.url).query) == {"text": ["nurs"], "show": ["fed"]}
    landed = open_url(page.url).page
    expect(landed.locator(".heat tbody .cell")).to_have_count(2)
    landed.get_by_label("Program or institution").fill("nothing like it")
    landed.get_by_role("button", name="Show").click()
    expect(landed.get_by_text("No comparison fits.")).to_be_visible()


def test_what_if_moves_alignment_and_can_be_sent_and_undone(site, open_url, snapshot) -> None:
    [[alignment]] = (
        snapshot.table("mart.program_sector_alignment")
        .filter("program_id = 'nursing-adn' AND sector_code = 'health-care' AND grain = 'group'")
        .select("alignment")
        .fetchall()
    )
    page = open_url(site + PAGES["program"]).page
    plan = page.locator("#what-if")
    plan.get_by_role("button", name="Add").click()
    status = plan.get_by_role("status")
    expect(status).to_contain_text(f"Alignment would rise from {alignment:.0%}")
    first = status.inner_text()
    plan.get_by_label("Skill", exact=True).select_option(index=1)
    plan.get_by_label("Course", exact=True).select_option(index=2)
    plan.get_by_label("Depth").select_option("practiced")
    plan.get_by_role("button", name="Add").click()
    expect(plan.locator(".added li")).to_have_count(2)
    expect(status).not_to_have_text(first)
    landed = open_url(page.url).page
    expect(landed.get_by_role("status")).to_have_text(status.inner_text())
    plan.locator(".added li").nth(1).get_by_role("link", name="remove").click()
    expect(plan.locator(".added li")).to_have_count(1)
    expect(status).to_have_text(first)
    expect(plan).to_be_focused()
    expect(status).to_be_in_viewport()


@pytest.mark.parametrize(
    "search",
    [
        "add=S1&to=nobody&at=assessed",
        "add='; DROP TABLE core.programs; --&to=x&at=y",
        "add=a&add=b",
    ],
)
def test_additions_that_mean_nothing_are_left_out(site, open_url, search) -> None:
    visit = open_url(f"{site}{PAGES['program']}&{search}")
    expect(visit.page.locator("#what-if").get_by_role("button", name="Add")).to_be_visible()
    expect(visit.page.locator(".added")).to_have_count(0)
    assert visit.complaints == []


def test_the_keyboard_reaches_everything(site, open_url) -> None:
    page = open_url(site).page
    expect(page.locator(".heat")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, "input[name=text]")
    tab_to(page, ".cell")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("Cybersecurity"))
    tab_to(page, "select[name=grain]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("p.lead").first).to_contain_text("single skills")
    expect(page.locator("select[name=grain]")).to_be_focused()


def test_a_grid_sorts_and_its_skills_are_links(site, open_url) -> None:
    page = open_url(site + PAGES["sector"]).page
    page.get_by_text("that a posting names, as a table").click()
    grid = page.get_by_role("region", name="Table of all skills asked for")
    grid.get_by_role("columnheader", name="Skill").click()
    link_in_grid = grid.locator("[row-index='0'] a.in-grid")
    expect(link_in_grid).to_have_text(re.compile("^A"))
    name = link_in_grid.inner_text()
    link_in_grid.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_it_prints_with_the_tables_open_and_without_forms(site, open_url) -> None:
    page = open_url(site + PAGES["program"]).page
    expect(page.locator(".matrix")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("nav.site")).to_be_hidden()
    expect(page.locator("form").first).to_be_hidden()
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    text = " ".join(sheet.get_textpage().get_text_range() for sheet in document)
    assert "taught nowhere" in text
    assert "Course by course" in text
    assert len(document) <= 5


def test_posting_text_is_shown_and_never_run(edited, serve, open_url) -> None:
    warehouse = edited(
        f"UPDATE mart.posting_evidence SET sentence = $${SCRIPT}$$ || sentence, "
        f"title = $${SCRIPT}$$, employer = $$<img src=x onerror=alert(1)>$$, "
        f"mention_start = 0, mention_end = {len(SCRIPT)} WHERE skill_id = '{SQL}'",
        title=f"College {SCRIPT}",
    )
    site = serve(warehouse)
    visit = open_url(site + link(SKILL, {"skill": SQL, "sector": "technology"}))
    expect(visit.page.locator("blockquote mark").first).to_have_text(SCRIPT)
    expect(visit.page.get_by_text("<img src=x onerror=alert(1)>").first).to_be_visible()
    expect(visit.page).to_have_title(re.compile("^SQL"))
    expect(visit.page.locator("#page script, #page img")).to_have_count(0)
    visit.page.get_by_role("link", name="Overview").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(f"College {SCRIPT}")
    assert visit.complaints == []
    assert visit.requests == []


def test_a_new_snapshot_appears_without_a_restart(edited, serve, open_url) -> None:
    site = serve(edited(title="Before"))
    page = open_url(site).page
    expect(page.get_by_role("heading", level=1)).to_have_text("Before")
    edited("DELETE FROM core.programs WHERE program_id <> 'nursing-adn'", title="After")
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("After")
    expect(page.locator(".heat tbody tr")).to_have_count(1)


def test_where_nothing_is_published_it_says_how_and_shows_it_when_it_is(
    tmp_path, edited, serve, open_url
) -> None:
    warehouse = tmp_path / "edited"
    visit = open_url(serve(warehouse), scheme="dark")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Nothing is published yet")
    expect(visit.page.get_by_text("skillgap demo")).to_be_visible()
    assert visit.violations() == []
    edited(title="Here it is")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Here it is", timeout=10_000)


def test_a_skill_nobody_asks_for_says_so(site, open_url, snapshot) -> None:
    [(skill_id, program_id)] = (
        snapshot.table("mart.program_sector_gap")
        .filter(
            "status = 'taught, not asked' AND grain = 'concept' AND sector_code = 'health-care'"
        )
        .filter("skill_id NOT IN (SELECT skill_id FROM mart.sector_skill_demand)")
        .order("skill_id, program_id")
        .limit(1)
        .select("skill_id, program_id")
        .fetchall()
    )
    view = {"skill": skill_id, "program": program_id, "sector": "health-care"}
    visit = open_url(site + link(SKILL, view))
    expect(visit.page.locator("p.lead")).to_contain_text("No posting of the period in Health Care")
    expect(visit.page.get_by_text("No posting here says it.")).to_be_visible()
    expect(
        visit.page.get_by_text("No posting of the period names it, in any sector.")
    ).to_be_visible()
    assert visit.complaints == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (link(PROGRAM, {"program": "' OR 1=1"}), "There is no such program"),
        (link(PROGRAM, NURSING | {"sector": "99"}), "There is no such sector"),
        (link(SECTOR, {"sector": "program:nobody"}), "There is no such sector"),
        (link(SKILL, {"skill": "urn:nothing"}), "There is no such skill"),
        ("/wp-admin", "There is no such page"),
    ],
)
def test_an_address_that_means_nothing_leads_on(site, open_url, path, said) -> None:
    visit = open_url(site + path)
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(said)
    visit.page.locator("main a").first.click()
    expect(visit.page.get_by_role("heading", level=1)).not_to_have_text(said)
    assert visit.complaints == []


def test_a_page_that_fails_tells_the_client_nothing(edited, serve, open_url) -> None:
    page = open_url(serve(edited("DROP TABLE core.period"))).page
    expect(page.get_by_role("heading", level=1)).to_have_text("Something went wrong")
    expect(page.get_by_text("core.period")).to_have_count(0)


def test_every_answer_has_its_headers(site) -> None:
    for path in ("/", "/_dash-layout", "/assets/dashboard.css", "/_nothing/at/all"):
        with urlopen(site + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "script-src 'self' 'sha256-" in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"
