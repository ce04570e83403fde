"""Import of a new official bundle over an existing taxonomy, carrying everything over.

Belongs here: what is added, changed, dropped, unmapped. Does not belong here: file formats
(`importers`) or the shipped build (`build`).
"""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from skills_taxonomy.frames import Frames, concatenate
from skills_taxonomy.importers import read_esco, read_onet
from skills_taxonomy.importers.bundle import BundleError
from skills_taxonomy.taxonomy import Taxonomy

_EXAMPLE_N = 5


@dataclass(frozen=True)
class ImportReport:
    """What an import did, each change as a frame of all its rows.

    added, dropped: skill_id, preferred_label. changed: skill_id, old_label, new_label (preferred
    labels). unmapped: skill_id, label, label_type, source — labels another source had added to a
    concept the new bundle no longer has; they are kept, on the deprecated concept.
    """

    source: str
    old_version: str
    new_version: str
    added: pl.DataFrame
    changed: pl.DataFrame
    dropped: pl.DataFrame
    unmapped: pl.DataFrame
    counts: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        names = ("added", "changed", "dropped", "unmapped")
        object.__setattr__(self, "counts", {n: getattr(self, n).height for n in names})

    def examples(self, kind: str, limit: int = _EXAMPLE_N) -> list[dict[str, str]]:
        """The first rows of ``added``, ``changed``, ``dropped`` or ``unmapped``."""
        frame: pl.DataFrame = getattr(self, kind)
        return frame.head(limit).to_dicts()


def update(current: Taxonomy, incoming: Frames, source: str) -> tuple[Taxonomy, ImportReport]:
    """Replace the share of `source` in `current` by `incoming`; nothing is lost.

    Concepts of `source` that `incoming` lacks stay with their labels and are marked deprecated;
    labels that other sources gave to concepts of `source` stay. Deprecated concepts that come back
    are current again. Raises BundleError if `incoming` has no concepts.
    """
    if incoming.skill_labels.is_empty():
        raise BundleError(f"the {source} bundle has no concepts; nothing was imported")
    merged_ids = _merged_software(incoming, current.frames, source)
    old = current.skills.filter(pl.col("source") == source)
    dropped = old.join(incoming.skills, on="skill_id", how="anti").with_columns(
        is_deprecated=pl.lit(True)
    )
    kept_skills = current.skills.filter(pl.col("source") != source)
    own_labels = pl.col("source") == source
    stale_labels = current.skill_labels.filter(own_labels).join(
        incoming.skills.select("skill_id"), on="skill_id", how="anti"
    )
    foreign_labels = current.skill_labels.filter(~own_labels)
    kept_relations = current.skill_relations.filter(
        ~pl.col("skill_id").is_in(incoming.skills["skill_id"].implode())
    )
    skills = pl.concat([kept_skills, dropped, incoming.skills])
    result = Taxonomy.of(
        concatenate(
            Frames(
                mark_software(skills, merged_ids),
                _groups(current.skill_groups, incoming.skill_groups),
                pl.concat(
                    [
                        incoming.skill_labels,
                        foreign_labels.join(
                            incoming.skill_labels, on=["skill_id", "label"], how="anti"
                        ),
                        stale_labels,
                    ]
                ).unique(["skill_id", "label", "label_type"], keep="first", maintain_order=True),
                pl.concat([kept_relations, incoming.skill_relations]),
            )
        )
    )
    return result, _report(current, result, incoming, dropped, foreign_labels, source)


def import_esco(path: Path, current: Taxonomy, out_dir: Path) -> tuple[Taxonomy, ImportReport]:
    """Read the ESCO bundle at `path` (zip or directory), update `current`, save into `out_dir`.

    Raises BundleError naming a missing member or column, ValueError for the shipped directory.
    """
    result, report = update(current, read_esco(Path(path)), "esco")
    result.save(out_dir)
    return result, report


def import_onet(path: Path, current: Taxonomy, out_dir: Path) -> tuple[Taxonomy, ImportReport]:
    """Read the O*NET bundle at `path` (zip or directory), update `current`, save into `out_dir`.

    Names are merged into the concepts of the other sources as the build does it.
    Raises BundleError naming a missing member or column, ValueError for the shipped directory.
    """
    result, report = update(current, read_onet(Path(path), without(current.frames, "onet")), "onet")
    result.save(out_dir)
    return result, report


def without(parts: Frames, source: str) -> Frames:
    """`parts` less the concepts and labels of `source`."""
    skills = parts.skills.filter(pl.col("source") != source)
    labels = parts.skill_labels.filter(pl.col("source") != source)
    return Frames(skills, parts.skill_groups, labels, parts.skill_relations)


def mark_software(skills: pl.DataFrame, software_ids: set[str]) -> pl.DataFrame:
    """`skills` with skill_type ``software`` for the ids whose labels O*NET also names."""
    return skills.with_columns(
        skill_type=pl.when(pl.col("skill_id").is_in(list(software_ids)))
        .then(pl.lit("software"))
        .otherwise("skill_type")
    )


def _merged_software(incoming: Frames, current: Frames, source: str) -> set[str]:
    labels = incoming.skill_labels if source == "onet" else current.skill_labels
    onet = labels.filter(pl.col("source") == "onet")
    return set(onet.filter(~pl.col("skill_id").str.starts_with("onet:"))["skill_id"])


def _groups(current: pl.DataFrame, incoming: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([incoming, current.join(incoming, on="group_code", how="anti")])


def _report(
    current: Taxonomy,
    result: Taxonomy,
    incoming: Frames,
    dropped: pl.DataFrame,
    foreign_labels: pl.DataFrame,
    source: str,
) -> ImportReport:
    pair = ["skill_id", "preferred_label"]
    old = current.skills.filter(pl.col("source") == source, ~pl.col("is_deprecated"))
    new = incoming.skills
    changed = (
        old.select("skill_id", old_label="preferred_label")
        .join(new.select("skill_id", new_label="preferred_label"), on="skill_id")
        .filter(pl.col("old_label") != pl.col("new_label"))
    )
    gone = dropped.join(
        current.skills.filter(pl.col("is_deprecated")).select("skill_id"), on="skill_id", how="anti"
    )
    unmapped = foreign_labels.join(dropped.select("skill_id"), on="skill_id", how="semi")
    return ImportReport(
        source=source,
        old_version=current.version,
        new_version=result.version,
        added=new.join(old, on="skill_id", how="anti").select(pair).sort(pair),
        changed=changed.sort("skill_id"),
        dropped=gone.select(pair).sort(pair),
        unmapped=unmapped.sort("skill_id", "label"),
    )
