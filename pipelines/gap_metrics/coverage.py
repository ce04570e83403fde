"""What a program teaches of a skill: coverage 0-1, and by which course."""

import polars as pl

from pipelines.contracts.rules import (
    BROADER_COVERS_NARROWER,
    DEPTH_COVERAGE,
    ELECTIVE_FACTOR,
    NARROWER_COVERS_BROADER,
)

RELATION_FACTORS = {
    "itself": 1.0,
    "narrower": NARROWER_COVERS_BROADER,
    "broader": BROADER_COVERS_NARROWER,
}


def program_coverage(ways: pl.DataFrame) -> pl.DataFrame:
    """The best coverage of every program and skill: the best course counts, not their sum.

    Args:
        ways: one row a program, grain, skill, covering skill, course and depth, with covered_by
            ('itself', 'narrower', 'broader') and is_required.

    Returns:
        One row a program, grain and skill: coverage (0-1) = depth × elective factor × relation
        factor at its best, the depth, relation and skill that give it, and the courses that
        name that skill, best first.
    """
    elective = pl.when("is_required").then(1.0).otherwise(ELECTIVE_FACTOR)
    credited = ways.with_columns(
        coverage=pl.col("depth").replace_strict(DEPTH_COVERAGE, return_dtype=pl.Float64)
        * pl.col("covered_by").replace_strict(RELATION_FACTORS, return_dtype=pl.Float64)
        * elective,
        nearness=pl.col("covered_by").replace_strict({"itself": 2, "narrower": 1, "broader": 0}),
    ).sort(
        [
            "program_id",
            "grain",
            "skill_id",
            "coverage",
            "nearness",
            "covering_skill_id",
            "course_code",
        ],
        descending=[False, False, False, True, True, False, False],
    )
    best = pl.col("covering_skill_id") == pl.col("covering_skill_id").first()
    courses = pl.col("course_code").filter(best).unique(maintain_order=True)
    return credited.group_by("program_id", "grain", "skill_id", maintain_order=True).agg(
        pl.col("skill_label", "coverage", "depth", "covered_by", "covering_skill_id").first(),
        courses_n=courses.len(),
        course_codes=courses,
    )
