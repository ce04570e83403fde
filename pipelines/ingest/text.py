"""Readable text out of what sources give: bytes, markup, broken encodings, wrapped lines."""

import codecs
import html
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import charset_normalizer
import ftfy
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

from pipelines.contracts.rules import MAX_RECORD_BYTES, MAX_ROW_FILE_BYTES, MAX_TEXT_BYTES
from pipelines.ingest.bounded import TooLarge, megabytes, open_bounded, read_bounded

MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8-sig",
}
NOT_IN_WINDOWS_1252 = b"\x81\x8d\x8f\x90\x9d"
LONGEST_GUESSED_FROM = 1 << 16
CHUNK_BYTES = 1 << 20
MARKUP = re.compile(r"<(?:/?[a-zA-Z][^<>]*>|!--)")
ESCAPED_MARKUP = re.compile(r"&(?:amp;)*lt;/?[a-zA-Z]")
INLINE = ParserConfig(css=CSS_PROFILES["strict"], display_links=False, display_images=False)
MAX_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
MAX_ESCAPES = 3
SHORTEST_WRAPPED_LINE = 60
FEWEST_LINES_OF_WORDS = 12
MOSTLY = 0.9
SMALL_WORD = re.compile(r"(?:an?|and|are|as|at|be|by|for|from|in|is|of|on|or|that|the|to|with)$")
SMALL_WORDS_SHARE = 0.1


def decode(content: bytes, encoding: str | None = None) -> str:
    """`content` as text, without NULs: in the named encoding, else in the likeliest."""
    name = encoding or encoding_of([content])
    return content.decode(name, errors="replace").replace("\x00", "")


def encoding_of(chunks: Iterable[bytes]) -> str:
    """The encoding of a text given piece by piece: as its byte order mark says, else the first that
    fits of UTF-8, Windows-1252 (what English texts of old are in) and the likeliest of the others.
    """
    utf8, fits_utf8, fits_windows = codecs.getincrementaldecoder("utf-8")(), True, True
    beginning = b""
    for chunk in chunks:
        beginning = beginning or chunk[:LONGEST_GUESSED_FROM]
        if marked := next((name for mark, name in MARKS.items() if beginning.startswith(mark)), ""):
            return marked
        fits_utf8 = fits_utf8 and _fits(utf8, chunk)
        fits_windows = fits_windows and not any(byte in chunk for byte in NOT_IN_WINDOWS_1252)
    if fits_utf8 and _fits(utf8, b"", final=True):
        return "utf-8"
    if fits_windows:
        return "cp1252"
    best = charset_normalizer.from_bytes(beginning).best()
    return best.encoding if best else "latin-1"


def decode_declared(content: bytes, charset: str | None) -> str:
    """`content` as text in the encoding that a server declared; where it does not fit, guessed."""
    if charset:
        with suppress(UnicodeDecodeError, LookupError):
            return content.decode(charset).removeprefix("\ufeff").replace("\x00", "")
    return decode(content)


def _fits(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def read_text(path: Path, encoding: str | None = None) -> str:
    """The text of a file that is one document.

    Raises:
        TooLarge: it is longer than a document can be.
    """
    return decode(read_bounded(path, MAX_TEXT_BYTES), encoding)


def read_lines(path: Path, encoding: str | None = None) -> Iterator[str]:
    """The lines of a file of rows, their ends kept, however long the file is.

    Raises:
        TooLarge: the file or a line is beyond what can be a file or line of rows.
    """
    if encoding is None:
        with open_bounded(path, MAX_ROW_FILE_BYTES) as file:
            encoding = encoding_of(iter(lambda: file.read(CHUNK_BYTES), b""))
    else:
        b" ".decode(encoding, errors="replace")
    with (
        open_bounded(path, MAX_ROW_FILE_BYTES) as file,
        io.TextIOWrapper(file, encoding, errors="replace", newline="") as lines,
    ):
        while line := lines.readline(MAX_RECORD_BYTES):
            if len(line) == MAX_RECORD_BYTES:
                raise TooLarge(f"a line is longer than {megabytes(MAX_RECORD_BYTES)}")
            yield line.replace("\x00", "")


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
    """`text` with lines joined that a page's width had broken, as in text taken from a PDF; the
    words too that a converter put on a line each."""
    if _is_one_word_a_line(text):
        paragraphs = re.split(r"\n\s*\n", text)
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
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


def _is_one_word_a_line(text: str) -> bool:
    """Whether nearly every line is a word, and the words are sentences' (not a list's)."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    words = [line[0].lower() for line in lines if len(line) == 1]
    return (
        len(lines) >= FEWEST_LINES_OF_WORDS
        and len(words) >= MOSTLY * len(lines)
        and sum(bool(SMALL_WORD.match(word)) for word in words) >= SMALL_WORDS_SHARE * len(words)
    )
