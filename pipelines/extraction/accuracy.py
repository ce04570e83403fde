"""How right extraction is on a labeled sample: sentences written for this project, spans marked.

Belongs here: reading the sample, comparing marked words with mentions. Does not belong here: what
is tuned; nothing is, on these sentences.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

import polars as pl
from spacy.language import Language

from pipelines.contracts.rules import MIN_MENTION_SCORE
from pipelines.extraction.patterns import DATA
from pipelines.extraction.runner import read_documents, sentences_of
from pipelines.extraction.sections import Kind

SAMPLE = DATA / "labeled_sentences.csv"
GROUP_ACCURACY = DATA / "group_accuracy.csv"
"""Written by `benchmarks.extraction.groups`."""
WORD = re.compile(r"\w+")
MARKED = re.compile(r"\[([^\]]*)\]")
KINDS: dict[str, Kind] = {"postings": "posting", "courses": "syllabus"}
COUNTS = {
    "side": pl.String,
    "sector_code": pl.String,
    "sentences_n": pl.Int64,
    "marked_n": pl.Int64,
    "found_n": pl.Int64,
    "mentions_n": pl.Int64,
    "right_n": pl.Int64,
}
GROUP_COUNTS = {
    "group_code": pl.String,
    "right_n": pl.Int64,
    "wrong_n": pl.Int64,
    "missed_n": pl.Int64,
}
Span = tuple[int, int]


@dataclass(frozen=True)
class Labeled:
    """A sentence and where in it a reader marked skills (start and end in characters)."""

    side: str
    sector_code: str
    text: str
    spans: tuple[Span, ...]


def labeled_sentences() -> list[Labeled]:
    """The labeled sample."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return [_labeled(**row) for row in csv.DictReader(file)]


def _labeled(side: str, sector_code: str, sentence: str) -> Labeled:
    """`sentence` without the brackets around what is marked; each bracket before it is one off."""
    spans = tuple(
        (match.start() - 2 * n, match.end() - 2 * n - 2)
        for n, match in enumerate(MARKED.finditer(sentence))
    )
    return Labeled(side, sector_code, MARKED.sub(r"\1", sentence), spans)


def group_accuracy() -> pl.DataFrame:
    """By group of skills: annotated sentences of ads that are right about it, wrong about it, and
    in which it was missed (`GROUP_COUNTS`).
    """
    return pl.read_csv(GROUP_ACCURACY, schema=GROUP_COUNTS)


def accuracy_counts(nlp: Language) -> pl.DataFrame:
    """By side and sector: sentences, skills marked and found, mentions and right ones.

    Only mentions count that count in figures. A mention is right if at least half of its words are
    marked; a marked skill is found if at least half of its words lie in mentions.
    """
    rows = []
    for (side, sector_code), part in groupby(sorted(labeled_sentences(), key=_place), key=_place):
        sentences = list(part)
        mentions = list(_mentions(sentences, nlp, KINDS[side]))
        counts = [
            compare(sentence.text, sentence.spans, found)
            for sentence, found in zip(sentences, mentions, strict=True)
        ]
        rows.append(
            (
                side,
                sector_code,
                len(sentences),
                sum(len(sentence.spans) for sentence in sentences),
                sum(found_n for found_n, _ in counts),
                sum(map(len, mentions)),
                sum(right_n for _, right_n in counts),
            )
        )
    return pl.DataFrame(rows, schema=COUNTS, orient="row")


def _place(sentence: Labeled) -> tuple[str, str]:
    return sentence.side, sentence.sector_code


def _mentions(sentences: list[Labeled], nlp: Language, kind: Kind) -> Iterator[list[Span]]:
    texts = (sentence.text for sentence in sentences)
    for doc in read_documents(texts, kind, nlp, one_sentence=True):
        yield [
            (mention.start, mention.end)
            for sentence in sentences_of(doc, kind)
            for mention in sentence.mentions
            if mention.score >= MIN_MENTION_SCORE
        ]


def compare(text: str, marked: tuple[Span, ...], mentions: list[Span]) -> tuple[int, int]:
    """How many marked spans are found, and how many mentions are right."""
    inside = words_within(text)
    wanted = set().union(*(inside(*span) for span in marked))
    covered = set().union(*(inside(*span) for span in mentions))
    found_n = sum(is_mostly_in(inside(*span), covered) for span in marked)
    return found_n, sum(is_mostly_in(inside(*span), wanted) for span in mentions)


def words_within(text: str) -> Callable[[int, int], set[int]]:
    """Gives the words (by number) of `text` that begin between two characters."""
    starts = [match.start() for match in WORD.finditer(text)]
    return lambda start, end: {n for n, at in enumerate(starts) if start <= at < end}


def is_mostly_in(words: set[int], others: set[int]) -> bool:
    """Whether at least half of `words` are among `others`."""
    return 0 < len(words) <= 2 * len(words & others)
