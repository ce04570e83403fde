"""How people say a concept: phrases that stood in sentences which readers linked to it.

"People management" shares no word with *manage personnel*, and yet sentences that hold it were
linked to that concept. Belongs here: how strongly a window's phrases speak for concepts. Does not
belong here: learning them (`training.phrases`), which concepts are candidates (`concept_index`).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from scipy import sparse
from spacy.strings import hash_string  # type: ignore[attr-defined]

from skills_taxonomy.word_features import MODELS

LONGEST = 3
"""Words of the longest phrase."""
_FILE = "phrases.npz"
_STEPS = 127
_MOST = 0.95
"""No phrase speaks for a concept more surely than this."""


class LearnedPhrases:
    """Phrases by hash, and how surely each speaks for concepts.

    `keys` are hashes (phrases,); `shares` (phrases, concepts), int8 in steps of 1/127 and sparse:
    of the sentences with a phrase, the share that was linked to the concept; `skill_ids` name the
    concepts.
    """

    def __init__(self, keys: np.ndarray, shares: sparse.csr_matrix, skill_ids: list[str]) -> None:
        self.keys, self.shares, self.skill_ids = keys, shares, skill_ids
        self._row_of = {key: row for row, key in enumerate(keys.tolist())}
        self._weights = shares.astype(np.float32)
        self._weights.data = -np.log1p(-np.minimum(self._weights.data / _STEPS, _MOST))

    @classmethod
    def of(cls, shares: dict[tuple[str, str], float]) -> "LearnedPhrases":
        """From the share of each (phrase, skill_id)."""
        phrases = sorted({phrase for phrase, _ in shares}, key=hash_string)
        skill_ids = sorted({skill_id for _, skill_id in shares})
        row_of = {phrase: n for n, phrase in enumerate(phrases)}
        column_of = {skill_id: n for n, skill_id in enumerate(skill_ids)}
        at = (
            [row_of[phrase] for phrase, _ in shares],
            [column_of[skill_id] for _, skill_id in shares],
        )
        steps = np.round(np.array(list(shares.values())) * _STEPS).astype(np.int8)
        shape = (len(phrases), len(skill_ids))
        keys = np.array([hash_string(phrase) for phrase in phrases], np.uint64)
        return cls(keys, sparse.csr_matrix((steps, at), shape=shape), skill_ids)

    @classmethod
    def load(cls, directory: Path = MODELS) -> "LearnedPhrases":
        """Read the file that `save` wrote."""
        with np.load(directory / _FILE) as file:
            skill_ids = file["skill_ids"].tolist()
            shares = sparse.csr_matrix(
                (file["steps"], file["concepts"].astype(np.int32), file["starts"]),
                shape=(len(file["keys"]), len(skill_ids)),
            )
            return cls(file["keys"], shares, skill_ids)

    def save(self, directory: Path) -> None:
        """Write ``phrases.npz`` into `directory`."""
        np.savez_compressed(
            directory / _FILE,
            keys=self.keys,
            steps=self.shares.data,
            concepts=self.shares.indices.astype(np.uint16),
            starts=self.shares.indptr,
            skill_ids=np.array(self.skill_ids),
        )

    def support(self, windows: Sequence[tuple[str, ...]]) -> np.ndarray:
        """How strongly each window (forms in order) speaks for each of `skill_ids`.

        (windows, concepts): minus the logarithm of the chance that none of its phrases speaks for
        the concept, each taken by itself; 0 where none is known to.
        """
        rows = [
            sorted({row for phrase in phrases(w) if (row := self._row(phrase)) is not None})
            for w in windows
        ]
        starts = np.cumsum([0, *map(len, rows)])
        found = np.array([row for window in rows for row in window], np.int64)
        ones = np.ones(len(found), np.float32)
        held = sparse.csr_matrix((ones, found, starts), shape=(len(windows), len(self.keys)))
        support: np.ndarray = (held @ self._weights).toarray()
        return support

    def _row(self, phrase: str) -> int | None:
        return self._row_of.get(hash_string(phrase))


def phrases(forms: Sequence[str]) -> Iterator[str]:
    """The runs of one to `LONGEST` forms, joined by spaces; one that occurs twice comes twice."""
    for start in range(len(forms)):
        for end in range(start + 1, min(start + LONGEST, len(forms)) + 1):
            yield " ".join(forms[start:end])
