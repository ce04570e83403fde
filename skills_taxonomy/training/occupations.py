"""How many of ESCO's occupations name a concept: the ranker's idea of what is common.

Belongs here: reading the occupation profiles. Does not belong here: using the counts.
"""

from pathlib import Path

import polars as pl

from skills_taxonomy.taxonomy import Taxonomy


def train(directory: Path, taxonomy: Taxonomy, path: Path) -> None:
    """Write ``skill_id,occupations_n`` (essential or optional) to `path`."""
    profiles = pl.read_parquet(
        directory / "taxonomies" / "esco_1_2_0" / "esco_occupation_profiles.parquet"
    )
    named = pl.concat(
        profiles.select("occupation_uri", label=column).explode("label")
        for column in ("essential_skills", "optional_skills")
    ).unique()
    counts = named.group_by(pl.col("label").str.to_lowercase()).agg(occupations_n=pl.len())
    concepts = taxonomy.skills.filter(pl.col("source") == "esco").select(
        "skill_id", label=pl.col("preferred_label").str.to_lowercase()
    )
    concepts.join(counts, on="label").select("skill_id", "occupations_n").sort(
        "skill_id"
    ).write_parquet(path, compression="zstd")
