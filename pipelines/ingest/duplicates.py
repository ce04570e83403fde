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

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse.csgraph import connected_components

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

BANDS_N = 12
BAND_ROWS_N = 5
"""Least hashes of a text are compared in bands: texts that share .8 of their runs agree in one with
a probability of .99, texts that share .3 with one of .03."""

_SEED = 20261126
_BASE = np.uint64(1_000_003)
_POWERS = _BASE ** np.arange(SHINGLE_WORDS, dtype=np.uint64)[::-1]
_BATCH_N = 10_000
_BRACKETS = str.maketrans("()[]{}", " " * 6)
_AGENCY = rf"\b(?:{AGENCY_WORDS})\b"


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
    places = distinct["location"].to_list()
    found = _candidates(distinct)
    compared = found["row"].append(found["other_row"]).unique().sort()
    runs = dict(zip(compared, _shingles(distinct["text"].gather(compared)), strict=True))
    for row, other_row in found.iter_rows():
        if not _is_one_place(places[row], places[other_row]):
            continue
        similarity = _jaccard(runs[row], runs[other_row])
        if similarity >= NEAR_COPY_SIMILARITY:
            yield row, other_row, similarity


def _candidates(distinct: pl.DataFrame) -> pl.DataFrame:
    """row, other_row: pairs that the rule allows and whose words are likely to be nearly the same.

    A pair stands once, the earlier row first.
    """
    title_of = {
        title: str(title_parts(title.translate(_BRACKETS))) for title in distinct["title"].unique()
    }
    facts = distinct.select(
        pl.int_range(pl.len()).alias("row"),
        pl.col("title").replace_strict(title_of, return_dtype=pl.String),
        pl.col("employer_id"),
        pl.col("employer_id").str.contains(_AGENCY).fill_null(True).alias("is_any_employer"),
        pl.col("posted_on"),
    )
    pairs = [
        band.join(band, on=["title", "band"], suffix="_other")
        .filter(pl.col("row") < pl.col("row_other"), _may_be_one())
        .select("row", other_row="row_other")
        for band in (facts.with_columns(band=band).drop_nulls("band") for band in _bands(distinct))
    ]
    return pl.concat(pairs).unique().sort("row", "other_row")


def _is_one_place(one: str | None, other: str | None) -> bool:
    """``Ada`` and ``Ada, OH`` are; ``Ada, OH`` and ``Ada, OK`` are not; none said may be any."""
    if not one or not other:
        return True
    parts, other_parts = (
        {part.strip() for part in place.casefold().split(",")} for place in (one, other)
    )
    return parts <= other_parts or other_parts <= parts


def _may_be_one() -> pl.Expr:
    """Whether employer and date of a pair allow one vacancy."""
    days = (pl.col("posted_on") - pl.col("posted_on_other")).dt.total_days().abs()
    return (
        (pl.col("employer_id") == pl.col("employer_id_other"))
        | pl.col("is_any_employer")
        | pl.col("is_any_employer_other")
    ) & (days <= COPY_WINDOW_DAYS).fill_null(True)


def _bands(distinct: pl.DataFrame) -> list[pl.Series]:
    """A hash for each text and band of its least hashes (Broder's MinHash); null without words."""
    chance = np.random.default_rng(_SEED)
    size = BANDS_N * BAND_ROWS_N
    factors = chance.integers(0, 2**63, size, np.uint64) * np.uint64(2) + np.uint64(1)
    terms = chance.integers(0, 2**63, size, np.uint64)
    bands: list[list[pl.Series]] = [[] for _ in range(BANDS_N)]
    for part in distinct["text"].to_frame().iter_slices(_BATCH_N):
        runs, lengths = _runs(part["text"])
        filled = lengths > 0
        starts = (np.cumsum(lengths) - lengths)[filled]
        least = np.zeros((size, len(starts)), np.uint64)
        for own, factor, term in zip(least, factors, terms, strict=True):
            if len(starts):
                own[:] = np.minimum.reduceat(runs * factor + term, starts)
        for n, band in enumerate(bands):
            key = np.zeros(len(starts), np.uint64)
            for row in least[n * BAND_ROWS_N : (n + 1) * BAND_ROWS_N]:
                key = (key ^ (row >> np.uint64(32))) * _BASE
            where = np.flatnonzero(filled)
            band.append(pl.Series([None] * part.height, dtype=pl.UInt64).scatter(where, key))
    return [pl.concat(band) if band else pl.Series([], dtype=pl.UInt64) for band in bands]


def _shingles(texts: pl.Series) -> list[np.ndarray]:
    """The distinct runs of five words of each text as sorted hashes."""
    runs, lengths = _runs(texts)
    ends = np.cumsum(lengths)
    return [np.unique(runs[end - n : end]) for end, n in zip(ends, lengths, strict=True)]


def _runs(texts: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of the runs of five words of all texts, one after the other, and their number in each.

    A text with fewer words is one run, one without words none.
    """
    written = texts.str.to_lowercase().str.extract_all(r"\w+")
    words_n = written.list.len().to_numpy().astype(np.int64)
    lengths = np.maximum(words_n - SHINGLE_WORDS + 1, np.minimum(words_n, 1))
    ends = np.cumsum(words_n)
    padding = np.zeros(SHINGLE_WORDS - 1, np.uint64)
    words = np.append(written.explode().drop_nulls().hash(_SEED).to_numpy(), padding)
    runs = np.zeros(len(words) - len(padding), np.uint64)
    for ahead in range(SHINGLE_WORDS):
        runs = runs * _BASE + words[ahead : ahead + len(runs)]
    for n in np.flatnonzero((words_n > 0) & (words_n < SHINGLE_WORDS)):
        own = np.append(words[ends[n] - words_n[n] : ends[n]], padding)[:SHINGLE_WORDS]
        runs[ends[n] - words_n[n]] = np.sum(own * _POWERS)
    starts_a_run = np.arange(len(runs)) < np.repeat(ends - words_n + lengths, words_n)
    runs = runs[starts_a_run]
    return runs ^ (runs >> np.uint64(29)), lengths


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
