"""Importing official bundles: what is read, carried over, and refused."""

import gzip
import zipfile
from pathlib import Path

import polars as pl
import pytest

from skills_taxonomy import Taxonomy, import_esco, import_onet
from skills_taxonomy.build import assemble
from skills_taxonomy.frames import Frames, concatenate
from skills_taxonomy.importers import BundleError, read_esco, read_onet
from skills_taxonomy.importers.local import LocalClashError, read_local

SHARED = Path(__file__).parents[4] / "shared" / "data" / "taxonomies"
E = "http://data.europa.eu/esco/skill/"
K = "http://data.europa.eu/esco/isced-f/"


def write_esco(folder: Path, skills: list[tuple[str, str, str, str]], gz: bool = False) -> Path:
    """A tiny ESCO bundle; `skills` are (id, type, preferred label, alternative labels)."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = "".join(
        f'KnowledgeSkillCompetence,{E}{i},{kind},,{label},"{alternatives}",,released,,,,,\n'
        for i, kind, label, alternatives in skills
    )
    broader = "".join(
        f"KnowledgeSkillCompetence,{E}{i},SkillGroup,"
        f"{K + '0913' if kind == 'knowledge' else E + 'g3'}\n"
        for i, kind, _, _ in skills
    )
    members = {
        "skills_en.csv": "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,"
        "hiddenLabels,status,modifiedDate,scopeNote,definition,inScheme,description\n" + rows,
        "skillGroups_en.csv": "conceptType,conceptUri,preferredLabel,altLabels,code\n"
        f"SkillGroup,{E}g2,providing care,,S3.2\nSkillGroup,{E}g3,providing nursing care,,S3.2.1\n"
        f"SkillGroup,{K}091,health,,091\nSkillGroup,{K}0913,nursing,,0913\n",
        "skillsHierarchy_en.csv": ",".join(
            f"Level {n} {w}" for n in range(4) for w in ("URI", "code")
        )
        + f"\n{E}g0,S,{E}g1,S3,{E}g2,S3.2,,\n{E}g0,S,{E}g1,S3,{E}g2,S3.2,{E}g3,S3.2.1\n"
        f"{E}k,K,{K}09,09,{K}091,091,,\n{E}k,K,{K}09,09,{K}091,091,{K}0913,0913\n",
        "broaderRelationsSkillPillar_en.csv": "conceptType,conceptUri,broaderType,broaderUri\n"
        + broader,
        "skillSkillRelations_en.csv": "originalSkillUri,originalSkillType,relationType,"
        f"relatedSkillType,relatedSkillUri\n{E}1,skill,essential,knowledge,{E}2\n",
        "transversalSkillsCollection_en.csv": f"conceptType,conceptUri\nKSC,{E}3\n",
    }
    for name, text in members.items():
        if gz:
            (folder / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
        else:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


OLD = [
    ("1", "skill/competence", "give injections", "inject patients\ngive an injection"),
    ("2", "knowledge", "wound types", ""),
    ("3", "skill/competence", "show initiative", ""),
    ("4", "knowledge", "ClinicSoft (software)", "clinic soft pro"),
]
NEW = [
    ("1", "skill/competence", "administer injections", "give injections"),
    ("2", "knowledge", "wound types", ""),
    ("4", "knowledge", "ClinicSoft (software)", ""),
    ("5", "knowledge", "telehealth", ""),
]


def write_onet(folder: Path, names: list[str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    head = "O*NET-SOC Code\tExample\tCommodity Code\tCommodity Title\tHot Technology\tIn Demand\n"
    rows = "".join(f"29-1141.00\t{n}\t43232611\tMedical software\tY\tN\n" for n in names)
    (folder / "Technology Skills.txt").write_text(head + rows, encoding="utf-8")
    return folder


def local_label(skill_id: str, label: str) -> Frames:
    empty = read_esco_empty()
    labels = pl.DataFrame(
        [(skill_id, label, "alternative", "local")], schema=empty.skill_labels.schema, orient="row"
    )
    return Frames(empty.skills, empty.skill_groups, labels, empty.skill_relations)


def read_esco_empty() -> Frames:
    shipped = Taxonomy.load().frames
    return Frames(
        shipped.skills.clear(),
        shipped.skill_groups.clear(),
        shipped.skill_labels.clear(),
        shipped.skill_relations.clear(),
    )


def test_reads_types_groups_and_labels(tmp_path: Path) -> None:
    found = read_esco(write_esco(tmp_path / "esco_1_9_1", OLD))
    rows = {r["skill_id"].removeprefix(E): r for r in found.skills.iter_rows(named=True)}
    assert rows["1"]["group_codes"] == ["S3.2", "S3.2.1"]
    assert rows["2"]["group_codes"] == ["091", "0913"]
    assert rows["3"]["skill_type"] == "transversal"
    assert rows["2"]["skill_type"] == "knowledge"
    assert rows["1"]["source_version"] == "1.9.1"
    labels = found.skill_labels.filter(pl.col("skill_id") == E + "1")["label"].to_list()
    assert sorted(labels) == ["give an injection", "give injections", "inject patients"]
    assert found.skill_relations.rows() == [(E + "1", E + "2", "related")]


def test_zip_and_gzip_give_the_same(tmp_path: Path) -> None:
    plain = write_esco(tmp_path / "a" / "v1.9.1", OLD)
    packed = write_esco(tmp_path / "b" / "v1.9.1", OLD, gz=True)
    with zipfile.ZipFile(tmp_path / "v1.9.1.zip", "w") as archive:
        for file in plain.iterdir():
            archive.write(file, f"ESCO dataset/{file.name}")
    versions = {
        Taxonomy.of(read_esco(path)).version for path in (plain, packed, tmp_path / "v1.9.1.zip")
    }
    assert len(versions) == 1


def test_carry_over_changed_dropped_added_unmapped(tmp_path: Path) -> None:
    old = read_esco(write_esco(tmp_path / "v1.0.0", OLD))
    current = Taxonomy.of(concatenate(old, local_label(E + "3", "self-starter")))
    result, report = import_esco(
        write_esco(tmp_path / "v2.0.0", NEW), current, tmp_path / "warehouse"
    )
    assert report.counts == {"added": 1, "changed": 1, "dropped": 1, "unmapped": 1}
    assert report.examples("changed") == [
        {
            "skill_id": E + "1",
            "old_label": "give injections",
            "new_label": "administer injections",
        }
    ]
    assert report.examples("unmapped")[0]["label"] == "self-starter"
    assert result.show(E + "3")["is_deprecated"]
    assert result.show(E + "3")["alternative_labels"] == ["self-starter"]
    assert Taxonomy.load(tmp_path / "warehouse").version == result.version != current.version
    again, second = import_esco(tmp_path / "v2.0.0", result, tmp_path / "warehouse")
    assert set(second.counts.values()) == {0} or second.counts["unmapped"] == 1
    assert again.skills.height == result.skills.height


def test_onet_names_equal_to_esco_labels_are_merged(tmp_path: Path) -> None:
    current = Taxonomy.of(read_esco(write_esco(tmp_path / "v1.0.0", OLD)))
    result, report = import_onet(
        write_onet(tmp_path / "onet_31_0", ["CLINICSOFT", "Chart++ Pro"]), current, tmp_path / "out"
    )
    assert report.added["skill_id"].to_list() == ["onet:chartplusplus-pro"]
    merged = result.show(E + "4")
    assert merged["skill_type"] == "software"
    assert "CLINICSOFT" in merged["alternative_labels"]
    assert result.show("onet:chartplusplus-pro")["commodity_title"] == "Medical software"
    later, second = import_onet(
        write_onet(tmp_path / "onet_32_0", ["Clinicsoft"]), result, tmp_path / "out"
    )
    assert second.dropped["skill_id"].to_list() == ["onet:chartplusplus-pro"]
    assert later.show("onet:chartplusplus-pro")["is_deprecated"]


def test_missing_member_and_column_are_named(tmp_path: Path) -> None:
    folder = write_esco(tmp_path / "v1.0.0", OLD)
    (folder / "skillGroups_en.csv").write_text("conceptUri,code\n", encoding="utf-8")
    with pytest.raises(BundleError, match=r"skillGroups_en.csv: column preferredLabel"):
        read_esco(folder)
    (folder / "skillGroups_en.csv").unlink()
    with pytest.raises(BundleError, match=r"member skillGroups_en.csv is missing"):
        read_esco(folder)
    with pytest.raises(BundleError, match="neither a directory nor a zip"):
        read_esco(tmp_path / "nowhere.zip")
    with pytest.raises(BundleError, match=r"Technology Skills.xlsx"):
        read_onet(folder, read_esco_empty())


def test_local_additions_that_repeat_a_source_fail(tmp_path: Path) -> None:
    known = read_esco(write_esco(tmp_path / "v1.0.0", OLD))
    (tmp_path / "local.yml").write_text('version: "1"\n', encoding="utf-8")
    (tmp_path / "local_skills.csv").write_text(
        "skill_id,preferred_label,skill_type,group_codes,broader_skill_id,sector_group\n"
        "local:wound-types,Wound types,skill,S3.2,,health-care\n",
        encoding="utf-8",
    )
    (tmp_path / "local_labels.csv").write_text("skill_id,label,label_type\n", encoding="utf-8")
    with pytest.raises(LocalClashError, match=r"local:wound-types repeats a label"):
        read_local(known, tmp_path)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the official bundles are not beside the checkout")
def test_official_bundles_give_the_shipped_taxonomy(taxonomy: Taxonomy) -> None:
    built = assemble(SHARED / "esco_1_2_0", SHARED / "onet_29_3")
    assert built.version == taxonomy.version
