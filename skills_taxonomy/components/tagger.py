"""Gives every token its probability of lying in words that name a skill.

Belongs here: sentences of Docs as words, batches. Does not belong here: the network (`tagger`).
"""

from collections.abc import Iterable, Iterator

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch

from skills_taxonomy.components.sentences import sentence_bounds
from skills_taxonomy.components.words import words_of
from skills_taxonomy.tagger import CLASSES_N, OUTSIDE, SkillTagger
from skills_taxonomy.word_features import MODELS

FACTORY = "skill_tagger"
TAGGED = "skill_tagged"
BATCH_N = 64


class TokenTagger:
    """Callable component; see `token_tagger`."""

    def __init__(self, tagger: SkillTagger) -> None:
        self.tagger = tagger

    def __call__(self, doc: Doc) -> Doc:
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH_N) -> Iterator[Doc]:
        """Tag Docs in batches."""
        for batch in minibatch(stream, batch_size):
            places, words = [], []
            for doc in batch:
                texts = words_of(doc).texts
                for kept in _sentences(doc):
                    places.append((doc, kept))
                    words.append([texts[i] for i in kept])
            for doc in batch:
                outside = np.zeros((len(doc), CLASSES_N), np.float32)
                outside[:, OUTSIDE] = 1
                doc.user_data[TAGGED] = outside
            for (doc, kept), found in zip(places, self.tagger.probabilities(words), strict=True):
                doc.user_data[TAGGED][kept] = found
            yield from batch


def _sentences(doc: Doc) -> list[list[int]]:
    """Each sentence's tokens that are not space, where there are any; skipped ones left out."""
    is_space = words_of(doc).is_space
    skipped = doc._.skipped_sentences
    kept = (
        [i for i in range(start, end) if not is_space[i]]
        for start, end in sentence_bounds(doc)
        if start not in skipped
    )
    return [tokens for tokens in kept if tokens]


@Language.factory(FACTORY, requires=["doc.sents"], assigns=["doc.user_data"])
def token_tagger(nlp: Language, name: str) -> TokenTagger:
    """``doc.user_data["skill_tagged"]``: probabilities of outside, inside, begin (tokens, 3)."""
    return TokenTagger(SkillTagger.load(MODELS))
