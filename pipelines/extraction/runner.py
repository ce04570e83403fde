"""Texts to mentions, in batches.

Belongs here: running the pipeline over a frame of documents and shaping its result.
Does not belong here: the taxonomy's rules, sections' patterns, tables or Dagster.
"""

import atexit
import gc
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import polars as pl
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipelines.contracts.rules import SYLLABUS_LABEL_SCORE
from pipelines.extraction import sections
from pipelines.extraction.cues import (
    depth_of,
    is_part_of_name,
    negated_ranges,
    requirement_of,
    years_asked,
)
from pipelines.extraction.sections import BOILERPLATE, Kind, plain
from skills_taxonomy import components, pipeline
from skills_taxonomy.components.linker import INFERRED, UNLINKED, Skill
from skills_taxonomy.components.words import text_of
from skills_taxonomy.taxonomy import Taxonomy

MENTIONS = pl.Schema(
    {
        "document_id": pl.String,
        "mention_n": pl.Int64,
        "skill_id": pl.String,
        "label": pl.String,
        "group_codes": pl.List(pl.String),
        "sentence": pl.String,
        "sentence_n": pl.Int64,
        "sentence_start": pl.Int64,
        "start": pl.Int64,
        "end": pl.Int64,
        "section": pl.String,
        "method": pl.String,
        "score": pl.Float64,
        "requirement": pl.String,
        "years_n": pl.Float64,
        "depth": pl.String,
    }  # type: ignore[arg-type]
)
_CHUNK_N = 100
_BATCH_N = 64
NAME_REACH = 120
"""Characters before a mention in which a department, a job title or a degree may begin."""

Mode = Literal["accurate", "fast"]
Progress = Callable[[int, int], None]


class Document(NamedTuple):
    """A row to read; `occupation_code` is SOC 2018's where it is known."""

    document_id: str
    title: str
    text: str
    occupation_code: str | None


def load_pipeline(cache_dir: Path, taxonomy: Taxonomy, *, mode: Mode = "accurate") -> Language:
    """The skills pipeline from `cache_dir` (see `skills_taxonomy.pipeline`) with sections added.

    In ``fast`` mode no concept is inferred from words that are not its label; such words stay
    unlinked mentions.
    """
    nlp = with_sections(pipeline.load_cached(cache_dir, taxonomy))
    linker: components.linker.SkillLinker = nlp.get_pipe(  # type: ignore[assignment]
        components.linker.FACTORY
    )
    linker.infers = mode == "accurate"
    gc.freeze()  # the indexes live as long as the process: no collection need look at them
    atexit.register(gc.unfreeze)
    return nlp


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

    A column occupation_code (SOC 2018) makes the concepts of that field of work likelier.
    Offsets are characters of `text`: ``text[start:end] == label`` and
    ``text[sentence_start:][:len(sentence)] == sentence``. The title is read only as the first line
    of `text` (put it there); such mentions have section ``title``. Sections in
    `sections.BOILERPLATE`, negated clauses, and names of departments, jobs and degrees give none; a
    posting's title gives software only; a linked skill counts once a sentence. A mention without a
    `skill_id` is a skill that no concept covers with confidence.
    `requirement` and `years_n` are set for postings, `depth` for syllabi, null otherwise.
    `progress` is called with (documents done, documents in all). Raises ValueError for an unknown
    kind or a missing column.
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


@dataclass(frozen=True)
class Mention:
    """A skill evidenced in a sentence; offsets are characters of the document."""

    skill_id: str | None
    label: str
    group_codes: list[str]
    start: int
    end: int
    section: str
    method: str
    score: float
    requirement: str | None
    years_n: float | None
    depth: str | None


@dataclass(frozen=True)
class Sentence:
    """A sentence of a document: its text without surrounding space, where it starts, its mentions.

    `dropped` are the words that look like a skill and give no mention, each with the reason.
    """

    text: str
    start: int
    mentions: list[Mention]
    dropped: list[tuple[str, str]]


def sentences_of(doc: Doc, kind: Kind) -> Iterator[Sentence]:
    """The sentences of a processed document in order, with their mentions."""
    skills: list[Span] = list(doc.spans.get(components.linker.SPAN_GROUP, []))
    at, whole = 0, text_of(doc)
    for sentence in doc.spans.get(sections.SPAN_GROUP, []):
        inside = []
        while at < len(skills) and skills[at].start < sentence.end:
            inside.append(skills[at])
            at += 1
        written = whole[sentence.start_char : sentence.end_char]
        text = written.strip()
        start = sentence.start_char + len(written) - len(written.lstrip())
        mentions, dropped = _judged(inside, sentence, text, start, kind) if inside else ([], [])
        yield Sentence(text, start, mentions, dropped)


def _judged(
    skills: list[Span], sentence: Span, text: str, start: int, kind: Kind
) -> tuple[list[Mention], list[tuple[str, str]]]:
    """The mentions among `skills`, and those that are none with the reason."""
    section = sentence.label_
    if section in BOILERPLATE:
        return [], [(span.text, f"the sentence is {section}") for span in skills]
    words = plain(text)
    negated = negated_ranges(words)
    requirement = requirement_of(words, section) if kind == "posting" else None
    years = years_asked(words) if kind == "posting" else None
    depth = depth_of(words, section) if kind == "syllabus" else None
    mentions: list[Mention] = []
    dropped: list[tuple[str, str]] = []
    seen: set[str] = set()
    for span in skills:
        skill: Skill = span._.skill
        skill_id, is_software = skill.skill_id, skill.is_software
        begin, end = span.start_char, span.end_char
        offset, label = begin - start, text[begin - start : end - start]
        before = words[max(0, offset - NAME_REACH) : offset]
        if skill_id in seen:
            reason = "the skill was counted in this sentence"
        elif any(a <= offset < b for a, b in negated):
            reason = "it is said not to be needed"
        elif not is_software and is_part_of_name(before, words[end - start :]):
            reason = "it is part of a department's, job's or degree's name"
        elif kind == "posting" and section == "title" and not is_software:
            reason = "a title names the job"
        else:
            mentions.append(
                Mention(
                    skill_id,
                    label,
                    list(skill.groups),
                    begin,
                    end,
                    section,
                    skill.method,
                    _score(skill, kind),
                    requirement,
                    years,
                    depth,
                )
            )
            if skill_id is not None:
                seen.add(skill_id)
            continue
        dropped.append((label, reason))
    return mentions, dropped


def _score(skill: Skill, kind: Kind) -> float:
    is_label = skill.method not in (INFERRED, UNLINKED)
    return (
        max(skill.score, SYLLABUS_LABEL_SCORE) if is_label and kind == "syllabus" else skill.score
    )


def mentions_of(doc: Doc, document_id: str, kind: Kind) -> list[tuple]:
    """Rows of `MENTIONS` for a processed document, in text order."""
    found = (
        (number, sentence, mention)
        for number, sentence in enumerate(sentences_of(doc, kind), start=1)
        for mention in sentence.mentions
    )
    return [
        (
            document_id,
            mention_n,
            m.skill_id,
            m.label,
            m.group_codes,
            sentence.text,
            sentence_n,
            sentence.start,
            m.start,
            m.end,
            m.section,
            m.method,
            m.score,
            m.requirement,
            m.years_n,
            m.depth,
        )
        for mention_n, (sentence_n, sentence, m) in enumerate(found, start=1)
    ]


def read_documents(
    texts: Iterable[str], kind: Kind, nlp: Language, *, one_sentence: bool = False
) -> Iterator[Doc]:
    """Each text processed by `nlp`; with `one_sentence` each is taken as a single sentence."""
    with_sections(nlp)

    def docs() -> Iterator[Doc]:
        for text in texts:
            doc = nlp.make_doc(text)
            doc._.document_kind = kind
            doc._.is_one_sentence = one_sentence
            yield doc

    yield from nlp.pipe(docs(), batch_size=_BATCH_N)


def _chunks(documents: pl.DataFrame) -> Iterator[list[Document]]:
    columns = documents.select(
        pl.col("document_id").cast(pl.String),
        pl.col("title").cast(pl.String).fill_null(""),
        pl.col("text").cast(pl.String).fill_null(""),
        "occupation_code" if "occupation_code" in documents.columns else pl.lit(None),
    )
    for part in columns.iter_slices(_CHUNK_N):
        yield [Document(*row) for row in part.iter_rows()]


def _process(chunk: list[Document], kind: Kind, nlp: Language) -> list[tuple]:
    rows: list[tuple] = []
    docs = []
    for document in chunk:
        doc = nlp.make_doc(document.text)
        doc._.document_kind = kind
        doc._.title = document.title
        doc._.occupation_code = document.occupation_code
        docs.append(doc)
    for document, doc in zip(chunk, nlp.pipe(docs), strict=True):
        rows.extend(mentions_of(doc, document.document_id, kind))
    return rows


def _run_here(
    chunks: Iterator[list[Document]], kind: Kind, nlp: Language, processes: int
) -> Iterator[tuple[int, list[tuple]]]:
    for chunk in chunks:
        yield len(chunk), _process(chunk, kind, nlp)


_worker: dict[str, Language] = {}


def _process_in_worker(chunk: list[Document], kind: Kind) -> tuple[int, list[tuple]]:
    return len(chunk), _process(chunk, kind, _worker["nlp"])


def _start_worker(directory: Path) -> None:
    _worker["nlp"] = with_sections(pipeline.load(directory))


def _run_in_processes(
    chunks: Iterator[list[Document]], kind: Kind, nlp: Language, processes: int
) -> Iterator[tuple[int, list[tuple]]]:
    """Chunks in worker processes.

    Where the system can fork, the workers share this process's index, read-only; elsewhere each
    reads it from disk.
    """
    with tempfile.TemporaryDirectory() as directory:
        if "fork" in multiprocessing.get_all_start_methods() and sys.platform == "linux":
            _worker["nlp"] = nlp
            pool = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("fork"))
        else:
            pipeline.save(nlp, Path(directory) / "nlp")
            pool = ProcessPoolExecutor(
                processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start_worker,
                initargs=(Path(directory) / "nlp",),
            )
        with pool:
            futures = [pool.submit(_process_in_worker, chunk, kind) for chunk in chunks]
            for future in futures:
                yield future.result()
