"""The official ESCO CSV bundle (English) as frames.

Belongs here: ESCO's members, columns and how skill types and group codes are derived from them.
Does not belong here: which labels are good enough to match in texts.
"""

import re
from collections import defaultdict
from pathlib import Path

import polars as pl

from skills_taxonomy import frames
from skills_taxonomy.frames import Frames
from skills_taxonomy.importers.bundle import Bundle

_ISCED_URI = re.compile(r"/isced-f/(\d{2,4})$")
_ALTERNATIVES = re.compile(r"\r?\n|\s\|\s")
_VERSION = re.compile(r"v?(\d+)[._](\d+)[._](\d+)")


def read_esco(path: Path, source_version: str | None = None) -> Frames:
    """Read skills, groups, hierarchy, relations and the transversal collection.

    `path` is a zip or directory; `source_version` defaults to the one in its name, e.g. ``1.2.0``.

    skill_type: ``language`` if a group code begins with L; else ``transversal`` if the concept is
    in the transversal collection, its reuse level says so, or all its groups are transversal; else
    ``knowledge`` or ``skill`` as
    ``skillType`` says. (``software`` is set when an O*NET name is merged, see `onet`.)
    group_codes: the nearest groups over all broader paths, as level 2 codes followed by level 3
    codes; ISCED-F codes come from the group's URI. Concepts without a preferred label are left out.
    Raises BundleError for a missing member or column.
    """
    bundle = Bundle(path)
    concepts = bundle.read_csv(
        "skills_en.csv",
        ("conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels",
         "status"),
    ).filter(pl.col("preferredLabel").str.strip_chars().str.len_chars() > 0)  # fmt: skip
    groups = _groups(bundle)
    broader = bundle.read_csv("broaderRelationsSkillPillar_en.csv", ("conceptUri", "broaderUri"))
    related = bundle.read_csv(
        "skillSkillRelations_en.csv", ("originalSkillUri", "relatedSkillUri", "relationType")
    )
    transversal = bundle.read_csv("transversalSkillsCollection_en.csv", ("conceptUri",))
    version = source_version or version_in_name(Path(path))
    codes = _group_codes(concepts["conceptUri"].to_list(), broader, groups)
    return Frames(
        _skills(concepts, codes, set(transversal["conceptUri"]), version),
        groups,
        _labels(concepts),
        _relations(set(concepts["conceptUri"]), broader, related),
    ).ordered()


def version_in_name(path: Path) -> str:
    """``1.2.0`` from a file or folder name such as ``esco_1_2_0`` or ``ESCO dataset - v1.2.0``."""
    match = _VERSION.search(path.name)
    return ".".join(match.groups()) if match else "unknown"


def _groups(bundle: Bundle) -> pl.DataFrame:
    named = bundle.read_csv("skillGroups_en.csv", ("conceptUri", "preferredLabel", "code"))
    levels = [f"Level {n} {what}" for n in range(4) for what in ("URI", "code")]
    hierarchy = bundle.read_csv("skillsHierarchy_en.csv", tuple(levels))
    parents: dict[str, tuple[int, str | None]] = {}
    for row in hierarchy.iter_rows(named=True):
        chain = [row[f"Level {n} URI"] for n in range(4) if row[f"Level {n} URI"]]
        if chain:
            parents[chain[-1]] = (len(chain) - 1, chain[-2] if len(chain) > 1 else None)
    code_of: dict[str, str] = {
        uri: group_code
        for uri, code in named.select("conceptUri", "code").iter_rows()
        if (group_code := _group_code(uri, code))
    }
    rows = []
    for uri, label in named.select("conceptUri", "preferredLabel").iter_rows():
        if uri not in code_of:
            continue
        level, parent = parents.get(uri, (_level(code_of[uri]), None))
        rows.append(
            (code_of[uri], uri, label.strip(), level, code_of.get(parent) if parent else None,
             "isced-f" if _ISCED_URI.search(uri) else "esco")
        )  # fmt: skip
    return pl.DataFrame(rows, schema=frames.SKILL_GROUPS, orient="row").unique("group_code")


def _group_code(uri: str, code: str | None) -> str | None:
    match = _ISCED_URI.search(uri)
    return match.group(1) if match else (code or None)


def _level(code: str) -> int:
    return len(code) - 1 if code.isdigit() else (code.count(".") + 1 if len(code) > 1 else 0)


def _group_codes(
    uris: list[str], broader: pl.DataFrame, groups: pl.DataFrame
) -> dict[str, list[str]]:
    parents: dict[str, list[str]] = defaultdict(list)
    for uri, parent in broader.select("conceptUri", "broaderUri").iter_rows():
        parents[uri].append(parent)
    code_of = dict(groups.select("group_id", "group_code").iter_rows())
    level_of = dict(groups.select("group_code", "level").iter_rows())
    parent_code = dict(groups.select("group_code", "parent_group_code").iter_rows())

    def nearest(uri: str, seen: frozenset[str]) -> set[str]:
        found: set[str] = set()
        for parent in parents[uri]:
            if parent in code_of:
                found.add(code_of[parent])
            elif parent not in seen:
                found |= nearest(parent, seen | {parent})
        return found

    def with_level_two(codes: set[str]) -> list[str]:
        chain: set[str] = set()
        for code in codes:
            step: str | None = code
            while step and level_of[step] > 1:
                chain.add(step)
                step = parent_code[step]
            if level_of[code] <= 1:
                chain.add(code)
        return sorted(chain, key=lambda c: (level_of[c], c))

    return {uri: with_level_two(nearest(uri, frozenset({uri}))) for uri in uris}


def _skills(
    concepts: pl.DataFrame, codes: dict[str, list[str]], transversal: set[str], version: str
) -> pl.DataFrame:
    rows = []
    for uri, kind, reuse, label, status in concepts.select(
        "conceptUri", "skillType", "reuseLevel", "preferredLabel", "status"
    ).iter_rows():
        group_codes = codes[uri]
        is_transversal = uri in transversal or reuse == "transversal"
        rows.append(
            (
                uri,
                label.strip(),
                _skill_type(kind, group_codes, is_transversal),
                reuse or ("transversal" if is_transversal else None),
                "esco",
                version,
                group_codes,
                (status or "released") != "released",
                None,
                None,
                None,
            )
        )
    return pl.DataFrame(rows, schema=frames.SKILLS, orient="row")


def _skill_type(kind: str, group_codes: list[str], is_transversal: bool) -> str:
    if any(code.startswith("L") for code in group_codes):
        return "language"
    if is_transversal or (group_codes and all(code.startswith("T") for code in group_codes)):
        return "transversal"
    return "knowledge" if kind == "knowledge" else "skill"


def _labels(concepts: pl.DataFrame) -> pl.DataFrame:
    rows: list[tuple[str, str, str, str]] = []
    for uri, preferred, alternative, hidden in concepts.select(
        "conceptUri", "preferredLabel", "altLabels", "hiddenLabels"
    ).iter_rows():
        rows.append((uri, preferred.strip(), "preferred", "esco"))
        for packed, label_type in ((alternative, "alternative"), (hidden, "hidden")):
            for label in _ALTERNATIVES.split(packed or ""):
                if label.strip() and label.strip() != preferred.strip():
                    rows.append((uri, " ".join(label.split()), label_type, "esco"))
    return pl.DataFrame(rows, schema=frames.SKILL_LABELS, orient="row")


def _relations(known: set[str], broader: pl.DataFrame, related: pl.DataFrame) -> pl.DataFrame:
    pairs = pl.concat(
        [
            broader.select(
                skill_id="conceptUri", related_skill_id="broaderUri", relation=pl.lit("broader")
            ),
            related.select(
                skill_id="originalSkillUri",
                related_skill_id="relatedSkillUri",
                relation=pl.lit("related"),
            ),
        ]
    )
    return pairs.filter(
        pl.col("skill_id").is_in(list(known)), pl.col("related_skill_id").is_in(list(known))
    ).cast(frames.SKILL_RELATIONS)  # type: ignore[arg-type]
