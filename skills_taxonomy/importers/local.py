"""Our own concepts and labels: ``local_skills.csv`` and ``local_labels.csv``.

Belongs here: reading them and refusing what ESCO or O*NET already has.
Does not belong here: the concepts themselves, which live in the two files.
"""

from pathlib import Path

import polars as pl
import yaml

from skills_taxonomy import frames
from skills_taxonomy.frames import LABEL_TYPES, SKILL_TYPES, Frames
from skills_taxonomy.normalization import base_label, strict_form

_DATA = Path(__file__).parent.parent / "data"


class LocalClashError(ValueError):
    """A local concept or label repeats what another source has, or points to nothing."""


def read_local(known: Frames, directory: Path = _DATA) -> Frames:
    """Local concepts (with labels) and local labels of concepts in `known`.

    Raises LocalClashError if a local concept's label equals a label of `known`, an added label is
    there already, a type is unknown, or an id or group code points to nothing.
    """
    concepts = pl.read_csv(directory / "local_skills.csv", infer_schema=False)
    labels = pl.read_csv(directory / "local_labels.csv", infer_schema=False)
    version = _version(directory)
    problems = _problems(concepts, labels, known)
    if problems:
        raise LocalClashError("local additions: " + "; ".join(problems))
    rows = [
        (r["skill_id"], r["preferred_label"], r["skill_type"], None, "local", version,
         (r["group_codes"] or "").split("|"), False, None, None, None)
        for r in concepts.iter_rows(named=True)
    ]  # fmt: skip
    preferred = concepts.select(
        "skill_id", label="preferred_label", label_type=pl.lit("preferred"), source=pl.lit("local")
    )
    added = labels.select("skill_id", "label", "label_type", source=pl.lit("local"))
    broader = concepts.filter(pl.col("broader_skill_id").is_not_null()).select(
        "skill_id", related_skill_id="broader_skill_id", relation=pl.lit("broader")
    )
    return Frames(
        pl.DataFrame(rows, schema=frames.SKILLS, orient="row"),
        frames.empty_groups(),
        pl.concat([preferred, added]).cast(frames.SKILL_LABELS),  # type: ignore[arg-type]
        broader.cast(frames.SKILL_RELATIONS),  # type: ignore[arg-type]
    ).ordered()


def _version(directory: Path) -> str:
    return str(yaml.safe_load((directory / "local.yml").read_text(encoding="utf-8"))["version"])


def _problems(concepts: pl.DataFrame, labels: pl.DataFrame, known: Frames) -> list[str]:
    problems: list[str] = []
    local_ids = set(concepts["skill_id"])
    ids = local_ids | set(known.skills["skill_id"])
    codes = set(known.skill_groups["group_code"])
    owner: dict[str, str] = {}
    for skill_id, label in known.skill_labels.select("skill_id", "label").iter_rows():
        owner.setdefault(strict_form(base_label(label)), skill_id)
    for row in concepts.iter_rows(named=True):
        name = row["skill_id"]
        clash = owner.get(strict_form(base_label(row["preferred_label"])))
        if clash:
            problems.append(f"{name} repeats a label of {clash}")
        if row["skill_type"] not in SKILL_TYPES:
            problems.append(f"{name} has unknown skill_type {row['skill_type']}")
        if row["broader_skill_id"] and row["broader_skill_id"] not in ids:
            problems.append(f"{name} has unknown broader_skill_id {row['broader_skill_id']}")
        unknown = [c for c in (row["group_codes"] or "").split("|") if c not in codes]
        if unknown:
            problems.append(f"{name} has unknown group_codes {unknown}")
    if concepts["skill_id"].n_unique() != concepts.height:
        problems.append("skill_id is not unique in local_skills.csv")
    existing = {
        (skill_id, strict_form(label))
        for skill_id, label in known.skill_labels.select("skill_id", "label").iter_rows()
    }
    for row in labels.iter_rows(named=True):
        where = f"label {row['label']!r} of {row['skill_id']}"
        if row["skill_id"] not in ids:
            problems.append(f"{where} points to nothing")
        if row["label_type"] not in LABEL_TYPES[1:]:
            problems.append(f"{where} has label_type {row['label_type']}")
        if (row["skill_id"], strict_form(row["label"])) in existing:
            problems.append(f"{where} is there already")
        clash = owner.get(strict_form(row["label"]))
        if clash and row["skill_id"] in local_ids:
            problems.append(f"{where} repeats a label of {clash}")
    return problems
