"""Word vectors from unlabeled ads, courses, task statements and labels.

Positive pointwise mutual information of words within three words of each other, left and right
apart, reduced by a singular value decomposition (Levy and Goldberg 2014).
Does not belong here: what the vectors are used for.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds
from spacy.tokenizer import Tokenizer

from skills_taxonomy.word_features import plain_word, save_vectors

WIDTH = 64
VOCABULARY_N = 20_000
MIN_COUNT = 4
REACH = 3
CONTEXT_POWER = 0.75
LONGEST_NORM = 12.0


def train(texts: Iterable[str], tokenizer: Tokenizer, path: Path) -> None:
    """Write ``keys``, ``matrix`` (int8) and ``scale`` for the words of `texts` to `path`."""
    lines = [_words(line, tokenizer) for text in texts for line in text.splitlines() if line]
    counts = Counter(word for line in lines for word in line)
    frequent = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:VOCABULARY_N]
    vocabulary = {word: row for row, (word, n) in enumerate(frequent) if n >= MIN_COUNT}
    vectors = _reduced(_mutual_information(_contexts(lines, vocabulary)))
    save_vectors(list(vocabulary), vectors, path)


def _words(line: str, tokenizer: Tokenizer) -> list[str]:
    return [plain_word(token.text) for token in tokenizer(line) if not token.is_space]


def _contexts(lines: list[list[str]], vocabulary: dict[str, int]) -> sparse.csr_matrix:
    """Counts, weighted by one over the distance: word × (word to the right | to the left)."""
    left, right, weight = [], [], []
    for line in lines:
        rows = [vocabulary.get(word, -1) for word in line]
        for at, row in enumerate(rows):
            if row < 0:
                continue
            for distance, other in enumerate(rows[at + 1 : at + 1 + REACH], start=1):
                if other >= 0:
                    left.append(row)
                    right.append(other)
                    weight.append(1 / distance)
    n = len(vocabulary)
    after = sparse.coo_matrix((weight, (left, right)), shape=(n, n)).tocsr()
    return sparse.hstack([after, after.T]).tocsr()


def _mutual_information(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Positive pointwise mutual information, contexts smoothed by `CONTEXT_POWER`."""
    total = counts.sum()
    words = np.asarray(counts.sum(axis=1)).ravel() / total
    contexts = np.asarray(counts.sum(axis=0)).ravel() ** CONTEXT_POWER
    contexts /= contexts.sum()
    cells = counts.tocoo()
    values = np.log(cells.data / total / (words[cells.row] * contexts[cells.col]))
    positive = values > 0
    return sparse.csr_matrix(
        (values[positive], (cells.row[positive], cells.col[positive])), shape=counts.shape
    )


def _reduced(matrix: sparse.csr_matrix) -> np.ndarray:
    """The words' rows (n, `WIDTH`), singular values shared equally, long rows shortened."""
    start = np.ones(min(matrix.shape)) / np.sqrt(min(matrix.shape))
    left, values, _ = svds(matrix, k=WIDTH, v0=start)
    order = np.argsort(-values)
    left = left[:, order]
    left *= np.sign(left[np.abs(left).argmax(axis=0), np.arange(WIDTH)])
    vectors = left * np.sqrt(values[order])
    vectors /= np.sqrt((vectors**2).mean())
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    shortened: np.ndarray = vectors / np.maximum(1, norms / LONGEST_NORM)
    return shortened
