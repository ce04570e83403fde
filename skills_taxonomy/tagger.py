"""How likely each word lies in words that name a skill: a small window network.

Belongs here: the network's shape, its forward pass, reading and writing its weights.
Does not belong here: learning the weights (`training.tagger`), Docs (`components.tagger`).

A word is the sum of its hashed attributes' embeddings and its projected word vector. A first layer
sees three words on either side, a second the neighbors' first-layer values and the sentence's mean;
the output is the probability of outside, inside and begin.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from skills_taxonomy.word_features import MODELS, WordVectors, attribute_buckets

OUTSIDE, INSIDE, BEGIN = range(3)
CLASSES_N = 3
REACH = 3
PADDING = REACH
_CACHED_WORDS, _CACHED_SENTENCES = 60_000, 60_000
_SENTENCES_AT_ONCE = 40
Weights = dict[str, np.ndarray]


@dataclass
class Batch:
    """Sentences laid end to end with `PADDING` empty rows between and around them.

    word (n, width) holds the summed inputs, mask (n,) is 0 on empty rows, sentence (n,) numbers the
    sentences (empty rows belong to the one before).
    """

    mask: np.ndarray
    sentence: np.ndarray
    places: np.ndarray
    lengths: np.ndarray

    @classmethod
    def of(cls, lengths: Sequence[int]) -> "Batch":
        """The layout of sentences of these lengths, in words."""
        counts = np.asarray(lengths, dtype=np.int64)
        starts = PADDING + np.concatenate([[0], np.cumsum(counts[:-1] + PADDING)])
        n = int((counts + PADDING).sum() + PADDING)
        sentence = np.repeat(np.arange(len(counts)), counts)
        places = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        places += np.repeat(starts, counts)
        mask = np.zeros(n, dtype=np.float32)
        mask[places] = 1
        whose = np.zeros(n, dtype=np.int64)
        whose[places] = sentence
        return cls(mask[:, None], whose, places, counts)

    def mean(self, values: np.ndarray) -> np.ndarray:
        """The mean row of each sentence (sentences, width)."""
        inside = values[self.places]
        starts = np.cumsum(self.lengths) - self.lengths
        sums = np.add.reduceat(inside, starts, axis=0)
        means: np.ndarray = sums / self.lengths[:, None].astype(np.float32)
        return means


@dataclass
class Activations:
    """What each layer gave, kept for learning."""

    inputs: np.ndarray
    first: np.ndarray
    passed: np.ndarray
    second: np.ndarray
    probabilities: np.ndarray


def forward(
    weights: Weights,
    words: np.ndarray,
    batch: Batch,
    drop: Sequence[np.ndarray] | None = None,
) -> Activations:
    """Run the network over `words`, the summed inputs (n, width); empty rows must be zero.

    `drop` gives two multipliers for dropout: of the inputs and of the first layer.
    """
    inputs = words * drop[0] if drop is not None else words
    first = _neighbors(inputs, weights["first"]) + weights["first_bias"]
    np.maximum(first, 0, out=first)
    first *= batch.mask
    passed = first * drop[1] if drop is not None else first
    near = 3 * passed.shape[1]
    second = _neighbors(passed, weights["second"][:near]) + weights["second_bias"]
    second += (batch.mean(passed) @ weights["second"][near:])[batch.sentence]
    np.maximum(second, 0, out=second)
    scores = second @ weights["out"] + weights["out_bias"]
    scores -= scores.max(axis=1, keepdims=True)
    odds = np.exp(scores)
    return Activations(inputs, first, passed, second, odds / odds.sum(axis=1, keepdims=True))


def _neighbors(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """A layer over each row and its neighbors (n, outputs).

    `weights` (neighbors · width, outputs) begin with those of the farthest row before. Each row is
    multiplied once with the weights of all its places, the products are then moved to theirs.
    """
    n, width = values.shape
    places = len(weights) // width
    reach, outputs = places // 2, weights.shape[1]
    by_place = weights.reshape(places, width, outputs).transpose(1, 0, 2).reshape(width, -1)
    products = values @ by_place
    summed = np.zeros((n + 2 * reach, outputs), values.dtype)
    for place in range(places):
        begin = 2 * reach - place
        summed[begin : begin + n] += products[:, place * outputs : (place + 1) * outputs]
    moved: np.ndarray = summed[reach : reach + n]
    return moved


class SkillTagger:
    """The trained network and the inputs of the words it has met; see the module docstring."""

    def __init__(self, weights: Weights, vectors: WordVectors) -> None:
        self.weights = weights
        self.vectors = vectors
        self._rows: dict[str, int] = {}
        self._known: dict[tuple[str, ...], np.ndarray] = {(): np.zeros((0, CLASSES_N), np.float32)}
        self._inputs = np.zeros((1024, weights["first"].shape[0] // (2 * REACH + 1)), np.float32)

    @classmethod
    def load(cls, directory: Path = MODELS) -> "SkillTagger":
        """Read ``tagger.npz`` and ``word_vectors.npz``."""
        with np.load(directory / "tagger.npz") as file:
            weights = {name: file[name].astype(np.float32) for name in file.files}
        return cls(weights, WordVectors.load(directory / "word_vectors.npz"))

    def probabilities(self, sentences: Sequence[Sequence[str]]) -> list[np.ndarray]:
        """For each sentence (words), the probability of outside, inside and begin (words, 3).

        Sentences met before are remembered: ads of one employer share half of theirs.
        """
        if len(self._known) > _CACHED_SENTENCES:
            self._known.clear()
            self._known[()] = np.zeros((0, CLASSES_N), np.float32)
        asked = [tuple(sentence) for sentence in sentences]
        new = [sentence for sentence in dict.fromkeys(asked) if sentence not in self._known]
        if new:
            self._known.update(zip(new, self._forward(new), strict=True))
        return [self._known[sentence] for sentence in asked]

    def _forward(self, sentences: Sequence[tuple[str, ...]]) -> Iterator[np.ndarray]:
        """Sentence by sentence, in parts small enough for the processor's cache."""
        for at in range(0, len(sentences), _SENTENCES_AT_ONCE):
            yield from self._forward_part(sentences[at : at + _SENTENCES_AT_ONCE])

    def _forward_part(self, sentences: Sequence[tuple[str, ...]]) -> list[np.ndarray]:
        batch = Batch.of([len(sentence) for sentence in sentences])
        inputs = np.zeros((len(batch.mask), self._inputs.shape[1]), np.float32)
        inputs[batch.places] = self._inputs_of([word for words in sentences for word in words])
        found = forward(self.weights, inputs, batch).probabilities[batch.places]
        return np.split(found, np.cumsum(batch.lengths)[:-1])

    def _inputs_of(self, words: list[str]) -> np.ndarray:
        if len(self._rows) > _CACHED_WORDS:
            self._rows.clear()
        rows = self._rows
        new = [word for word in dict.fromkeys(words) if word not in rows]
        if new:
            while len(rows) + len(new) > len(self._inputs):
                self._inputs = np.concatenate([self._inputs, np.zeros_like(self._inputs)])
            first = len(rows)
            rows.update((word, first + n) for n, word in enumerate(new))
            self._inputs[first : first + len(new)] = word_inputs(
                self.weights, *encoded(new, self.vectors)
            )
        found: np.ndarray = self._inputs[[rows[word] for word in words]]
        return found


def encoded(words: list[str], vectors: WordVectors) -> tuple[np.ndarray, np.ndarray]:
    """The words' attribute buckets (n, attributes) and vectors (n, vector width)."""
    buckets = np.array([attribute_buckets(word) for word in words], dtype=np.int64)
    return buckets, vectors.matrix[vectors.rows(words)]


def word_inputs(weights: Weights, buckets: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """The network's inputs of words: summed embeddings plus the projected vector (n, width)."""
    summed: np.ndarray = weights["embedding"][buckets].sum(axis=1) + vectors @ weights["projection"]
    return summed
