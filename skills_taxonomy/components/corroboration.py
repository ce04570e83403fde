"""Drops ambiguous one-word candidates that nothing in their sentence corroborates.

Belongs here: lists and neighbors in a Doc. Does not belong here: the rule itself (`ambiguity`).
"""

import re
from itertools import pairwise
from pathlib import Path

import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span

from skills_taxonomy.ambiguity import is_corroborated
from skills_taxonomy.components.matcher import SPAN_GROUP
from skills_taxonomy.components.tagger import TAGGED
from skills_taxonomy.components.words import text_of

FACTORY = "skill_corroboration"
_SEPARATOR = re.compile(r"^\s*(?:[,/;|•]|and|or|&|\+)?\s*(?:and|or|&)?\s*$", re.IGNORECASE)
_GROUPS_FILE = "group_codes.msgpack"


class SkillCorroboration:
    """Callable component; `group_codes` maps skill_id to its codes. See `skill_corroboration`."""

    def __init__(self, group_codes: dict[str, list[str]]) -> None:
        self.group_codes = group_codes

    def __call__(self, doc: Doc) -> Doc:
        spans = list(doc.spans.get(SPAN_GROUP, []))
        text = text_of(doc)
        kept = [span for span in spans if self._counts(text, span, _list_of(text, spans, span))]
        doc.spans[SPAN_GROUP] = kept
        return doc

    def _counts(self, text: str, span: Span, beside: list[Span]) -> bool:
        kind = span._.entry.kind
        if kind in ("plain", "cased"):
            return True
        sentence = span.sent
        before = text[sentence.start_char : span.start_char]
        after = text[span.end_char : sentence.end_char]
        tagged = span.doc.user_data.get(TAGGED)
        return is_corroborated(
            kind,
            before,
            after,
            tagged=0.0 if tagged is None else float(1 - tagged[span.start : span.end, 0].mean()),
            in_list_with_software=any(other._.entry.is_software for other in beside)
            or self._sentence_names_software(span),
            in_list_with_same_group=any(
                other._.entry.kind in ("plain", "cased") and self._share_group(span, other)
                for other in beside
            ),
        )

    def _sentence_names_software(self, span: Span) -> bool:
        """Whether another name in the sentence, unambiguous by itself, is software."""
        return any(
            other._.entry.is_software and other._.entry.kind in ("plain", "cased")
            for other in span.doc.spans[SPAN_GROUP]
            if span.sent.start <= other.start < span.sent.end and other != span
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


def _list_of(text: str, spans: list[Span], span: Span) -> list[Span]:
    """The other candidates that stand in one list with `span`: nothing but separators between."""
    if span._.entry.kind in ("plain", "cased"):
        return []
    sentence = span.sent
    inside = [s for s in spans if sentence.start <= s.start and s.end <= sentence.end]
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
    return SkillCorroboration({})
