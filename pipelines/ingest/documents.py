"""Readers of files that are one document: text, Markdown, HTML, PDF, DOCX, PPTX."""

from collections.abc import Iterator
from pathlib import Path

import frontmatter
import kreuzberg
import yaml

from pipelines.contracts.rules import MAX_DOCUMENT_BYTES
from pipelines.ingest.archives import is_markup, open_archive
from pipelines.ingest.bounded import read_bounded
from pipelines.ingest.confined import confined
from pipelines.ingest.pages import page_texts
from pipelines.ingest.records import Record, Reject, excerpt
from pipelines.ingest.text import read_text, readable, unwrap

DOCUMENT_TEXT = "document_text"
"""Name of the field that holds the document's readable text."""

OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    ".docx": f"{OFFICE}wordprocessingml.document",
    ".pptx": f"{OFFICE}presentationml.presentation",
}
EXTRACTION = kreuzberg.ExtractionConfig(use_cache=False, extraction_timeout_secs=120)


def read_plain(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """A text file."""
    yield document(locator, readable(read_text(path, encoding)))


def read_markdown(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """A Markdown file; its front matter gives fields."""
    text = read_text(path, encoding)
    try:
        post = frontmatter.loads(text.lstrip())
    except yaml.YAMLError as error:
        message = f"the front matter is not valid YAML: {error}"
        yield Reject(locator, "unreadable_file", message, excerpt(text))
        return
    yield document(locator, readable(post.content), dict(post.metadata))


def read_html(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """An HTML page as one document."""
    yield document(locator, readable(read_text(path, encoding)))


def read_pdf(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """A PDF file; the record knows where in the text each page begins."""
    text, page_starts = "", []
    for page in confined(_pages, path):
        page_text = readable(unwrap(page))
        goes_on = text[-1:] not in ".:;!?" and page_text[:1].islower()
        text += (" " if goes_on else "\n\n") if text and page_text else ""
        page_starts.append(len(text))
        text += page_text
    yield document(locator, text, page_starts=tuple(page_starts))


def read_office(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """A DOCX or PPTX file: its XML parts only, so that nothing else of it is ever unpacked."""
    with open_archive(path, MAX_DOCUMENT_BYTES) as archive:
        yield from archive.rejects(locator)
        content = archive.repacked(is_markup)
    media_type = MEDIA_TYPES[path.suffix.lower()]
    yield document(locator, readable(unwrap(confined(_office_text, content, media_type))))


def _pages(path: Path) -> list[str]:
    return page_texts(read_bounded(path, MAX_DOCUMENT_BYTES))


def _office_text(content: bytes, media_type: str) -> str:
    result = kreuzberg.extract_bytes_sync(content, media_type, EXTRACTION)
    return _with_cells_apart(result.content, [table.cells for table in result.tables])


def _with_cells_apart(text: str, tables: list[list[list[str]]]) -> str:
    """`text` with a bar between the cells of each row, which would else read as one phrase."""
    for row in (row for cells in tables for row in cells):
        written = [cell for cell in row if cell]
        text = text.replace(" ".join(written), " | ".join(written), 1) if written else text
    return text


def document(
    locator: str,
    text: str,
    fields: dict[str, object] | None = None,
    page_starts: tuple[int, ...] = (),
) -> Record | Reject:
    """A record of a document's text and what it says of itself; a reject where it has no text."""
    if not text:
        message = "no text in the document: if it is a scan, give a version with text"
        return Reject(locator, "no_text", message)
    return Record(locator, {**(fields or {}), DOCUMENT_TEXT: text}, page_starts)
