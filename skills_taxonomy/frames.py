"""The four frames every taxonomy source is brought to, and their schemas.

Belongs here: column names and types. Does not belong here: reading, merging or searching.
"""

from dataclasses import dataclass

import polars as pl

SKILLS = pl.Schema(
    {
        "skill_id": pl.String,
        "preferred_label": pl.String,
        "skill_type": pl.String,
        "reuse_level": pl.String,
        "source": pl.String,
        "source_version": pl.String,
        "group_codes": pl.List(pl.String),
        "is_deprecated": pl.Boolean,
        "commodity_title": pl.String,
        "is_hot_technology": pl.Boolean,
        "is_in_demand": pl.Boolean,
    }  # type: ignore[arg-type]
)
SKILL_GROUPS = pl.Schema(
    {
        "group_code": pl.String,
        "group_id": pl.String,
        "label": pl.String,
        "level": pl.Int64,
        "parent_group_code": pl.String,
        "scheme": pl.String,
    }
)
SKILL_LABELS = pl.Schema(
    {"skill_id": pl.String, "label": pl.String, "label_type": pl.String, "source": pl.String}
)
SKILL_RELATIONS = pl.Schema(
    {"skill_id": pl.String, "related_skill_id": pl.String, "relation": pl.String}
)
SKILL_TYPES = ("skill", "knowledge", "transversal", "language", "software", "certificate")
USER = "user"
"""The source of concepts and labels that a user added (`additions`)."""
LABEL_TYPES = ("preferred", "alternative", "hidden")


@dataclass(frozen=True)
class Frames:
    """One source's share of a taxonomy.

    skills (one row a concept): skill_id is the ESCO URI, ``onet:…`` or ``local:…``; group_codes are
    ESCO level 2 and 3 codes, or ISCED-F narrow and detailed codes; the last three columns are set
    for O*NET software only. skill_groups, skill_labels, skill_relations as their schemas say;
    `relation` is ``broader`` (related_skill_id is the broader one) or ``related``.
    """

    skills: pl.DataFrame
    skill_groups: pl.DataFrame
    skill_labels: pl.DataFrame
    skill_relations: pl.DataFrame

    def ordered(self) -> "Frames":
        """The same rows, distinct and in key order, so that equal content gives equal bytes."""
        return Frames(
            self.skills.unique().sort("skill_id"),
            self.skill_groups.unique().sort("group_code"),
            self.skill_labels.unique(["skill_id", "label", "label_type"], keep="first").sort(
                "skill_id", "label_type", "label"
            ),
            self.skill_relations.unique().sort("skill_id", "relation", "related_skill_id"),
        )


def empty_groups() -> pl.DataFrame:
    """A skill_groups frame without rows, for sources that bring no groups of their own."""
    return pl.DataFrame(schema=SKILL_GROUPS)


def concatenate(*parts: Frames) -> Frames:
    """All rows of all parts, distinct and ordered."""
    return Frames(
        pl.concat([p.skills for p in parts]),
        pl.concat([p.skill_groups for p in parts]),
        pl.concat([p.skill_labels for p in parts]),
        pl.concat([p.skill_relations for p in parts]),
    ).ordered()
