"""Precision on the real files, judged by hand: ``python -m benchmarks.extraction.judged``.

`skills_taxonomy/training/verdicts.csv` holds a reader's verdict on every mention in 50 health ads,
50 bulletins and 50 courses drawn by seed (`draw`), and on single mentions of other documents,
without text. Models learn from them, so each is scored by models that did not see its document
(``out_of_fold_verdicts.csv``, see `cross_validate`). Intervals are Wilson's.
"""

from pathlib import Path

import polars as pl

from benchmarks.figures import wilson
from pipelines.contracts.rules import MIN_MENTION_SCORE
from skills_taxonomy.components.linker import LEAST_CHANCE

JUDGED = Path(__file__).parent / "out_of_fold_verdicts.csv"
LEAST_SCORES = (0.0, MIN_MENTION_SCORE, 0.7)


def precision(judged: pl.DataFrame) -> pl.DataFrame:
    """Mentions, share right with interval, share in boilerplate, by source and least score.

    Counts the whole documents, and of their mentions those that a run would keep.
    """
    least_chance = pl.col("kind").replace_strict(LEAST_CHANCE, return_dtype=pl.Float64)
    kept = judged.filter("is_whole_document", pl.col("chance") >= least_chance)
    rows = []
    for source in ("health", "city", "course"):
        for least in LEAST_SCORES:
            part = kept.filter(pl.col("source") == source, pl.col("score") >= least)
            right = part.filter(pl.col("verdict") == "right").height
            boilerplate = part.filter(pl.col("verdict") == "boilerplate").height
            low, high = wilson(right, part.height)
            rows.append(
                (source, least, part.height, right / part.height, low, high,
                 boilerplate / part.height)
            )  # fmt: skip
    columns = ["source", "least_score", "mentions_n", "precision", "ci_low", "ci_high"]
    columns += ["boilerplate"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def main() -> None:
    """Print the table as Markdown."""
    shape = {"tbl_hide_dataframe_shape": True, "tbl_hide_column_data_types": True}
    with pl.Config(tbl_formatting="ASCII_MARKDOWN", float_precision=3, tbl_rows=-1, **shape):
        print(precision(pl.read_csv(JUDGED)))


if __name__ == "__main__":
    main()
