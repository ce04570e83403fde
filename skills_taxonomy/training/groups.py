"""Learns the group classifier from ESCO's labels and from annotated spans.

Belongs here: examples and fitting. Needs scikit-learn. Does not belong here: the features.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from skills_taxonomy.groups import GroupClassifier, level_2, span_features
from skills_taxonomy.normalization import base_label
from skills_taxonomy.taxonomy import Taxonomy
from skills_taxonomy.training.corpora import Annotated, Verdict
from skills_taxonomy.word_features import WordVectors

SPAN_WEIGHT = 15.0
GROUP_SHARES = {0: (), 1: (1.0,), 2: (0.7, 0.3)}
"""What each of the groups a reader named counts, the best first."""
PRIOR_SHARE, _LEAST_SHARE = 0.2, 1e-3
"""How far a group that readers name often is favored over one that merely has many labels."""
PENALTY = 0.3
ITERATIONS = 60
Forms = Callable[[str], tuple[list[str], list[str]]]
"""A text's words and their normal forms."""


def train(
    taxonomy: Taxonomy,
    annotated: Sequence[Annotated],
    verdicts: Sequence[Verdict],
    forms: Forms,
    vectors: WordVectors,
) -> GroupClassifier:
    """A classifier of all labels of the taxonomy's skills and all spans that readers grouped."""
    spans, codes, weights = [], [], []
    read: Counter[str] = Counter()

    def add(text: str, groups: list[str], weight: float) -> None:
        words, kept = forms(text)
        if kept:
            for group in groups:
                spans.append((words, kept))
                codes.append(group)
                weights.append(weight / len(groups))

    def add_read(text: str, group: str, share: float) -> None:
        read[group] += 1
        add(text, [group], SPAN_WEIGHT * share)

    skills = dict(taxonomy.skills.select("skill_id", "group_codes").iter_rows())
    for skill_id, label in taxonomy.skill_labels.select("skill_id", "label").iter_rows():
        add(base_label(label), level_2(skills[skill_id]), 1.0)
    for sentence in annotated:
        for start, end, _, group in sentence.spans:
            if group:
                add_read(sentence.text[start:end], group, 1.0)
    for verdict in verdicts:
        for group, share in zip(verdict.groups, GROUP_SHARES[len(verdict.groups)], strict=True):
            add_read(verdict.text[verdict.start : verdict.end], group, share)
    model = LogisticRegression(C=PENALTY, max_iter=ITERATIONS, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopped early on purpose
        model.fit(span_features(spans, vectors), codes, sample_weight=np.array(weights))
    read_share = np.array([read[code] for code in model.classes_]) / max(read.total(), 1)
    bias = model.intercept_ + PRIOR_SHARE * np.log(read_share + _LEAST_SHARE)
    return GroupClassifier(model.classes_.tolist(), model.coef_.T.astype(np.float32), bias, vectors)
