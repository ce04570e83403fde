"""Texts to mentions, in batches.

Belongs here: running the pipeline over a frame of documents and shaping its result.
Does not belong here: the taxonomy's rules, sections' patterns, tables or Dagster.
"""

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import polars as pl
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipelines.extraction import sections
from pipelines.extraction.cues import (
    depth_of,
    is_part_of_name,
    negated_ranges,
    requirement_of,
)
from pipelines.extraction.sections import BOILERPLATE, Kind, plain
from skills_taxonomy import components, pipeline
from skills_taxonomy.taxonomy import Taxonomy

MENTIONS = pl.Schema(
    {
        "document_id": pl.String,
        "mention_n": pl.Int64,
        "skill_id": pl.String,
        "label": pl.String,
        "group_code": pl.String,
        "sentence": pl.String,
        "sentence_n": pl.Int64,
        "sentence_start": pl.Int64,
        "start": pl.Int64,
        "end": pl.Int64,
        "section": pl.String,
        "method": pl.String,
        "score": pl.Float64,
        "requirement": pl.String,
        "depth": pl.String,
    }
)
_CHUNK_N = 100

Progress = Callable[[int, int], None]
Document = tuple[str, str, str]


def load_pipeline(cache_dir: Path, taxonomy: Taxonomy) -> Language:
    """The skills pipeline from `cache_dir` (see `skills_taxonomy.pipeline`) with sections added."""
    return with_sections(pipeline.load_cached(cache_dir, taxonomy))


def with_sections(nlp: Language) -> Language:
    """`nlp` itself, with the sections component behind the sentences component if it lacks it."""
    if sections.FACTORY not in nlp.pipe_names:
        nlp.add_pipe(sections.FACTORY, after=components.sentences.FACTORY)
    return nlp


def extract_mentions(
    documents: pl.DataFrame,
    kind: Kind,
    nlp: Language,
    *,
    progress: Progress | None = None,
    processes: int = 1,
) -> pl.DataFrame:
    """Mentions of skills in `documents` (document_id, title, text), as `MENTIONS`.

    Offsets are characters of `text`: ``text[start:end] == label`` and
    ``text[sentence_start:][:len(sentence)] == sentence``. The title is read only as the first line
    of `text` (put it there); such mentions have section ``title``. Sections in
    `sections.BOILERPLATE`, negated clauses, and names of departments, jobs and degrees give none; a
    posting's title gives software only; a skill counts once a sentence.
    `requirement` is set for postings, `depth` for syllabi, null otherwise. `progress` is called
    with (documents done, documents in all). Raises ValueError for an unknown kind or a missing
    column.
    """
    if kind not in ("posting", "syllabus"):
        raise ValueError(f"kind is {kind!r}, expected 'posting' or 'syllabus'")
    absent = {"document_id", "title", "text"} - set(documents.columns)
    if absent:
        raise ValueError(f"documents lack the columns {sorted(absent)}")
    rows: list[tuple] = []
    done, total = 0, documents.height
    chunks = _chunks(documents)
    run = _run_in_processes if processes > 1 else _run_here
    for chunk_n, found in run(chunks, kind, with_sections(nlp), processes):
        rows.extend(found)
        done += chunk_n
        if progress is not None:
            progress(done, total)
    return pl.DataFrame(rows, schema=MENTIONS, orient="row")


def mentions_of(doc: Doc, document_id: str, kind: Kind) -> list[tuple]:
    """Rows of `MENTIONS` for a processed document, in text order."""
    rows: list[tuple] = []
    skills: list[Span] = list(doc.spans.get(components.matcher.SPAN_GROUP, []))
    groups: dict[str, list[str]] = doc.user_data.get("group_codes", {})
    at = 0
    for sentence_n, sentence in enumerate(doc.spans.get(sections.SPAN_GROUP, []), start=1):
        inside = []
        while at < len(skills) and skills[at].start < sentence.end:
            inside.append(skills[at])
            at += 1
        if not inside or sentence.label_ in BOILERPLATE:
            continue
        text = sentence.text.strip()
        start = sentence.start_char + len(sentence.text) - len(sentence.text.lstrip())
        words = plain(text)
        negated = negated_ranges(words)
        seen: set[str] = set()
        for span in inside:
            offset = span.start_char - start
            if span._.skill_id in seen or any(a <= offset < b for a, b in negated):
                continue
            after = words[offset + len(span.text) :]
            is_software = bool(span._.is_software)
            if not is_software and is_part_of_name(words[:offset], after):
                continue
            if kind == "posting" and sentence.label_ == "title" and not is_software:
                continue
            seen.add(span._.skill_id)
            codes = groups.get(span._.skill_id)
            rows.append(
                (
                    document_id,
                    len(rows) + 1,
                    span._.skill_id,
                    span.text,
                    codes[0] if codes else None,
                    text,
                    sentence_n,
                    start,
                    span.start_char,
                    span.end_char,
                    sentence.label_,
                    span._.method,
                    span._.score,
                    requirement_of(words, sentence.label_) if kind == "posting" else None,
                    depth_of(words, sentence.label_) if kind == "syllabus" else None,
                )
            )
    return rows


def _chunks(documents: pl.DataFrame) -> Iterator[list[Document]]:
    columns = documents.select(
        pl.col("document_id").cast(pl.String),
        pl.col("title").cast(pl.String).fill_null(""),
        pl.col("text").cast(pl.String).fill_null(""),
    )
    for part in columns.iter_slices(_CHUNK_N):
        yield part.rows()


def _process(chunk: list[Document], kind: Kind, nlp: Language) -> list[tuple]:
    matcher: components.matcher.SkillMatcher = nlp.get_pipe(  # type: ignore[assignment]
        components.matcher.FACTORY
    )
    groups = matcher.index.group_codes
    rows: list[tuple] = []
    docs = []
    for _, title, text in chunk:
        doc = nlp.make_doc(text)
        doc._.document_kind = kind
        doc._.title = title
        docs.append(doc)
    for (document_id, _, _), doc in zip(chunk, nlp.pipe(docs), strict=True):
        doc.user_data["group_codes"] = groups
        rows.extend(mentions_of(doc, document_id, kind))
    return rows


def _run_here(
    chunks: Iterator[list[Document]], kind: Kind, nlp: Language, processes: int
) -> Iterator[tuple[int, list[tuple]]]:
    for chunk in chunks:
        yield len(chunk), _process(chunk, kind, nlp)


_worker: dict[str, Language] = {}


def _start_worker(directory: Path) -> None:
    _worker["nlp"] = pipeline.load(directory)


def _process_in_worker(chunk: list[Document], kind: Kind) -> tuple[int, list[tuple]]:
    return len(chunk), _process(chunk, kind, _worker["nlp"])


def _run_in_processes(
    chunks: Iterator[list[Document]], kind: Kind, nlp: Language, processes: int
) -> Iterator[tuple[int, list[tuple]]]:
    with tempfile.TemporaryDirectory() as directory:
        pipeline.save(nlp, Path(directory) / "nlp")
        with ProcessPoolExecutor(
            processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start_worker,
            initargs=(Path(directory) / "nlp",),
        ) as pool:
            futures = [pool.submit(_process_in_worker, chunk, kind) for chunk in chunks]
            for future in futures:
                yield future.result()
