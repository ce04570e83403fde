"""Readers of files that are one document: text, Markdown, HTML, PDF, DOCX, PPTX."""

from collections.abc import Iterator
from pathlib import Path

import frontmatter
import kreuzberg
import yaml

from pipelines.contracts.rules import MAX_DOCUMENT_BYTES
from pipelines.ingest.archives import is_markup, open_archive
from pipelines.ingest.bounded import read_bounded
from pipelines.ingest.records import Record, Reject, excerpt
from pipelines.ingest.text import read_text, readable, unwrap

DOCUMENT_TEXT = "document_text"
"""Name of the field that holds the document's readable text."""

OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": f"{OFFICE}wordprocessingml.document",
    ".pptx": f"{OFFICE}presentationml.presentation",
}
EXTRACTION = kreuzberg.ExtractionConfig(use_cache=False, extraction_timeout_secs=120)


def read_plain(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """A text file."""
    yield _document(locator, readable(read_text(path, encoding)))


def read_markdown(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """A Markdown file; its front matter gives fields."""
    text = read_text(path, encoding)
    try:
        post = frontmatter.loads(text.lstrip())
    except yaml.YAMLError as error:
        message = f"the front matter is not valid YAML: {error}"
        yield Reject(locator, "unreadable_file", message, excerpt(text))
        return
    yield _document(locator, readable(post.content), dict(post.metadata))


def read_html(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """An HTML page as one document."""
    yield _document(locator, readable(read_text(path, encoding)))


def read_pdf(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """A PDF file."""
    yield _extracted(read_bounded(path, MAX_DOCUMENT_BYTES), MEDIA_TYPES[".pdf"], locator)


def read_office(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """A DOCX or PPTX file: its XML parts only, so that nothing else of it is ever unpacked."""
    with open_archive(path, MAX_DOCUMENT_BYTES) as archive:
        content = archive.repacked(is_markup)
    yield _extracted(content, MEDIA_TYPES[path.suffix.lower()], locator)


def _extracted(content: bytes, media_type: str, locator: str) -> Record | Reject:
    result = kreuzberg.extract_bytes_sync(content, media_type, EXTRACTION)
    return _document(locator, readable(unwrap(result.content)))


def _document(locator: str, text: str, fields: dict[str, object] | None = None) -> Record | Reject:
    if not text:
        message = "no text in the document: if it is a scan, give a version with text"
        return Reject(locator, "no_text", message)
    return Record(locator, {**(fields or {}), DOCUMENT_TEXT: text})
