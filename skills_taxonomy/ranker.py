"""How likely a candidate concept is what a window of a sentence says.

Belongs here: boosted trees over the candidates' measures, and what the sentence adds to them.
Does not belong here: finding candidates (`concept_index`), learning (`training.ranker`).
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from skills_taxonomy.concept_index import ConceptIndex
from skills_taxonomy.word_features import MODELS

_CACHED_WINDOWS = 200_000
_LEAST_TAGGED = 0.02
Ranking = tuple[np.ndarray, np.ndarray, np.ndarray]
_Asked = tuple[tuple[str, ...], int, int]


@dataclass(frozen=True)
class BoostedTrees:
    """Gradient boosted regression trees, each a full binary tree in level order.

    `feature` and `threshold` are (trees, 2^depth − 1), `value` is (trees, 2^depth), a leaf each. A
    row goes from node n to 2n + 1 where its feature is at most the threshold, to 2n + 2 otherwise.
    """

    feature: np.ndarray
    threshold: np.ndarray
    value: np.ndarray
    base: float

    def margin(self, rows: np.ndarray) -> np.ndarray:
        """Log odds (rows,) for `rows` (rows, features)."""
        n, total = len(rows), np.full(len(rows), self.base)
        at_row = np.arange(n)
        columns = np.ascontiguousarray(rows.T).ravel()
        inner = self.feature.shape[1]
        depth = inner.bit_length()
        for feature, threshold, value in zip(
            self.feature * n, self.threshold, self.value, strict=True
        ):
            node = np.zeros(n, np.int64)
            for _ in range(depth):
                goes_right = columns.take(feature.take(node) + at_row) > threshold.take(node)
                node = 2 * node + 1 + goes_right
            total += value.take(node - inner)
        return total


@dataclass(frozen=True)
class Calibration:
    """A logistic curve from what is known of a pair to its probability of being right.

    `concept` (4,) weighs `context_features`; `threshold` is the least probability at which a
    concept is linked.
    """

    concept: np.ndarray
    threshold: float


class Ranker:
    """Trees, and the curves that turn their margins into probabilities.

    What windows said before is remembered: ads repeat themselves.
    """

    def __init__(self, trees: BoostedTrees, calibration: Calibration) -> None:
        self.trees = trees
        self.calibration = calibration
        self._known: OrderedDict[_Asked, Ranking] = OrderedDict()

    @classmethod
    def load(cls, directory: Path = MODELS) -> "Ranker":
        """Read ``ranker.npz``."""
        with np.load(directory / "ranker.npz") as file:
            trees = BoostedTrees(
                file["feature"].astype(np.int64),
                file["threshold"],
                file["value"],
                float(file["base"]),
            )
            return cls(trees, Calibration(file["concept"], float(file["link_threshold"])))

    def save(self, path: Path) -> None:
        """Write trees and curves."""
        trees = self.trees
        np.savez_compressed(
            path,
            feature=trees.feature.astype(np.uint8),
            threshold=trees.threshold.astype(np.float32),
            value=trees.value.astype(np.float32),
            base=trees.base,
            concept=self.calibration.concept,
            link_threshold=self.calibration.threshold,
        )

    def rankings(
        self,
        index: ConceptIndex,
        windows: Sequence[tuple[str, ...]],
        most: int,
        nearest: int = 0,
    ) -> list[Ranking]:
        """For each window (forms in order) its concepts: number, margin, needs a label.

        `most` and `nearest` as `ConceptIndex.candidates` has them.
        """
        known = self._known
        new = [w for w in dict.fromkeys(windows) if (w, most, nearest) not in known]
        if new:
            found = index.candidates(new, most, nearest)
            margin = self.trees.margin(found.features)
            cuts = pairwise(np.searchsorted(found.window, np.arange(len(new) + 1)).tolist())
            known.update(
                (
                    (w, most, nearest),
                    (found.concept[a:b], margin[a:b], found.needs_label[a:b]),
                )
                for w, (a, b) in zip(new, cuts, strict=True)
            )
        rankings = [known[(w, most, nearest)] for w in windows]
        while len(known) > _CACHED_WINDOWS:
            known.popitem(last=False)
        return rankings

    def forget(self) -> None:
        """Forget what windows said before."""
        self._known.clear()

    @property
    def threshold(self) -> float:
        """The least probability at which a concept is linked."""
        return self.calibration.threshold

    def probability(
        self, margin: np.ndarray, tagged: np.ndarray, is_match: np.ndarray
    ) -> np.ndarray:
        """Probability that a concept is meant (pairs,).

        `tagged` is the mean tagged probability of the pair's window, `is_match` says whether a
        trusted label of the concept stands in the sentence.
        """
        return _logistic(context_features(margin, tagged, is_match) @ self.calibration.concept)


def context_features(margin: np.ndarray, tagged: np.ndarray, is_match: np.ndarray) -> np.ndarray:
    """(pairs, 4): one, the margin, the logarithm of the tagged probability, label or no."""
    logarithm = np.log(np.maximum(tagged, _LEAST_TAGGED))
    return np.column_stack([np.ones(len(margin)), margin, logarithm, is_match])


def _logistic(log_odds: np.ndarray) -> np.ndarray:
    probability: np.ndarray = 1 / (1 + np.exp(-log_odds))
    return probability
