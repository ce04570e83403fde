"""What is measured: a concept, or a group of concepts.

Single concepts scatter (five ways to say "assess patients"), so figures are made at two grains:
concepts, and ESCO's level 2 skill groups with ISCED-F's narrow fields for knowledge.

Belongs here: which concepts a measured skill holds, and its name. Does not belong here: figures.
"""

import polars as pl

from skills_taxonomy.groups import level_2
from skills_taxonomy.taxonomy import Taxonomy

TRANSVERSAL = "transversal"
PILLAR_T = "T"


def skill_members(taxonomy: Taxonomy) -> pl.DataFrame:
    """grain, skill_id, member_id: the concepts (`member_id`) of each measured skill.

    A concept has itself as its only member; a group's `skill_id` is its level 2 code.
    """
    concepts = taxonomy.skills.select("skill_id", "group_codes")
    in_groups = [
        ("group", code, concept)
        for concept, codes in concepts.iter_rows()
        for code in level_2(codes)
    ]
    alone = concepts.select(
        grain=pl.lit("concept"), skill_id="skill_id", member_id=pl.col("skill_id")
    )
    return pl.concat([alone, pl.DataFrame(in_groups, schema=alone.schema, orient="row")])


def skill_names(taxonomy: Taxonomy) -> pl.DataFrame:
    """grain, skill_id, skill_label, skill_type, is_transversal: how each measured skill is called.

    A group's type is "group". Transversal is what any work may ask for ("teamwork"): ESCO's pillar
    T, and what ESCO or a local addition calls so.
    """
    is_transversal = (
        (pl.col("skill_type") == TRANSVERSAL)
        | (pl.col("reuse_level") == TRANSVERSAL).fill_null(False)
        | pl.col("group_codes").list.eval(pl.element().str.starts_with(PILLAR_T)).list.any()
    )
    concepts = taxonomy.skills.select(
        pl.lit("concept").alias("grain"),
        "skill_id",
        "preferred_label",
        "skill_type",
        is_transversal.fill_null(False).alias("is_transversal"),
    )
    groups = [
        ("group", code, label, "group", code.startswith(PILLAR_T))
        for group_code, label in taxonomy.skill_groups.select("group_code", "label").iter_rows()
        for code in level_2([group_code])
    ]
    return pl.concat([concepts, pl.DataFrame(groups, schema=concepts.schema, orient="row")]).rename(
        {"preferred_label": "skill_label"}
    )
