"""What stands around a name says whether it is a tool's; the name itself does not."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from skills_taxonomy.tagger import SkillTagger
from skills_taxonomy.tool_context import Surroundings, ToolContext, features
from skills_taxonomy.training.tool_context import surroundings

WORDS = st.lists(
    st.sampled_from(["in", "Excel", "LIST", ",", "lists", "3"]), min_size=1, max_size=8
)


@pytest.fixture(scope="module")
def chance(nlp: Language):
    tagger, shipped = SkillTagger.load(), ToolContext.load()
    return lambda sentence, word: shipped.probability(surroundings(sentence, word, tagger, nlp))


@pytest.mark.parametrize(
    ("tool", "other", "word"),
    [
        ("Keep the stock lists in Excel.", "Children Excel at the village school.", "Excel"),
        ("Java, Kotlin and SQL", "Coffee from Java and Sumatra", "Java"),
        (
            "Cut clips in Premiere and Resolve.",
            "Guests of the Premiere night arrive at 7.",
            "Premiere",
        ),
    ],
)
def test_a_tool_is_told_from_another_by_what_surrounds_it(chance, tool, other, word) -> None:
    assert chance(tool, word) > 0.6 > 0.4 > chance(other, word)


def test_the_name_itself_says_nothing(chance) -> None:
    said = {name: chance(f"Keep the stock lists in {name}.", name) for name in ("Excel", "Oboes")}
    assert said["Excel"] == pytest.approx(said["Oboes"], abs=0.15)


def test_a_word_that_does_not_stand_there_is_an_error(chance) -> None:
    with pytest.raises(ValueError, match="'Go' is no word of 'Good with Gophers'"):
        chance("Good with Gophers", "Go")


def test_a_saved_file_says_the_same(tmp_path: Path) -> None:
    name = Surroundings(["Learn", "Go", "."], ["learn", "go", "¦"], [0.1, 0.9, 0.1], 1, 2)
    shipped = ToolContext.load()
    shipped.save(tmp_path)
    assert ToolContext.load(tmp_path).probability(name) == shipped.probability(name)


@given(WORDS, st.data())
def test_every_place_in_every_sentence_has_a_row(words, data) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    forms = [word.lower() if word != "," else "¦" for word in words]
    row = features([Surroundings(words, forms, [0.5] * len(words), start, end)])
    assert row.shape[0] == 1
    assert np.isfinite(row.data).all()
