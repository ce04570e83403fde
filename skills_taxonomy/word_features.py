"""A word as numbers: hashed attributes, a vector of the company it keeps, one of its meaning.

Belongs here: what any trained part may know of a single word. No word is kept in clear: attributes
and vectors are found by hash.
Does not belong here: networks over these numbers (`tagger`, `groups`).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from spacy.strings import hash_string  # type: ignore[attr-defined]

from skills_taxonomy.normalization import word_form

MODELS = Path(__file__).parent / "models"
MEANINGS = MODELS / "meanings.npz"
BUCKETS = 1 << 13
ATTRIBUTES_N = 6
_STEPS = 127
_DIGIT = re.compile(r"\d")
_RUN = re.compile(r"(.)\1{2,}")
_SHAPE = str.maketrans(
    {chr(c): "X" for c in range(65, 91)}
    | {chr(c): "x" for c in range(97, 123)}
    | {chr(c): "d" for c in range(48, 58)}
)


def plain_word(word: str) -> str:
    """`word` in lower case, every digit a zero."""
    return _DIGIT.sub("0", word.lower())


@lru_cache(maxsize=100_000)
def attribute_buckets(word: str) -> tuple[int, ...]:
    """The six buckets (0 to `BUCKETS`) of a word: itself, its form, beginning, endings, shape."""
    plain = plain_word(word)
    form = word_form(word.rstrip(".")) or plain
    shape = _RUN.sub(r"\1\1", word.translate(_SHAPE))[:6]
    named = (
        f"w:{plain}",
        f"f:{form}",
        f"p:{plain[:3]}",
        f"s:{plain[-3:]}",
        f"t:{plain[-2:]}",
        f"S:{shape}",
    )
    return tuple(hash_string(name) % BUCKETS for name in named)


def save_vectors(words: Sequence[str], vectors: np.ndarray, path: Path) -> None:
    """Write the file that `WordVectors` reads: hashes, int8 rows (words, width), scale."""
    scale = float(np.abs(vectors).max()) / _STEPS
    keys = np.array([hash_string(word) for word in words], dtype=np.uint64)
    order = np.argsort(keys)
    matrix = np.zeros((len(keys) + 1, vectors.shape[1]), dtype=np.int8)
    matrix[1:] = np.round(vectors[order] / scale)
    np.savez_compressed(path, keys=keys[order], matrix=matrix, scale=scale)


class WordVectors:
    """Vectors of words by hash; a word that is not there has the zero vector (row 0).

    `keys` are the sorted 64-bit hashes of plain words (n,), `matrix` is (n + 1, width) int8 in
    steps of `scale`.
    """

    def __init__(self, keys: np.ndarray, matrix: np.ndarray, scale: float) -> None:
        self.keys = keys
        self.matrix = matrix.astype(np.float32) * np.float32(scale)

    @classmethod
    def load(cls, path: Path = MODELS / "word_vectors.npz") -> "WordVectors":
        """Read a file that `save_vectors` wrote."""
        with np.load(path) as file:
            return cls(file["keys"], file["matrix"], float(file["scale"]))

    @property
    def width(self) -> int:
        return int(self.matrix.shape[1])

    def rows(self, words: list[str]) -> np.ndarray:
        """The row of `matrix` for each word (n,)."""
        wanted = np.array([hash_string(plain_word(word)) for word in words], dtype=np.uint64)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found: np.ndarray = np.where(self.keys[at] == wanted, at + 1, 0)
        return found
