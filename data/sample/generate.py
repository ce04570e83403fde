"""Writes the sample: a fictional college and a fictional labor market.

Without options it writes the committed files again, byte for byte. With `--postings N` it streams
N distinct postings into one JSON Lines source, for benchmarks.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "generator"))

from answers import measure, unborne_answers, write_answers  # noqa: E402
from posting_sources import write_sample_postings, write_scaled_postings  # noqa: E402
from syllabi import write_programs, write_syllabi  # noqa: E402

DEFAULT_SEED = 20261031
PROJECT = """\
title: Alder Bay Community College and its labor market (fictional)
as_of: 2026-10-31
window_months: 12
"""


def generate(out: Path, seed: int, only: str | None, postings_n: int | None) -> None:
    """Writes the chosen parts into `out`, all of them when `only` is None.

    Answers and README go with the complete sample only. Raises SystemExit where the texts of the
    committed seed do not bear out a planted answer.
    """
    out.mkdir(parents=True, exist_ok=True)
    filed, syllabi = None, None
    if only in (None, "postings"):
        if postings_n is None:
            filed = write_sample_postings(out, seed)
        else:
            write_scaled_postings(out, postings_n, seed)
    if only in (None, "syllabi"):
        syllabi = write_syllabi(out, seed)
    if only in (None, "programs"):
        write_programs(out, seed)
    if only is None:
        (out / "project.yml").write_text(PROJECT, encoding="utf-8", newline="\n")
    if filed and syllabi:
        answers = measure(filed, syllabi, seed)
        faults = unborne_answers(answers, syllabi)
        if faults and seed == DEFAULT_SEED:
            raise SystemExit("\n".join(faults))
        write_answers(out, answers)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postings", type=int, metavar="N", help="stream N distinct ads instead")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--only", choices=("postings", "syllabi", "programs"))
    arguments = parser.parse_args()
    if arguments.postings is not None and arguments.out == HERE:
        parser.error("--postings needs --out, so that the committed sample stays as it is")
    generate(arguments.out, arguments.seed, arguments.only, arguments.postings)


if __name__ == "__main__":
    main()
