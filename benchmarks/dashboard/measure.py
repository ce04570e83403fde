"""How fast the dashboard is on a large snapshot, for one person and for twenty at once.

``python -m benchmarks.dashboard.measure FOLDER`` serves the warehouse that `grow` made, opens every
page in Chromium, then has twenty people look at pages for a minute, each with two to six seconds
between clicks and none beginning with another. Records the figures in ``RESULTS.md``.
"""

import argparse
import datetime as dt
import json
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx
from playwright.sync_api import sync_playwright

from benchmarks.figures import table
from pipelines.warehouse.publish import open_snapshot

HERE = Path(__file__).parent
PEOPLE_N, MINUTES = 20, 1.0
PAUSE_S = (2.0, 6.0)
UPDATE = "/_dash-update-component"


def addresses(warehouse: Path) -> dict[str, list[str]]:
    """By page some addresses a person could follow, the commonest gaps among them."""
    with open_snapshot(warehouse) as connection:
        ranked = (
            connection.table("mart.program_sector_gap")
            .filter("rank <= 5 AND starts_with(program_id, 'nursing')")
            .select("program_id, sector_code, grain, skill_id")
            .order("program_id, sector_code, grain, skill_id")
            .limit(400)
            .fetchall()
        )
    rows = random.Random(1).sample(ranked, 40)
    return {
        "overview": ["/", "/?show=fed", "/?text=nursing"],
        "sector": [
            f"/sector?{urlencode({'sector': sector, 'grain': grain})}"
            for _, sector, grain, _ in rows
        ],
        "program": [
            f"/program?{urlencode({'program': program, 'sector': sector, 'grain': grain})}"
            for program, sector, grain, _ in rows
        ],
        "skill": [
            f"/skill?{urlencode({'skill': skill, 'program': program, 'sector': sector})}"
            for program, sector, _, skill in rows
        ],
        "data": ["/data"],
    }


@contextmanager
def served(warehouse: Path) -> Iterator[str]:
    """The dashboard of the warehouse in a process of its own; gives its address."""
    command = [sys.executable, "-m", "pipelines.cli", "dashboard", "--port", "0", "--no-open"]
    with subprocess.Popen(
        [*command, "--warehouse", warehouse], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            found = next(
                match for line in process.stdout if (match := re.search(r"http://[\w.:]+", line))
            )
            yield found.group()
        finally:
            process.terminate()


def paints(url: str, pages: dict[str, list[str]]) -> Iterator[tuple[str, float, float]]:
    """(page, ms to the first paint, ms until its heading is there) in a new browser each."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (address, *_) in pages.items():
            page = browser.new_context().new_page()
            started = time.perf_counter()
            page.goto(url + address, wait_until="commit")
            page.locator("h1").first.wait_for()
            there = 1000 * (time.perf_counter() - started)
            painted = page.evaluate(
                "performance.getEntriesByName('first-contentful-paint')[0].startTime"
            )
            yield name, painted, there
            page.context.close()
        browser.close()


def question(url: str, address: str) -> dict:
    """What the browser asks the server when a person follows a link to the address."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        with page.expect_request(lambda request: UPDATE in request.url) as asked:
            page.goto(url + address)
        body: dict = json.loads(asked.value.post_data or "{}")
        browser.close()
    return body


def asked_for(body: dict, address: str) -> dict:
    """The same question for another address."""
    path, _, search = address.partition("?")
    values = {"pathname": path, "search": f"?{search}" if search else ""}
    inputs = [
        {**item, "value": values.get(item["property"], item.get("value"))}
        for item in body["inputs"]
    ]
    return {**body, "inputs": inputs}


def person(url: str, body: dict, pages: dict[str, list[str]], seed: int) -> list[tuple[str, float]]:
    """(page, ms) of each view that one person had; raises where the server fails."""
    chance, seen = random.Random(seed), []
    until = time.monotonic() + 60 * MINUTES
    with httpx.Client(base_url=url, headers={"Origin": url}, timeout=30) as client:
        time.sleep(chance.uniform(0, PAUSE_S[1]))
        while time.monotonic() < until:
            name = chance.choice(list(pages))
            asked = asked_for(body, chance.choice(pages[name]))
            started = time.perf_counter()
            answer = client.post(UPDATE, json=asked)
            seen.append((name, 1000 * (time.perf_counter() - started)))
            answer.raise_for_status()
            time.sleep(chance.uniform(*PAUSE_S))
    return seen


def view_rows(views: list[tuple[str, float]]) -> Iterator[tuple]:
    """(page, views, median ms, 95th percentile ms, slowest ms), all pages last."""
    for name in [*dict.fromkeys(name for name, _ in sorted(views)), "all"]:
        taken = [ms for page, ms in views if name in (page, "all")]
        centiles = statistics.quantiles(taken, n=100, method="inclusive")
        yield name, len(taken), centiles[49], centiles[94], max(taken)


def main() -> None:
    """Command line: print the figures and record them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warehouse", type=Path)
    warehouse = parser.parse_args().warehouse
    pages = addresses(warehouse)
    with open_snapshot(warehouse) as connection:
        postings_n, courses_n, programs_n = (
            connection.table(f"core.{name}").count("*").fetchall()[0][0]
            for name in ("postings", "courses", "programs")
        )
    with served(warehouse) as url:
        painted = list(paints(url, pages))
        body = question(url, "/data")
        with ThreadPoolExecutor(PEOPLE_N) as people:
            found = people.map(lambda seed: person(url, body, pages, seed), range(PEOPLE_N))
            views = [view for seen in found for view in seen]
    lines = [
        "# The dashboard: recorded figures",
        "",
        f"`python -m benchmarks.dashboard.measure`, {dt.date.today()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}: {postings_n:,} postings, {courses_n:,} courses, "
        f"{programs_n:,} programs.",
        *table("One person, a new browser", "page, first paint ms, heading ms", painted),
        *table(
            f"{PEOPLE_N} people at once, no answer failed",
            "page, views, median ms, 95 % within ms, slowest ms",
            view_rows(views),
        ),
        "",
    ]
    text = "\n".join(lines)
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
