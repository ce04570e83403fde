"""Finds labels in texts: longest match of normal forms within a sentence.

Belongs here: walking the tokens, spelling conditions of single words, the span group.
Does not belong here: corroboration by context (`components.corroboration`).
"""

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span

from skills_taxonomy.components.normalizer import SKIPPED
from skills_taxonomy.components.sentences import sentence_bounds
from skills_taxonomy.components.words import forms_of
from skills_taxonomy.label_index import Entry, LabelIndex, is_nominal
from skills_taxonomy.normalization import is_same_phrase

FACTORY = "skill_matcher"
SPAN_GROUP = "skill_labels"
_INDEX_FILE = "label_index.msgpack"

Span.set_extension("entry", default=None, force=True)


class SkillMatcher:
    """Callable component over a `LabelIndex`; see `skill_matcher`."""

    def __init__(self, index: LabelIndex) -> None:
        self.index = index

    def __call__(self, doc: Doc) -> Doc:
        spans: list[Span] = []
        forms = forms_of(doc)
        for start, end in sentence_bounds(doc):
            spans.extend(self._match(doc, forms, start, end))
        doc.spans[SPAN_GROUP] = spans
        return doc

    def _match(self, doc: Doc, all_forms: list[str], start: int, end: int) -> list[Span]:
        positions = [i for i in range(start, end) if all_forms[i] != SKIPPED]
        forms = [all_forms[i] for i in positions]
        entries, firsts, lengths = self.index.entries, self.index.firsts, self.index.lengths
        tried = [(at, 1, form) for at, form in enumerate(forms) if form in entries]
        tried += [
            (at, length, " ".join(forms[at : at + length]))
            for at, form in enumerate(forms[:-1])
            if form in firsts
            for length in lengths.get(f"{form} {forms[at + 1]}", ())
            if at + length <= len(forms)
        ]
        candidates = [
            (at, length, entry)
            for at, length, key in tried
            if (entry := entries.get(key)) is not None
            and _is_spelled(doc, positions, at, length, entry)
        ]
        return _longest(doc, positions, candidates) if candidates else []

    def to_disk(self, path: Path, *, exclude: tuple[str, ...] = ()) -> None:
        """Write the index into the directory `path`."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / _INDEX_FILE).write_bytes(self.index.to_bytes())

    def from_disk(self, path: Path, *, exclude: tuple[str, ...] = ()) -> "SkillMatcher":
        """Read the index from the directory `path`."""
        self.index = LabelIndex.from_bytes((Path(path) / _INDEX_FILE).read_bytes())
        return self


def _is_spelled(doc: Doc, positions: list[int], at: int, length: int, entry: Entry) -> bool:
    first = doc[positions[at]]
    if entry.method == "reordered":
        has_of = doc[positions[at + 1]].lower_ == "of"
        return is_nominal(first.text if has_of else doc[positions[at + length - 1]].text)
    if length > 1:
        written = tuple(doc[i].text for i in positions[at : at + length])
        return any(is_same_phrase(written, label) for label in entry.labels)
    if entry.kind in ("cased", "tool"):
        if is_in_capitals(doc, first.i):
            return entry.is_software and first.text in {label.upper() for label in entry.labels}
        return first.text in entry.labels
    if entry.kind == "common" and all(label.istitle() for label in entry.labels):
        return first.text.title() in entry.labels
    return any(is_same_phrase((first.text,), label) for label in entry.labels)


def is_in_capitals(doc: Doc, i: int) -> bool:
    """Whether the words around token `i` in its line are all capitals, as in a heading."""
    around = [t.text for t in doc[max(0, i - 3) : i + 4] if t.i != i and t.is_alpha and len(t) > 2]
    return len(around) >= 2 and all(word.isupper() for word in around)


def _longest(
    doc: Doc, positions: list[int], candidates: list[tuple[int, int, Entry]]
) -> list[Span]:
    taken: set[int] = set()
    chosen: list[Span] = []
    for at, length, entry in sorted(candidates, key=lambda c: (-c[1], c[0])):
        covered = range(at, at + length)
        if not taken.isdisjoint(covered):
            continue
        taken.update(covered)
        span = Span(doc, positions[at], positions[at + length - 1] + 1, label=entry.skill_id)
        span._.entry = entry
        chosen.append(span)
    return sorted(chosen, key=lambda span: span.start)


@Language.factory(
    FACTORY,
    requires=["token.norm", "doc.sents"],
    assigns=["doc.spans"],
)
def skill_matcher(nlp: Language, name: str) -> SkillMatcher:
    """Candidates in span group ``skill_labels``, each with its `Entry` in ``span._.entry``.

    The index is empty until `pipeline.build` fills it or it is read from disk.
    """
    return SkillMatcher(LabelIndex({}))
