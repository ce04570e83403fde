"""Why a figure is another than in the run before."""

from collections.abc import Sequence

import polars as pl

from pipelines.gap_metrics.gap import add_gap, alignment_of, compared

KEY = ["program_id", "sector_code", "grain"]
CHANGES = {
    **dict.fromkeys(KEY, pl.String),
    "cause": pl.String,
    "before": pl.Float64,
    "after": pl.Float64,
    "change": pl.Float64,
}
NEW, GONE = "measurable now", "measurable no more"


def alignments(
    demand: pl.DataFrame, coverage: pl.DataFrame, programs: pl.DataFrame
) -> pl.DataFrame:
    """Alignment A(p,s) straight from demand and coverage, where a skill is publishable.

    Args:
        demand: rows of mart.sector_skill_demand, coverage: of mart.program_skill_coverage;
            programs: program_id.

    Returns:
        program_id, sector_code, grain, alignment (0-1).
    """
    gaps = add_gap(compared(demand, coverage, programs))
    return gaps.group_by(KEY).agg(alignment=alignment_of())


def changes(steps: Sequence[tuple[str, pl.DataFrame]], before: pl.DataFrame) -> pl.DataFrame:
    """What each cause changed in every alignment, one after the other.

    Each cause is given the difference that it makes once those before it are in, so that the
    differences of a pair add up to its whole change, whatever the causes do together.

    Args:
        steps: each cause with the alignments once it is in; the last with those of this run.
        before: those of the run before; all frames have program_id, sector_code, grain, alignment.

    Returns:
        Rows of mart.run_changes, but for the counts of documents.
    """
    first, last = (frame.drop_nulls("alignment") for frame in (before, steps[-1][1]))
    found = [
        last.join(first, on=KEY, how="anti").select(
            *KEY, cause=pl.lit(NEW), before=None, after="alignment", change=None
        ),
        first.join(last, on=KEY, how="anti").select(
            *KEY, cause=pl.lit(GONE), before="alignment", after=None, change=None
        ),
    ]
    earlier = first.join(last, on=KEY, how="semi").rename({"alignment": "before"})
    for cause, frame in steps:
        row = earlier.join(frame, on=KEY, how="left").select(
            *KEY,
            "before",
            cause=pl.lit(cause),
            after=pl.coalesce("alignment", "before"),
        )
        found.append(row.with_columns(change=pl.col("after") - pl.col("before")))
        earlier = row.select(*KEY, before="after")
    return pl.concat(
        [
            frame.select(pl.col(name).cast(dtype) for name, dtype in CHANGES.items())
            for frame in found
        ]
    ).sort(*KEY, "cause")
