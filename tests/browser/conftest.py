"""A Chromium, and pages that may ask the network for nothing."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@dataclass
class Visit:
    """An open page, what it asked the network for and what it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def refuse(self, route: Route) -> None:
        """Answer a request from the file itself; record and refuse any other."""
        if route.request.is_navigation_request() and route.request.url.startswith("file:"):
            route.continue_()
            return
        self.requests.append(route.request.url)
        route.abort()

    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def violations(self) -> list[str]:
        """What axe finds on the page."""
        return violations_of(self.page)


def violations_of(page: Page) -> list[str]:
    """What axe finds against WCAG 2.1 A and AA: the rule and the first place of each."""
    rules = {"runOnly": {"type": "tag", "values": WCAG_AA}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=rules).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in found]


Open = Callable[..., Visit]


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """What axe finds on a page."""
    return violations_of


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Shorter lived than the published sample: a run must not start in the browser's event loop."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if not executable:
        pytest.skip("no chromium on the PATH: the page cannot be looked at")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Open a file at a width and height (px) in a color scheme."""
    contexts = []

    def opened(path: Path, width: int = 1440, height: int = 900, scheme: str = "light") -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        contexts.append(context)
        visit = Visit(context.new_page())
        context.route("**/*", visit.refuse)
        visit.page.on("console", lambda message: visit.complaints.append(message.text))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.goto(path.as_uri())
        return visit

    yield opened
    for context in contexts:
        context.close()
