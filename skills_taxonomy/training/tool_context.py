"""Learns from sentences written for it which surroundings make a name a tool's. Needs scikit-learn.

Belongs here: examples and fitting. Does not belong here: the features (`tool_context`).
"""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from spacy.language import Language

from skills_taxonomy import pipeline
from skills_taxonomy.tagger import OUTSIDE, SkillTagger
from skills_taxonomy.tool_context import Surroundings, ToolContext, features

SENTENCES = Path(__file__).parent / "tool_sentences.csv"
PENALTY = 0.3
ITERATIONS = 500


def train(tagger: SkillTagger, nlp: Language, path: Path = SENTENCES) -> ToolContext:
    """A curve from the sentences of `path` (word, counts: yes or no, sentence)."""
    with path.open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    names = [surroundings(case["sentence"], case["word"], tagger, nlp) for case in cases]
    model = LogisticRegression(C=PENALTY, max_iter=ITERATIONS).fit(
        features(names), [case["counts"] == "yes" for case in cases]
    )
    return ToolContext(model.coef_[0], float(model.intercept_[0]))


def surroundings(sentence: str, word: str, tagger: SkillTagger, nlp: Language) -> Surroundings:
    """The first place of `word` in `sentence`, as the pipeline meets it.

    Raises ValueError where it does not stand there as a word.
    """
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", sentence)
    if found is None:
        raise ValueError(f"{word!r} is no word of {sentence!r}")
    starts = [token.idx for token in nlp.make_doc(sentence) if not token.is_space]
    words, forms = pipeline.words_and_forms(sentence, nlp)
    tagged: Sequence[float] = (1 - tagger.probabilities([words])[0][:, OUTSIDE]).tolist()
    start = int(np.searchsorted(starts, found.start(), side="right")) - 1
    end = max(start + 1, int(np.searchsorted(starts, found.end())))
    return Surroundings(words, forms, tagged, start, end)
