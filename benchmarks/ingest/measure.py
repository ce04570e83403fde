"""What ingestion makes of the sample and the real files, how right it is, how fast it is.

``python -m benchmarks.ingest.measure`` prints the tables and records them in ``RESULTS.md``. Runs
are read from warehouses that ``skillgap run`` made; rows for speed are generated.
"""

import argparse
import csv
import datetime as dt
import os
import platform
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.figures import table
from benchmarks.ingest.labeled import ask, duplicate_rows, title_rows
from benchmarks.ingest.rungs import rung_rows
from pipelines.ingest.drop import read_drop
from pipelines.ingest.source import guess_source
from pipelines.warehouse.publish import open_snapshot
from skills_taxonomy.occupations import Titles
from skills_taxonomy.sectors import CROSSWALKS

HERE = Path(__file__).parent
SEED = 20261126
HELD_OUT_N = 5_000
GENERATED_N = 100_000
WORDS_A_POSTING = 120


def run_rows(connection: duckdb.DuckDBPyConnection, run: str) -> Iterator[tuple]:
    """(run, measure, value) of a published run."""
    for measure, value in ask(connection, "runs").iter_rows():
        yield run, measure, value if measure.endswith("share") else int(value)


def account_rows(connection: duckdb.DuckDBPyConnection, run: str) -> Iterator[tuple]:
    """(run, source, account): every record of a source is kept, a copy or refused.

    Raises:
        AssertionError: a record is lost.
    """
    for source, records, kept, copies, rejects in ask(connection, "accounts").iter_rows():
        account = f"{records:,} in = {kept:,} kept + {copies:,} copies + {rejects:,} rejects"
        assert records == kept + copies + rejects, f"{source}: {account}"
        yield run, source, account


def occupation_rows() -> Iterator[tuple]:
    """(titles, share named, right of the named, right major group) on titles held out."""
    titles = pl.read_parquet(CROSSWALKS / "occupation_titles.parquet").with_row_index()
    others = titles.filter(~pl.col("is_official"))["index"].to_list()
    held = random.Random(SEED).sample(others, HELD_OUT_N)
    asked = titles.filter(pl.col("index").is_in(held))["title"].to_list()
    codes = dict(titles.group_by("title").agg("soc_code").iter_rows())
    found = Titles(titles.filter(~pl.col("index").is_in(held)).drop("index")).occupations(asked)
    named = [(o.soc_code, codes[t]) for o, t in zip(found, asked, strict=True) if o.soc_code]
    right = sum(code in listed for code, listed in named)
    major = sum(code[:2] in {own[:2] for own in listed} for code, listed in named)
    yield HELD_OUT_N, len(named) / HELD_OUT_N, right / len(named), major / len(named)


def speed_row(directory: Path) -> tuple:
    """(rows, rows a second, MB a second, peak MB) reading a generated CSV file."""
    path = directory / "generated.csv"
    chance = random.Random(SEED)
    words = [f"{chance.choice('abcdefghijklmnop')}word{n}" for n in range(3_000)]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "title", "description", "company", "date", "location", "salary"])
        for n in range(GENERATED_N):
            text = " ".join(chance.choices(words, k=WORDS_A_POSTING))
            rows.writerow([n, f"Clerk {n % 500}", text, f"Firm {n % 900} Inc.", "2026-05-01",
                           "Ada, OH", "$20 an hour"])  # fmt: skip
    begun = time.perf_counter()
    drop = read_drop(guess_source(path, "postings"))
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return drop.rows_n, drop.rows_n / seconds, path.stat().st_size / 1e6 / seconds, peak


def main() -> None:
    """Command line: print and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=Path, required=True, help="warehouse of skillgap demo")
    parser.add_argument("--public", type=Path, required=True, help="warehouse of the real files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        speed = [speed_row(Path(directory))]
    runs: list[tuple] = []
    accounts: list[tuple] = []
    duplicates: list[tuple] = []
    rungs: list[tuple] = []
    for run, warehouse in (("sample", options.sample), ("real files", options.public)):
        with open_snapshot(warehouse) as connection:
            runs += run_rows(connection, run)
            accounts += account_rows(connection, run)
            duplicates += duplicate_rows(connection, run)
            rungs += rung_rows(connection, run)
    with open_snapshot(options.public) as connection:
        titles = list(title_rows(connection))
    lines = [
        "# Ingestion: recorded figures",
        "",
        f"`python -m benchmarks.ingest.measure`, {dt.date.today()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}. Shares with Wilson's 95 % interval and their counts; "
        "what was labeled, how, and what the figures cannot say: README.md.",
        *table("Runs", "run, measure, value", runs),
        *table("Every record accounted for", "run, source, records", accounts),
        *table(
            "Copies, on labeled pairs",
            "run, pairs, one vacancy, precision, recall among the pairs",
            duplicates,
        ),
        *table(
            "Occupation of real titles labeled by reading",
            "source, titles, named, right of the named, right major group, right or rightly none",
            titles,
        ),
        *table(
            "Sector where the source's code is known, and hidden",
            "run, rung, records, named, right of the named",
            rungs,
        ),
        *table(
            "Occupation of alternate titles held out",
            "titles, named, right of the named, right major group",
            list(occupation_rows()),
        ),
        *table("Reading generated postings", "rows, rows a second, MB a second, peak MB", speed),
        "",
    ]
    text = "\n".join(lines)
    (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
