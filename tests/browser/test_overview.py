"""The overview page, read as a member of a curriculum committee reads it."""

from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from pipelines.contracts.rules import COPY_WINDOW_DAYS, NEAR_COPY_SIMILARITY, SHINGLE_WORDS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("published_sample")]

MAX_TABS = 60


@pytest.fixture
def overview(published_sample: Path) -> Path:
    return published_sample / "reports" / "overview.html"


def program_titles(snapshot) -> list[tuple[str, str]]:
    return snapshot.table("core.programs").select("program_id, title").fetchall()


def cells_of(table: Locator) -> list[list[str]]:
    return [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]


def open_taught_gap(page: Page) -> None:
    """Open the first gap that a course covers in part, so that both sides have sentences."""
    page.locator(".gaps details:has(.status.partly-taught)").first.locator("summary").click()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until an element that matches is focused."""
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{MAX_TABS} presses of Tab do not reach {selector}")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1440, "light"),
        (390, "dark"),
        *(
            pytest.param(width, scheme, marks=pytest.mark.slow)
            for width, scheme in ((720, "light"), (320, "light"), (390, "light"), (1440, "dark"))
        ),
    ],
)
def test_the_page_fits_asks_for_nothing_and_breaks_no_rule(
    overview, open_page, width, scheme
) -> None:
    """720 px is a window of 1440 px at 200 % zoom; 320 px at 400 % of 1280."""
    visit = open_page(overview, width=width, scheme=scheme)
    expect(visit.page.locator("#alignment-heatmap .xtick").first).to_be_visible()
    for summary in visit.page.locator("main > section:not(.program) summary").all():
        summary.click()
    open_taught_gap(visit.page)
    assert visit.overflow() <= 0
    assert visit.violations() == []
    assert visit.requests == []
    assert visit.complaints == []


@pytest.mark.parametrize("width", [1440, 390])
def test_every_program_opens_with_its_sentence(overview, open_page, snapshot, width) -> None:
    page = open_page(overview, width=width).page
    for program_id, title in program_titles(snapshot):
        program = page.locator(f"section[id='{program_id}']")
        expect(program.get_by_role("heading", level=2)).to_have_text(title)
        sentence = program.locator(".lead").first
        expect(sentence).to_be_visible()
        expect(sentence).to_contain_text("most wanted groups of skills in")


def test_the_heatmap_has_a_cell_a_program_and_sector_with_its_share(
    overview, open_page, snapshot
) -> None:
    page = open_page(overview).page
    rows = page.locator("#alignment-heatmap .ytick")
    columns = page.locator("#alignment-heatmap .xtick")
    expect(rows).to_have_count(len(program_titles(snapshot)))
    cells = page.locator("#alignment-heatmap .annotation-text")
    expect(cells).to_have_count(rows.count() * columns.count())
    page.get_by_text("The same as a table").click()
    table = page.get_by_role("region", name="Table of alignment").get_by_role("table")
    expect(table).to_be_visible()
    expect(table.locator("tbody tr")).to_have_count(cells.count())
    shares = [
        text.split(" (")[0] for text in table.locator("tbody tr td:nth-child(3)").all_inner_texts()
    ]
    drawn = [share.replace("too few", "too few postings") for share in cells.all_text_contents()]
    assert sorted(shares) == sorted(drawn)


def test_the_page_says_what_one_vacancy_is_and_how_many_copies_there_were(
    overview, open_page, snapshot
) -> None:
    [(vacancies_n, copies_n)] = (
        snapshot.table("core.postings").aggregate("count(*), sum(duplicate_n)").fetchall()
    )
    section = open_page(overview).page.locator("#page-copies + p")
    expect(section).to_be_visible()
    for words in (
        f"at least {NEAR_COPY_SIMILARITY:.0%} of their runs of {SHINGLE_WORDS} words",
        f"at most {COPY_WINDOW_DAYS} days apart",
        f"came down to {vacancies_n:,} vacancies: {copies_n:,} copies were set aside",
    ):
        expect(section).to_contain_text(words)


@pytest.mark.parametrize("width", [1440, 390])
def test_ads_to_read_with_care_are_a_table_by_sector_with_their_number(
    overview, open_page, snapshot, width
) -> None:
    page = open_page(overview, width=width).page
    table = page.get_by_role("table", name="Ads to read with care")
    expect(table).to_be_visible()
    postings = snapshot.table("core.postings").pl()
    rows = {cells[0]: cells[1:] for cells in cells_of(table)}
    first, *_, last = rows
    assert (first, last) == ("All", "Unknown")
    assert len(rows) == postings["sector_code"].n_unique() + 1
    stale = f"{100 * postings['is_stale'].mean():.1f}%"
    agencies = f"{100 * postings['is_staffing_agency'].mean():.1f}%"
    assert rows["All"] == [f"{postings.height:,}", "100.0%", stale, "0.0%", agencies]
    unknown = postings.filter(sector_code="unknown")
    assert rows["Unknown"][0] == str(unknown.height)
    assert rows["Unknown"][2] == f"{unknown['is_stale'].sum()} of {unknown.height}"


def test_the_heatmap_does_not_catch_a_finger_that_scrolls(overview, open_page) -> None:
    page = open_page(overview, width=390).page
    region = page.get_by_role("region", name="Heatmap of alignment")
    shown, whole = region.evaluate("region => [region.clientWidth, region.scrollWidth]")
    assert whole > shown
    region.hover()
    page.mouse.wheel(120, 0)
    expect(page.locator("#alignment-heatmap .xtick").last).to_be_attached()
    page.wait_for_function("document.querySelector('.scroll').scrollLeft > 0")


def test_the_keyboard_alone_reaches_the_evidence(overview, open_page, snapshot) -> None:
    page = open_page(overview).page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the programs")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    program_id, title = program_titles(snapshot)[0]
    tab_to(page, f"nav a[href='#{program_id}']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=title, level=2)).to_be_in_viewport()
    tab_to(page, f"[id='{program_id}'] .gaps summary")
    row = page.locator(":focus")
    evidence = row.locator("xpath=..").locator(".evidence")
    expect(evidence).to_be_hidden()
    page.keyboard.press("Enter")
    expect(evidence).to_be_visible()
    assert row.evaluate("row => getComputedStyle(row).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(evidence).to_be_hidden()


def test_a_gap_shows_the_sentences_of_both_sides_with_the_mention_marked(
    overview, open_page
) -> None:
    page = open_page(overview).page
    open_taught_gap(page)
    evidence = page.locator(".gaps details[open] .evidence")
    for side in ("Employers say", "Courses say"):
        said = evidence.locator("section", has=page.get_by_role("heading", name=side))
        quote = said.locator("blockquote").first
        expect(quote).to_be_visible()
        mention = quote.locator("mark").inner_text()
        assert mention.strip()
        assert len(quote.locator("p").inner_text()) > len(mention)
        assert quote.locator("footer").inner_text().strip()


def test_print_opens_the_evidence_and_hides_what_only_a_screen_needs(
    overview, open_page, tmp_path
) -> None:
    page = open_page(overview, scheme="dark").page
    expect(page.locator("#alignment-heatmap .xtick").first).to_be_visible()
    sectors = page.locator("#alignment-heatmap .xtick").all_text_contents()
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Programs")).to_be_hidden()
    colors = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor,"
        " getComputedStyle(document.querySelector('.lead')).color]"
    )
    assert colors == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    page.pdf(path=tmp_path / "overview.pdf", format="Letter")
    pdf = pypdfium2.PdfDocument(tmp_path / "overview.pdf")
    pages = [sheet.get_textpage().get_text_bounded() for sheet in pdf]
    first_letters = [sector[:6] for sector in sectors]
    assert first_letters
    assert all(letters in pages[0] for letters in first_letters), "the heatmap is cut off"
    printed = "\n".join(pages)
    assert printed.count("Employers say") == page.locator(".gaps > li").count()
    expect(page.locator(".gaps details[open]")).to_have_count(0)
