"""Readable text out of what sources give: bytes, markup, broken encodings, wrapped lines."""

import codecs
import html
import re
from contextlib import suppress
from pathlib import Path

import charset_normalizer
import ftfy
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

MARKUP = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>", re.DOTALL)
ESCAPED_MARKUP = re.compile(r"&(?:amp;)*lt;/?[a-zA-Z]")
INLINE = ParserConfig(css=CSS_PROFILES["strict"], display_links=False, display_images=False)
MAX_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
MAX_ESCAPES = 3
SHORTEST_WRAPPED_LINE = 60


def decode(content: bytes, encoding: str | None = None) -> str:
    """`content` as text, without NULs: in the named encoding, else as its byte order mark says,
    else in the first of UTF-8, Windows-1252 (what English texts of old are in) and the likeliest
    of the others that fits.
    """
    if encoding:
        text = content.decode(encoding, errors="replace")
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = content.decode("utf-16", errors="replace")
    else:
        text = _first_that_fits(content)
    return text.replace("\x00", "")


def decode_declared(content: bytes, charset: str | None) -> str:
    """`content` as text in the encoding that a server declared; where it does not fit, guessed."""
    if charset:
        with suppress(UnicodeDecodeError, LookupError):
            return content.decode(charset).removeprefix("\ufeff").replace("\x00", "")
    return decode(content)


def _first_that_fits(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    best = charset_normalizer.from_bytes(content).best()
    return str(best) if best else content.decode("latin-1")


def read_text(path: Path, encoding: str | None = None) -> str:
    """The text of a file."""
    return decode(path.read_bytes(), encoding)


def readable(text: str) -> str:
    """`text` without markup and mended: entities resolved, however often they were escaped;
    block elements on lines of their own, list items as bullets; no more than one blank line.
    """
    for _ in range(MAX_ESCAPES):
        if not ESCAPED_MARKUP.search(text):
            break
        text = html.unescape(text)
    text = get_text(f"<body>{text}</body>", INLINE) if MARKUP.search(text) else html.unescape(text)
    text = ftfy.fix_text(text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return MAX_BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def unwrap(text: str) -> str:
    """`text` with lines joined that a page's width had broken, as in text taken from a PDF."""
    joined: list[str] = []
    for line in text.splitlines():
        is_continued = (
            joined
            and len(joined[-1]) >= SHORTEST_WRAPPED_LINE
            and joined[-1][-1:] not in ".:;!?"
            and line[:1].islower()
        )
        if is_continued:
            joined[-1] += " " + line.strip()
        else:
            joined.append(line.rstrip())
    return "\n".join(joined)
