"""What phrases speak for concepts, counted by hand."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skills_taxonomy.phrases import LearnedPhrases, phrases
from skills_taxonomy.training.corpora import Annotated
from skills_taxonomy.training.phrases import train

CONCEPT_OF = {"manage staff": "staff", "weld": "weld"}
WORDS = st.lists(st.sampled_from(["lead", "people", "well", "other"]), min_size=1, max_size=6)


def sentence(text: str, *labels: str) -> Annotated:
    return Annotated(text, "synthetic", text, concepts=frozenset(labels))


@pytest.fixture(scope="module")
def learned() -> LearnedPhrases:
    """Of two hundred sentences four say "lead people", three of them for *manage staff*."""
    sentences = [
        *(sentence(f"lead people {n}", "manage staff", "not in the taxonomy") for n in range(3)),
        sentence("lead people now"),
        sentence("weld well", "weld"),
        *(sentence(f"other {n}") for n in range(195)),
    ]
    return train(sentences, CONCEPT_OF, str.split)


def support(learned: LearnedPhrases, *forms: str) -> float:
    [row] = learned.support([forms])
    return float(row[learned.skill_ids.index("staff")])


def share(count: int, said: int) -> float:
    """Three sentences more, linked as all 200 are: 3 of them to the concept."""
    return (count + 3 * 3 / 200) / (said + 3)


def test_a_phrase_speaks_for_the_concept_its_sentences_were_linked_to(learned) -> None:
    one = -math.log(1 - share(3, 4))
    assert support(learned, "people") == pytest.approx(one, rel=0.02)
    assert support(learned, "lead", "people") == pytest.approx(3 * one, rel=0.02)


def test_what_is_rare_or_usual_speaks_for_nothing(learned) -> None:
    assert learned.skill_ids == ["staff"]
    assert support(learned, "other") == support(learned, "now") == support(learned, "never") == 0


def test_a_saved_file_says_the_same(learned, tmp_path: Path) -> None:
    learned.save(tmp_path)
    again = LearnedPhrases.load(tmp_path)
    windows = [("lead", "people"), ("other",), ()]
    assert again.skill_ids == learned.skill_ids
    assert np.array_equal(again.support(windows), learned.support(windows))


@given(WORDS, WORDS)
def test_more_words_never_speak_less(learned, first, more) -> None:
    assert support(learned, *first, *more) >= support(learned, *first)


@given(WORDS)
def test_runs_of_at_most_three(forms) -> None:
    runs = list(phrases(forms))
    assert len(runs) == sum(max(0, len(forms) - n) for n in range(3))
    assert set(forms) <= set(runs)
    assert {run.count(" ") + 1 for run in runs} <= {1, 2, 3}


def test_the_shipped_phrases_know_another_way_to_say_it(taxonomy, nlp) -> None:
    linker = nlp.get_pipe("skill_linker")
    label_of = dict(taxonomy.skills.select("skill_id", "preferred_label").iter_rows())
    shipped = LearnedPhrases.load()
    assert set(shipped.skill_ids) <= set(linker.index.skill_ids)
    [row] = shipped.support([("work", "under", "pressure")])
    assert label_of[shipped.skill_ids[int(row.argmax())]] == "cope with challenging demands"
