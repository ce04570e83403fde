"""A folder with one source, written by each test."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pipelines.ingest.drop import Drop, read_drop
from pipelines.ingest.source import read_source


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Drop]:
    """Write `files` (name → text or bytes) and a source.yml, then read the drop."""

    def write_and_read(files: dict[str, str | bytes], **declared: object) -> Drop:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        declaration = {"source_id": "here", "kind": "postings"} | declared
        (tmp_path / "source.yml").write_text(yaml.safe_dump(declaration), encoding="utf-8")
        return read_drop(read_source(tmp_path / "source.yml"))

    return write_and_read
