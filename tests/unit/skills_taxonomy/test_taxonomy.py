"""The shipped taxonomy: counts, integrity, provenance, search and show."""

import hashlib

import polars as pl
import pytest
import yaml

from skills_taxonomy import SkillNotFoundError, Taxonomy
from skills_taxonomy.frames import LABEL_TYPES, SKILL_TYPES
from skills_taxonomy.taxonomy import SHIPPED, write_frames

VITAL_SIGNS = "local:vital-signs-measurement"


def test_counts(taxonomy: Taxonomy) -> None:
    by_source = dict(taxonomy.skills.group_by("source").len().iter_rows())
    assert by_source["esco"] == 13_933
    assert by_source["onet"] > 8_500
    assert by_source["local"] >= 150
    assert taxonomy.skill_labels.height > 100_000


def test_integrity(taxonomy: Taxonomy) -> None:
    skills, labels = taxonomy.skills, taxonomy.skill_labels
    ids = skills["skill_id"].implode()
    codes = taxonomy.skill_groups["group_code"]
    assert skills["skill_id"].is_unique().all()
    assert codes.is_unique().all()
    assert labels["skill_id"].is_in(ids).all()
    assert taxonomy.skill_relations.select(
        pl.col("skill_id", "related_skill_id").is_in(ids).all()
    ).row(0) == (True, True)
    assert skills["skill_type"].is_in(SKILL_TYPES).all()
    assert labels["label_type"].is_in(LABEL_TYPES).all()
    assert skills["group_codes"].explode().drop_nulls().is_in(codes.implode()).all()
    assert not labels.select("skill_id", "label", "label_type").is_duplicated().any()
    preferred = labels.filter(pl.col("label_type") == "preferred")["skill_id"]
    assert preferred.is_unique().all()
    assert preferred.len() == skills.height


def test_provenance_fits_the_files(taxonomy: Taxonomy) -> None:
    record = yaml.safe_load((SHIPPED / "provenance.yml").read_text(encoding="utf-8"))
    assert record["taxonomy_version"] == taxonomy.version
    for name, entry in record["files"].items():
        data = (SHIPPED / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"], name
    for source in record["sources"].values():
        assert source["version"]
        assert source["license"]


def test_written_files_are_reproducible(taxonomy: Taxonomy, tmp_path) -> None:
    first = write_frames(taxonomy.frames, tmp_path / "a")
    second = write_frames(Taxonomy.load(tmp_path / "a").frames, tmp_path / "b")
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    assert Taxonomy.load(tmp_path / "b").version == taxonomy.version


def test_shipped_directory_is_not_overwritten(taxonomy: Taxonomy) -> None:
    with pytest.raises(ValueError, match="not overwritten"):
        taxonomy.save(SHIPPED)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("nursing", "nursing"),
        ("vital signs", "vital signs measurement"),
        ("GMAW", "gas metal arc welding"),
        ("Excel", "Microsoft Excel"),
        ("infection prevention", "infection control"),
    ],
)
def test_search_finds_first(taxonomy: Taxonomy, query: str, expected: str) -> None:
    first = taxonomy.search(query, 5)
    assert expected in first["preferred_label"][0]
    assert first["score"].is_sorted(descending=True)


def test_search_of_nothing_is_empty(taxonomy: Taxonomy) -> None:
    assert taxonomy.search("  ").is_empty()
    assert taxonomy.search("zzzzqqq").is_empty()


def test_show_gives_labels_groups_and_neighbors(taxonomy: Taxonomy) -> None:
    shown = taxonomy.show(VITAL_SIGNS)
    assert "vital signs" in shown["alternative_labels"]
    assert {"group_code": "S3.2", "label": "providing health care or medical treatments"} in (
        shown["groups"]
    )
    python = taxonomy.search("Python", 1)["skill_id"][0]
    assert taxonomy.show(python)["skill_type"] == "software"
    assert [b["preferred_label"] for b in taxonomy.show(python)["broader"]] == [
        "computer programming"
    ]


def test_show_of_unknown_id_says_so(taxonomy: Taxonomy) -> None:
    with pytest.raises(SkillNotFoundError, match="no skill has the id"):
        taxonomy.show("local:nothing")


def test_crosswalks_are_complete() -> None:
    crosswalks = SHIPPED / "crosswalks"
    sectors = pl.read_csv(crosswalks / "naics_sectors.csv", infer_schema=False)
    assert sectors.height == 20
    assert {"31-33", "44-45", "48-49"} <= set(sectors["sector_code"])
    groups = pl.read_csv(crosswalks / "sector_groups.csv", infer_schema=False)
    assert set(groups["group_code"]) == {
        "technology", "health-care", "manufacturing-trades", "entertainment"
    }  # fmt: skip
    assert groups["naics_prefix"].is_unique().all()
    pairs = pl.read_csv(crosswalks / "cip_soc.csv", infer_schema=False)
    assert pairs["cip_code"].str.contains(r"^\d\d\.\d{4}$").all()
    assert pairs["soc_code"].str.contains(r"^\d\d-\d{4}$").all()
