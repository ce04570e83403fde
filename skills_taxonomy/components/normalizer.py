"""Sets ``token.norm_`` to the word's normal form.

Belongs here: how a Doc's tokens get forms. Does not belong here: the forms (`normalization`).
"""

import numpy as np
from spacy.attrs import NORM
from spacy.language import Language
from spacy.tokens import Doc

from skills_taxonomy.components.words import Words, words_of
from skills_taxonomy.normalization import BARRIER, DETERMINERS, SKIPPED, word_form

FACTORY = "skill_normalizer"
_JOINERS = frozenset("-–/‐")
_CLITICS = frozenset({"'s", "’s", "'", "’"})


class SkillNormalizer:
    """Callable component; see `skill_normalizer`."""

    def __init__(self) -> None:
        self._forms: dict[str, str] = {}
        self._hashes: dict[str, int] = {}

    def __call__(self, doc: Doc) -> Doc:
        words = words_of(doc)
        for text in set(words.texts).difference(self._forms):
            form = self._forms[text] = _form(text)
            self._hashes[form] = doc.vocab.strings.add(form)
        forms = [self._forms[text] for text in words.texts]
        hashes = [self._hashes[form] for form in forms]
        for i, text in enumerate(words.texts):
            if text in _JOINERS and _is_inside_word(words, i):
                hashes[i] = doc.vocab.strings.add(SKIPPED)
        doc.from_array([NORM], np.array(hashes, np.uint64).reshape(-1, 1))  # type: ignore[arg-type]
        return doc


def _form(text: str) -> str:
    if text.isspace() or text in _CLITICS or text.lower() in DETERMINERS:
        return SKIPPED
    if text == "&":
        return "and"
    if not any(character.isalnum() for character in text):
        return BARRIER
    return word_form(text.rstrip(".")) or SKIPPED


def _is_inside_word(words: Words, i: int) -> bool:
    """Whether no space stands on either side of token `i`."""
    return (
        0 < i < len(words.texts) - 1
        and words.end(i - 1) == words.starts[i]
        and words.end(i) == words.starts[i + 1]
    )


@Language.factory(FACTORY, assigns=["token.norm"])
def skill_normalizer(nlp: Language, name: str) -> SkillNormalizer:
    """Normal forms; ``∅`` for spaces, articles, determiners, possessives and hyphens, ``¦`` for
    other punctuation.
    """
    return SkillNormalizer()
