"""What several rooms' tests share: the published sample, made once; a web server of their own."""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.extraction.runner import load_pipeline
from pipelines.warehouse.publish import open_snapshot
from skills_taxonomy.taxonomy import Taxonomy


@pytest.fixture(scope="session")
def extraction_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The saved extraction pipeline of the shipped taxonomy, one for all test processes."""
    directory = tmp_path_factory.getbasetemp().parent / "skills-pipeline"
    load_pipeline(directory, Taxonomy.load())
    return directory


@pytest.fixture
def warehouse(tmp_path: Path, extraction_cache: Path) -> Path:
    """An empty warehouse that need not build the extraction pipeline again."""
    directory = tmp_path / "warehouse"
    directory.mkdir()
    (directory / "extraction").symlink_to(extraction_cache)
    return directory


@pytest.fixture(scope="session")
def published_sample(tmp_path_factory: pytest.TempPathFactory, extraction_cache: Path) -> Path:
    """A warehouse in which `skillgap demo` has run; tests that use it share an xdist group."""
    warehouse = tmp_path_factory.mktemp("warehouse")
    (warehouse / "extraction").symlink_to(extraction_cache)
    result = CliRunner().invoke(app, ["demo", "--warehouse", str(warehouse)])
    assert result.exit_code == 0, result.output
    return warehouse


SMALL_ADS = """id,title,description,company,posted_on,naics
1,Nurse,Requirements: phlebotomy.,Mercy,2026-06-01,622110
2,Nurse,Requirements: phlebotomy. We are kind to one another.,Hope,2026-06-02,622110
3,Nurse,Requirements: wound care.,Hope,2026-06-03,622110
"""
SMALL_PROJECT = {
    "board/source.yml": "source_id: board\nkind: postings\n",
    "board/ads.csv": SMALL_ADS,
    "college/source.yml": "source_id: college\nkind: syllabi\ninstitution: C\n",
    "college/NUR.md": "# NUR 101: Care\n\nOutcomes\n\n- Practice phlebotomy.\n",
    "registry/source.yml": "source_id: registry\nkind: programs\npath: '*.yml'\n",
    "registry/programs.yml": "programs:\n- {program_id: adn, title: Nursing, institution: C, "
    "sectors: ['62'], required: [NUR *]}\n",
}


@pytest.fixture(scope="session")
def small_sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three ads, a course and a program."""
    root = tmp_path_factory.mktemp("small_sources")
    for name, text in SMALL_PROJECT.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def small_run(
    tmp_path_factory: pytest.TempPathFactory, extraction_cache: Path, small_sources: Path
) -> Path:
    """A warehouse in which the small project has been read once; tests that use it share an xdist
    group."""
    warehouse = tmp_path_factory.mktemp("small_run")
    (warehouse / "extraction").symlink_to(extraction_cache)
    command = ["run", "--sources", str(small_sources), "--warehouse", str(warehouse)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    return warehouse


@pytest.fixture(scope="module")
def small_home(tmp_path_factory: pytest.TempPathFactory, small_run: Path) -> Path:
    """A copy of it that the tests of a module may change."""
    return shutil.copytree(small_run, tmp_path_factory.mktemp("home") / "home", symlinks=True)


@pytest.fixture
def snapshot(published_sample: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sample's published snapshot, read-only."""
    with open_snapshot(published_sample) as connection:
        yield connection


DRIP = 10


@dataclass
class Reply:
    """What a test's server answers. `cut` bytes are promised and not sent; `drip` is the pause
    between pieces of the body.
    """

    body: object = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    drip: float = 0
    cut: int = 0

    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return text.encode()


@dataclass
class Asked:
    """A request that reached a test's server."""

    path: str
    query: dict[str, str]
    headers: Message


@dataclass
class Web:
    """A web server on this machine; a test sets `answer`."""

    url: str
    answer: Callable[[Asked], Reply] = lambda asked: Reply(status=404)
    asked: list[Asked] = field(default_factory=list)
    reply = Reply


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A server on a free port that answers as the test says, and remembers what it was asked."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = Asked(parts.path, dict(parse_qsl(parts.query)), self.headers)
            site.asked.append(asked)
            reply = site.answer(asked)
            if reply.delay:
                time.sleep(reply.delay)
            content = reply.content()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content) + reply.cut))
            self.end_headers()
            self.wfile.flush()
            size = DRIP if reply.drip else max(1, len(content))
            for begin in range(0, len(content), size):
                self.wfile.write(content[begin : begin + size])
                self.wfile.flush()
                if reply.drip:
                    time.sleep(reply.drip)
            self.close_connection = reply.cut > 0

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Web(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
