"""Metrics of extraction: linking, spans, reliability.

Linking: RP@K as in Decorte et al. 2022, micro-F1 of the set of concepts a sentence. Spans: a
mention is right if at least half of its words lie in marked spans, a span is found if at least half
of its words lie in mentions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.extraction.accuracy import is_mostly_in, words_within
from skills_taxonomy.training.corpora import Annotated

Mention = dict[str, Any]


def f1(right: float, found: float, wanted: float) -> float:
    """Harmonic mean of right / found and right / wanted."""
    return 2 * right / (found + wanted) if found + wanted else 0.0


def linking_f1(pairs: Iterable[tuple[set[str], frozenset[str]]]) -> float:
    """Micro-F1 of (found, named) sets of concepts."""
    sets = list(pairs)
    right = sum(len(found & named) for found, named in sets)
    return f1(right, sum(len(f) for f, _ in sets), sum(len(n) for _, n in sets))


def r_precision(pairs: Iterable[tuple[Sequence[str], frozenset[str]]], k: int) -> float:
    """Mean over sentences with a concept of the right ones among the first k, of those possible."""
    shares = [
        len(named.intersection(ranked[:k])) / min(k, len(named)) for ranked, named in pairs if named
    ]
    return sum(shares) / len(shares)


@dataclass
class SpanCounts:
    """Counts of one source; the properties are the figures."""

    spans: int = 0
    found: int = 0
    mentions: int = 0
    right: int = 0
    in_boilerplate: int = 0
    grouped: int = 0
    group_first: int = 0
    group_any: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.mentions if self.mentions else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.spans if self.spans else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def count_spans(sentences: Iterable[tuple[Annotated, list[Mention]]]) -> SpanCounts:
    """Counts over sentences with their mentions (start and end in the sentence, groups)."""
    counts = SpanCounts()
    for sentence, mentions in sentences:
        inside = words_within(sentence.text)
        marked = set().union(*(inside(start, end) for start, end, *_ in sentence.spans))
        covered = set().union(*(inside(m["start"], m["end"]) for m in mentions))
        counts.spans += len(sentence.spans)
        counts.mentions += len(mentions)
        counts.in_boilerplate += len(mentions) if sentence.is_boilerplate else 0
        for mention in mentions:
            counts.right += is_mostly_in(inside(mention["start"], mention["end"]), marked)
        for start, end, _, group in sentence.spans:
            span = inside(start, end)
            counts.found += is_mostly_in(span, covered)
            over = [m for m in mentions if inside(m["start"], m["end"]) & span and m["groups"]]
            counts.grouped += bool(over)
            counts.group_first += any(m["groups"][0] == group for m in over)
            counts.group_any += any(group in m["groups"] for m in over)
    return counts


def reliability(
    scores: Sequence[float], is_right: Sequence[bool]
) -> list[tuple[str, int, float, float]]:
    """(band, mentions, mean score, share right) for scores in bands of a fifth."""
    bands = []
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = [
            i
            for i, score in enumerate(scores)
            if low <= score < low + 0.2 or score == 1 == low + 0.2
        ]
        if inside:
            mean = sum(scores[i] for i in inside) / len(inside)
            right = sum(is_right[i] for i in inside) / len(inside)
            bands.append((f"{low:.1f}-{low + 0.2:.1f}", len(inside), mean, right))
    return bands
