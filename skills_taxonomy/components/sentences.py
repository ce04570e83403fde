"""Sentence boundaries suited to job ads, catalogs and syllabi.

Belongs here: where a sentence, list item or heading starts. Does not belong here: what kind of
section it is in.
"""

import re

import numpy
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from skills_taxonomy.components.words import Words, text_of, words_of

FACTORY = "ad_sentences"
_TERMINATORS = frozenset(".!?…")
_CLOSERS = frozenset("\"'”’)]»")
_BULLET = re.compile(r"^\s*(?:[•●▪◦‣·○■–—*+>#|]|-\s|o\s|\(?\d{1,2}[.)]\s|\(?[a-zA-Z][.)]\s)")
AFTER_PREREQUISITES = re.compile(r"(?i:requisites?:)[^\n]{0,200}? - (?=[A-Z])")
"""What a catalog sets before a course's description in the same line."""
_WRAPPED_WIDTH = 60
_LIST_SEMICOLONS = 2


Doc.set_extension("is_one_sentence", default=False, force=True)
Doc.set_extension("skipped_sentences", default=frozenset(), force=True)
"""First tokens of the sentences in which nobody need look for skills."""


class AdSentences:
    """Callable component; see `ad_sentences`."""

    def __call__(self, doc: Doc) -> Doc:
        lines = _line_starts(text_of(doc))
        words = words_of(doc)
        n = len(doc)
        flags = [False] * n
        semicolons: list[int] = []
        sentence_start = True
        for i, (text, start, is_space) in enumerate(
            () if doc._.is_one_sentence else zip(*words, strict=True)
        ):
            if is_space:
                continue
            if sentence_start or start in lines:
                _split_semicolons(flags, semicolons)
                flags[i] = True
                sentence_start = False
            if text in _TERMINATORS and _ends_sentence(words, i):
                sentence_start = True
            elif text == ";":
                semicolons.append(i)
        _split_semicolons(flags, semicolons)
        if n:
            marks = numpy.where(flags, 1, -1).astype("int32").astype("uint64")
            doc.from_array([SENT_START], marks.reshape(n, 1))  # type: ignore[arg-type]
        return doc


def sentence_bounds(doc: Doc) -> list[tuple[int, int]]:
    """The first token of each sentence and the one after its last; faster than ``doc.sents``."""
    if not len(doc):
        return []
    starts = numpy.flatnonzero(doc.to_array([SENT_START]) == 1).tolist()
    if starts[:1] != [0]:
        starts.insert(0, 0)
    return list(zip(starts, [*starts[1:], len(doc)], strict=True))


def _line_starts(text: str) -> set[int]:
    """Character offsets of lines that begin a new sentence (not the tail of a wrapped line)."""
    starts: set[int] = set()
    offset, previous = 0, ""
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            wrapped = (
                len(previous) >= _WRAPPED_WIDTH
                and previous[-1] not in ".!?:;"
                and stripped[0].islower()
                and not _BULLET.match(line)
            )
            if not wrapped:
                starts.add(offset + len(line) - len(line.lstrip()))
            if after := AFTER_PREREQUISITES.search(line):
                starts.add(offset + after.end())
        previous = stripped
        offset += len(line)
    return starts


def _ends_sentence(words: Words, i: int) -> bool:
    texts, following = words.texts, i + 1
    while following < len(texts) and texts[following] in _CLOSERS:
        following += 1
    if following >= len(texts):
        return False
    if words.is_space[following]:
        return True
    is_apart = words.end(following - 1) < words.starts[following]
    return is_apart and not texts[following][0].islower()


def _split_semicolons(flags: list[bool], semicolons: list[int]) -> None:
    if len(semicolons) >= _LIST_SEMICOLONS:
        for i in semicolons:
            if i + 1 < len(flags):
                flags[i + 1] = True
    semicolons.clear()


@Language.factory(FACTORY, assigns=["token.is_sent_start", "doc.sents"])
def ad_sentences(nlp: Language, name: str) -> AdSentences:
    """A sentence starts after a full stop, at a line that is not a wrapped continuation (bullets,
    headings, blank lines), and after the semicolons of a sentence that has two or more; a Doc with
    ``doc._.is_one_sentence`` is left whole.
    """
    return AdSentences()
