"""Learns from readers' verdicts which stretches count as skills. Needs scikit-learn.

Belongs here: examples and fitting. Does not belong here: the features (`acceptance`).
"""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from spacy.language import Language

from skills_taxonomy import pipeline
from skills_taxonomy.acceptance import Acceptance, Stretch, features
from skills_taxonomy.tagger import OUTSIDE, SkillTagger
from skills_taxonomy.training.corpora import Verdict

PENALTY = 0.15
ITERATIONS = 500


def train(verdicts: Sequence[Verdict], taggers: Sequence[SkillTagger], nlp: Language) -> Acceptance:
    """A curve that tells accepted stretches from refused ones.

    `taggers` names for each verdict the one that reads it, which should not have learned from it.
    """
    model = LogisticRegression(C=PENALTY, max_iter=ITERATIONS).fit(
        features(stretches(verdicts, taggers, nlp)), [v.verdict == "right" for v in verdicts]
    )
    return Acceptance(model.coef_[0], float(model.intercept_[0]))


def stretches(
    verdicts: Sequence[Verdict], taggers: Sequence[SkillTagger], nlp: Language
) -> list[Stretch]:
    """The judged stretches as the pipeline meets them, each as its tagger reads it."""
    sentences: dict[str, tuple[list[str], list[str], list[int], list[float]]] = {}
    found = []
    for verdict, trained in zip(verdicts, taggers, strict=True):
        if verdict.text not in sentences:
            doc = nlp.make_doc(verdict.text)
            starts = [token.idx for token in doc if not token.is_space]
            words, forms = pipeline.words_and_forms(verdict.text, nlp)
            tagged = (1 - trained.probabilities([words])[0][:, OUTSIDE]).tolist()
            sentences[verdict.text] = words, forms, starts, tagged
        words, forms, starts, tagged = sentences[verdict.text]
        start, end = np.searchsorted(starts, [verdict.start, verdict.end]).tolist()
        start = min(start, len(words) - 1)
        end = max(end, start + 1)
        found.append(Stretch(words, forms, start, end, tagged, verdict.kind))
    return found
