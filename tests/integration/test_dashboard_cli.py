"""`skillgap dashboard` as a user starts and stops it."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

SKILLGAP = [sys.executable, "-m", "pipelines.cli", "dashboard"]
SECONDS = 60


@pytest.fixture
def started(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*SKILLGAP, "--warehouse", tmp_path / "nothing", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_it_says_where_it_is_serves_and_ends_quietly(started) -> None:
    line = started.stdout.readline()
    [url] = re.findall(r"http://127\.0\.0\.1:\d+", line)
    with urlopen(url, timeout=SECONDS) as answer:
        assert "<title>Skills gap</title>" in answer.read().decode()
    started.send_signal(signal.SIGINT)
    _, complaints = started.communicate(timeout=SECONDS)
    assert complaints == ""
    assert started.returncode == 0


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*SKILLGAP, "--warehouse", tmp_path, "--port", port], capture_output=True, text=True
        )
    assert done.returncode == 1
    assert done.stderr.strip() == f"skillgap: 127.0.0.1:{port}: Address already in use"


def test_other_addresses_need_users() -> None:
    done = subprocess.run([*SKILLGAP, "--host", "0.0.0.0"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "users are configured" in done.stderr
