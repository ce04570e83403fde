"""The words of a Doc, looked up once for all components: spaCy makes a Token anew at each step.

Belongs here: a Doc's text, words, places and normal forms as plain lists.
Does not belong here: what the forms are (`components.normalizer`), sentences.
"""

from typing import NamedTuple

from spacy.attrs import IDX, IS_SPACE, NORM, ORTH, SPACY
from spacy.tokens import Doc


class Words(NamedTuple):
    """By token: its text, the character it starts at, whether it is all space."""

    texts: list[str]
    starts: list[int]
    is_space: list[bool]

    def end(self, i: int) -> int:
        """The character after token `i`."""
        return self.starts[i] + len(self.texts[i])


def words_of(doc: Doc) -> Words:
    """The words of `doc`."""
    found: Words | None = doc.user_data.get("words")
    if found is None:
        strings = doc.vocab.strings
        table: list[list[int]] = doc.to_array([ORTH, IDX, IS_SPACE]).reshape(-1, 3).T.tolist()  # type: ignore[assignment]
        orths, starts, spaces = table
        found = Words([strings[orth] for orth in orths], starts, [space == 1 for space in spaces])
        doc.user_data["words"] = found
    return found


def forms_of(doc: Doc) -> list[str]:
    """The normal form of each token; asked for once the normalizer has run."""
    found: list[str] | None = doc.user_data.get("forms")
    if found is None:
        strings = doc.vocab.strings
        norms: list[int] = doc.to_array([NORM]).ravel().tolist()  # type: ignore[assignment]
        found = doc.user_data["forms"] = [strings[norm] for norm in norms]
    return found


def text_of(doc: Doc) -> str:
    """``doc.text``, put together once and from words: spaCy makes all tokens anew at every call."""
    text = doc.user_data.get("text")
    if text is None:
        followed: list[int] = doc.to_array([SPACY]).ravel().tolist()  # type: ignore[assignment]
        texts = words_of(doc).texts
        text = doc.user_data["text"] = "".join(
            [word + " " if space else word for word, space in zip(texts, followed, strict=True)]
        )
    return str(text)
