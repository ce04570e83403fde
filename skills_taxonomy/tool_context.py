"""How likely a name is a tool's, by what surrounds it and how it is written: *lists in Excel*.

The name itself is not looked at, so that what is learned of one name holds of all. Belongs here: a
logistic curve over a name's surroundings. Does not belong here: learning it
(`training.tool_context`), which names are in doubt (`ambiguity`).
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

BUCKETS = 1 << 12
_REACH, _FAR = 3, 10
_MOSTLY = 0.6
_LONG = 30
_LEAST_TAGGED = 0.02
_MEASURE_WEIGHT = 0.5
_BEFORE, _BEHIND = "^", "$"
_FILE = "tool_context.npz"


class Surroundings(NamedTuple):
    """A sentence as words and normal forms, and the place of a name in it: `start` to `end`.

    `tagged` is each word's probability of naming a skill.
    """

    words: Sequence[str]
    forms: Sequence[str]
    tagged: Sequence[float]
    start: int
    end: int


class ToolContext:
    """Weights of the columns of `features` and an intercept."""

    def __init__(self, weights: np.ndarray, bias: float) -> None:
        self.weights = weights
        self.bias = bias
        self._of_measures = weights[BUCKETS:]

    @classmethod
    def load(cls, directory: Path = MODELS) -> "ToolContext":
        """Read ``tool_context.npz``."""
        with np.load(directory / _FILE) as file:
            return cls(file["weights"], float(file["bias"]))

    def save(self, directory: Path) -> None:
        """Write ``tool_context.npz``."""
        np.savez_compressed(
            directory / _FILE, weights=self.weights.astype(np.float32), bias=self.bias
        )

    def probability(self, name: Surroundings) -> float:
        """Probability that the name is a tool's."""
        log_odds = (
            self.bias + self.weights[_columns(name)].sum() + _measures(name) @ self._of_measures
        )
        return float(1 / (1 + np.exp(-log_odds)))


def features(names: Sequence[Surroundings]) -> sparse.csr_matrix:
    """(names, `BUCKETS` + 3): hashed surroundings; log odds of the words tagged, and the length."""
    columns = [_columns(name) for name in names]
    starts = np.cumsum([0, *map(len, columns)])
    hashed = sparse.csr_matrix(
        (np.ones(starts[-1], np.float32), [c for row in columns for c in row], starts),
        shape=(len(names), BUCKETS),
    )
    measures = np.array([_measures(name) for name in names])
    return sparse.hstack([hashed, sparse.csr_matrix(measures)]).tocsr()


def _columns(name: Surroundings) -> list[int]:
    return sorted({_column(said) for said in _said(name)})


@lru_cache(maxsize=1 << 16)
def _column(said: str) -> int:
    return int(hash_string(said) % BUCKETS)


def _said(name: Surroundings) -> list[str]:
    words, forms, _, start, end = name
    case = _case_of_line([*words[:start], *words[end:]])
    place = "first" if start == 0 else "later"
    said = [place, f"line {case}", f"written {_spelling(words[start])} {place} {case}"]
    for distance in range(1, _REACH + 1):
        left, right = start - distance, end + distance - 1
        said += [
            f"left {distance} {_form(words, forms, left)}",
            f"right {distance} {_form(words, forms, right)}",
            f"left {distance} is {_spelling(_word(words, left))}",
            f"right {distance} is {_spelling(_word(words, right))}",
        ]
    said.append(f"between {_word(words, start - 1).lower()} {_word(words, end).lower()}")
    near = [*forms[max(0, start - _FAR) : start], *forms[end : end + _FAR]]
    said += [f"near {form}" for form in near if form not in (BARRIER, SKIPPED)]
    return said


def _word(words: Sequence[str], at: int) -> str:
    """The word at a place, or a sign for the sentence's edge."""
    if at < 0:
        return _BEFORE
    return words[at] if at < len(words) else _BEHIND


def _form(words: Sequence[str], forms: Sequence[str], at: int) -> str:
    """As `_word`, in normal form; punctuation as it is."""
    if 0 <= at < len(words) and forms[at] != BARRIER:
        return forms[at]
    return _word(words, at)


def _case_of_line(words: Sequence[str]) -> str:
    """Whether a line's words are all capitals, mostly capitalized or neither."""
    letters = [word for word in words if word[0].isalpha()]
    if len(letters) > 1 and all(word.isupper() for word in letters):
        return "capitals"
    is_title = sum(word[0].isupper() for word in letters) > _MOSTLY * max(1, len(letters))
    return "title" if is_title else "sentence"


def _spelling(word: str) -> str:
    """How a word is written, whatever it is."""
    if not any(character.isalpha() for character in word):
        return "other"
    if len(word) == 1:
        return "letter"
    if word.islower() or word.isupper():
        return "lower" if word.islower() else "capitals"
    return "capitalized" if word.istitle() else "mixed"


def _measures(name: Surroundings) -> np.ndarray:
    """Log odds of the name's likeliest word and of the likeliest around it; the length (3,)."""
    _, _, tagged, start, end = name
    around = [*tagged[:start], *tagged[end:]]
    likeliest = [_log_odds(max(tagged[start:end])), _log_odds(max(around, default=0.0))]
    return np.array([*likeliest, min(len(tagged), _LONG) / _LONG]) * _MEASURE_WEIGHT


def _log_odds(tagged: float) -> float:
    bounded = min(max(tagged, _LEAST_TAGGED), 1 - _LEAST_TAGGED)
    return math.log(bounded / (1 - bounded))
