"""Learns the group classifier from ESCO's labels and from annotated spans.

Belongs here: examples and fitting. Needs scikit-learn. Does not belong here: the features.
"""

import warnings
from collections.abc import Callable, Sequence

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from skills_taxonomy.groups import GroupClassifier, level_2, span_features
from skills_taxonomy.normalization import base_label
from skills_taxonomy.taxonomy import Taxonomy
from skills_taxonomy.training.corpora import Annotated
from skills_taxonomy.word_features import WordVectors

SPAN_WEIGHT = 15.0
PENALTY = 0.3
ITERATIONS = 60
Forms = Callable[[str], tuple[list[str], list[str]]]
"""A text's words and their normal forms."""


def train(
    taxonomy: Taxonomy, annotated: Sequence[Annotated], forms: Forms, vectors: WordVectors
) -> GroupClassifier:
    """A classifier of all labels of the taxonomy's skills and all annotated spans with a group."""
    spans, codes, weights = [], [], []

    def add(text: str, groups: list[str], weight: float) -> None:
        words, kept = forms(text)
        if kept:
            for group in groups:
                spans.append((words, kept))
                codes.append(group)
                weights.append(weight / len(groups))

    skills = dict(taxonomy.skills.select("skill_id", "group_codes").iter_rows())
    for skill_id, label in taxonomy.skill_labels.select("skill_id", "label").iter_rows():
        add(base_label(label), level_2(skills[skill_id]), 1.0)
    for sentence in annotated:
        for start, end, _, group in sentence.spans:
            if group:
                add(sentence.text[start:end], [group], SPAN_WEIGHT)
    model = LogisticRegression(C=PENALTY, max_iter=ITERATIONS, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopped early on purpose
        model.fit(span_features(spans, vectors), codes, sample_weight=np.array(weights))
    return GroupClassifier(
        model.classes_.tolist(), model.coef_.T.astype(np.float32), model.intercept_, vectors
    )
