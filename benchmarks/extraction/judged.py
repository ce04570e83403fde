"""Precision on the real files, judged by hand: ``python -m benchmarks.extraction.judged``.

Two readings, kept without text:

* `skills_taxonomy/training/verdicts.csv`: every mention in 50 health ads, 50 bulletins and 50
  courses drawn by seed (`draw`), and single mentions of other documents. Models learn from them, so
  each is scored by models that did not see its document (``out_of_fold_verdicts.csv``, see
  `cross_validate`).
* ``judged_anew.csv``: every mention of a later version in another draw, by a stricter reader. No
  model learned from these verdicts; some of the documents have verdicts of the first reading.

Intervals are Wilson's.
"""

from pathlib import Path

import polars as pl

from benchmarks.figures import wilson
from pipelines.contracts.rules import MIN_MENTION_SCORE
from skills_taxonomy.components.linker import LEAST_CHANCE
from skills_taxonomy.training.corpora import VERDICTS

JUDGED = Path(__file__).parent / "out_of_fold_verdicts.csv"
JUDGED_ANEW = Path(__file__).parent / "judged_anew.csv"
LEAST_SCORES = (0.0, MIN_MENTION_SCORE, 0.7)
BANDS = (0.0, MIN_MENTION_SCORE, 0.6, 0.75, 0.9)
PLACE = ["document", "sentence_start", "start", "end"]


def kept(judged: pl.DataFrame) -> pl.DataFrame:
    """Of the whole documents the mentions that a run would keep."""
    least_chance = pl.col("kind").replace_strict(LEAST_CHANCE, return_dtype=pl.Float64)
    return judged.filter("is_whole_document", pl.col("chance") >= least_chance)


def precision(mentions: pl.DataFrame) -> pl.DataFrame:
    """Mentions, share right with interval, share in boilerplate, by source and least score."""
    rows = []
    for source in ("health", "city", "course"):
        for least in LEAST_SCORES:
            part = mentions.filter(pl.col("source") == source, pl.col("score") >= least)
            right = part.filter(pl.col("verdict") == "right").height
            boilerplate = part.filter(pl.col("verdict") == "boilerplate").height
            if part.height:
                low, high = wilson(right, part.height)
                rows.append(
                    (source, least, part.height, right / part.height, low, high,
                     boilerplate / part.height)
                )  # fmt: skip
    columns = ["source", "least_score", "mentions_n", "precision", "ci_low", "ci_high"]
    columns += ["boilerplate"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def reliability(mentions: pl.DataFrame) -> pl.DataFrame:
    """Mentions and share right in bands of the score, by how they were found."""
    score = pl.col("score")
    score_from = pl.max_horizontal(pl.when(score >= low).then(low) for low in BANDS)
    return (
        mentions.group_by("kind", score_from=score_from)
        .agg(mentions_n=pl.len(), right=(pl.col("verdict") == "right").mean())
        .sort("kind", "score_from")
    )


def agreement(one: pl.DataFrame, other: pl.DataFrame) -> tuple[int, float]:
    """Mentions that both readings judged, and the share on which they agree: right or not."""
    both = one.join(other, on=PLACE, suffix="_other")
    agrees = (pl.col("verdict") == "right") == (pl.col("verdict_other") == "right")
    return both.height, both.select(agrees.mean()).item()


def main() -> None:
    """Print the tables as Markdown."""
    anew = pl.read_csv(JUDGED_ANEW, infer_schema_length=None)
    verdicts = pl.read_csv(VERDICTS, infer_schema_length=None)
    is_known = pl.col("document").is_in(verdicts["document"].unique().implode())
    shape = {"tbl_hide_dataframe_shape": True, "tbl_hide_column_data_types": True}
    with pl.Config(tbl_formatting="ASCII_MARKDOWN", float_precision=3, tbl_rows=-1, **shape):
        print("First reading", precision(kept(pl.read_csv(JUDGED))), sep="\n")
        print("Second reading", precision(anew), sep="\n")
        print("Second reading, documents without a verdict of the first",
              precision(anew.filter(~is_known)), sep="\n")  # fmt: skip
        print("Second reading by score", reliability(anew), sep="\n")
    n, share = agreement(verdicts, anew)
    print(f"Both readings: {n} mentions, the same verdict on {share:.3f}")


if __name__ == "__main__":
    main()
