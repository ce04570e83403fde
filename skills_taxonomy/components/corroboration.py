"""Drops ambiguous one-word candidates that nothing in their sentence corroborates.

Belongs here: lists and neighbors in a Doc. Does not belong here: the rule itself (`ambiguity`).
"""

import re
from bisect import bisect_left
from itertools import pairwise
from pathlib import Path

import numpy as np
import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span

from skills_taxonomy.ambiguity import (
    UNKNOWN_CONTEXT,
    Evidence,
    is_corroborated,
    needs_evidence,
)
from skills_taxonomy.components.matcher import SPAN_GROUP, is_in_capitals
from skills_taxonomy.components.tagger import TAGGED
from skills_taxonomy.components.words import forms_of, text_of, words_of
from skills_taxonomy.label_index import Entry
from skills_taxonomy.tagger import OUTSIDE
from skills_taxonomy.tool_context import Surroundings, ToolContext
from skills_taxonomy.word_features import MODELS

FACTORY = "skill_corroboration"
_SEPARATOR = re.compile(r"^\s*(?:[,/;|•]|and|or|&|\+)?\s*(?:and|or|&)?\s*$", re.IGNORECASE)
_GROUPS_FILE = "group_codes.msgpack"

Span.set_extension("tool_context", default=UNKNOWN_CONTEXT, force=True)


class SkillCorroboration:
    """Callable component; `group_codes` maps skill_id to its codes. See `skill_corroboration`."""

    def __init__(self, tool_context: ToolContext) -> None:
        self.tool_context = tool_context
        self.group_codes: dict[str, list[str]] = {}

    def __call__(self, doc: Doc) -> Doc:
        spans, kept = list(doc.spans.get(SPAN_GROUP, [])), []
        is_tagged = doc.user_data.get(TAGGED) is not None
        for span in spans:
            entry: Entry = span._.entry
            if entry.is_software and is_tagged:
                span._.tool_context = self._context(span)
            if not needs_evidence(entry.kind, entry.is_software) or is_corroborated(
                entry.kind, self._evidence(span, spans)
            ):
                kept.append(span)
        doc.spans[SPAN_GROUP] = kept
        return doc

    def _evidence(self, span: Span, spans: list[Span]) -> Evidence:
        """What speaks for `span` in its sentence; `spans` are the Doc's candidates in order."""
        text, sentence, tagged = text_of(span.doc), span.sent, span.doc.user_data.get(TAGGED)
        inside = [s for s in spans if sentence.start <= s.start and s.end <= sentence.end]
        beside = _in_list_with(span, inside, text)
        return Evidence(
            before=text[sentence.start_char : span.start_char],
            after=text[span.end_char : sentence.end_char],
            tagged=0.0 if tagged is None else _mean_tagged(tagged, span),
            context=span._.tool_context,
            is_in_capitals=is_in_capitals(span.doc, span.start),
            is_beside_software=any(other._.entry.is_software for other in beside)
            or any(_is_surely_software(other._.entry) for other in inside if other != span),
            is_beside_same_group=any(
                other._.entry.kind in ("plain", "cased") and self._share_group(span, other)
                for other in beside
            ),
        )

    def _context(self, span: Span) -> float:
        """The chance that what surrounds `span` in its sentence is a tool's."""
        tagged = span.doc.user_data[TAGGED]
        words, forms, sentence = words_of(span.doc), forms_of(span.doc), span.sent
        tokens = [i for i in range(sentence.start, sentence.end) if not words.is_space[i]]
        return self.tool_context.probability(
            Surroundings(
                [words.texts[i] for i in tokens],
                [forms[i] for i in tokens],
                (1 - tagged[tokens, OUTSIDE]).tolist(),
                bisect_left(tokens, span.start),
                bisect_left(tokens, span.end),
            )
        )

    def _share_group(self, first: Span, second: Span) -> bool:
        codes = (set(self.group_codes.get(s._.entry.skill_id, [])) for s in (first, second))
        return bool(set.intersection(*codes))

    def to_disk(self, path: Path, *, exclude: tuple[str, ...] = ()) -> None:
        """Write the group codes into the directory `path`."""
        Path(path).mkdir(parents=True, exist_ok=True)
        srsly.write_msgpack(Path(path) / _GROUPS_FILE, self.group_codes)

    def from_disk(self, path: Path, *, exclude: tuple[str, ...] = ()) -> "SkillCorroboration":
        """Read the group codes from the directory `path`."""
        self.group_codes = srsly.read_msgpack(Path(path) / _GROUPS_FILE)
        return self


def _mean_tagged(tagged: np.ndarray, span: Span) -> float:
    return float(1 - tagged[span.start : span.end, OUTSIDE].mean())


def _is_surely_software(entry: Entry) -> bool:
    """Whether a name, unambiguous by itself, is software."""
    return entry.is_software and entry.kind in ("plain", "cased")


def _in_list_with(span: Span, inside: list[Span], text: str) -> list[Span]:
    """Of a sentence's candidates those that stand in one list with `span`: only separators between.

    Names that are written like nothing else need no list.
    """
    if span._.entry.kind == "cased":
        return []
    run: list[Span] = [inside[0]]
    for left, right in pairwise(inside):
        between = text[left.end_char : right.start_char]
        if between.strip() and _SEPARATOR.match(between):
            run.append(right)
        elif span in run:
            break
        else:
            run = [right]
    return [other for other in run if other != span] if span in run else []


@Language.factory(FACTORY, requires=["doc.spans", "doc.sents"], assigns=["doc.spans"])
def skill_corroboration(nlp: Language, name: str) -> SkillCorroboration:
    """Keeps the candidates of span group ``skill_labels`` that satisfy `ambiguity`'s rule."""
    return SkillCorroboration(ToolContext.load(MODELS))
