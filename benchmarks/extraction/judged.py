"""Precision on the real files, judged by hand: ``python -m benchmarks.extraction.judged``.

Three readings, kept without text:

* First, `skills_taxonomy/training/verdicts.csv`, `draw` other than ``strict``: every mention of an
  early version in 50 health ads, 50 bulletins and 50 courses drawn by seed, and single mentions of
  other documents.
* Second, there too, ``strict``: every mention in documents of later draws, by stricter readers.
  Models learn from both; each is scored by models that saw neither its document nor its
  sentence (``out_of_fold_verdicts.csv``, see `cross_validate`).
* Third, ``judged_third.csv``: every mention of the version of 2026-11-26 in documents of a last
  draw, by strict readers, those in health ads by two (`second_verdict`). No model learned from
  these verdicts.

Intervals are Wilson's.
"""

from pathlib import Path

import polars as pl

from benchmarks.figures import wilson
from pipelines.contracts.rules import MIN_MENTION_SCORE
from skills_taxonomy.components.linker import LEAST_CHANCE
from skills_taxonomy.training.corpora import VERDICTS

JUDGED = Path(__file__).parent / "out_of_fold_verdicts.csv"
JUDGED_THIRD = Path(__file__).parent / "judged_third.csv"
LEAST_SCORES = (0.0, MIN_MENTION_SCORE, 0.6, 0.75)
BANDS = (0.0, MIN_MENTION_SCORE, 0.6, 0.75, 0.9)
PLACE = ["document", "sentence_start", "start", "end"]


def kept(judged: pl.DataFrame) -> pl.DataFrame:
    """The mentions that a run would keep."""
    least_chance = pl.col("kind").replace_strict(LEAST_CHANCE, return_dtype=pl.Float64)
    return judged.filter(pl.col("chance") >= least_chance)


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


def agreement(verdicts: pl.Series, others: pl.Series) -> str:
    """On how many mentions two readers agree: right or not."""
    share = ((verdicts == "right") == (others == "right")).mean()
    return f"{len(verdicts)} mentions, the same verdict on {share:.3f}"


def main() -> None:
    """Print the tables as Markdown."""
    judged = kept(pl.read_csv(JUDGED))
    third = pl.read_csv(JUDGED_THIRD, infer_schema_length=None)
    verdicts = pl.read_csv(VERDICTS, infer_schema_length=None)
    twice = third.drop_nulls("second_verdict")
    is_strict = pl.col("draw") == "strict"
    is_known = pl.col("document").is_in(verdicts["document"].unique().implode())
    shape = {"tbl_hide_dataframe_shape": True, "tbl_hide_column_data_types": True}
    with pl.Config(tbl_formatting="ASCII_MARKDOWN", float_precision=3, tbl_rows=-1, **shape):
        print("First reading", precision(judged.filter(draw="document")), sep="\n")
        print("Second reading", precision(judged.filter(is_strict)), sep="\n")
        print("Third reading", precision(third), sep="\n")
        print("Third reading, documents without a verdict of the others",
              precision(third.filter(~is_known)), sep="\n")  # fmt: skip
        print("Third reading by its second reader",
              precision(twice.with_columns(verdict="second_verdict")), sep="\n")  # fmt: skip
        print("Third reading by score", reliability(third), sep="\n")
    both = verdicts.filter(~is_strict).join(verdicts.filter(is_strict), on=PLACE, suffix="_other")
    print("First and second reading:", agreement(both["verdict"], both["verdict_other"]))
    print("Third reading, its two readers:", agreement(twice["verdict"], twice["second_verdict"]))


if __name__ == "__main__":
    main()
