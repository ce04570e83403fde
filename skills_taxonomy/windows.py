"""Which stretches of a sentence are worth comparing with concepts.

Belongs here: spans the tagger sees at several thresholds, their parts, and whole labels.
Does not belong here: what a stretch means (`concept_index`, `ranker`).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from skills_taxonomy.concept_index import ConceptIndex
from skills_taxonomy.normalization import BARRIER, SKIPPED
from skills_taxonomy.tagger import OUTSIDE

SPAN_CORE, SPAN_EDGE = 0.5, 0.35
"""A span has a word that likely names a skill, and reaches as far as words that likely do."""
_THRESHOLDS = (0.25, 0.6)
_MIN_BEGIN = 0.3
_JOINTS = frozenset(["and", "or", ",", "/", "&", ";", "(", ")"])
_HINGES = frozenset(["-", "such", "including", "as", "for", "to", "with", "in", "of", "by"])
_LONGEST_LABEL = 5
_LEAST_TAGGED = 0.05


class Window(NamedTuple):
    """Words `start` to `end` (exclusive) of a sentence and their normal forms."""

    start: int
    end: int
    forms: tuple[str, ...]


def tagged_spans(
    tagged: Sequence[Sequence[float]], threshold: float, min_begin: float = 0.0
) -> list[tuple[int, int]]:
    """Runs of words (start, end) whose probability of a skill reaches `threshold`.

    `tagged` is (words, 3), see `tagger`. A run is cut where a word is likelier to begin than to
    continue a span, and likelier than `min_begin` to begin one.
    """
    spans: list[tuple[int, int]] = []
    for at, (outside, inside, begin) in enumerate(tagged):
        if outside > 1 - threshold:
            continue
        is_open = bool(spans) and spans[-1][1] == at
        if is_open and begin <= max(inside, min_begin):
            spans[-1] = (spans[-1][0], at + 1)
        else:
            spans.append((at, at + 1))
    return spans


def skill_spans(tagged: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Runs of words (start, end) down to `SPAN_EDGE` that hold one of at least `SPAN_CORE`."""
    return [
        (start, end)
        for start, end in tagged_spans(tagged, SPAN_EDGE)
        if min(outside for outside, *_ in tagged[start:end]) <= 1 - SPAN_CORE
    ]


def windows(
    words: Sequence[str],
    forms: Sequence[str],
    tagged: Sequence[Sequence[float]],
    index: ConceptIndex,
) -> list[Window]:
    """The windows of a sentence: tagged spans, what joints cut them into, whole labels in them."""
    found: dict[tuple[int, int], None] = {}
    for threshold in _THRESHOLDS:
        for start, end in tagged_spans(tagged, threshold, _MIN_BEGIN):
            found[start, end] = None
            found.update(dict.fromkeys(_parts(words, start, end)))
    found.update(dict.fromkeys(_labels(forms, tagged, index)))
    by_form: dict[tuple[str, ...], Window] = {}
    for start, end in found:
        kept = tuple(form for form in forms[start:end] if form not in (SKIPPED, BARRIER))
        if kept:
            by_form.setdefault(kept, Window(start, end, kept))
    return list(by_form.values())


def whole(forms: Sequence[str]) -> Window:
    """The sentence as one window."""
    kept = tuple(form for form in forms if form not in (SKIPPED, BARRIER))
    return Window(0, len(forms), kept)


def _parts(words: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span up to each joint or hinge in it, counted from its start or the joint before."""
    begin = start
    for at in range(start, end + 1):
        word = words[at].lower() if at < end else ","
        if word in _JOINTS or word in _HINGES:
            if begin < at:
                yield begin, at
            if word in _JOINTS:
                begin = at + 1


def _labels(
    forms: Sequence[str], tagged: Sequence[Sequence[float]], index: ConceptIndex
) -> Iterator[tuple[int, int]]:
    """Runs of up to five words that are a whole label, where the tagger does not rule it out."""
    kept = [n for n, form in enumerate(forms) if form != SKIPPED]
    run = [forms[n] for n in kept]
    for at, start in enumerate(kept):
        if tagged[start][OUTSIDE] <= 1 - _LEAST_TAGGED:
            for length in index.labels_from(run[at : at + _LONGEST_LABEL], _LONGEST_LABEL):
                yield start, kept[at + length - 1] + 1
