"""What was fetched, as it lies in a source's folder.

    fetched/state.json                          the last run and the newest date it saw
    fetched/20261031T050000.000000Z/            a drop: one complete fetch
        page-00001.json.gz                      an answer, its bytes as they came
        responses.json                          which page answers which request, its validators

A drop is written beside its place and renamed when it is complete; readers see all of it or none.
"""

import gzip
import hashlib
import json
import os
import shutil
import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.ingest.feeds.feed import Answer

FOLDER = "fetched"
STATE_FILE = "state.json"
INDEX_FILE = "responses.json"
PARTIAL = ".partial-"
DROP_NAME = "%Y%m%dT%H%M%S.%fZ"
COMPRESSION = 6
ABANDONED_SECONDS = 86_400


@dataclass(frozen=True)
class Recorded:
    """One recorded answer: its file, and what it answers."""

    file: str
    url: str
    sha256: str
    etag: str | None = None
    last_modified: str | None = None
    charset: str | None = None

    @property
    def validators(self) -> dict[str, str]:
        """Headers that ask for the answer only if it has changed."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


@dataclass
class State:
    """What the next fetch wants to know of the last."""

    last_run_at: str | None = None
    newest_record_on: str | None = None
    drop: str | None = None


@dataclass
class Recording:
    """A drop that is being written."""

    folder: Path
    suffix: str
    responses: list[Recorded] = field(default_factory=list)
    bytes_n: int = 0

    def add(self, answer: Answer) -> None:
        """Write the next page."""
        name = f"page-{len(self.responses) + 1:05d}{self.suffix}.gz"
        (self.folder / name).write_bytes(gzip.compress(answer.body, COMPRESSION, mtime=0))
        self.bytes_n += len(answer.body)
        self.responses.append(
            Recorded(
                file=name,
                url=answer.url,
                sha256=hashlib.sha256(answer.body).hexdigest(),
                etag=answer.etag,
                last_modified=answer.last_modified,
                charset=answer.charset,
            )
        )

    def repeats(self, responses: list[Recorded]) -> bool:
        """Whether the pages are those of an earlier drop."""
        here = [(page.url, page.sha256) for page in self.responses]
        return here == [(page.url, page.sha256) for page in responses]

    def publish(self) -> str:
        """Make the drop visible; returns its name."""
        index = [asdict(page) for page in self.responses]
        (self.folder / INDEX_FILE).write_text(json.dumps(index, indent=1), encoding="utf-8")
        name = datetime.now(UTC).strftime(DROP_NAME)
        self.folder.rename(self.folder.parent / name)
        return name


@contextmanager
def recording(source_folder: Path, suffix: str) -> Iterator[Recording]:
    """A drop to write; what is not published by the end of the block is removed."""
    root = source_folder / FOLDER
    for abandoned in root.glob(f"{PARTIAL}*"):
        if time.time() - abandoned.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(abandoned, ignore_errors=True)
    folder = root / f"{PARTIAL}{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        yield Recording(folder, suffix)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def drops(source_folder: Path) -> list[Path]:
    """The complete drops of a source, newest first."""
    root = source_folder / FOLDER
    found = [path.parent for path in root.glob(f"*/{INDEX_FILE}")]
    return sorted((path for path in found if not path.name.startswith(".")), reverse=True)


def pages(source_folder: Path, *, every_drop: bool) -> list[Path]:
    """The recorded pages that are a source's content, newest drop first."""
    found = drops(source_folder)
    return [
        page
        for folder in (found if every_drop else found[:1])
        for page in sorted(folder.glob("page-*"))
    ]


def read_index(drop: Path) -> list[Recorded]:
    """Which page of a drop answers which request."""
    try:
        entries = json.loads((drop / INDEX_FILE).read_text(encoding="utf-8"))
        return [Recorded(**entry) for entry in entries]
    except (OSError, ValueError, TypeError):
        return []


def read_page(path: Path) -> bytes:
    """The bytes of a recorded page, as they came."""
    return gzip.decompress(path.read_bytes())


def reread(drop: Path, page: Recorded) -> bytes | None:
    """The bytes of a page of an earlier drop, if they are still what was recorded."""
    with suppress(OSError, EOFError, zlib.error):
        body = read_page(drop / page.file)
        if hashlib.sha256(body).hexdigest() == page.sha256:
            return body
    return None


def read_state(source_folder: Path) -> State:
    """The state of a source; where there is none, or it is damaged, that of a first fetch."""
    try:
        content: Any = json.loads((source_folder / FOLDER / STATE_FILE).read_text(encoding="utf-8"))
        return State(**content)
    except (OSError, ValueError, TypeError):
        return State()


def write_state(source_folder: Path, state: State) -> None:
    """Replace the state in one step."""
    path = source_folder / FOLDER / STATE_FILE
    partial = path.with_name(f"{PARTIAL}{os.getpid()}-{STATE_FILE}")
    partial.write_text(json.dumps(asdict(state), indent=1), encoding="utf-8")
    partial.replace(path)
