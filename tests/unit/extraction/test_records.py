"""What `skillgap extract` writes, and why."""

import json
import re
from pathlib import Path

import pytest
from spacy.language import Language
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.extraction.explain import Explanation
from pipelines.extraction.records import sentence_records
from skills_taxonomy import Taxonomy

TEXT = "Requirements:\n- Three years of experience with wound care\n- MIG welding is a plus\n"


@pytest.fixture(scope="session")
def label_of(taxonomy: Taxonomy) -> dict[str, str]:
    return dict(taxonomy.skills.select("skill_id", "preferred_label").iter_rows())


def records(nlp: Language, label_of: dict, *texts: str, **options) -> list[dict]:
    return list(sentence_records([(None, t) for t in texts], "posting", nlp, label_of, **options))


def test_a_record_a_sentence_with_offsets_in_it(nlp: Language, label_of: dict) -> None:
    found = records(nlp, label_of, TEXT)
    assert [len(r["mentions"]) > 0 for r in found] == [False, True, True]
    for record in found:
        for mention in record["mentions"]:
            words = record["sentence"][mention["start"] : mention["end"]]
            assert words
            assert mention["skill_id"] is not None or mention["label"] == words
    wound, weld = found[1]["mentions"][0], found[2]["mentions"][0]
    assert (wound["requirement"], wound["years"]) == ("unstated", 3) or wound["years"] == 3
    assert weld["requirement"] == "preferred"
    assert weld["groups"]


def test_ranked_concepts_whatever_the_threshold(nlp: Language, label_of: dict) -> None:
    [record] = records(nlp, label_of, "You will lead a team of nurses.", one_sentence=True, rank=5)
    assert len(record["ranked"]) == 5
    scores = [r["score"] for r in record["ranked"]]
    assert scores == sorted(scores, reverse=True)
    assert "lead a team" in [r["label"] for r in record["ranked"]]
    assert all(r["skill_id"].startswith("http") for r in record["ranked"])


def test_each_line_is_one_sentence_even_an_odd_one(nlp: Language, label_of: dict) -> None:
    texts = ["One. Two. Three.", "   ", "", "•", "Python; SQL; Java"]
    found = records(nlp, label_of, *texts, one_sentence=True, rank=2)
    assert [r["sentence"] for r in found] == texts
    assert found[2]["mentions"] == []


@pytest.mark.parametrize("extra", [[], ["--mode", "fast"], ["--kind", "syllabus"]])
def test_command_line_passes_ids_through(tmp_path: Path, warehouse: Path, extra: list) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text('{"id": "a", "text": "Python and SQL."}\nno json\n{"text": "Wound care."}\n')
    arguments = ["extract", str(lines), "--sentences", "--warehouse", str(warehouse), *extra]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    found = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    assert [r.get("id") for r in found] == ["a", None]
    assert "line 2: left out" in result.stderr.replace("\n", " ")


def test_command_line_says_what_is_wrong(tmp_path: Path, warehouse: Path) -> None:
    for arguments in (["extract"], ["extract", str(tmp_path / "absent.txt")]):
        result = CliRunner().invoke(app, [*arguments, "--warehouse", str(warehouse)])
        assert result.exit_code == 2


def test_explanation_says_what_surrounds_a_tools_name(nlp: Language, label_of: dict) -> None:
    why = Explanation("Weekly stock lists are kept in Excel.", "posting", nlp, label_of)
    [line] = [line for line in why.in_words() if line.startswith("What surrounds")]
    assert re.fullmatch(r"What surrounds 'Excel' makes it a tool's name by [6-9]\d %\.", line)


def test_explanation_names_the_reason(nlp: Language, label_of: dict) -> None:
    text = "MIG welding is essential, no experience of phlebotomy is needed."
    why = Explanation(text, "posting", nlp, label_of)
    words = "\n".join(why.in_words())
    assert "MIG welding" in words
    assert "said not to be needed" in words
    assert "MIG welding" in why.html()
    assert "<mark" in why.html()
