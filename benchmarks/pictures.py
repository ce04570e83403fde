"""Pictures of the sample's overview page and of every page of the dashboard, wide and narrow:
`python -m benchmarks.pictures`.

Holds the taking of pictures and nothing that measures. Expects that `skillgap demo` has run.
"""

import argparse
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from benchmarks.dashboard.measure import served
from pipelines.places import WAREHOUSE

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH, HEIGHT = 1280, 1000
GAPS_HEIGHT = 1100
MAX_BYTES = 250_000
COLORS = 128
DASHBOARD = {
    "overview": "/",
    "sector": "/sector?sector=health-care",
    "program": "/program?program=nursing-adn&sector=health-care",
    "skill": "/skill?skill=K091&program=nursing-adn&sector=health-care",
    "ballot": "/ballot?program=nursing-adn&sector=health-care",
    "decisions": "/decisions",
    "data": "/data",
}
WINDOWS = {"wide": (1440, 1500), "narrow": (390, 1200)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def take(warehouse: Path, overview: Path, pictures: Path) -> list[Path]:
    """Write overview.png and gaps.png of the page `overview`, and a picture of every page of the
    warehouse's dashboard in each of `WINDOWS`, into `pictures`.

    Raises:
        SystemExit: no Chromium is installed, or a picture is larger than MAX_BYTES.
    """
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if not executable:
        sys.exit("No chromium on the PATH; install one and run again.")
    pictures.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, served(warehouse) as url:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(overview.resolve().as_uri())
        page.wait_for_selector("#alignment-heatmap .xtick")
        taken = [_top(page, pictures / "overview.png"), _gaps(page, pictures / "gaps.png")]
        for window, (width, height) in WINDOWS.items():
            page.set_viewport_size({"width": width, "height": height})
            for name, address in DASHBOARD.items():
                page.goto(url + address, wait_until="networkidle")
                page.locator("h1").first.wait_for()
                page.mouse.move(0, 0)
                taken.append(_top(page, pictures / f"dashboard-{name}-{window}.png"))
        browser.close()
    for picture in taken:
        _shrink(picture)
    return taken


def _top(page: Page, path: Path) -> Path:
    page.screenshot(path=path)
    return path


def _gaps(page: Page, path: Path) -> Path:
    """The first program in which a listed gap has sentences of its own on both sides."""
    gap = page.locator(".gaps details:has(.status.partly-taught)").first
    gap.locator("summary").click()
    program = page.locator(".program").filter(has=page.locator(".gaps details[open]"))
    box = program.bounding_box()
    if box is None:
        sys.exit("The page shows no program.")
    scrolled = page.evaluate("window.scrollY")
    clip = {
        "x": box["x"],
        "y": box["y"] + scrolled,
        "width": box["width"],
        "height": min(box["height"], GAPS_HEIGHT),
    }
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=path, clip=clip, full_page=True)
    return path


def _shrink(path: Path) -> None:
    """Reduce the picture to a palette; flat colors and type lose nothing that is seen."""
    with Image.open(path) as picture:
        reduced = picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    reduced.save(path, optimize=True)
    if path.stat().st_size > MAX_BYTES:
        sys.exit(f"{path.name} is {path.stat().st_size:,} bytes; {MAX_BYTES:,} are allowed.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", type=Path, default=WAREHOUSE)
    parser.add_argument("--out", type=Path, default=PICTURES)
    arguments = parser.parse_args()
    overview = arguments.warehouse / "reports" / "overview.html"
    if not overview.is_file():
        parser.error(f"{overview} is not there; run `make demo` first.")
    for picture in take(arguments.warehouse, overview, arguments.out):
        print(f"{picture.name}: {picture.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
