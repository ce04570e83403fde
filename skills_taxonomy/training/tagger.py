"""Learns the tagger's weights by gradient descent (Adam, one cycle of the learning rate).

Belongs here: the loss, its gradient, the schedule. Does not belong here: the network (`tagger`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from spacy.tokenizer import Tokenizer

from skills_taxonomy import tagger
from skills_taxonomy.tagger import (
    BEGIN,
    CLASSES_N,
    INSIDE,
    OUTSIDE,
    REACH,
    Batch,
    SkillTagger,
    Weights,
)
from skills_taxonomy.training.corpora import Annotated, Verdict
from skills_taxonomy.word_features import BUCKETS, WordVectors

SEED = 20261125
WIDTH, FIRST_N, SECOND_N = 40, 80, 40
EPOCHS = 7
BATCH_N = 32
PEAK_RATE, WARM_UP = 2e-3, 0.1
WEIGHT_DECAY = 0.01
DROPOUT = 0.3
OWN_SECTOR_WEIGHT = 3.0
"""A sentence of health ads, bulletins or courses counts this much beside one of SkillSpan's."""
RIGHT_WEIGHT, REFUSED_WEIGHT, UNJUDGED_WEIGHT = 1.5, 1.0, 0.3
"""So much counts a word in a stretch that a reader accepted, refused, or was not asked about."""
_BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Example:
    """A sentence as word numbers (n,), its classes (n,) and how much each word counts (n,)."""

    words: np.ndarray
    classes: np.ndarray
    weights: np.ndarray


def train(
    sentences: Sequence[Annotated],
    verdicts: Sequence[Verdict],
    tokenizer: Tokenizer,
    vectors: WordVectors,
    seed: int = SEED,
) -> SkillTagger:
    """A tagger that learned `sentences` and the stretches of others that readers judged.

    The same in the same order give the same.
    """
    rows: dict[str, int] = {}
    annotated = {sentence.text for sentence in sentences}
    judged: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.text not in annotated:
            judged.setdefault(verdict.text, []).append(verdict)
    examples = [_example(sentence, tokenizer, rows) for sentence in sentences]
    examples += [_judged_example(text, found, tokenizer, rows) for text, found in judged.items()]
    examples = [example for example in examples if len(example.words)]
    words = tagger.encoded(list(rows), vectors)
    random = np.random.default_rng(seed)
    weights = _initial(vectors.width, random)
    momentum = {name: (np.zeros_like(w), np.zeros_like(w)) for name, w in weights.items()}
    batches_n = EPOCHS * -(-len(examples) // BATCH_N)
    step = 0
    for _ in range(EPOCHS):
        for chosen in _batches(examples, random):
            step += 1
            gradients = _gradients(weights, words, chosen, random)
            _adam(weights, gradients, momentum, step, _rate(step / batches_n))
    rounded = {name: w.astype(np.float16).astype(np.float32) for name, w in weights.items()}
    return SkillTagger(rounded, vectors)


def save(trained: SkillTagger, path: Path) -> None:
    """Write the weights as 16-bit numbers."""
    halves = {name: w.astype(np.float16) for name, w in trained.weights.items()}
    np.savez_compressed(path, **halves)  # type: ignore[arg-type]


def _example(sentence: Annotated, tokenizer: Tokenizer, rows: dict[str, int]) -> Example:
    starts, words = _words(sentence.text, tokenizer, rows)
    classes = _classes(starts, [(start, end) for start, end, *_ in sentence.spans])
    is_own = sentence.source in ("health", "city", "course")
    weight = OWN_SECTOR_WEIGHT if is_own else 1.0
    return Example(words, classes, np.full(len(words), weight, np.float32))


def _judged_example(
    text: str, verdicts: Sequence[Verdict], tokenizer: Tokenizer, rows: dict[str, int]
) -> Example:
    starts, words = _words(text, tokenizer, rows)
    right = [(v.start, v.end) for v in verdicts if v.verdict == "right"]
    refused = [(v.start, v.end) for v in verdicts if v.verdict != "right"]
    weights = np.full(len(words), UNJUDGED_WEIGHT, np.float32)
    for spans, weight in ((refused, REFUSED_WEIGHT), (right, RIGHT_WEIGHT)):
        weights[_classes(starts, spans) != OUTSIDE] = weight
    return Example(words, _classes(starts, right), weights)


def _words(text: str, tokenizer: Tokenizer, rows: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Where the words of a text start, in characters (n,), and their numbers (n,)."""
    tokens = [token for token in tokenizer(text) if not token.is_space]
    numbers = [rows.setdefault(token.text, len(rows)) for token in tokens]
    starts = np.array([token.idx for token in tokens], dtype=np.int64)
    return starts, np.array(numbers, dtype=np.int64)


def _classes(starts: np.ndarray, spans: Sequence[tuple[int, int]]) -> np.ndarray:
    """The class of each word (n,), given where it starts and the spans in characters."""
    classes = np.full(len(starts), OUTSIDE, dtype=np.int64)
    for start, end in spans:
        inside = np.flatnonzero((start <= starts) & (starts < end))
        classes[inside] = np.maximum(classes[inside], INSIDE)
        classes[inside[:1]] = BEGIN
    return classes


def _initial(vector_width: int, random: np.random.Generator) -> Weights:
    def layer(inputs: int, outputs: int) -> np.ndarray:
        limit = np.sqrt(6 / (inputs + outputs))
        return random.uniform(-limit, limit, (inputs, outputs)).astype(np.float32)

    window, around = WIDTH * (2 * REACH + 1), FIRST_N * 4
    return {
        "embedding": random.normal(0, 0.1, (BUCKETS, WIDTH)).astype(np.float32),
        "projection": layer(vector_width, WIDTH),
        "first": layer(window, FIRST_N),
        "first_bias": np.zeros(FIRST_N, np.float32),
        "second": layer(around, SECOND_N),
        "second_bias": np.zeros(SECOND_N, np.float32),
        "out": layer(SECOND_N, CLASSES_N),
        "out_bias": np.zeros(CLASSES_N, np.float32),
    }


def _batches(examples: list[Example], random: np.random.Generator) -> list[list[Example]]:
    order = random.permutation(len(examples))
    return [[examples[i] for i in order[at : at + BATCH_N]] for at in range(0, len(order), BATCH_N)]


def _gradients(
    weights: Weights,
    words: tuple[np.ndarray, np.ndarray],
    chosen: list[Example],
    random: np.random.Generator,
) -> Weights:
    """Gradients of the mean weighted cross-entropy of the batch."""
    batch = Batch.of([len(example.words) for example in chosen])
    rows = np.concatenate([example.words for example in chosen])
    classes = np.concatenate([example.classes for example in chosen])
    importance = np.concatenate([example.weights for example in chosen])
    buckets, vectors = words[0][rows], words[1][rows]
    n = len(batch.mask)
    inputs = np.zeros((n, WIDTH), np.float32)
    inputs[batch.places] = tagger.word_inputs(weights, buckets, vectors)
    drop = [_kept(random, (n, width)) for width in (WIDTH, FIRST_N)]
    found = tagger.forward(weights, inputs, batch, drop)

    to_scores = np.zeros((n, CLASSES_N), np.float32)
    to_scores[batch.places] = found.probabilities[batch.places]
    to_scores[batch.places, classes] -= 1
    to_scores[batch.places] *= (importance / importance.sum())[:, None]
    to_second = (to_scores @ weights["out"].T) * (found.second > 0)
    means = batch.mean(found.passed)[batch.sentence]
    around = np.concatenate([_windows(found.passed, 1), means], axis=1)
    to_around = to_second @ weights["second"].T
    to_passed = _unwindowed(to_around[:, : 3 * FIRST_N], 1)
    to_passed += _unaveraged(to_around[:, 3 * FIRST_N :], batch)
    to_first = to_passed * drop[1] * (found.first > 0)
    to_inputs = _unwindowed(to_first @ weights["first"].T, REACH) * drop[0]
    to_words = to_inputs[batch.places]
    return {
        "embedding": _scattered(buckets, to_words),
        "projection": vectors.T @ to_words,
        "first": _windows(found.inputs, REACH).T @ to_first,
        "first_bias": to_first.sum(axis=0),
        "second": around.T @ to_second,
        "second_bias": to_second.sum(axis=0),
        "out": found.second.T @ to_scores,
        "out_bias": to_scores.sum(axis=0),
    }


def _kept(random: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    kept: np.ndarray = (random.random(shape, dtype=np.float32) >= DROPOUT) / np.float32(1 - DROPOUT)
    return kept


def _windows(values: np.ndarray, reach: int) -> np.ndarray:
    """Each row beside its neighbors up to `reach` away (n, (2 reach + 1) · width)."""
    n, width = values.shape
    padded = np.zeros((n + 2 * reach, width), dtype=values.dtype)
    padded[reach : reach + n] = values
    stacked = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0)
    return stacked.transpose(0, 2, 1).reshape(n, -1)


def _unwindowed(gradient: np.ndarray, reach: int) -> np.ndarray:
    """The gradient of rows from that of their windows (the reverse of `_windows`)."""
    n = len(gradient)
    parts = gradient.reshape(n, 2 * reach + 1, -1)
    padded = np.zeros((n + 2 * reach, parts.shape[2]), np.float32)
    for offset in range(2 * reach + 1):
        padded[offset : offset + n] += parts[:, offset]
    return padded[reach : reach + n]


def _unaveraged(gradient: np.ndarray, batch: Batch) -> np.ndarray:
    """The gradient of rows from that of their sentence's mean."""
    sums = np.zeros((len(batch.lengths), gradient.shape[1]), np.float32)
    np.add.at(sums, batch.sentence[batch.places], gradient[batch.places])
    spread = np.zeros_like(gradient)
    share = sums / batch.lengths[:, None].astype(np.float32)
    spread[batch.places] = share[batch.sentence[batch.places]]
    return spread


def _scattered(buckets: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    n, attributes_n = buckets.shape
    chosen = sparse.csr_matrix(
        (np.ones(buckets.size, np.float32), buckets.ravel(), np.arange(n + 1) * attributes_n),
        shape=(n, BUCKETS),
    )
    summed: np.ndarray = np.asarray(chosen.T @ gradient)
    return summed


def _rate(progress: float) -> float:
    """One cycle: up to `PEAK_RATE` over the warm-up, then down along a cosine."""
    if progress < WARM_UP:
        return PEAK_RATE * progress / WARM_UP
    return float(PEAK_RATE * 0.5 * (1 + np.cos(np.pi * (progress - WARM_UP) / (1 - WARM_UP))))


def _adam(
    weights: Weights,
    gradients: Weights,
    momentum: dict[str, tuple[np.ndarray, np.ndarray]],
    step: int,
    rate: float,
) -> None:
    for name, gradient in gradients.items():
        mean, square = momentum[name]
        mean += (1 - _BETA_1) * (gradient - mean)
        square += (1 - _BETA_2) * (gradient**2 - square)
        corrected = mean / (1 - _BETA_1**step)
        spread = np.sqrt(square / (1 - _BETA_2**step)) + _EPSILON
        weights[name] -= rate * (corrected / spread + WEIGHT_DECAY * weights[name])
