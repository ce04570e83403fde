"""Pages of a PDF as text in reading order: columns one after another, tables row by row.

Belongs here: where words stand on a page and what follows from it. Not here: what they mean.
"""

import itertools
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from statistics import median

import pypdfium2

from pipelines.contracts.rules import (
    MAX_COMPRESSION_RATIO,
    MAX_PAGE_CHARACTERS,
    MAX_PAGES,
    MAX_PDF_STREAM_BYTES,
    MAX_TEXT_BYTES,
)
from pipelines.ingest.bounded import TooLarge, megabytes

CELL_GAP = 1.2
SPACE_GAP = 0.15
PARAGRAPH_GAP = 0.4
"""Gaps in heights of a line: between cells or columns; between words; and what the gap between
paragraphs has over the usual one between lines."""

FEWEST_LINES_OF_COLUMN = 4
FEWEST_WORDS_OF_LINE = 3
MOST_CROSSING_SHARE = 0.25
PROSE_FILL = 0.55
SIDE_BY_SIDE_SHARE = 0.5
FULL_LINE_SHARE = 0.7
MOST_COLUMN_CUTS = 3
MOST_PIECES = 3_000
FEWEST_PAGES_OF_RUNNING_HEAD = 3
LOST_WORDS_SHARE = 0.02
CELL_BAR = " | "
STREAM = re.compile(rb"(?<!end)stream\r?\n")
STREAM_STEP_BYTES = 1 << 14
HYPHENATED = re.compile(r"[\x02\ufffe\u00ad]$")


@dataclass(frozen=True)
class Piece:
    """Words that stand together on a line."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)

    @property
    def words_n(self) -> int:
        return len(self.text.split())


Row = list[Piece]


def page_texts(content: bytes) -> list[str]:
    """The text of each page, without the heads and feet that run through the document.

    Raises:
        TooLarge: more pages or text than a document has.
        pypdfium2.PdfiumError: it is no PDF, or needs a password.
    """
    for match in STREAM.finditer(content):
        _check_stream(content, match.end())
    document = pypdfium2.PdfDocument(content)
    try:
        if len(document) > MAX_PAGES:
            raise TooLarge(f"{len(document):,} pages")
        pages, left = [], MAX_TEXT_BYTES
        for page in document:
            lines = _page_lines(page)
            left -= sum(map(len, lines))
            if left < 0:
                raise TooLarge(f"more than {megabytes(MAX_TEXT_BYTES)} of text")
            pages.append(lines)
    finally:
        document.close()
    return ["\n".join(lines).strip() for lines in _without_running_heads(pages)]


def _check_stream(content: bytes, start: int) -> None:
    """Refuse a compressed stream that unfolds like a bomb, before a parser holds it whole."""
    unpacker, packed, unpacked = zlib.decompressobj(), 0, 0
    with suppress(zlib.error):
        while not unpacker.eof and start + packed < len(content):
            waiting = unpacker.unconsumed_tail
            fed = waiting or content[start + packed : start + packed + STREAM_STEP_BYTES]
            packed += 0 if waiting else len(fed)
            unpacked += len(unpacker.decompress(fed, MAX_COMPRESSION_RATIO * STREAM_STEP_BYTES))
            if unpacked > max(MAX_PDF_STREAM_BYTES, MAX_COMPRESSION_RATIO * packed):
                raise TooLarge(f"a stream unpacks to more than {megabytes(unpacked)}")


def _page_lines(page: pypdfium2.PdfPage) -> list[str]:
    text_page = page.get_textpage()
    try:
        if text_page.count_chars() > MAX_PAGE_CHARACTERS:
            raise TooLarge(f"{text_page.count_chars():,} characters on a page")
        written = text_page.get_text_range()
        pieces_n = text_page.count_rects()
        if pieces_n > MOST_PIECES:
            return written.splitlines()
        boxes = [text_page.get_rect(number) for number in range(pieces_n)]
        pieces = [
            Piece(left, bottom, right, top, " ".join(text.split()))
            for left, bottom, right, top in boxes
            if (text := text_page.get_text_bounded(left, bottom, right, top)).strip()
        ]
    finally:
        text_page.close()
        page.close()
    lines = list(_lines([_joined(cell) for row in _rows(pieces) for cell in _cells(row)]))
    expected_n = len(written.split())
    found_n = sum(len(line.replace(CELL_BAR, " ").split()) for line in lines)
    is_whole = abs(found_n - expected_n) <= max(1, LOST_WORDS_SHARE * expected_n)
    return lines if is_whole else written.splitlines()


def _rows(pieces: list[Piece]) -> list[Row]:
    """Pieces by lines, from the top of the page down, each from left to right."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.top, piece.left)):
        row = rows[-1] if rows else None
        if row and _overlap(row[0], piece) >= min(row[0].height, piece.height) / 2:
            row.append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _overlap(one: Piece, other: Piece) -> float:
    return min(one.top, other.top) - max(one.bottom, other.bottom)


def _cells(row: Row) -> Iterator[Row]:
    """The pieces of a line, parted where a wide gap is."""
    cell: Row = []
    for piece in row:
        if cell and piece.left - cell[-1].right > CELL_GAP * min(piece.height, cell[-1].height):
            yield cell
            cell = []
        cell.append(piece)
    yield cell


def _joined(cell: Row) -> Piece:
    text = cell[0].text
    for before, piece in itertools.pairwise(cell):
        is_apart = piece.left - before.right > SPACE_GAP * piece.height
        text += (" " if is_apart else "") + piece.text
    return Piece(
        min(piece.left for piece in cell),
        min(piece.bottom for piece in cell),
        max(piece.right for piece in cell),
        max(piece.top for piece in cell),
        text,
    )


def _lines(cells: list[Piece], cuts: int = MOST_COLUMN_CUTS) -> Iterator[str]:
    """Lines of text: of the left column, then of the right, between what spans both."""
    gutter = _gutter(cells) if cuts else None
    if gutter is None:
        yield from _paragraphs(_rows(cells))
        return
    for band in _bands(cells, gutter):
        left = [cell for cell in band if cell.right <= gutter]
        right = [cell for cell in band if cell.left >= gutter]
        spanning = [cell for cell in band if cell.left < gutter < cell.right]
        for column in (left, right, spanning):
            if column:
                yield from _lines(column, cuts - 1)
                yield ""


def _bands(cells: list[Piece], gutter: float) -> Iterator[list[Piece]]:
    """The cells from the top down, parted before and after each that spans the gutter."""
    band: list[Piece] = []
    for cell in sorted(cells, key=lambda cell: -cell.top):
        is_spanning = cell.left < gutter < cell.right
        if band and is_spanning != (band[-1].left < gutter < band[-1].right):
            yield band
            band = []
        band.append(cell)
    yield band


def _gutter(cells: list[Piece]) -> float | None:
    """Where the white space between two columns of prose stands, if there is one."""
    best: tuple[int, int, float] | None = None
    for x in sorted({cell.right for cell in cells}):
        left = [cell for cell in cells if cell.right <= x]
        right = [cell for cell in cells if cell.left >= x]
        crossing_n = len(cells) - len(left) - len(right)
        if crossing_n > MOST_CROSSING_SHARE * len(cells):
            continue
        rank = (crossing_n, -min(len(left), len(right)), x)
        if (best is None or rank < best) and _are_columns(left, right):
            best = rank
    return best[2] if best else None


def _are_columns(left: list[Piece], right: list[Piece]) -> bool:
    """Whether both sides are prose that stands side by side (cells of a table are not)."""
    if min(len(left), len(right)) < FEWEST_LINES_OF_COLUMN:
        return False
    for side in (left, right):
        widths = [cell.right - cell.left for cell in side]
        words_n = sum(cell.words_n for cell in side) / len(side)
        if words_n < FEWEST_WORDS_OF_LINE or median(widths) < PROSE_FILL * max(widths):
            return False
    tops = [max(cell.top for cell in side) for side in (left, right)]
    bottoms = [min(cell.bottom for cell in side) for side in (left, right)]
    heights = [top - bottom for top, bottom in zip(tops, bottoms, strict=True)]
    return min(tops) - max(bottoms) >= SIDE_BY_SIDE_SHARE * min(heights)


def _paragraphs(rows: list[Row]) -> Iterator[str]:
    """The lines of a column: those joined that its width had broken, blank ones where it has
    space between paragraphs."""
    edge = max((row[-1].right for row in rows), default=0.0)
    start = min((row[0].left for row in rows), default=0.0)
    gaps = [before[0].bottom - row[0].top for before, row in itertools.pairwise(rows)]
    usual_gap = median(gaps) if gaps else 0.0
    text, before = "", None
    for row in rows:
        written = CELL_BAR.join(cell.text for cell in row)
        if before is None:
            text = written
        elif before[0].bottom - row[0].top > usual_gap + PARAGRAPH_GAP * row[0].height:
            yield from (text, "")
            text = written
        elif HYPHENATED.search(text):
            text = HYPHENATED.sub("", text) + written
        elif before[-1].right - start >= FULL_LINE_SHARE * (edge - start) and _goes_on(
            before, written
        ):
            text += " " + written
        else:
            yield text
            text = written
        before = row
    if text:
        yield text


def _goes_on(row: Row, next_line: str) -> bool:
    words_n = sum(cell.words_n for cell in row)
    is_ended = row[-1].text[-1:] in ".:;!?"
    return words_n >= FEWEST_WORDS_OF_LINE and not is_ended and next_line[:1].islower()


def _without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    """The pages without a first or last line that most of them share but for its numbers."""
    for end in (0, -1):
        ends = Counter(_form(lines[end]) for lines in pages if lines)
        form, pages_n = max(ends.items(), key=lambda item: item[1], default=("", 0))
        if pages_n >= max(FEWEST_PAGES_OF_RUNNING_HEAD, len(pages) / 2):
            pages = [
                (lines[1:] if end == 0 else lines[:-1])
                if lines and _form(lines[end]) == form
                else lines
                for lines in pages
            ]
    return pages


def _form(line: str) -> str:
    return re.sub(r"\d+", "0", line.strip())
