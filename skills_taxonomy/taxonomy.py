"""The taxonomy as one immutable value: load, save, search, show.

Belongs here: reading and asking a finished taxonomy.
Does not belong here: reading official bundles (`importers`), merging them (`update`), or finding
skills in texts (`components`).
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypedDict

import polars as pl

from skills_taxonomy import frames
from skills_taxonomy.additions import Additions
from skills_taxonomy.frames import USER, Frames
from skills_taxonomy.normalization import base_label, normal_form

SHIPPED = Path(__file__).parent / "data"
_MEMBERS = ("skills", "skill_groups", "skill_labels", "skill_relations")


class SkillNotFoundError(KeyError):
    """No concept has the id that was asked for."""

    def __str__(self) -> str:
        return str(self.args[0])


class RelatedSkill(TypedDict):
    """A neighbor of a concept."""

    skill_id: str
    preferred_label: str


class SkillDetails(TypedDict):
    """Everything known about one concept; lists are in label order."""

    skill_id: str
    preferred_label: str
    skill_type: str
    reuse_level: str | None
    source: str
    source_version: str
    is_deprecated: bool
    commodity_title: str | None
    is_hot_technology: bool | None
    is_in_demand: bool | None
    groups: list[dict[str, str]]
    alternative_labels: list[str]
    hidden_labels: list[str]
    broader: list[RelatedSkill]
    narrower: list[RelatedSkill]
    related: list[RelatedSkill]


@dataclass(frozen=True)
class Taxonomy:
    """Concepts, groups, labels and relations of every source, and the version they make.

    The frames' columns are `frames.SKILLS`, `SKILL_GROUPS`, `SKILL_LABELS`, `SKILL_RELATIONS`.
    """

    skills: pl.DataFrame
    skill_groups: pl.DataFrame
    skill_labels: pl.DataFrame
    skill_relations: pl.DataFrame
    version: str

    @classmethod
    def of(cls, parts: Frames) -> "Taxonomy":
        """A taxonomy of `parts`; the version is computed from their content."""
        ordered = parts.ordered()
        return cls(
            ordered.skills,
            ordered.skill_groups,
            ordered.skill_labels,
            ordered.skill_relations,
            _version(ordered),
        )

    @classmethod
    def load(cls, directory: Path = SHIPPED) -> "Taxonomy":
        """Read the four Parquet files of `directory` (default: the shipped taxonomy).

        Raises FileNotFoundError naming the absent file, ValueError if a file's columns are not the
        schema's.
        """
        tables = []
        schemas = (
            frames.SKILLS, frames.SKILL_GROUPS, frames.SKILL_LABELS, frames.SKILL_RELATIONS
        )  # fmt: skip
        for member, schema in zip(_MEMBERS, schemas, strict=True):
            path = Path(directory) / f"{member}.parquet"
            if not path.is_file():
                raise FileNotFoundError(f"{path}: not there; import or build a taxonomy first")
            table = pl.read_parquet(path)
            if table.schema != schema:
                raise ValueError(f"{path}: columns are {table.schema}, expected {schema}")
            tables.append(table)
        return cls.of(Frames(*tables))

    def save(self, directory: Path) -> list[Path]:
        """Write the four frames as zstd Parquet into `directory` (created); gives the paths.

        Raises ValueError for the directory of the shipped taxonomy, which only the build writes.
        """
        if Path(directory).resolve() == SHIPPED.resolve():
            raise ValueError(f"{directory}: the shipped taxonomy is not overwritten")
        return write_frames(self.frames, Path(directory))

    @property
    def frames(self) -> Frames:
        """The four frames without the version."""
        return Frames(self.skills, self.skill_groups, self.skill_labels, self.skill_relations)

    def search(self, query: str, limit: int = 20) -> pl.DataFrame:
        """Concepts whose labels have all words of `query`, best first.

        Columns: skill_id, preferred_label, skill_type, matched_label, label_type, score (0–1),
        group_codes, source. A label equal to the query scores 1 (alternative: 0.9); otherwise the
        share of the label's words that the query covers, less for words met in another inflection
        or only as a beginning (``nurs`` in ``nursing``) and for alternative labels. Deprecated
        concepts come last. An empty query gives no rows.
        """
        asked = normal_form(query).split()
        written = set(query.lower().split())
        if not asked:
            return self._search_result([]).head(0)
        exact = " ".join(asked)
        hits: dict[str, tuple[float, str, str]] = {}
        for skill_id, label, label_type, form in self._searchable:
            if not any(word in form for word in asked):
                continue
            have = form.split()
            surfaces = set(label.lower().split())
            points = 0.0
            for word in asked:
                if word in have:
                    points += 1 if written & surfaces else 0.8
                elif any(w.startswith(word) for w in have):
                    points += 0.6
                else:
                    break
            else:
                score = 1.0 if form == exact else 0.85 * points / max(len(have), len(asked))
                score *= 1.0 if label_type == "preferred" else 0.9
                if score > hits.get(skill_id, (0.0, "", ""))[0]:
                    hits[skill_id] = (score, label, label_type)
        return self._search_result([(k, *v) for k, v in hits.items()]).head(limit)

    def show(self, skill_id: str) -> SkillDetails:
        """Labels, groups and neighbors of one concept. Raises SkillNotFoundError."""
        row = self.skills.row(by_predicate=pl.col("skill_id") == skill_id, named=True) if (
            skill_id in self._label_of
        ) else None  # fmt: skip
        if row is None:
            raise SkillNotFoundError(
                f"no skill has the id {skill_id!r}; `search` finds ids by words"
            )
        labels = self.skill_labels.filter(pl.col("skill_id") == skill_id).sort("label")

        def labels_of(label_type: str) -> list[str]:
            return labels.filter(pl.col("label_type") == label_type)["label"].to_list()

        groups = self.skill_groups.filter(pl.col("group_code").is_in(row["group_codes"]))
        return SkillDetails(
            skill_id=skill_id,
            preferred_label=row["preferred_label"],
            skill_type=row["skill_type"],
            reuse_level=row["reuse_level"],
            source=row["source"],
            source_version=row["source_version"],
            is_deprecated=row["is_deprecated"],
            commodity_title=row["commodity_title"],
            is_hot_technology=row["is_hot_technology"],
            is_in_demand=row["is_in_demand"],
            groups=groups.select("group_code", "label").to_dicts(),
            alternative_labels=labels_of("alternative"),
            hidden_labels=labels_of("hidden"),
            broader=self._neighbors("skill_id", "related_skill_id", skill_id, "broader"),
            narrower=self._neighbors("related_skill_id", "skill_id", skill_id, "broader"),
            related=self._neighbors("skill_id", "related_skill_id", skill_id, "related"),
        )

    @cached_property
    def _searchable(self) -> list[tuple[str, str, str, str]]:
        return [
            (skill_id, label, label_type, normal_form(base_label(label)))
            for skill_id, label, label_type in self.skill_labels.select(
                "skill_id", "label", "label_type"
            ).iter_rows()
        ]

    @cached_property
    def _label_of(self) -> dict[str, str]:
        return dict(self.skills.select("skill_id", "preferred_label").iter_rows())

    def _neighbors(self, here: str, there: str, skill_id: str, relation: str) -> list[RelatedSkill]:
        ids = self.skill_relations.filter(pl.col(here) == skill_id, pl.col("relation") == relation)[
            there
        ]
        found = [RelatedSkill(skill_id=i, preferred_label=self._label_of[i]) for i in ids]
        return sorted(found, key=lambda r: r["preferred_label"])

    def _search_result(self, hits: list[tuple[str, float, str, str]]) -> pl.DataFrame:
        schema = {
            "skill_id": pl.String,
            "score": pl.Float64,
            "matched_label": pl.String,
            "label_type": pl.String,
        }
        return (
            pl.DataFrame(hits, schema=schema, orient="row")
            .join(self.skills, on="skill_id")
            .sort(
                ["is_deprecated", "score", pl.col("preferred_label").str.len_chars(), "skill_id"],
                descending=[False, True, False, False],
            )
            .select(
                "skill_id", "preferred_label", "skill_type", "matched_label", "label_type",
                "score", "group_codes", "source",
            )
        )  # fmt: skip


def imported_taxonomy(directory: Path) -> Taxonomy:
    """The taxonomy imported into `directory` where there is one, else the shipped one."""
    return Taxonomy.load(directory if any(directory.glob("*.parquet")) else SHIPPED)


def taxonomy_in_use(directory: Path) -> Taxonomy:
    """The taxonomy of `directory` with the user's additions that lie beside it.

    Raises AdditionError if the additions cannot be used as they are.
    """
    base, additions = imported_taxonomy(directory), Additions.read(directory)
    return Taxonomy.of(additions.over(base.frames)) if additions else base


def write_frames(parts: Frames, directory: Path) -> list[Path]:
    """Write the four frames as zstd Parquet; equal content gives equal bytes. Gives the paths."""
    directory.mkdir(parents=True, exist_ok=True)
    ordered = parts.ordered()
    paths = []
    for member in _MEMBERS:
        path = directory / f"{member}.parquet"
        getattr(ordered, member).write_parquet(path, compression="zstd", compression_level=19)
        paths.append(path)
    return paths


def _version(parts: Frames) -> str:
    digest = hashlib.sha256()
    for member in _MEMBERS:
        table: pl.DataFrame = getattr(parts, member)
        for name, dtype in table.schema.items():
            if dtype == pl.List(pl.String):
                table = table.with_columns(pl.col(name).list.join("|"))
        digest.update(table.write_csv().encode())
    sources = (
        parts.skills.filter(~pl.col("is_deprecated"), pl.col("source") != USER)
        .group_by("source")
        .agg(pl.col("source_version").max())
        .sort("source")
    )
    names = "+".join(f"{source}-{version}" for source, version in sources.iter_rows())
    own_n = parts.skill_labels.filter(pl.col("source") == USER).height
    names += f"+{USER}-{own_n}" if own_n else ""
    return f"{names}+{digest.hexdigest()[:10]}"
