"""Mentions of whole documents: offsets, sections that give none, processes."""

import gzip
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from pipelines.extraction.runner import MENTIONS, extract_mentions, load_pipeline
from skills_taxonomy import Taxonomy

SHARED = Path(__file__).parents[4] / "shared" / "data"

POSTING = """Welder II
Larkmere Fabrication is a leading maker of steel gates with welding in its blood.
DUTIES
• GMAW and TIG welding of thin sheet
• Blueprint reading
Requirements:
- OSHA 10 card
- Experience with Excel, no experience of phlebotomy is needed
Nice to have
- CNC programming
Benefits
- Paid first aid training and a pension
We are an equal opportunity employer; sign language interpreters are provided.
"""

SYLLABUS = """Nursing Fundamentals
Prerequisites: Medical terminology
Course Description
Introduces infection control and vital signs.
Learning Outcomes
1. Administer medication to adults.
2. Understand pharmacology.
Assessment
Skills check: wound care 40 %
Policies
Academic integrity and communication skills matter to us.
"""


def documents(*texts: str, title: str = "") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "document_id": [f"d{n}" for n in range(len(texts))],
            "title": [title] * len(texts),
            "text": list(texts),
        },
        schema={"document_id": pl.String, "title": pl.String, "text": pl.String},
    )


def by_label(mentions: pl.DataFrame, column: str) -> dict[str, str]:
    """Of the mentions linked to a concept."""
    return dict(mentions.drop_nulls("skill_id").select("label", column).iter_rows())


def test_posting_sections_and_requirement(nlp: Language) -> None:
    found = extract_mentions(documents(POSTING, title="Welder II"), "posting", nlp)
    assert by_label(found, "requirement") == {
        "GMAW": "unstated",
        "TIG welding": "unstated",
        "Blueprint reading": "unstated",
        "OSHA 10 card": "required",
        "Excel": "required",
        "CNC programming": "preferred",
    }
    assert by_label(found, "section")["GMAW"] == "duties"
    assert found["depth"].null_count() == found.height
    assert found["mention_n"].to_list() == list(range(1, found.height + 1))


def test_syllabus_sections_and_depth(nlp: Language) -> None:
    found = extract_mentions(documents(SYLLABUS, title="Nursing Fundamentals"), "syllabus", nlp)
    assert by_label(found, "depth") == {
        "infection control": "introduced",
        "vital signs": "introduced",
        "Administer medication": "practiced",
        "pharmacology": "introduced",
        "wound care": "assessed",
    }
    assert found["requirement"].null_count() == found.height


def test_group_codes_are_those_of_the_skill(nlp: Language) -> None:
    found = extract_mentions(documents("Wound care and urinalysis."), "posting", nlp)
    assert by_label(found, "group_codes") == {"Wound care": ["S3.2"], "urinalysis": ["K091"]}


def test_a_skill_without_a_concept_is_kept_with_its_group(nlp: Language) -> None:
    text = "Knowledge of dressing changes for elderly patients is essential."
    found = extract_mentions(documents(text), "posting", nlp).filter(pl.col("skill_id").is_null())
    assert found["method"].to_list() == ["unlinked"]
    assert found["group_codes"].list.len().item() >= 1
    assert found["requirement"].item() == "required"


@pytest.mark.parametrize(
    ("sentence", "years"),
    [
        ("3-5 years of experience with Python.", 3),
        ("At least two years' experience in welding.", 2),
        ("Five (5) years of full-time paid experience in welding.", 5),
        ("1.5+ years experience with SQL.", 1.5),
        ("Good experience with Python.", None),
    ],
)
def test_years_asked_are_kept(nlp: Language, sentence: str, years: float | None) -> None:
    found = extract_mentions(documents(sentence), "posting", nlp)
    assert set(found["years_n"]) == {years}


def test_fast_mode_infers_nothing(taxonomy: Taxonomy, extraction_cache: Path) -> None:
    text = "Responsible for the supervision of the dental staff and for lead a team."
    fast = load_pipeline(extraction_cache, taxonomy, mode="fast")
    methods = extract_mentions(documents(text), "posting", fast)["method"]
    assert "inferred" not in methods.to_list()


def test_a_skill_counts_once_a_sentence(nlp: Language) -> None:
    found = extract_mentions(documents("SQL, more SQL.\nSQL again."), "posting", nlp)
    counted = found.drop_nulls("skill_id").group_by("skill_id", "sentence_n").len()
    assert counted["len"].max() == 1
    named = found.filter(pl.col("label") == "SQL", pl.col("method") == "preferred")
    assert named["sentence_n"].to_list() == [1, 2]


def test_empty_input_keeps_the_columns(nlp: Language) -> None:
    assert extract_mentions(documents(), "posting", nlp).schema == MENTIONS
    assert extract_mentions(documents("", " \n "), "syllabus", nlp).is_empty()


def test_wrong_calls_are_refused(nlp: Language) -> None:
    with pytest.raises(ValueError, match="kind"):
        extract_mentions(documents("x"), "resume", nlp)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="title"):
        extract_mentions(documents("x").drop("title"), "posting", nlp)


def test_progress_reaches_the_total(nlp: Language) -> None:
    seen: list[tuple[int, int]] = []
    extract_mentions(
        documents(*["SQL."] * 230), "posting", nlp, progress=lambda done, n: seen.append((done, n))
    )
    assert seen == [(100, 230), (200, 230), (230, 230)]


def test_two_processes_give_the_same(nlp: Language) -> None:
    frame = documents(*[POSTING, SYLLABUS] * 60)
    one = extract_mentions(frame, "posting", nlp)
    two = extract_mentions(frame, "posting", nlp, processes=2)
    assert one.equals(two)


WORDS = st.sampled_from(
    ["SQL", "wound care", "Requirements:", "\n", " ", "\u00a0", "é", "•", "and", ";", ".",
     "welding", "Python", "\t", "🙂", "GD&T", "# Topics", "no experience needed", "C#", "\r\n"]
)  # fmt: skip


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map("".join)))
def test_offsets_are_exact_for_any_text(nlp: Language, text: str) -> None:
    for kind in ("posting", "syllabus"):
        found = extract_mentions(documents(text), kind, nlp)  # type: ignore[arg-type]
        for row in found.iter_rows(named=True):
            assert text[row["start"] : row["end"]] == row["label"]
            begin = row["sentence_start"]
            assert text[begin : begin + len(row["sentence"])] == row["sentence"]
            assert begin <= row["start"] < row["end"] <= begin + len(row["sentence"])
            assert 0 < row["score"] <= 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real ads are not beside the checkout")
def test_real_ads_name_their_tools(nlp: Language) -> None:
    with gzip.open(SHARED / "postings_skillspan.jsonl.gz", "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file][:60]
    found = extract_mentions(documents(*texts), "posting", nlp)
    labels = found.drop_nulls("skill_id")["label"]
    assert {"Docker", "JavaScript", "SQL"} <= set(labels)
    assert not {"power", "access", "support", "order"} & set(labels.str.to_lowercase())
