"""A Chromium; pages that may ask the network for nothing; a dashboard that pages may ask."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from waitress import create_server

from pipelines.dashboard import close, create_app
from pipelines.warehouse.publish import CURRENT

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]
COMMAND = [sys.executable, "-m", "pipelines.cli"]
WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@dataclass
class Visit:
    """An open page, what it asked the network for and what it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    origin: str = ""

    def refuse(self, route: Route) -> None:
        """Answer a request to the file itself or to `origin`; record and refuse any other."""
        url = route.request.url
        is_file = route.request.is_navigation_request() and url.startswith("file:")
        if is_file or (self.origin and url.startswith((self.origin, "data:", "blob:"))):
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


Start = Callable[..., str]
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
def open_url(browser: Browser) -> Iterator[Open]:
    """Open an address at a width and height (px) in a color scheme; its own server may be asked."""
    contexts = []

    def opened(url: str, width: int = 1440, height: int = 900, scheme: str = "light") -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        contexts.append(context)
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}" if parts.scheme.startswith("http") else ""
        visit = Visit(context.new_page(), origin=origin)
        context.route("**/*", visit.refuse)
        visit.page.on("console", lambda message: visit.complaints.append(message.text))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.goto(url)
        return visit

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(open_url: Open) -> Open:
    """Open a file as `open_url` opens an address."""
    return lambda path, **window: open_url(path.as_uri(), **window)


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve the dashboard of a warehouse on a free port of this machine; its address."""
    running = []

    def served(warehouse: Path) -> str:
        app = create_app(warehouse)
        server = create_server(app.server, host="127.0.0.1", port=0, threads=4)
        Thread(target=server.run, daemon=True).start()
        running.append((server, app))
        return f"http://127.0.0.1:{server.effective_port}"

    yield served
    for server, app in running:
        server.close()
        server.task_dispatcher.shutdown()
        close(app)


@pytest.fixture
def edited(published_sample: Path, tmp_path: Path) -> Callable[..., Path]:
    """Publish a copy of the sample's snapshot, changed by SQL, into a warehouse of the test."""
    source = published_sample / "published"

    def changed(*statements: str, title: str = "Edited") -> Path:
        warehouse = tmp_path / "edited"
        folder = warehouse / "published"
        folder.mkdir(parents=True, exist_ok=True)
        snapshot = json.loads((source / CURRENT).read_text(encoding="utf-8"))
        file = f"{len(list(folder.glob('*.duckdb')))}.duckdb"
        shutil.copy(source / snapshot["file"], folder / file)
        with duckdb.connect(str(folder / file)) as connection:
            for statement in statements:
                connection.execute(statement)
        pointer = folder / "pointer"
        pointer.write_text(json.dumps(snapshot | {"file": file, "title": title}), encoding="utf-8")
        pointer.replace(folder / CURRENT)
        return warehouse

    return changed


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """`skillgap dashboard` on a free port, where people may write; gives its address."""
    started = []

    def served(warehouse: Path, *options: str) -> str:
        command = [*COMMAND, "dashboard", "--warehouse", str(warehouse), "--port", "0", *options]
        unbuffered = {**os.environ, "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=unbuffered)
        started.append(process)
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "the dashboard did not start"
        return found.group()

    yield served
    for process in started:
        process.terminate()
        process.wait(timeout=20)
        if process.stdout:
            process.stdout.close()


@pytest.fixture
def new_visitor(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page of somebody of their own: no cookies, no storage shared."""
    contexts: list[BrowserContext] = []

    def visitor(width: int = 1440, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        return context.new_page()

    yield visitor
    for context in contexts:
        context.close()
