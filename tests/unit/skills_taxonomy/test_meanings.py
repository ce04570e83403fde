"""Concepts that share no word with a window are found by what its words mean."""

from pathlib import Path

import numpy as np
import pytest

from skills_taxonomy.training import meanings
from skills_taxonomy.word_features import WordVectors, save_vectors


@pytest.fixture(scope="module")
def labels_near(nlp):
    index = nlp.get_pipe("skill_linker").index

    def near(*forms: str, most: int = 4, nearest: int = 5) -> list[str]:
        found = index.candidates([forms], most, nearest)
        return [index.preferred_labels[concept] for concept in found.concept]

    return near


def test_another_word_for_the_same_brings_the_concept_near(labels_near) -> None:
    assert "computer programming" not in labels_near("write", "code", nearest=0)
    assert "computer programming" in labels_near("write", "code")


def test_those_by_meaning_follow_those_by_words_and_repeat_none(labels_near) -> None:
    by_words, both = labels_near("manage", "staff", nearest=0), labels_near("manage", "staff")
    assert both[: len(by_words)] == by_words
    assert len(by_words) < len(both) <= len(by_words) + 5
    assert len(set(both)) == len(both)


def test_unknown_words_come_near_nothing(labels_near) -> None:
    assert labels_near("zzyzx") == []


def test_reduced_vectors_keep_what_is_near(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    centers = random.normal(size=(3, 100))
    vectors = np.repeat(centers, 40, axis=0) + random.normal(scale=0.05, size=(120, 100))
    words = [
        f"word{'abcdefghij'[n // 10 % 10]}{'abcdefghij'[n % 10]}{n // 100}" for n in range(120)
    ]
    save_vectors(words, meanings.reduced(vectors), tmp_path / "meanings.npz")
    found = WordVectors.load(tmp_path / "meanings.npz")
    rows = found.matrix[found.rows(words)]
    assert rows.shape == (120, meanings.WIDTH)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=0.05)
    assert (rows[:40] @ rows[:40].T).min() > 0.9 > 0.1 > (rows[:40] @ rows[40:80].T).max()
