"""Learns the ranker from sentences whose concepts a reader named.

Belongs here: pairs of windows and concepts with their answers, fitting, calibration.
Does not belong here: candidates and windows themselves. Needs scikit-learn.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from skills_taxonomy.components.linker import CONCEPTS_A_WINDOW, NEAREST_A_WINDOW
from skills_taxonomy.concept_index import FEATURES, Candidates, ConceptIndex
from skills_taxonomy.ranker import BoostedTrees, context_features
from skills_taxonomy.tagger import OUTSIDE
from skills_taxonomy.training.corpora import Annotated
from skills_taxonomy.windows import Window

SYNTHETIC_WEIGHT = 0.05
FOLDS = 5
TREES = 120
SEED = 0
SMOOTHING = 9
"""Scores over which F1 is averaged when the threshold is chosen."""


@dataclass(frozen=True)
class Prepared:
    """A sentence's candidate pairs: measures, tagged probability, label present, answer."""

    sentence: Annotated
    pairs: Candidates
    tagged: np.ndarray
    is_match: np.ndarray
    is_right: np.ndarray


def prepare(
    sentence: Annotated,
    windows: list[Window],
    tagged: np.ndarray,
    matched: set[str],
    index: ConceptIndex,
) -> Prepared:
    """Candidates of the sentence's windows, each right where the reader named its concept.

    `tagged` is (words, 3), the tagger's probabilities; `matched` are the ids of the concepts that a
    trusted label in the sentence names.
    """
    inside = np.array([1 - tagged[w.start : w.end, OUTSIDE].mean() for w in windows])
    pairs = index.candidates([w.forms for w in windows], CONCEPTS_A_WINDOW, NEAREST_A_WINDOW)
    concepts = pairs.concept.tolist()
    named = [index.preferred_labels[c].casefold() in sentence.concepts for c in concepts]
    present = [index.skill_ids[c] in matched for c in concepts]
    return Prepared(
        sentence,
        pairs,
        inside[pairs.window] if len(inside) else np.zeros(0),
        np.array(present, bool),
        np.array(named, bool),
    )


def train(prepared: Sequence[Prepared]) -> BoostedTrees:
    """Trees over all pairs, each as it is and as if no phrase were known.

    Phrases are known of few concepts, nearly all of the benchmark's among them: without the second
    copy, trees would learn to doubt every concept of which none is.
    """
    rows = np.concatenate([p.pairs.features for p in prepared])
    answers = np.concatenate([p.is_right for p in prepared])
    without_phrases = rows.copy()
    without_phrases[:, FEATURES.index("phrases")] = 0
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=0.08,
        max_leaf_nodes=12,
        max_depth=5,
        min_samples_leaf=15,
        l2_regularization=5,
        early_stopping=False,
        random_state=SEED,
    ).fit(
        np.concatenate([rows, without_phrases]),
        np.tile(answers, 2),
        sample_weight=np.tile(_weights(prepared) / 2, 2),
    )
    return _exported(model)


def concept_curve(prepared: Sequence[Prepared]) -> tuple[np.ndarray, float]:
    """Weights of `ranker.context_features`, and the threshold of the best micro-F1.

    Both come from margins of trees that did not see the sentence, the threshold from the linking
    benchmark's sentences alone.
    """
    margins = out_of_fold(prepared)
    features = np.concatenate(
        [context_features(m, p.tagged, p.is_match) for m, p in zip(margins, prepared, strict=True)]
    )
    answers = np.concatenate([p.is_right for p in prepared])
    fitted = LogisticRegression(C=1e4).fit(
        features[:, 1:], answers, sample_weight=_weights(prepared)
    )
    curve = np.concatenate([fitted.intercept_, fitted.coef_[0]])
    return curve, _best_threshold(prepared, margins, curve)


def _best_threshold(
    prepared: Sequence[Prepared], margins: Sequence[np.ndarray], curve: np.ndarray
) -> float:
    scores, hits, named_n = [], [], 0
    for pairs, margin in zip(prepared, margins, strict=True):
        if pairs.sentence.source == "synthetic":
            continue
        named_n += len(pairs.sentence.concepts)
        odds = context_features(margin, pairs.tagged, pairs.is_match) @ curve
        for concept in np.unique(pairs.pairs.concept):
            mine = pairs.pairs.concept == concept
            scores.append(1 / (1 + np.exp(-odds[mine].max())))
            hits.append(bool(pairs.is_right[mine].any()))
    order = np.argsort(scores)[::-1]
    right = np.cumsum(np.array(hits)[order])
    f1 = 2 * right / (np.arange(1, len(right) + 1) + named_n)
    smooth = np.convolve(f1, np.ones(SMOOTHING) / SMOOTHING, mode="same")
    return round(float(np.array(scores)[order][smooth.argmax()]), 3)


def out_of_fold(prepared: Sequence[Prepared]) -> list[np.ndarray]:
    """Each sentence's margins from trees that did not see it; folds by the sentence's text."""
    folds = np.array([zlib.crc32(p.sentence.text.encode()) % FOLDS for p in prepared])
    margins: list[np.ndarray] = [np.zeros(0)] * len(prepared)
    for fold in range(FOLDS):
        trees = train([p for p, f in zip(prepared, folds, strict=True) if f != fold])
        for i in np.flatnonzero(folds == fold).tolist():
            margins[i] = trees.margin(prepared[i].pairs.features)
    return margins


def _weights(prepared: Sequence[Prepared]) -> np.ndarray:
    return np.concatenate(
        [
            np.full(len(p.is_right), SYNTHETIC_WEIGHT if p.sentence.source == "synthetic" else 1.0)
            for p in prepared
        ]
    )


def _exported(model: HistGradientBoostingClassifier) -> BoostedTrees:
    """The fitted trees as full binary trees; a leaf above the last level sends all rows left."""
    trees = [iteration[0].nodes for iteration in model._predictors]
    depth = max(int(nodes["depth"].max()) for nodes in trees)
    feature = np.zeros((len(trees), 2**depth - 1), np.int64)
    threshold = np.full(feature.shape, np.inf, np.float32)
    value = np.zeros((len(trees), 2**depth))
    for tree, nodes in enumerate(trees):
        at = np.zeros(1, np.int64)
        for level in range(depth):
            is_inner = nodes["is_leaf"][at] == 0
            here = 2**level - 1 + np.arange(2**level)[is_inner]
            feature[tree, here] = nodes["feature_idx"][at[is_inner]]
            threshold[tree, here] = nodes["num_threshold"][at[is_inner]]
            left = np.where(is_inner, nodes["left"][at], at)
            right = np.where(is_inner, nodes["right"][at], at)
            at = np.column_stack([left, right]).ravel()
        value[tree] = nodes["value"][at]
    return BoostedTrees(feature, threshold, value, float(np.ravel(model._baseline_prediction)[0]))
