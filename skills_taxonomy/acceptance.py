"""How likely a careful reader accepts a stretch of a sentence as a skill that is asked or taught.

The tagger reads word by word; a reader also minds how the whole stretch ends, what it lacks and
what the sentence speaks of: *ensure the smooth*, *equipment*, *monthly supervision to support you*.

Belongs here: a logistic curve over the stretch's and the sentence's words and what they are tagged.
Does not belong here: learning it (`training.acceptance`), finding stretches (`components.linker`).
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse
from spacy.strings import hash_string  # type: ignore[attr-defined]

from skills_taxonomy.normalization import BARRIER, SKIPPED
from skills_taxonomy.word_features import MODELS

KINDS = ("label", "inferred", "unlinked")
BUCKETS = 1 << 13
_MEASURES_N = 2 * len(KINDS) + 8
_SENTENCE_WEIGHT = 0.5
"""So much counts a word of the sentence beside one of the stretch."""
_REACH = 3
_LONGEST = 6
_LONG = 40
_LEAST_TAGGED = 0.02
_FILE = "acceptance.npz"


class Stretch(NamedTuple):
    """Words `start` to `end` (exclusive) of a sentence, given as words and normal forms.

    `tagged` is each word's probability of naming a skill, `kind` one of `KINDS`: how it was found.
    """

    words: Sequence[str]
    forms: Sequence[str]
    start: int
    end: int
    tagged: Sequence[float]
    kind: str


class Acceptance:
    """Weights of the columns of `features` and an intercept."""

    def __init__(self, weights: np.ndarray, bias: float) -> None:
        self.weights = weights
        self.bias = bias

    @classmethod
    def load(cls, directory: Path = MODELS) -> "Acceptance":
        """Read ``acceptance.npz``."""
        with np.load(directory / _FILE) as file:
            return cls(file["weights"], float(file["bias"]))

    def save(self, directory: Path) -> None:
        """Write ``acceptance.npz``."""
        np.savez_compressed(
            directory / _FILE, weights=self.weights.astype(np.float32), bias=self.bias
        )

    def probabilities(self, stretches: Sequence[Stretch]) -> np.ndarray:
        """Probability that a reader accepts each (stretches,)."""
        log_odds = features(stretches) @ self.weights + self.bias
        probability: np.ndarray = 1 / (1 + np.exp(-log_odds))
        return probability


def features(stretches: Sequence[Stretch]) -> sparse.csr_matrix:
    """(stretches, 2 `BUCKETS` + 14): hashed words of the stretch, of its sentence, measures."""
    hashed = _hashed([_names(stretch) for stretch in stretches])
    forms = {id(stretch.forms): stretch.forms for stretch in stretches}
    row_of = {sentence: row for row, sentence in enumerate(forms)}
    sentences = _hashed(list(forms.values()))[[row_of[id(s.forms)] for s in stretches]]
    measures = np.array([_measures(stretch) for stretch in stretches], np.float32)
    columns = [hashed, sentences * _SENTENCE_WEIGHT, measures.reshape(-1, _MEASURES_N)]
    return sparse.hstack([sparse.csr_matrix(part) for part in columns]).tocsr()


def _hashed(names: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    """A one in the column of each name of a row (rows, `BUCKETS`)."""
    columns = [sorted({_column(name) for name in row}) for row in names]
    starts = np.cumsum([0, *map(len, columns)])
    ones = np.ones(starts[-1], np.float32)
    return sparse.csr_matrix(
        (ones, [column for row in columns for column in row], starts), shape=(len(names), BUCKETS)
    )


@lru_cache(maxsize=1 << 18)
def _column(name: str) -> int:
    return int(hash_string(name) % BUCKETS)


def _measures(stretch: Stretch) -> list[float]:
    """In the kind's place the log odds of the mean word and a one; then the log odds of the words
    on either side, of the least likely, the first and the last of the stretch, of the sentence's
    mean and likeliest word; its length.
    """
    _, _, start, end, tagged, kind = stretch
    inside = tagged[start:end]
    measures = [0.0] * _MEASURES_N
    place = 2 * KINDS.index(kind)
    measures[place : place + 2] = _log_odds(sum(inside) / len(inside)), 1.0
    around = (
        tagged[start - 1] if start else 0.0,
        tagged[end] if end < len(tagged) else 0.0,
        min(inside),
        inside[0],
        inside[-1],
        sum(tagged) / len(tagged),
        max(tagged),
    )
    measures[2 * len(KINDS) :] = *map(_log_odds, around), min(len(tagged), _LONG) / _LONG
    return measures


def _log_odds(tagged: float) -> float:
    """Log odds of a tagged probability, kept off the ends."""
    bounded = min(max(tagged, _LEAST_TAGGED), 1 - _LEAST_TAGGED)
    return math.log(bounded / (1 - bounded))


def _names(stretch: Stretch) -> list[str]:
    words, forms, start, end, *_ = stretch
    own = [form for form in forms[start:end] if form not in (BARRIER, SKIPPED)] or [BARRIER]
    before, after = forms[max(0, start - _REACH) : start], forms[end : end + _REACH]
    names = [f"left {n} {form}" for n, form in enumerate(reversed(before))]
    names += [f"right {n} {form}" for n, form in enumerate(after)]
    names += [f"form {form}" for form in own]
    names += [f"first {own[0]}", f"last {own[-1]}", f"words {min(len(own), _LONGEST)}"]
    names += [f"begins {words[start][:1].isupper()}", f"begins {words[start].lower()[-3:]}"]
    names.append(f"ends {words[end - 1].lower()[-3:]}")
    if start == 0:
        names.append("opens the sentence")
    if end == len(words):
        names.append("closes the sentence")
    if len(own) == 1:
        names.append(f"only {own[0]}")
    return names
