"""What a run costs when all, nothing, or one in a hundred postings is new.

``python -m benchmarks.ingest.incremental`` generates postings with the sample's generator, runs
`skillgap run` as a user does, and records the seconds in ``INCREMENTAL.md``: on the wall clock, and
of the processor, which other work on the machine does not lengthen as much. Every run is a process
of its own. Start-up is a whole run over one posting: what any run pays before the first.
"""

import argparse
import datetime as dt
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from pipelines.places import ROOT, SAMPLE

HERE = Path(__file__).parent
POSTINGS_N = 20_000
FILES_N = 20
NEW_SHARE = 0.01
MOST_OF_FULL = 0.05
COLLEGE = ("syllabi", "programs")
FEED = "postings_feed"


def generate(directory: Path, postings_n: int) -> list[str]:
    """Lines of JSON, a posting each; leaves the sample's source.yml for them in `directory`."""
    command = [sys.executable, SAMPLE / "generate.py", "--postings", str(postings_n)]
    subprocess.run([*command, "--only", "postings", "--out", directory], check=True)
    feed = directory / FEED / "feed.jsonl"
    lines = feed.read_text(encoding="utf-8").splitlines(keepends=True)
    feed.unlink()
    return lines


def write(folder: Path, name: str, lines: list[str]) -> None:
    """A file of the source of postings."""
    (folder / FEED / name).write_text("".join(lines), encoding="utf-8")


class Took(NamedTuple):
    """Seconds of a run."""

    wall: float
    processor: float


def seconds(sources: Path, warehouse: Path, *options: str) -> Took:
    """How long `skillgap run` takes."""
    call = "from pipelines.cli import main; main()"
    command = [sys.executable, "-c", call, "run", "--sources", str(sources)]
    begun, used = time.perf_counter(), _processor_seconds()
    subprocess.run(
        [*command, "--warehouse", str(warehouse), *options],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return Took(time.perf_counter() - begun, _processor_seconds() - used)


def _processor_seconds() -> float:
    """Of all processes that have ended below this one."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def start_up(directory: Path, line: str, contract: str) -> Took:
    """Seconds of a run over one posting, the extraction pipeline built before."""
    sources = directory / "one"
    (sources / FEED).mkdir(parents=True)
    (sources / FEED / "source.yml").write_text(
        contract.split("expect:", maxsplit=1)[0], encoding="utf-8"
    )
    write(sources, "one.jsonl", [line])
    seconds(sources, directory / "start_up")
    return seconds(sources, directory / "start_up", "--rebuild")


def measure(directory: Path, postings_n: int) -> tuple[Took, list[tuple[str, Took]]]:
    """Seconds of start-up, and of each run by its name."""
    new_n = round(postings_n * NEW_SHARE)
    sources = directory / "sources"
    lines = generate(sources, postings_n + new_n)
    contract = (sources / FEED / "source.yml").read_text(encoding="utf-8")
    for name in COLLEGE:
        shutil.copytree(SAMPLE / name, sources / name)
    shutil.copy(SAMPLE / "project.yml", sources)
    for n in range(FILES_N):
        write(sources, f"feed-{n:03d}.jsonl", lines[n:postings_n:FILES_N])
    base = start_up(directory, lines[0], contract)
    warehouse = directory / "warehouse"
    warehouse.mkdir()
    (warehouse / "extraction").symlink_to(directory / "start_up" / "extraction")
    runs = [(f"all {postings_n:,} postings new", seconds(sources, warehouse))]
    runs.append(("nothing changed", seconds(sources, warehouse)))
    write(sources, "new.jsonl", lines[postings_n:])
    runs.append((f"a file with {new_n:,} new postings", seconds(sources, warehouse)))
    write(sources, "new.jsonl", [lines[postings_n].replace("<p>", "<p>Corrected: ", 1)])
    runs.append(("that file corrected to one posting", seconds(sources, warehouse)))
    (sources / FEED / "new.jsonl").unlink()
    runs.append(("that file withdrawn", seconds(sources, warehouse)))
    return base, runs


def main() -> None:
    """Command line: print and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postings", type=int, default=POSTINGS_N, metavar="N")
    postings_n = parser.parse_args().postings
    with tempfile.TemporaryDirectory() as directory:
        base, runs = measure(Path(directory), postings_n)
    full, new = runs[0][1], runs[2][1]
    lines = [
        "# Runs over what has changed: recorded figures",
        "",
        f"`python -m benchmarks.ingest.incremental --postings {postings_n}`, {dt.date.today()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}. Postings are of the "
        f"sample's generator, some 200 words each, in {FILES_N} files, beside its syllabi.",
        "",
        "| run | seconds | of the processor | beyond start-up, of the full run's |",
        "|---|---|---|---|",
        f"| start-up: a run over one posting | {base.wall:.1f} | {base.processor:.1f} | |",
        *(
            f"| {name} | {took.wall:.1f} | {took.processor:.1f} "
            f"| {max(took.processor - base.processor, 0) / full.processor:.1%} |"
            for name, took in runs
        ),
        "",
        f"Bound for 1 % new postings, {MOST_OF_FULL:.0%} of the full run and start-up: "
        f"{MOST_OF_FULL * full.wall + base.wall:.1f} seconds, "
        f"{MOST_OF_FULL * full.processor + base.processor:.1f} of the processor. "
        f"It took {new.wall:.1f} and {new.processor:.1f}.",
        "",
    ]
    text = "\n".join(lines)
    (HERE / "INCREMENTAL.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
