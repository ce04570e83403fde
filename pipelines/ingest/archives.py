"""Members of a ZIP archive (Office files, course cartridges), read in memory within the limits.

Names are compared and never written to disk; archives in an archive are not opened.
"""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

import defusedxml
from defusedxml import ElementTree

from pipelines.contracts.rules import (
    COMPRESSION_RATIO_FROM_BYTES,
    MAX_ARCHIVE_MEMBERS,
    MAX_COMPRESSION_RATIO,
    MAX_MEMBER_BYTES,
    MAX_UNPACKED_BYTES,
)
from pipelines.ingest.bounded import TooLarge, UnsafeContent, megabytes
from pipelines.ingest.records import Reject, excerpt

END_OF_DIRECTORY = b"PK\x05\x06"
ZIP64_LOCATOR = b"PK\x06\x07"
END_BYTES, LOCATOR_BYTES, LONGEST_COMMENT = 22, 20, 1 << 16
SMALLEST_ENTRY_BYTES, LARGEST_ENTRY_BYTES = 46, 1 << 10
READ_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass
class Archive:
    """An open archive: its members by name, and the names that point out of it."""

    file: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    unsafe_names: list[str] = field(default_factory=list)
    unpacked_bytes: int = 0

    def read(self, name: str) -> bytes:
        """The bytes of a member.

        Raises:
            TooLarge: it is, says it is, or unfolds like a bomb, alone or with those read before.
        """
        member = self.members[name]
        if member.compress_type not in READ_COMPRESSIONS:
            raise UnsafeContent(f"{name} is compressed in a way that such files are not")
        bound = min(MAX_MEMBER_BYTES, MAX_UNPACKED_BYTES - self.unpacked_bytes)
        if member.file_size > bound:
            raise TooLarge(f"{name} unpacks to {megabytes(member.file_size)}")
        if member.file_size > max(
            COMPRESSION_RATIO_FROM_BYTES, MAX_COMPRESSION_RATIO * member.compress_size
        ):
            packed = megabytes(member.compress_size)
            raise TooLarge(f"{name} unpacks from {packed} to {megabytes(member.file_size)}")
        with self.file.open(member) as stream:
            content = stream.read(bound + 1)
        if len(content) > bound:
            raise TooLarge(f"{name} unpacks to more than {megabytes(bound)}")
        self.unpacked_bytes += len(content)
        return content

    def xml(self, name: str) -> Element:
        """A member parsed as XML.

        Raises:
            UnsafeContent: it declares entities.
        """
        try:
            return ElementTree.fromstring(self.read(name))
        except defusedxml.DefusedXmlException as error:
            raise UnsafeContent(f"{name} declares XML entities: {error}") from error

    def rejects(self, locator: str) -> Iterator[Reject]:
        """A reject for each entry that points out of the archive; the others are read."""
        for number, name in enumerate(self.unsafe_names, start=1):
            message = "the entry's name points out of the archive: it is not read"
            yield Reject(f"{locator}:entry {number}", "unsafe_content", message, excerpt(name))

    def repacked(self, wanted: Callable[[str], bool]) -> bytes:
        """A new archive of the members that are `wanted`, each read within the limits: what is
        handed to a parser that counts on what an archive says of itself.

        Raises:
            UnsafeContent: a member declares a document type, and with it, perhaps, entities.
        """
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as copy:
            for name in filter(wanted, self.members):
                content = self.read(name)
                if b"<!DOCTYPE" in content or b"<!DOCTYPE" in content.replace(b"\x00", b""):
                    raise UnsafeContent(f"{name} declares a document type")
                copy.writestr(zipfile.ZipInfo(name), content)
        return buffer.getvalue()


@contextmanager
def open_archive(path: Path, limit: int) -> Iterator[Archive]:
    """The archive at `path`.

    Raises:
        TooLarge: the file is longer than `limit`, or has more members than an archive may.
        zipfile.BadZipFile: it is no archive.
    """
    if path.stat().st_size > limit:
        raise TooLarge(f"{megabytes(path.stat().st_size)}, at most {megabytes(limit)} are read")
    _check_directory(path)
    with zipfile.ZipFile(path) as file:
        archive = Archive(file)
        for member in file.infolist():
            if _points_outside(member.orig_filename):
                archive.unsafe_names.append(member.orig_filename)
            elif not member.is_dir():
                archive.members[member.filename] = member
        if len(archive.members) > MAX_ARCHIVE_MEMBERS:
            raise TooLarge(f"more than {MAX_ARCHIVE_MEMBERS:,} members")
        yield archive


def is_markup(name: str) -> bool:
    """Whether a member of an Office file is one of its XML parts (and no picture, font, macro or
    file of its own)."""
    return name.lower().endswith((".xml", ".rels"))


def _points_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or path.parts[:1] == () or ":" in path.parts[0]


def _check_directory(path: Path) -> None:
    """Look at the size of the list of members before it is read into memory."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - END_BYTES - LONGEST_COMMENT - LOCATOR_BYTES))
        tail = file.read()
    at = tail.rfind(END_OF_DIRECTORY)
    if at < 0 or len(tail) - at < END_BYTES:
        raise zipfile.BadZipFile("the archive is cut off, or is none")
    members_n, directory_bytes = struct.unpack("<HL", tail[at + 10 : at + 16])
    is_zip64 = tail[max(0, at - LOCATOR_BYTES) : at].startswith(ZIP64_LOCATOR)
    if is_zip64 or directory_bytes > LARGEST_ENTRY_BYTES * max(members_n, 1):
        raise TooLarge("its list of members is longer than such files have")
    if directory_bytes > SMALLEST_ENTRY_BYTES * MAX_ARCHIVE_MEMBERS * 4:
        raise TooLarge(f"more than {MAX_ARCHIVE_MEMBERS:,} members")
