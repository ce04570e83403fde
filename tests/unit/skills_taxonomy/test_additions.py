"""A user's own concepts and labels: what is refused, what stays, what shows."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from skills_taxonomy import Taxonomy
from skills_taxonomy.additions import (
    FILE,
    AddedConcept,
    AddedLabel,
    AdditionError,
    Additions,
    LabelTakenError,
    clean_label,
    group_code,
    local_id,
)
from skills_taxonomy.taxonomy import taxonomy_in_use

ON = dt.date(2026, 11, 26)
VITALS = "local:vital-signs-measurement"


def concept(label: str, **columns) -> AddedConcept:
    return AddedConcept(skill_id=local_id(label), preferred_label=label, added_on=ON, **columns)


@pytest.fixture(scope="module")
def own(taxonomy: Taxonomy) -> Additions:
    """One concept with another label, and a label for a shipped concept."""
    made = concept("packet analysis", alternative_labels=("sniff packets",), group_codes=("061",))
    label = AddedLabel(skill_id=VITALS, label="obs round", added_on=ON)
    return Additions().with_concept(made, taxonomy.frames).with_label(label, taxonomy.frames)


def test_additions_lie_over_the_taxonomy_and_change_its_version(
    own: Additions, taxonomy: Taxonomy, tmp_path: Path
) -> None:
    assert taxonomy_in_use(tmp_path).version == taxonomy.version
    own.write(tmp_path)
    assert Additions.read(tmp_path) == own
    used = taxonomy_in_use(tmp_path)
    assert "+user-3+" in used.version
    shown = used.show("local:packet-analysis")
    assert (shown["source"], shown["alternative_labels"]) == ("user", ["sniff packets"])
    assert [group["group_code"] for group in shown["groups"]] == ["061"]
    assert "obs round" in used.show(VITALS)["alternative_labels"]
    assert used.search("sniff packets")["skill_id"][0] == "local:packet-analysis"
    own.without(VITALS, "Obs Round").without("local:packet-analysis").write(tmp_path)
    assert taxonomy_in_use(tmp_path).version == taxonomy.version


@pytest.mark.parametrize(
    "made",
    [
        concept("Packet Analysis"),
        concept("packets sniffed", alternative_labels=("packet analysis",)),
        concept("managing time"),
    ],
)
def test_a_label_that_a_concept_has_is_refused_with_the_concept(own, taxonomy, made) -> None:
    with pytest.raises(LabelTakenError, match=r"is a label of '.+' .*--to "):
        own.with_concept(made, taxonomy.frames)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (concept("packet: analysis!", skill_type="art"), "already"),
        (concept("new words", skill_type="art"), "no type 'art'"),
        (concept("new words", group_codes=("Z9",)), "no group 'Z9'"),
        (concept("new words", broader_skill_id="local:none"), "no concept 'local:none'"),
        (
            AddedConcept(skill_id=VITALS, preferred_label="new words", added_on=ON),
            "id of another concept",
        ),
    ],
)
def test_what_makes_no_concept(own, taxonomy, made, reason) -> None:
    with pytest.raises(AdditionError, match=reason):
        own.with_concept(made, taxonomy.frames)


def test_a_label_goes_to_a_concept_that_is_there_and_to_no_other(own, taxonomy) -> None:
    for skill_id, label in (("local:none", "new words"), (VITALS, "packet analysis")):
        with pytest.raises(AdditionError):
            own.with_label(AddedLabel(skill_id=skill_id, label=label, added_on=ON), taxonomy.frames)


def test_only_own_additions_are_removed_and_no_broader_one(own, taxonomy) -> None:
    narrower = concept("packet capture", broader_skill_id="local:packet-analysis")
    both = own.with_concept(narrower, taxonomy.frames)
    with pytest.raises(AdditionError, match="is narrower than"):
        both.without("local:packet-analysis")
    for skill_id, label in ((VITALS, None), (VITALS, "vital signs"), ("local:none", None)):
        with pytest.raises(AdditionError):
            own.without(skill_id, label)


def test_a_concept_that_a_later_bundle_has_too_is_told(own, taxonomy) -> None:
    meanwhile = own.over(taxonomy.frames)
    assert [(mine, label) for mine, label, _ in own.clashes(meanwhile)] == [
        ("local:packet-analysis", "packet analysis"),
        ("local:packet-analysis", "sniff packets"),
    ]
    assert not list(own.clashes(taxonomy.frames))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("concepts: [", "not YAML"),
        ("concepts: [{skill_id: local:x}]", "preferred_label"),
        ("concept: []", "concept"),
    ],
)
def test_a_file_with_a_mistake_is_named(tmp_path, text, reason) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(AdditionError, match=f"{FILE}.*{reason}"):
        taxonomy_in_use(tmp_path)


def test_an_addition_that_points_to_nothing_is_named(tmp_path) -> None:
    label = AddedLabel(skill_id="local:none", label="words", added_on=ON)
    Additions(labels=(label,)).write(tmp_path)
    with pytest.raises(AdditionError, match="no local:none"):
        taxonomy_in_use(tmp_path)


@pytest.mark.parametrize(
    ("phrase", "skill_id"),
    [("packet analysis", "local:packet-analysis"), ("C++ & STL!", "local:c-stl")],
)
def test_ids_are_stable(phrase, skill_id) -> None:
    assert local_id(phrase) == skill_id
    assert local_id("溶接") == local_id("溶接") != local_id("看護")


def test_labels_are_cleaned_or_refused() -> None:
    assert clean_label("  - packet \n analysis. ") == "packet analysis"
    assert [group_code(code) for code in ("K091", "S3.2")] == ["091", "S3.2"]
    for text in ("", " .. ", "the", "w" * 200, "red \x1b[31m"):
        with pytest.raises(AdditionError):
            clean_label(text)


def test_a_label_of_both_counts_as_the_users(taxonomy: Taxonomy) -> None:
    """A word that ESCO gives and that is not looked for is, once the user gives it too."""
    skill_id, label = taxonomy.skill_labels.filter(
        pl.col("source") == "esco", pl.col("label_type") == "alternative"
    ).row(0)[:2]
    twice = Additions(labels=(AddedLabel(skill_id=skill_id, label=label, added_on=ON),))
    rows = twice.over(taxonomy.frames).skill_labels.filter(
        pl.col("skill_id") == skill_id, pl.col("label") == label
    )
    assert rows["source"].to_list() == ["user"]
