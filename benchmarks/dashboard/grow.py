"""A warehouse of a million postings and two thousand courses, to try the dashboard on.

``python -m benchmarks.dashboard.grow FOLDER`` runs the sample, copies what it found in each text to
a thousand more (reading a million texts would take two hours and tell the dashboard nothing), and
computes and publishes the figures from there as a run does. Only the stability of ranks stays that
of the sample: 24 rankings of a million postings take minutes, and pages read them alike.
"""

import argparse
import math
import time
from pathlib import Path

from pipelines.contracts import TABLES
from pipelines.defs.assets import PUBLISHED, key
from pipelines.defs.build import QUIET, REFRESH, build_defs, refresh
from pipelines.defs.resources import Sources, Warehouse
from pipelines.places import SAMPLE
from pipelines.warehouse.database import open_working

GROW = Path(__file__).with_name("grow.sql")
PROGRAM_COPIES = 8
DERIVED = (
    "core.posting_weights",
    "core.posting_sectors",
    "core.decided_mentions",
    "core.unlabeled_phrases",
    "core.asked_skills",
    "core.sector_employers",
    "core.employer_skills",
    "core.taught_skills",
)
"""Tables of the core that are computed from those that have grown."""

STABILITY = "mart.gap_stability"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("--postings", type=int, default=1_000_000)
    parser.add_argument("--courses", type=int, default=2_000)
    options = parser.parse_args()
    refresh(SAMPLE, options.warehouse)
    with open_working(options.warehouse) as connection:
        [(postings_n, courses_n)] = connection.execute(
            "SELECT (SELECT count(*) FROM core.postings), (SELECT count(*) FROM core.courses)"
        ).fetchall()
        for name, copies_n in {
            "posting_copies_n": math.ceil(options.postings / postings_n),
            "course_copies_n": math.ceil(options.courses / courses_n),
            "program_copies_n": PROGRAM_COPIES,
        }.items():
            connection.execute(f"SET VARIABLE {name} = ?", [copies_n])
        connection.execute(GROW.read_text(encoding="utf-8"))
    started = time.perf_counter()
    definitions = build_defs(
        sources=Sources(root=str(SAMPLE)), warehouse=Warehouse(directory=str(options.warehouse))
    )
    job = definitions.resolve_job_def(REFRESH.name)
    figures = [name for name in TABLES if name.startswith("mart.") and name != STABILITY]
    job.execute_in_process(
        run_config=QUIET, asset_selection=[*map(key, (*DERIVED, *figures)), PUBLISHED]
    )
    print(f"figures and snapshot: {time.perf_counter() - started:,.0f} s")


if __name__ == "__main__":
    main()
