"""Sets ``token.norm_`` to the word's normal form.

Belongs here: how a Doc's tokens get forms. Does not belong here: the forms (`normalization`).
"""

from spacy.language import Language
from spacy.tokens import Doc

from skills_taxonomy.normalization import DETERMINERS, word_form

FACTORY = "skill_normalizer"
SKIPPED = "∅"
BARRIER = "¦"
_JOINERS = frozenset("-–/‐")
_CLITICS = frozenset({"'s", "’s", "'", "’"})


class SkillNormalizer:
    """Callable component; see `skill_normalizer`."""

    def __init__(self) -> None:
        self._forms: dict[int, str] = {}

    def __call__(self, doc: Doc) -> Doc:
        forms = self._forms
        for token in doc:
            form = forms.get(token.orth)
            if form is None:
                form = forms[token.orth] = _form(token.text)
            if form == BARRIER and token.text in _JOINERS and _is_inside_word(doc, token.i):
                form = SKIPPED
            token.norm_ = form
        return doc


def _form(text: str) -> str:
    if text.isspace() or text in _CLITICS or text.lower() in DETERMINERS:
        return SKIPPED
    if text == "&":
        return "and"
    if not any(character.isalnum() for character in text):
        return BARRIER
    return word_form(text.rstrip(".")) or SKIPPED


def _is_inside_word(doc: Doc, i: int) -> bool:
    return 0 < i < len(doc) - 1 and not doc[i - 1].whitespace_ and not doc[i].whitespace_


@Language.factory(FACTORY, assigns=["token.norm"])
def skill_normalizer(nlp: Language, name: str) -> SkillNormalizer:
    """Normal forms; ``∅`` for spaces, articles, determiners, possessives and hyphens, ``¦`` for
    other punctuation.
    """
    return SkillNormalizer()
