"""Which records of postings are copies of one vacancy.

Belongs here: the rule, and finding who satisfies it. Does not belong here: which copy is kept
(core.postings).

The rule. Two records are one vacancy when their words, employer and place are the same, or when all
of this holds:

* nearly the same words: runs of `SHINGLE_WORDS` words shared by at least `NEAR_COPY_SIMILARITY`
  of all runs in either (Jaccard; Broder 1997), found by MinHash;
* titles that say the same once seniority, grade, hours and the like are stripped; what stands in
  brackets counts (a specialty often does);
* one place, where both say one: a town, or the same town with its state or its building;
* the same employer, or one of the two is an agency or says no employer;
* posted within `COPY_WINDOW_DAYS` of each other, where both say when.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from datasketch import MinHash, MinHashLSH
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from spacy.strings import hash_string  # type: ignore[attr-defined]

from pipelines.contracts.rules import (
    AGENCY_WORDS,
    COPY_WINDOW_DAYS,
    NEAR_COPY_SIMILARITY,
    SHINGLE_WORDS,
)
from skills_taxonomy.occupations import title_parts

COMPARED_COLUMNS = [
    "source_id",
    "source_record_id",
    "content_hash",
    "title",
    "text",
    "employer_id",
    "location",
    "posted_on",
]
"""The columns of raw.postings that the rule looks at."""

_PERMUTATIONS = 64
_ASKED_SIMILARITY = 0.6
"""What the index is asked for; asked for the rule's .8 itself it loses pairs near it by chance."""
_BASE = np.uint64(1_000_003)
_WORD = re.compile(r"\w+")
_BRACKETS = str.maketrans("()[]{}", " " * 6)
_AGENCY = re.compile(rf"\b(?:{AGENCY_WORDS})\b")


def copies(postings: pl.DataFrame) -> pl.DataFrame:
    """One row a record: source_id, source_record_id, vacancy_id, copy_kind, similarity.

    `postings` has `COMPARED_COLUMNS`. `vacancy_id` is the least content hash among the copies;
    `copy_kind` is ``exact`` (another record has the same words), ``near`` or ``only``;
    `similarity` is that to the nearest other wording of the vacancy (1 where there is none).
    """
    distinct = postings.unique("content_hash", keep="first", maintain_order=True)
    pairs = list(near_pairs(distinct))
    hashes = distinct["content_hash"].to_list()
    vacancy = _least_of_group(hashes, [(a, b) for a, b, _ in pairs])
    nearest: dict[str, float] = {}
    for a, b, shared in pairs:
        for n in (a, b):
            nearest[hashes[n]] = max(shared, nearest.get(hashes[n], 0.0))
    vacancy_id = pl.col("content_hash").replace_strict(vacancy, return_dtype=pl.String)
    similarity = pl.col("content_hash").replace_strict(
        nearest, default=1.0, return_dtype=pl.Float64
    )
    return postings.select(
        "source_id",
        "source_record_id",
        vacancy_id=vacancy_id,
        copy_kind=pl.when(pl.col("content_hash").is_in(list(nearest)))
        .then(pl.lit("near"))
        .when(pl.len().over("content_hash") > 1)
        .then(pl.lit("exact"))
        .otherwise(pl.lit("only")),
        similarity=similarity.round(3),
    )


def near_pairs(distinct: pl.DataFrame) -> Iterator[tuple[int, int, float]]:
    """Rows of `distinct` that satisfy the rule for near copies, with their similarity."""
    shingles = [_shingles(text) for text in distinct["text"]]
    rows = distinct.select("employer_id", "location", "posted_on").rows()
    titles = [title_parts(title.translate(_BRACKETS)) for title in distinct["title"]]
    index = MinHashLSH(threshold=_ASKED_SIMILARITY, num_perm=_PERMUTATIONS)
    for n, own in enumerate(shingles):
        if not len(own):
            continue
        signature = MinHash(_PERMUTATIONS, hashfunc=int)
        signature.update_batch((own & np.uint64(0xFFFFFFFF)).tolist())
        for other in sorted(index.query(signature)):
            if titles[n] == titles[other] and _may_be_one(rows[n], rows[other]):
                similarity = _jaccard(own, shingles[other])
                if similarity >= NEAR_COPY_SIMILARITY:
                    yield other, n, similarity
        index.insert(n, signature)


def _may_be_one(one: tuple, other: tuple) -> bool:
    (employer, place, posted_on), (other_employer, other_place, other_posted_on) = one, other
    if place and other_place and not _is_one_place(place, other_place):
        return False
    is_one_employer = employer == other_employer or any(
        name is None or _AGENCY.search(name) for name in (employer, other_employer)
    )
    days = abs((posted_on - other_posted_on).days) if posted_on and other_posted_on else 0
    return is_one_employer and days <= COPY_WINDOW_DAYS


def _is_one_place(one: str, other: str) -> bool:
    """``Ada`` and ``Ada, OH`` are; ``Ada, OH`` and ``Ada, OK`` are not."""
    parts, other_parts = (
        {part.strip() for part in place.casefold().split(",")} for place in (one, other)
    )
    return parts <= other_parts or other_parts <= parts


def _shingles(text: str) -> np.ndarray:
    """The distinct runs of five words of a text as hashes (n,); all words where it has fewer."""
    hashed = [hash_string(word) for word in _WORD.findall(text.lower())]
    words = np.array(hashed, np.uint64)
    width = min(SHINGLE_WORDS, len(words))
    runs = np.zeros(max(len(words) - width + 1, 0), np.uint64)
    with np.errstate(over="ignore"):
        for place in range(width):
            runs = runs * _BASE + words[place : place + len(runs)]
    return np.unique(runs ^ (runs >> np.uint64(29)))


def _jaccard(one: np.ndarray, other: np.ndarray) -> float:
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


def _least_of_group(hashes: Sequence[str], pairs: list[tuple[int, int]]) -> dict[str, str]:
    """The least hash among all that pairs join, by hash."""
    n = len(hashes)
    rows, columns = ([pair[side] for pair in pairs] for side in (0, 1))
    graph = sparse.coo_matrix((np.ones(len(pairs)), (rows, columns)), shape=(n, n))
    _, group = connected_components(graph, directed=False)
    least: dict[int, str] = {}
    for number, own in zip(group.tolist(), hashes, strict=True):
        least[number] = min(own, least.get(number, own))
    return {own: least[number] for own, number in zip(hashes, group.tolist(), strict=True)}
