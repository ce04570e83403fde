"""The section each sentence of a posting or syllabus belongs to.

Belongs here: headings (``heading_patterns.csv``), boilerplate sentences (``boilerplate_cues.csv``),
the spaCy component. Does not belong here: what a section means for a mention (`cues`).
"""

import re
from functools import lru_cache
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipelines.extraction.patterns import read_patterns
from skills_taxonomy.components.sentences import AFTER_PREREQUISITES, sentence_bounds
from skills_taxonomy.components.words import text_of, words_of

Kind = Literal["posting", "syllabus"]

FACTORY = "document_sections"
SPAN_GROUP = "sections"
POSTING_SECTIONS = (
    "title", "summary", "duties", "requirements", "preferred", "benefits", "about_employer",
    "equal_opportunity", "how_to_apply", "contact", "legal", "other",
)  # fmt: skip
SYLLABUS_SECTIONS = (
    "title", "description", "outcomes", "topics", "schedule", "assessment", "materials",
    "prerequisites", "policies", "contact", "other",
)  # fmt: skip
BOILERPLATE = frozenset(
    {
        "benefits", "about_employer", "equal_opportunity", "how_to_apply", "contact", "legal",
        "policies", "prerequisites",
    }
)  # fmt: skip

ASKED = "asked"
_DEFAULT: dict[str, str] = {"posting": "summary", "syllabus": "description"}
_DECORATION = re.compile(r"^[\s#*_>•●▪◦·○■–—|+=~-]*(?:\(?\d{1,2}[.)]\s*|[IVX]+\.\s+)?[\s*_]*")
_TRAILER = re.compile(r"[\s*_:.\-–—=#|]*$")
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "‘": "'"})
_INLINE = re.compile(r"^([^:\n]{3,40}):\s+\S")
_EXAMINED_FOR = re.compile(
    r"\b(?:knowledge|ability|abilities|skills?)\b[^.;]{0,25}(?:of|to|in)\b", re.I
)
_EXAMINED_SEMICOLONS = 2
_MAX_HEADING_WORDS = 9
_MAX_PLAIN_WORDS = 5

Doc.set_extension("document_kind", default="posting", force=True)
Doc.set_extension("title", default="", force=True)


def heading_section(line: str, kind: Kind) -> tuple[bool, str | None]:
    """Whether `line` is a heading, and the section it opens (None: a heading we do not know).

    Headings are Markdown headings, lines in capitals, lines that end in a colon, and short lines
    without a full stop that match a pattern; ``Requirements: five years`` opens its section too.
    """
    line = plain(line)
    inline = _INLINE.match(line.strip())
    candidate = inline.group(1) if inline else line
    text = _TRAILER.sub("", _DECORATION.sub("", candidate))
    n = len(text.split())
    if not 0 < n <= _MAX_HEADING_WORDS:
        return False, None
    section = read_patterns("heading_patterns.csv", "section", ("kind", kind)).first(text)
    stripped = line.strip()
    is_marked = (
        stripped.startswith("#")
        or (stripped.startswith("**") and stripped.rstrip(":").endswith("**"))
        or (stripped.endswith(":") and not inline)
        or (text.isupper() and len(text) > 4)
    )
    if inline:
        return (section is not None and n <= _MAX_PLAIN_WORDS - 1), section
    if is_marked:
        return True, section
    is_plain = n <= _MAX_PLAIN_WORDS and not re.search(r"[.,;!)]$", stripped) and text[:1].isupper()
    return (is_plain and not _is_list_item(stripped) and section is not None), section


class DocumentSections:
    """Callable component; see `document_sections`."""

    def __call__(self, doc: Doc) -> Doc:
        kind: Kind = doc._.document_kind
        text = text_of(doc)
        lines = _line_sections(text, kind, doc._.title)
        spans: list[Span] = []
        skipped = set()
        cursor = 0
        words = words_of(doc)
        for start, end in sentence_bounds(doc):
            kept = (i for i in range(start, end) if not words.is_space[i])
            first = words.starts[next(kept, start)]
            while cursor + 1 < len(lines) and lines[cursor + 1][0] <= first:
                cursor += 1
            if doc._.is_one_sentence:
                cursor = len(lines) - 1
            section = lines[cursor][1] if lines else _DEFAULT[kind]
            if section != "title" and section not in BOILERPLATE:
                written = text[words.starts[start] : words.end(end - 1)]
                section = boilerplate_section(written.strip(), kind) or section
            if section in BOILERPLATE:
                skipped.add(start)
            spans.append(Span(doc, start, end, label=section))
        doc.spans[SPAN_GROUP] = spans
        doc._.skipped_sentences = frozenset() if doc._.is_one_sentence else frozenset(skipped)
        return doc


@lru_cache(maxsize=50_000)
def boilerplate_section(sentence: str, kind: Kind) -> str | None:
    """The section a sentence betrays by its own words, whatever heading it stands under.

    None where it says nothing of the kind, or asks for something all the same.
    """
    found = read_patterns("boilerplate_cues.csv", "section", ("kind", kind)).first(plain(sentence))
    return None if found == ASKED else found


def plain(text: str) -> str:
    """`text` with ordinary spaces and apostrophes, character for character."""
    return text.translate(_PLAIN)


def _line_sections(text: str, kind: Kind, title: str) -> list[tuple[int, str]]:
    """(offset of a line, its section) for every line that is not blank."""
    result: list[tuple[int, str]] = []
    section = _DEFAULT[kind]
    offset = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            start = offset + len(line) - len(line.lstrip())
            if not result and title and _same_line(stripped, title):
                result.append((start, "title"))
            else:
                is_heading, opened = heading_section(stripped, kind)
                own = section
                if is_heading and opened is not None:
                    own = opened
                elif is_heading and section in BOILERPLATE:
                    own = "other" if kind == "posting" else "topics"
                if not _is_list_item(stripped):
                    section = own
                is_list = own == "how_to_apply" and _lists_requirements(stripped)
                result.append((start, "requirements" if is_list else own))
                if own == "prerequisites" and (after := AFTER_PREREQUISITES.search(line)):
                    result.append((offset + after.end(), _DEFAULT[kind]))
        offset += len(line)
    return result


def _is_list_item(line: str) -> bool:
    """Whether a line is an item of a list; what it opens ends with it (``- Nice to have: Go``)."""
    return line[:1] in "•●▪◦·○■*-–" and not line.startswith("**")


def _lists_requirements(line: str) -> bool:
    """Whether a paragraph on the selection process lists what candidates are examined for."""
    return line.count(";") >= _EXAMINED_SEMICOLONS and _EXAMINED_FOR.search(line) is not None


def _same_line(line: str, title: str) -> bool:
    return _TRAILER.sub("", _DECORATION.sub("", line)).casefold() == title.strip().casefold()


@Language.factory(FACTORY, requires=["doc.sents"], assigns=["doc.spans"])
def document_sections(nlp: Language, name: str) -> DocumentSections:
    """Span group ``sections``: one span a sentence, labeled with its section.

    Reads ``doc._.document_kind`` (posting or syllabus) and ``doc._.title`` (its first line); sets
    ``doc._.skipped_sentences`` to those of `BOILERPLATE`, unless the Doc is one sentence.
    """
    return DocumentSections()
