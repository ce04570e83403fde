"""The bytes of a file, never more of them than the limits allow.

Belongs here: opening, unpacking gzip, counting. Not here: what the bytes mean (`text`, readers),
nor the limits (`pipelines.contracts.rules`).
"""

import gzip
import io
from pathlib import Path
from typing import Protocol

from pipelines.contracts.rules import COMPRESSION_RATIO_FROM_BYTES, MAX_COMPRESSION_RATIO


class TooLarge(ValueError):
    """A file, or what it unpacks to, is beyond a limit; the text says which."""


class UnsafeContent(ValueError):
    """A file holds what no honest writer puts there; the text says what."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class _Metered(io.RawIOBase):
    """A stream that refuses to give more than `limit` bytes."""

    def __init__(self, inner: _Readable, limit: int, what: str) -> None:
        self._inner, self._left, self._what = inner, limit, what

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        content = self._inner.read(len(buffer))
        self._left -= len(content)
        if self._left < 0:
            raise TooLarge(self._what)
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._inner.close()
        super().close()


def open_bounded(path: Path, limit: int) -> io.BufferedReader:
    """The bytes of `path`, unpacked where it ends in .gz.

    Raises:
        TooLarge: at once where the file is longer than `limit`; while reading where it unpacks
            to more than that, or to more than an honest file would.
    """
    size = path.stat().st_size
    if size > limit:
        raise TooLarge(f"{megabytes(size)}, and at most {megabytes(limit)} are read of such a file")
    if path.suffix.lower() != ".gz":
        return path.open("rb")
    honest = max(COMPRESSION_RATIO_FROM_BYTES, MAX_COMPRESSION_RATIO * size)
    what = f"unpacks from {megabytes(size)} to more than {megabytes(min(limit, honest))}"
    return io.BufferedReader(_Metered(gzip.open(path), min(limit, honest), what))


def read_bounded(path: Path, limit: int) -> bytes:
    """The whole of `path` in memory; see `open_bounded`."""
    with open_bounded(path, limit) as file:
        return file.read()


def megabytes(size: int) -> str:
    """`size` in words."""
    return f"{size / (1 << 20):,.1f} MB"
