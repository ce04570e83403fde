"""The labels of ESCO's concepts as vectors, and which concepts the words of a window come near.

Belongs here: overlap of words between a window of a sentence and labels, nearness of their
meanings, and their measures.
Does not belong here: which window is worth asking about (`components.linker`), how measures become
a probability (`ranker`), labels that must match as they are written (`label_index`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
from scipy import sparse

from skills_taxonomy.label_index import LabelIndex, excluded_labels
from skills_taxonomy.normalization import base_label, normal_form
from skills_taxonomy.phrases import LearnedPhrases
from skills_taxonomy.taxonomy import Taxonomy
from skills_taxonomy.word_features import MODELS, WordVectors

FEATURES = (
    "cosine",
    "label_covered",
    "window_covered",
    "vector_cosine",
    "occupations",
    "is_knowledge",
    "is_software",
    "is_transversal",
    "is_preferred",
    "label_words",
    "window_words",
    "same_last",
    "same_first",
    "rank",
    "margin",
    "ties",
    "is_same_set",
    "shared_weight",
    "is_label",
    "phrases",
)
"""Columns of `Candidates.features`, in order."""

_STOP_WORDS = (
    "the of and in to a for on with or at by an as be is are your our you we that this it from"
)
_UNSEEN_WEIGHT = 6.0
_MIN_COSINE, _MIN_OF_BEST = 0.2, 0.6
"""A label nearer than this, and than this share of its window's nearest, is a candidate."""
_SAME = 0.999
_LABELS_A_CONCEPT = 12
"""Labels looked at for each concept of the nearest meaning: one concept has many."""
_FILE = "concept_index.npz"
_CHUNK = 128

Forms = Callable[[str], list[str]]


@dataclass(frozen=True)
class Candidates:
    """Concepts that windows come near: one row a (window, concept) pair, best first a window.

    window and concept are row numbers (pairs,), features is (pairs, len(`FEATURES`)).
    needs_label (pairs,) says that nothing but an ambiguous word joins the two: the concept counts
    only where the label matcher, which looks for corroboration, found it too.
    """

    window: np.ndarray
    concept: np.ndarray
    features: np.ndarray
    needs_label: np.ndarray


class ConceptIndex:
    """ESCO's labels by their words' normal forms; see the module docstring.

    `arrays` as `build` makes them; `skill_ids` and `preferred_labels` by concept number.
    """

    def __init__(self, arrays: dict[str, np.ndarray], phrases: LearnedPhrases) -> None:
        self.arrays = arrays
        self._learned = phrases
        self.skill_ids: list[str] = arrays["skill_ids"].tolist()
        self.preferred_labels: list[str] = arrays["preferred_labels"].tolist()
        self.concept_of = {skill_id: n for n, skill_id in enumerate(self.skill_ids)}
        self.columns = {form: n for n, form in enumerate(arrays["forms"].tolist())}
        self.weight = arrays["weight"]
        n, width = len(arrays["label_starts"]) - 1, len(self.weight)
        self._labels = _binary(arrays["label_forms"], arrays["label_starts"], (n, width))
        self._by_form = self._labels.T.tocsr()
        self._label_square = self._labels @ self.weight**2
        self._label_vectors = _unit(
            (self._labels @ sparse.diags(self.weight)) @ arrays["form_vectors"].astype(np.float32)
        )
        self._form_vectors = arrays["form_vectors"].astype(np.float32)
        starts, forms = arrays["label_starts"], arrays["label_forms"]
        self._words_n = np.diff(starts)
        self._label_ends = np.column_stack([forms[starts[1:] - 1], forms[starts[:-1]]])
        runs = [forms[a:b].tolist() for a, b in pairwise(starts)]
        self._phrases = {tuple(run) for run in runs}
        self._beginnings = {tuple(run[:n]) for run in runs for n in range(1, len(run))}
        self._column_of = np.full(len(self.skill_ids), len(phrases.skill_ids))
        for column, skill_id in enumerate(phrases.skill_ids):
            if skill_id in self.concept_of:
                self._column_of[self.concept_of[skill_id]] = column

    @classmethod
    def build(
        cls,
        taxonomy: Taxonomy,
        forms: Forms,
        vectors: WordVectors,
        label_index: LabelIndex,
        phrases: LearnedPhrases,
    ) -> "ConceptIndex":
        """Index ESCO's concepts. `forms` gives a label's normal forms as a document will have them;
        one-word labels that `label_index` does not trust as they are count as ambiguous.

        Deprecated concepts and labels that `label_index` excludes are left out.
        """
        concepts = (
            taxonomy.skills.filter(pl.col("source") == "esco", ~pl.col("is_deprecated"))
            .join(_occupations(), on="skill_id", how="left")
            .sort("skill_id")
            .with_row_index("concept")
        )
        excluded = excluded_labels()
        labels = (
            taxonomy.skill_labels.join(concepts.select("skill_id", "concept"), on="skill_id")
            .sort("concept", "label_type", "label")
            .select("label", "concept", pl.col("label_type") == "preferred")
            .rows()
        )
        columns: dict[str, int] = {}
        surfaces: dict[int, set[str]] = {}
        rows, owners, preferred, ambiguous = [], [], [], []
        skill_ids = concepts["skill_id"].to_list()
        for label, concept, is_preferred in labels:
            base = base_label(label)
            words = forms(base)
            if not words or normal_form(base) in excluded:
                continue
            rows.append([columns.setdefault(word, len(columns)) for word in words])
            owners.append(concept)
            preferred.append(is_preferred)
            ambiguous.append(
                len(words) == 1 and not label_index.trusts(words[0], skill_ids[concept])
            )
            for surface in base.split():
                for form in forms(surface):
                    if form in columns:
                        surfaces.setdefault(columns[form], set()).add(surface)
        kind = concepts["skill_type"]
        arrays = {
            "skill_ids": concepts["skill_id"].to_numpy().astype(str),
            "preferred_labels": concepts["preferred_label"].to_numpy().astype(str),
            "occupations": np.log1p(concepts["occupations_n"].fill_null(0).to_numpy()),
            "is_knowledge": (kind == "knowledge").to_numpy(),
            "is_software": (kind == "software").to_numpy(),
            "is_transversal": kind.is_in(["transversal", "language"]).to_numpy(),
            "forms": np.array(list(columns)),
            "weight": _weights(rows, columns),
            "form_vectors": _form_vectors(surfaces, len(columns), vectors).astype(np.float16),
            "label_concept": np.array(owners, np.int32),
            "label_is_preferred": np.array(preferred),
            "label_is_ambiguous": np.array(ambiguous),
            **_packed(rows),
        }
        return cls(arrays, phrases)

    def save(self, directory: Path) -> None:
        """Write the arrays into `directory`."""
        np.savez(Path(directory) / _FILE, **self.arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, directory: Path) -> "ConceptIndex":
        """The index `save` wrote."""
        with np.load(Path(directory) / _FILE) as file:
            return cls({name: file[name] for name in file.files}, LearnedPhrases.load())

    def labels_from(self, forms: Sequence[str], longest: int) -> list[int]:
        """The lengths, at most `longest`, at which the first of these forms are a whole label."""
        run: tuple[int, ...] = ()
        lengths = []
        for length, form in enumerate(forms[:longest], start=1):
            run = (*run, self.columns.get(form, -1))
            if run in self._phrases:
                lengths.append(length)
            if run not in self._beginnings:
                break
        return lengths

    def candidates(
        self, windows: Sequence[tuple[str, ...]], most: int, nearest: int = 0
    ) -> Candidates:
        """Up to `most` concepts for each window (its words' forms in order) that share words with
        it, then up to `nearest` others whose labels come nearest in meaning.

        Meanings take some ten times as long.
        """
        parts = [
            self._candidates(windows[at : at + _CHUNK], at, most, nearest)
            for at in range(0, len(windows), _CHUNK)
        ]
        if not parts:
            empty = np.zeros(0, np.int64)
            none = np.zeros((0, len(FEATURES)), np.float32)
            return Candidates(empty, empty, none, np.zeros(0, bool))
        return Candidates(
            np.concatenate([part.window for part in parts]),
            np.concatenate([part.concept for part in parts]),
            np.concatenate([part.features for part in parts]),
            np.concatenate([part.needs_label for part in parts]),
        )

    def _candidates(
        self, windows: Sequence[tuple[str, ...]], first: int, most: int, nearest: int
    ) -> Candidates:
        asked = self._asked(windows)
        weighted = (asked @ sparse.diags(self.weight**2)).tocsr()
        weighted.eliminate_zeros()
        unseen = np.array(
            [sum(f not in self.columns for f in dict.fromkeys(w)) for w in windows], np.float32
        )
        square = np.maximum(asked @ self.weight**2 + unseen * _UNSEEN_WEIGHT, 1e-9)
        shared = (weighted @ self._by_form).tocsr()
        window = np.repeat(np.arange(len(windows)), np.diff(shared.indptr))
        label, weight = shared.indices, shared.data
        cosine = weight / np.sqrt(square[window] * self._label_square[label])
        best = np.zeros(len(windows), cosine.dtype)
        filled = np.flatnonzero(np.diff(shared.indptr))
        if len(filled):
            best[filled] = np.maximum.reduceat(cosine, shared.indptr[filled])
        near = np.flatnonzero(cosine >= np.maximum(_MIN_COSINE, _MIN_OF_BEST * best)[window])
        near = near[np.lexsort((label[near], window[near]))]
        chosen = near[self._best(window[near], label[near], cosine[near], most)]
        window, label, weight = window[chosen], label[chosen], weight[chosen]
        vectors = _unit((asked @ sparse.diags(self.weight)) @ self._form_vectors)
        if nearest:
            window, label = self._with_nearest(window, label, vectors, nearest)
            weight = self._shared(weighted, window, label)
        cosine = weight / np.sqrt(square[window] * self._label_square[label])
        features = self._features(windows, window, label, weight, cosine, square, vectors)
        return Candidates(
            window + first,
            self.arrays["label_concept"][label],
            features,
            self.arrays["label_is_ambiguous"][label],
        )

    def _with_nearest(
        self, window: np.ndarray, label: np.ndarray, vectors: np.ndarray, nearest: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """The pairs, after those of each window the labels of other concepts nearest in meaning."""
        concept_of = self.arrays["label_concept"]
        known = set(zip(window.tolist(), concept_of[label].tolist(), strict=True))
        pairs = []
        for n, near in enumerate(vectors @ self._label_vectors.T):
            reach = min(nearest * _LABELS_A_CONCEPT, len(near) - 1)
            top = np.argpartition(-near, reach)[:reach]
            top = top[near[top] > 0]
            top = top[np.lexsort((top, -near[top]))]
            firsts = np.sort(np.unique(concept_of[top], return_index=True)[1])[:nearest]
            pairs += [(n, at) for at in top[firsts].tolist() if (n, concept_of[at]) not in known]
        added = np.array(pairs, np.int64).reshape(-1, 2)
        windows = np.concatenate([window, added[:, 0]])
        order = np.argsort(windows, kind="stable")
        return windows[order], np.concatenate([label, added[:, 1]])[order]

    def _shared(
        self, weighted: sparse.csr_matrix, window: np.ndarray, label: np.ndarray
    ) -> np.ndarray:
        """The weight of the words that each pair of a window and a label shares (pairs,)."""
        both = weighted[window].multiply(self._labels[label])
        shared: np.ndarray = np.asarray(both.sum(axis=1), np.float32).ravel()
        return shared

    def _asked(self, windows: Sequence[tuple[str, ...]]) -> sparse.csr_matrix:
        rows = [
            sorted({self.columns[form] for form in window if form in self.columns})
            for window in windows
        ]
        packed = _packed(rows)
        shape = (len(windows), len(self.weight))
        return _binary(packed["label_forms"], packed["label_starts"], shape)

    def _best(
        self, window: np.ndarray, label: np.ndarray, cosine: np.ndarray, most: int
    ) -> np.ndarray:
        """Positions of the best label of the best `most` concepts a window, in that order.

        Pairs come sorted by window and label; of equally near ones the first counts.
        """
        concept = self.arrays["label_concept"][label]
        order = np.argsort(window - cosine / 2, kind="stable")
        pairs = window[order].astype(np.int64) * len(self.skill_ids) + concept[order]
        order = order[np.sort(np.unique(pairs, return_index=True)[1])]
        return order[_rank_within(window[order]) < most]

    def _features(
        self,
        windows: Sequence[tuple[str, ...]],
        window: np.ndarray,
        label: np.ndarray,
        weight: np.ndarray,
        cosine: np.ndarray,
        square: np.ndarray,
        vectors: np.ndarray,
    ) -> np.ndarray:
        arrays, concept = self.arrays, self.arrays["label_concept"][label]
        ends = np.array(
            [[self.columns.get(w[-1], -1), self.columns.get(w[0], -1)] for w in windows]
        )
        rank = _rank_within(window)
        best = np.full(len(windows), 0.0, np.float32)
        np.maximum.at(best, window, cosine)
        second = np.full(len(windows), 0.0, np.float32)
        np.maximum.at(second, window[rank == 1], cosine[rank == 1])
        has_second = np.bincount(window, minlength=len(windows)) > 1
        rival = np.where(rank == 0, np.where(has_second, second, best)[window], best[window])
        words_n = np.array([len(w) for w in windows])
        is_label = np.array([len(w) in self.labels_from(w, len(w)) for w in windows])
        support = np.pad(self._learned.support(windows), ((0, 0), (0, 1)))
        columns = (
            cosine,
            weight / np.maximum(self._label_square[label], 1e-9),
            weight / square[window],
            (vectors[window] * self._label_vectors[label]).sum(axis=1),
            arrays["occupations"][concept],
            arrays["is_knowledge"][concept],
            arrays["is_software"][concept],
            arrays["is_transversal"][concept],
            arrays["label_is_preferred"][label],
            self._words_n[label],
            words_n[window],
            ends[window, 0] == self._label_ends[label, 0],
            ends[window, 1] == self._label_ends[label, 1],
            rank,
            cosine - rival,
            _ties(window, cosine),
            cosine > _SAME,
            np.sqrt(weight),
            is_label[window],
            support[window, self._column_of[concept]],
        )
        return np.column_stack(columns).astype(np.float32)


def _occupations() -> pl.DataFrame:
    return pl.read_parquet(MODELS / "occupations_n.parquet")


def _weights(rows: list[list[int]], columns: dict[str, int]) -> np.ndarray:
    """Inverse label frequency of each form; words that carry no meaning weigh nothing."""
    counts = np.bincount(np.concatenate([np.unique(row) for row in rows]), minlength=len(columns))
    weight = np.log(1 + len(rows) / np.maximum(counts, 1))
    for word in normal_form(_STOP_WORDS).split():
        if word in columns:
            weight[columns[word]] = 0
    return weight.astype(np.float32)


def _form_vectors(surfaces: dict[int, set[str]], n: int, vectors: WordVectors) -> np.ndarray:
    """The mean word vector of the spellings of each form (forms, width), of length one."""
    found = np.zeros((n, vectors.width), np.float32)
    for column, words in surfaces.items():
        found[column] = vectors.matrix[vectors.rows(sorted(words))].mean(axis=0)
    return _unit(found)


def _packed(rows: list[list[int]]) -> dict[str, np.ndarray]:
    lengths = np.array([len(row) for row in rows], np.int64)
    return {
        "label_forms": np.array([form for row in rows for form in row], np.int32),
        "label_starts": np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
    }


def _binary(indices: np.ndarray, starts: np.ndarray, shape: tuple[int, int]) -> sparse.csr_matrix:
    """Ones where a row has a column, however often."""
    ones = np.ones(len(indices), np.float32)
    matrix = sparse.csr_matrix((ones, indices.copy(), starts.copy()), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _unit(rows: np.ndarray) -> np.ndarray:
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    unit: np.ndarray = np.asarray(rows / lengths, np.float32)
    return unit


def _rank_within(group: np.ndarray) -> np.ndarray:
    """0, 1, 2, … within each run of equal numbers of a sorted array."""
    at = np.arange(len(group))
    starts = np.r_[True, np.diff(group) != 0] if len(group) else np.zeros(0, bool)
    return at - np.maximum.accumulate(np.where(starts, at, 0))


def _ties(window: np.ndarray, cosine: np.ndarray) -> np.ndarray:
    """How many candidates of the same window are at least as near (pairs sorted by nearness)."""
    if not len(window):
        return np.zeros(0)
    run = np.r_[True, (np.diff(window) != 0) | (np.diff(cosine) < -1e-6)]
    number = np.cumsum(run) - 1
    last_of_run = np.r_[np.flatnonzero(run)[1:], len(window)] - 1
    ties: np.ndarray = _rank_within(window)[last_of_run][number] + 1
    return ties
