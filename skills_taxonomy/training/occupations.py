"""Which occupations ask for a concept: how many, and of which fields of work.

Belongs here: reading ESCO's occupation profiles. Does not belong here: using them (`ranker`,
`plausibility`).
"""

from pathlib import Path

import polars as pl

from skills_taxonomy.plausibility import PROFILES
from skills_taxonomy.taxonomy import Taxonomy

COUNTS = "occupations_n.parquet"
_MAJOR_GROUP_DIGITS = 2


def train(directory: Path, taxonomy: Taxonomy, out: Path) -> None:
    """Write ``occupations_n.parquet`` (skill_id, occupations_n) into `out`, and beside it
    ``skill_occupations.parquet`` (skill_id, major_group, occupations_n) by SOC 2018 major group.

    A concept is asked for where it is essential or optional. An occupation of several major groups
    counts in each; ISCO-08 codes are brought to SOC by the official crosswalk.
    """
    asked = _asked(directory / "taxonomies" / "esco_1_2_0" / "esco_occupation_profiles.parquet")
    concepts = taxonomy.skills.filter(pl.col("source") == "esco").select(
        "skill_id", label=pl.col("preferred_label").str.to_lowercase()
    )
    asked = concepts.join(asked, on="label")
    counts = asked.group_by("skill_id").agg(occupations_n=pl.len())
    counts.sort("skill_id").write_parquet(out / COUNTS, compression="zstd")
    major_groups = _major_groups(directory / "taxonomies" / "soc_isco_crosswalk.csv")
    profiles = asked.join(major_groups, on="isco_code").group_by("skill_id", "major_group")
    profiles.agg(occupations_n=pl.len()).sort("skill_id", "major_group").write_parquet(
        out / PROFILES, compression="zstd"
    )


def _asked(path: Path) -> pl.DataFrame:
    """occupation_uri, isco_code, label: the labels in lower case that an occupation asks for."""
    profiles = pl.read_parquet(path)
    return (
        pl.concat(
            profiles.select(
                "occupation_uri", isco_code="isco_level_4_code", label=pl.col(column)
            ).explode("label")
            for column in ("essential_skills", "optional_skills")
        )
        .with_columns(pl.col("label").str.to_lowercase())
        .unique()
    )


def _major_groups(path: Path) -> pl.DataFrame:
    """isco_code, major_group: the SOC 2018 major groups of each ISCO-08 code."""
    return (
        pl.read_csv(path, infer_schema=False)
        .select(
            isco_code="isco08_code", major_group=pl.col("soc_code").str.head(_MAJOR_GROUP_DIGITS)
        )
        .unique()
    )
