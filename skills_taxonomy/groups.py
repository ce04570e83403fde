"""The skill group that a span's words speak of, where no concept says it.

Belongs here: a linear classifier over words to ESCO's level 2 groups, and their codes.
Does not belong here: learning it (`training.groups`), which spans are skills (`tagger`).

Codes are ESCO's: ``S3.2``, ``T4.1``, ``A1.2``, ``L1``, and ``K091`` for the ISCED-F field 091.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy import sparse
from spacy.strings import hash_string  # type: ignore[attr-defined]

from skills_taxonomy.word_features import MODELS, WordVectors

BUCKETS = 1 << 12
SENTENCE_SHARE, NEAR_SHARE = 0.3, 0.4
_LEAST, _LEAST_NEAR = 1e-3, 1e-2
Words = tuple[Sequence[str], Sequence[str]]
"""Words and the normal forms of those that matter."""
_LEVEL_2 = re.compile(r"K\d{3}|[STA]\d+\.\d+|L\d")


def level_2(group_codes: Iterable[str]) -> list[str]:
    """The level 2 codes among a concept's `group_codes`, ISCED-F fields with their K."""
    named = (f"K{code}" if code[0].isdigit() else code for code in group_codes)
    return [code for code in named if _LEVEL_2.fullmatch(code)]


class GroupClassifier:
    """Weights of every bucket and vector column for each group code."""

    def __init__(
        self, codes: list[str], weights: np.ndarray, bias: np.ndarray, vectors: WordVectors
    ) -> None:
        self.codes = codes
        self.column_of = {code: column for column, code in enumerate(codes)}
        self.weights = weights
        self.bias = bias
        self.vectors = vectors

    @classmethod
    def load(cls, directory: Path = MODELS) -> "GroupClassifier":
        """Read ``groups.npz`` and ``word_vectors.npz``."""
        with np.load(directory / "groups.npz") as file:
            weights = file["weights"].astype(np.float32) * file["scale"]
            vectors = WordVectors.load(directory / "word_vectors.npz")
            return cls(file["codes"].tolist(), weights, file["bias"], vectors)

    def save(self, path: Path) -> None:
        """Write the weights as 8-bit numbers, a scale a group."""
        scale = np.abs(self.weights).max(axis=0) / 127
        np.savez_compressed(
            path,
            codes=np.array(self.codes),
            weights=np.round(self.weights / scale).astype(np.int8),
            scale=scale.astype(np.float32),
            bias=self.bias.astype(np.float32),
        )

    def probabilities(
        self,
        spans: Sequence[Words],
        sentences: Sequence[Words],
        sentence_of: Sequence[int],
        near: np.ndarray,
    ) -> np.ndarray:
        """Probability of each group (spans, codes).

        `sentence_of` gives each span's place in `sentences`: what a sentence speaks of as a whole
        speaks for its spans too, by `SENTENCE_SHARE`. So do the groups of the concepts near a span,
        by `NEAR_SHARE`: `near` (spans, codes) has their shares, zeros where no concept is near.
        """
        of_sentence = np.log(_softmax(self._scores(sentences)) + _LEAST)
        of_near = np.log(near + _LEAST_NEAR)
        return _softmax(
            self._scores(spans) + SENTENCE_SHARE * of_sentence[sentence_of] + NEAR_SHARE * of_near
        )

    def _scores(self, spans: Sequence[Words]) -> np.ndarray:
        scores: np.ndarray = span_features(spans, self.vectors) @ self.weights + self.bias
        return scores


def span_features(spans: Sequence[Words], vectors: WordVectors) -> sparse.csr_matrix:
    """Hashed forms, pairs of forms, first and last form; then the mean word vector.

    (spans, `BUCKETS` + vector width); spans are (words, normal forms), neither empty.
    """
    columns, starts = [], [0]
    for _, forms in spans:
        named = {f"f:{form}" for form in forms}
        named |= {f"p:{a} {b}" for a, b in pairwise(forms)}
        named |= {f"first:{forms[0]}", f"last:{forms[-1]}"}
        columns += sorted({hash_string(name) % BUCKETS for name in named})
        starts.append(len(columns))
    hashed = sparse.csr_matrix(
        (np.ones(len(columns), np.float32), columns, starts), shape=(len(spans), BUCKETS)
    )
    rows = vectors.matrix[vectors.rows([word for words, _ in spans for word in words])]
    lengths = np.array([len(words) for words, _ in spans])
    summed = np.add.reduceat(rows, np.cumsum(lengths) - lengths)
    return sparse.hstack([hashed, sparse.csr_matrix(summed / lengths[:, None])]).tocsr()


def _softmax(scores: np.ndarray) -> np.ndarray:
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: np.ndarray = odds / odds.sum(axis=1, keepdims=True)
    return probabilities
