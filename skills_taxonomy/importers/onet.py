"""O*NET's Technology Skills as software concepts.

Belongs here: the workbook or text member, stable ids from names, merging with ESCO names.
Does not belong here: short forms such as ``Excel`` (see the local additions).
"""

import io
import re
from pathlib import Path

import polars as pl

from skills_taxonomy import frames
from skills_taxonomy.frames import Frames
from skills_taxonomy.importers.bundle import Bundle, BundleError, require_columns
from skills_taxonomy.normalization import base_label, strict_form

_COLUMNS = ("Example", "Commodity Code", "Commodity Title")
_FLAGS = ("Hot Technology", "In Demand")
_VERSION = re.compile(r"(\d+)[._](\d+)")
_COMMODITY_GROUPS = Path(__file__).parent.parent / "data" / "onet_commodity_groups.csv"


def read_onet(path: Path, known: Frames, source_version: str | None = None) -> Frames:
    """Read distinct software names.

    `path` is a zip or directory with ``Technology Skills.xlsx`` or tab-separated ``.txt``.
    A name that equals the preferred label of a concept in `known` (case and trailing parentheses
    aside), or one of its alternative labels of two words or more, becomes an alternative label of
    that concept, whose skill_type the caller may then set to ``software``; every other name becomes
    a concept ``onet:<slug>``. Group codes follow the commodity (``onet_commodity_groups.csv``).
    Raises BundleError for a missing member or column.
    """
    names = _names(Bundle(path))
    version = source_version or _version(Path(path))
    taken = _known_names(known)
    groups = _commodity_groups()
    skills: dict[str, tuple[object, ...]] = {}
    labels: list[tuple[str, str, str, str]] = []
    for name, code, title, hot, demand in names.iter_rows():
        merged = taken.get(strict_form(base_label(name)))
        if merged is not None:
            labels.append((merged, name, "alternative", "onet"))
            continue
        skill_id = skill_id_of(name)
        if skill_id in skills:
            labels.append((skill_id, name, "alternative", "onet"))
            continue
        labels.append((skill_id, name, "preferred", "onet"))
        skills[skill_id] = (
            skill_id, name, "software", None, "onet", version, _groups_of(code, groups), False,
            title, hot, demand,
        )  # fmt: skip
    return Frames(
        pl.DataFrame(list(skills.values()), schema=frames.SKILLS, orient="row"),
        frames.empty_groups(),
        pl.DataFrame(labels, schema=frames.SKILL_LABELS, orient="row"),
        pl.DataFrame(schema=frames.SKILL_RELATIONS),
    ).ordered()


def skill_id_of(name: str) -> str:
    """Stable id of a software name: ``Visual C++`` -> ``onet:visual-cplusplus``."""
    text = name.casefold().replace("+", "plus").replace("#", "sharp").replace("&", " and ")
    return "onet:" + re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def _names(bundle: Bundle) -> pl.DataFrame:
    member, data = bundle.read("Technology Skills.xlsx", "Technology Skills.txt")
    where = f"{bundle.path}: member {member}"
    try:
        if member.endswith(".xlsx"):
            raw = pl.read_excel(io.BytesIO(data), engine="calamine")
        else:
            raw = pl.read_csv(data, separator="\t", infer_schema=False, quote_char=None)
    except Exception as error:
        raise BundleError(f"{where} is not readable: {error}") from error
    raw = require_columns(raw, _COLUMNS, where)
    flags = [
        (pl.col(flag) == "Y").any() if flag in raw.columns else pl.lit(None, pl.Boolean).alias(flag)
        for flag in _FLAGS
    ]
    return (
        raw.with_columns(pl.col("Example").cast(pl.String).str.strip_chars())
        .filter(pl.col("Example").str.len_chars() > 0)
        .group_by("Example")
        .agg(
            pl.col("Commodity Code").cast(pl.String).mode().min(),
            pl.col("Commodity Title").mode().min(),
            *flags,
        )
        .sort("Example")
    )


def _version(path: Path) -> str:
    match = _VERSION.search(path.name)
    return ".".join(match.groups()) if match else "unknown"


def _known_names(known: Frames) -> dict[str, str]:
    taken: dict[str, str] = {}
    rows = known.skill_labels.sort("label_type", "skill_id", descending=[True, False])
    for skill_id, label, label_type in rows.select("skill_id", "label", "label_type").iter_rows():
        name = strict_form(base_label(label))
        if label_type == "preferred" or " " in name:
            taken.setdefault(name, skill_id)
    return taken


def _commodity_groups() -> dict[str, list[str]]:
    table = pl.read_csv(_COMMODITY_GROUPS, infer_schema=False)
    return {
        prefix: codes.split("|")
        for prefix, codes in table.select("commodity_prefix", "group_codes").iter_rows()
    }


def _groups_of(commodity_code: str, groups: dict[str, list[str]]) -> list[str]:
    for length in range(len(commodity_code), 0, -1):
        if commodity_code[:length] in groups:
            return groups[commodity_code[:length]]
    return []
