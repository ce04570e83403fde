"""What if a course taught a skill: alignment reckoned anew by the run's own functions.

Belongs here: which rows change. Does not belong here: a formula; they are gap_metrics'.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.contracts.rules import PUBLISHABLE_STATUSES
from pipelines.dashboard.snapshot import Reading, Row
from pipelines.gap_metrics.coverage import program_coverage
from pipelines.gap_metrics.gap import add_gap, alignment
from pipelines.gap_metrics.resampling import Draws, draw_demands, interval

COMPUTED = ["gap", "status", "rank"]


@dataclass(frozen=True)
class Addition:
    """A skill (concept or group) that a course of the program would teach at a depth."""

    skill_id: str
    course_id: str
    depth: str


@dataclass(frozen=True)
class Outcome:
    """Alignment as it is and as it would be; `gain` with its own interval, from the same draws.

    `gaps` are the rows of the pair as they would be, with coverage_before.
    """

    before: Row
    after: Row
    gain: float
    gain_low: float
    gain_high: float
    gaps: pl.DataFrame

    @property
    def changed(self) -> pl.DataFrame:
        """Skills in demand that would be covered better, the most gained first."""
        gained = pl.col("coverage") - pl.col("coverage_before")
        return self.gaps.filter(gained > 0, pl.col("status").is_in(PUBLISHABLE_STATUSES)).sort(
            gained * pl.col("demand"), "skill_id", descending=[True, False]
        )


def what_if(
    reading: Reading, aligned: Row, gaps: pl.DataFrame, additions: Sequence[Addition]
) -> Outcome:
    """The outcome of additions to a program's courses.

    Args:
        aligned: the row of mart.program_sector_alignment of a program, sector and grain, with an
            alignment; gaps: the rows of mart.program_sector_gap of the same.
    """
    program_id, sector_code, grain = (
        aligned[name] for name in ("program_id", "sector_code", "grain")
    )
    ways = reading.select(
        "added_ways",
        program_id=program_id,
        skill_ids=[addition.skill_id for addition in additions],
        course_ids=[addition.course_id for addition in additions],
        depths=[addition.depth for addition in additions],
    )
    added = program_coverage(ways).filter(pl.col("grain") == grain)
    pairs = (
        gaps.drop(COMPUTED)
        .join(added.select("skill_id", added=pl.col("coverage")), on="skill_id", how="left")
        .with_columns(
            coverage_before=pl.col("coverage"),
            coverage=pl.max_horizontal("coverage", "added"),
            is_publishable=gaps["status"].is_in(PUBLISHABLE_STATUSES),
            **{
                name: pl.lit(aligned[name])
                for name in ("is_target", "sector_postings_n", "sector_employers_n")
            },
        )
    )
    after_gaps = add_gap(pairs)
    draws = _draws(reading, sector_code, grain, gaps)
    before, after = (
        draws.alignments(dict(after_gaps.select("skill_id", column).iter_rows()))
        for column in ("coverage_before", "coverage")
    )
    low, high = interval(after)
    [row] = alignment(after_gaps).to_dicts()
    gain_low, gain_high = interval(after - before)
    return Outcome(
        before=aligned,
        after={**row, "ci_low": low, "ci_high": high},
        gain=row["alignment"] - aligned["alignment"],
        gain_low=gain_low,
        gain_high=gain_high,
        gaps=after_gaps,
    )


def _draws(reading: Reading, sector_code: str, grain: str, gaps: pl.DataFrame) -> Draws:
    """The draws of the sector's employers, made once a snapshot: they depend on no program."""
    counted = gaps.filter(pl.col("status").is_in(PUBLISHABLE_STATUSES))["skill_id"]
    return reading.once(
        ("draws", sector_code, grain),
        lambda: draw_demands(
            reading.frame("core.sector_employers", sector_code=sector_code),
            reading.frame("core.employer_skills", sector_code=sector_code, grain=grain),
            reading.frame("mart.sector_skill_demand", sector_code=sector_code, grain=grain),
            counted,
        ),
    )
