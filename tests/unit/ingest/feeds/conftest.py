"""A source with a feed, asked of the test's own server without patience."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pipelines.ingest.source import Source, read_source

QUICK = {
    "pause_seconds": 0,
    "backoff_seconds": 0.01,
    "max_wait_seconds": 3,
    "timeout_seconds": 5,
    "attempts": 3,
}


@pytest.fixture
def declare(tmp_path: Path) -> Callable[..., Source]:
    """Write a source.yml with this feed and read it back."""

    def write_and_read(feed: dict[str, object], **declared: object) -> Source:
        path = tmp_path / "sources" / "board" / "source.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {"source_id": "board", "kind": "postings", "feed": QUICK | feed} | declared
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
        return read_source(path)

    return write_and_read
