"""Readers of files that are one document: text, Markdown, HTML, PDF, DOCX."""

from collections.abc import Iterator
from pathlib import Path

import frontmatter
import kreuzberg
import yaml

from pipelines.ingest.records import Record, Reject, excerpt
from pipelines.ingest.text import read_text, readable, unwrap

DOCUMENT_TEXT = "document_text"
"""Name of the field that holds the document's readable text."""


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


def read_office(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """A PDF or DOCX file."""
    try:
        result = kreuzberg.extract_file_sync(path)
    except kreuzberg.KreuzbergError as error:
        message = f"cannot be opened as {path.suffix[1:].upper()}: {error}"
        yield Reject(locator, "unreadable_file", message)
        return
    yield _document(locator, readable(unwrap(result.content)))


def _document(locator: str, text: str, fields: dict[str, object] | None = None) -> Record | Reject:
    if not text:
        message = "no text in the document: if it is a scan, give a version with text"
        return Reject(locator, "no_text", message)
    return Record(locator, {**(fields or {}), DOCUMENT_TEXT: text})
