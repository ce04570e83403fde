"""Draws documents by seed and writes every mention in them, to be judged by hand.

``python -m benchmarks.extraction.draw --warehouse W --out DIR`` reads the mentions of a run over
`benchmarks/public_data`. A judgment keeps no text:
`skills_taxonomy/training/verdicts.csv` names document, place and verdict.
"""

import argparse
import random
from pathlib import Path

import polars as pl

from pipelines.warehouse.publish import open_snapshot

SEED = 20261125
DOCUMENTS_N = 50
DRAWS = {
    "health": ("core.postings", "core.posting_skills", "posting_id", "health-postings"),
    "city": ("core.postings", "core.posting_skills", "posting_id", "city-bulletins"),
    "course": ("core.courses", "core.course_skills", "course_id", "courses-%"),
}


def draw(warehouse: Path, source: str) -> pl.DataFrame:
    """The mentions of `DOCUMENTS_N` documents of a source, in order, with what they link to."""
    documents, mentions, key, source_id = DRAWS[source]
    with open_snapshot(warehouse) as connection:
        rows = connection.table(documents).filter(f"source_id LIKE '{source_id}'")
        names = dict(rows.select(f"{key}, locator").fetchall())
        chosen = random.Random(SEED).sample(sorted(names), DOCUMENTS_N)
        labels = dict(
            connection.table("core.skills").select("skill_id, preferred_label").fetchall()
        )
        found = connection.table(mentions).pl().filter(pl.col(key).is_in(chosen))
    return found.sort(key, "mention_n").select(
        source=pl.lit(source),
        document=pl.col(key).replace_strict(names),
        start="start",
        end="end",
        words="label",
        concept=pl.col("skill_id").replace_strict(labels, default=None),
        groups=pl.col("group_codes").list.join(" "),
        score="score",
        method="method",
        sentence="sentence",
    )


def main() -> None:
    """Command line: write one JSON Lines file a source."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for source in DRAWS:
        mentions = draw(options.warehouse, source)
        mentions.write_ndjson(options.out / f"{source}.jsonl")
        print(
            f"{source}: {mentions.height} mentions in {mentions['document'].n_unique()} documents"
        )


if __name__ == "__main__":
    main()
