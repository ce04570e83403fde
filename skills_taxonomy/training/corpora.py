"""Sentences to learn from: annotated ones with their spans, and plain texts.

Belongs here: the formats of the files under ``../shared/data``. Does not belong here: learning.
"""

import ast
import csv
import gzip
import hashlib
import html
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import ftfy
import polars as pl
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

OWN_ANNOTATIONS = Path(__file__).parent / "annotations.csv"
VERDICTS = Path(__file__).parent / "verdicts.csv"
NO_CONCEPT = frozenset({"", "UNDERSPECIFIED", "LABEL NOT PRESENT", "UNK"})
SPAN_TYPES = ("S", "K", "T", "C")
_INLINE = ParserConfig(css=CSS_PROFILES["strict"], display_links=False, display_images=False)


@dataclass(frozen=True)
class Annotated:
    """A sentence with what a reader marked in it.

    `spans` are (start, end, type, group) in characters, the type one of `SPAN_TYPES`, the group an
    ESCO level 2 code or "". `concepts` are preferred labels in lower case where the reader linked
    the sentence. `source` is health, city, course, tech, house or synthetic.
    """

    text: str
    source: str
    document: str
    spans: tuple[tuple[int, int, str, str], ...] = ()
    is_boilerplate: bool = False
    concepts: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Verdict:
    """A reader's word on what an earlier pipeline found in a sentence.

    `start` and `end` are characters of `text`, `kind` is label, inferred or unlinked, `skill_id`
    the concept of the first two, `link_score` the ranker's of an inferred one. `verdict` is right,
    wrong or boilerplate; `groups` are up to two ESCO level 2 codes, the best first.
    `draw` says how it was chosen: in a first reading every mention of a document (``document``) or
    a single one (``mention``); later every mention of a document by stricter readers (``strict``).
    """

    text: str
    document: str
    source: str
    draw: str
    start: int
    end: int
    kind: str
    skill_id: str | None
    link_score: float | None
    verdict: str
    groups: tuple[str, ...]


_SOURCES = {"nhs": "health", "la": "city", "course": "course"}


def read_hand_annotated(directory: Path) -> list[Annotated]:
    """The 400 sentences of ``spans_nhs_la_course.jsonl``."""
    found = []
    for row in _json_lines(directory / "spans_nhs_la_course.jsonl"):
        text = row["sentence"]
        spans = tuple(
            (start, start + len(span["text"]), span["type"], span["group"])
            for span in row["spans"]
            if (start := text.find(span["text"])) >= 0
        )
        found.append(
            Annotated(text, _SOURCES[row["source"]], row["doc"], spans, row["boilerplate"])
        )
    return found


def read_own_annotations(directory: Path, path: Path = OWN_ANNOTATIONS) -> list[Annotated]:
    """This project's annotations, which keep no text but where it stands.

    `directory` is the folder of public files. Raises LookupError where a document's text is not
    what was annotated.
    """
    found = []
    rows = pl.read_csv(path, infer_schema_length=None)
    for text, part in _sentences_of(rows, directory, path.name):
        first = part.row(0, named=True)
        spans = part.drop_nulls("start").select("start", "end", "type", "group").rows()
        found.append(
            Annotated(
                text, first["source"], first["document"], tuple(spans), first["is_boilerplate"]
            )
        )
    return found


def read_verdicts(directory: Path, path: Path = VERDICTS) -> list[Verdict]:
    """Readers' verdicts on mentions, which keep no text but where it stands.

    `directory` is the folder of public files. Raises LookupError as `read_own_annotations` does.
    """
    rows = pl.read_csv(path, infer_schema_length=None)
    return [
        Verdict(
            text,
            row["document"],
            row["source"],
            row["draw"],
            row["start"],
            row["end"],
            row["kind"],
            row["skill_id"],
            row["link_score"],
            row["verdict"],
            tuple(code for code in (row["group"], row["second_group"]) if code),
        )
        for text, part in _sentences_of(rows, directory, path.name)
        for row in part.iter_rows(named=True)
    ]


def _sentences_of(
    rows: pl.DataFrame, directory: Path, name: str
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each sentence that rows name by document, place and hash, with its rows."""
    wanted = set(rows["document"])
    texts = {name: _collapsed(text) for name, text in public_texts(directory) if name in wanted}
    for (document, at), part in rows.group_by(["document", "sentence_start"], maintain_order=True):
        first = part.row(0, named=True)
        text = texts.get(document, "")[at : at + first["sentence_length"]]
        if sentence_hash(text) != first["sentence_hash"]:
            raise LookupError(f"{name}: {document} at {at} is not the annotated sentence")
        yield text, part


def sentence_hash(sentence: str) -> str:
    """The first 16 hex digits of the SHA-256 of a sentence with single spaces."""
    return hashlib.sha256(" ".join(sentence.split()).encode()).hexdigest()[:16]


def read_skillspan(directory: Path) -> list[Annotated]:
    """SkillSpan's train and dev sentences (Zhang et al. 2022); their tokens joined by spaces."""
    found = []
    for part in ("train", "dev"):
        for row in _json_lines(directory / f"skillspan_{part}.jsonl.gz"):
            text = " ".join(row["tokens"])
            if text:
                spans = sorted(
                    _bio_spans(row["tokens"], row["tags_skill"], "S")
                    + _bio_spans(row["tokens"], row["tags_knowledge"], "K")
                )
                document = f"{part}-{row['source']}-{row['idx']}"
                found.append(Annotated(text, row["source"], document, tuple(spans)))
    return found


def read_linked(directory: Path) -> list[Annotated]:
    """The validation sentences of the linking benchmark (Decorte et al. 2022), tech and house."""
    found = []
    for source in ("tech", "house"):
        concepts: dict[str, set[str]] = {}
        with (directory / f"esco_linking_{source}_validation.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                labels = concepts.setdefault(row["sentence"], set())
                if row["label"].strip() not in NO_CONCEPT:
                    labels.add(" ".join(row["label"].split()).casefold())
        found += [
            Annotated(text, source, text, concepts=frozenset(labels))
            for text, labels in concepts.items()
        ]
    return found


def read_synthetic(directory: Path) -> list[Annotated]:
    """SkillSkape's train sentences (Magron et al. 2024), made by a language model."""
    with (directory / "skillskape_train.csv").open(encoding="utf-8", newline="") as file:
        return [
            Annotated(
                row["sentence"],
                "synthetic",
                row["sentence"],
                concepts=frozenset(
                    label.casefold()
                    for label in ast.literal_eval(row["skills"])
                    if label not in NO_CONCEPT
                ),
            )
            for row in csv.DictReader(file)
        ]


def public_texts(directory: Path) -> Iterator[tuple[str, str]]:
    """(document, text) of ads, bulletins, courses and syllabi without annotations, in fixed order.

    A document is named by its file, and its line or row where a file holds many.
    """
    for name, row in _numbered(directory, "postings_nhs_dev_redacted.jsonl.gz"):
        yield name, f"{row['title']}\n\n{_without_markup(row['description'])}"
    for path in sorted((directory / "postings_la_city").glob("*.txt")):
        yield f"postings_la_city/{path.name}", _decoded(path.read_bytes())
    for name, row in _numbered(directory, "postings_skillspan.jsonl.gz"):
        yield name, row["text"]
    for path in sorted((directory / "courses_uh").glob("*.json")):
        for number, row in enumerate(json.loads(path.read_text(encoding="utf-8")), start=1):
            title = f"{row['course_prefix']} {row['course_number']}: {row['course_title']}"
            yield (
                f"courses_uh/{path.name}:{number}",
                ftfy.fix_text(f"{title}\n\n{row['course_desc'] or ''}\n\n{row['metadata'] or ''}"),
            )
    for path in sorted((directory / "courses_bu").glob("*.csv")):
        for number, row in enumerate(pl.read_csv(path, infer_schema=False).rows(named=True), 1):
            title = row["title"].split(":", 1)[-1].strip()
            yield f"courses_bu/{path.name}:{number}", f"{title}\n\n{row['description'] or ''}"
    catalog = pl.read_csv(directory / "courses_uiuc" / "2024-su.csv.gz", infer_schema=False)
    for subject, number, title, text in (
        catalog.unique(["Subject", "Number"], keep="first", maintain_order=True)
        .select("Subject", "Number", "Name", pl.col("Description").fill_null(""))
        .rows()
    ):
        yield f"courses_uiuc:{subject} {number}", f"{title}\n\n{text}"
    for path in sorted((directory / "courses_md_veltzer").rglob("*.md")):
        yield f"courses_md_veltzer/{path.name}", path.read_text(encoding="utf-8")


def task_statements(directory: Path) -> list[str]:
    """O*NET's task statements of all occupations."""
    sheet = pl.read_excel(directory / "taxonomies" / "onet_29_3" / "Task Statements.xlsx")
    return sheet["Task"].to_list()


def _numbered(directory: Path, name: str) -> Iterator[tuple[str, dict]]:
    for number, row in enumerate(_json_lines(directory / name), start=1):
        yield f"{name}:{number}", row


def _json_lines(path: Path) -> Iterator[dict]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _without_markup(text: str) -> str:
    text = html.unescape(html.unescape(text))
    return ftfy.fix_text(get_text(f"<body>{text}</body>", _INLINE)) if "<" in text else text


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _bio_spans(tokens: list[str], tags: list[str], kind: str) -> list[tuple[int, int, str, str]]:
    """Spans in characters of the tokens joined by spaces."""
    spans: list[list] = []
    inside, at = False, 0
    for token, tag in zip(tokens, tags, strict=True):
        if tag == "B" or (tag == "I" and not inside):
            spans.append([at, at + len(token), kind, ""])
        elif tag == "I":
            spans[-1][1] = at + len(token)
        inside = tag != "O"
        at += len(token) + 1
    return [tuple(span) for span in spans]
