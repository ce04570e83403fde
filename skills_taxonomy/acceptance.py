"""How likely a careful reader accepts a stretch of a sentence as a skill that is asked or taught.

The tagger reads word by word; a reader also minds how the whole stretch ends, what it lacks and
what stands around it: *ensure the smooth*, *equipment*, *monthly supervision to support you*.

Belongs here: a logistic curve over the stretch's words, its neighbors and the tagged probability.
Does not belong here: learning it (`training.acceptance`), finding stretches (`components.linker`).
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse
from spacy.strings import hash_string  # type: ignore[attr-defined]

from skills_taxonomy.normalization import BARRIER, SKIPPED
from skills_taxonomy.word_features import MODELS

KINDS = ("label", "inferred", "unlinked")
BUCKETS = 1 << 13
_MEASURES_N = 2 * len(KINDS)
_REACH = 3
_LONGEST = 6
_LEAST_TAGGED = 0.02
_FILE = "acceptance.npz"


class Stretch(NamedTuple):
    """Words `start` to `end` (exclusive) of a sentence, given as words and normal forms.

    `tagged` is their mean probability of naming a skill, `kind` one of `KINDS`: how it was found.
    """

    words: Sequence[str]
    forms: Sequence[str]
    start: int
    end: int
    tagged: float
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
    """(stretches, `BUCKETS` + 6): hashed words; in the kind's place the log odds and a one."""
    columns: list[int] = []
    starts = [0]
    measures = np.zeros((len(stretches), _MEASURES_N), np.float32)
    for n, stretch in enumerate(stretches):
        columns += sorted({hash_string(name) % BUCKETS for name in _names(stretch)})
        starts.append(len(columns))
        place = 2 * KINDS.index(stretch.kind)
        measures[n, place : place + 2] = _log_odds(stretch.tagged), 1
    hashed = sparse.csr_matrix(
        (np.ones(len(columns), np.float32), columns, starts), shape=(len(stretches), BUCKETS)
    )
    return sparse.hstack([hashed, sparse.csr_matrix(measures)]).tocsr()


def _log_odds(tagged: float) -> float:
    """Log odds of a mean tagged probability, kept off the ends."""
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
