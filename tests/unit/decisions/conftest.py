"""A store of decisions of its own: in a file, and in PostgreSQL where a server is installed."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from pipelines.decisions.ballots import open_ballot
from pipelines.decisions.records import BallotSkill
from pipelines.decisions.store import Database, open_store, store_url


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A server that listens on a socket in a folder of its own, and on no address."""
    binaries = Path(shutil.which("pg_ctl") or "").resolve().parent
    if not (binaries / "initdb").exists():
        pytest.skip("no PostgreSQL server is installed")
    is_root = os.geteuid() == 0  # whom PostgreSQL refuses to serve
    if is_root and not any(user.pw_name == "postgres" for user in pwd.getpwall()):
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    place = Path(f"/tmp/skillgap-{uuid4().hex[:8]}")  # a socket's path is short
    place.mkdir(mode=0o700)
    if is_root:
        shutil.chown(place, "postgres")

    def run(*command: str) -> None:
        subprocess.run(
            [binaries / command[0], *command[1:]],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=place,
            user="postgres" if is_root else None,
        )

    run("initdb", "--pgdata", f"{place}/data", "--username", "tester", "--auth", "trust", "-N")
    options = f"-k {place} -c listen_addresses='' -c fsync=off"
    run("pg_ctl", "start", "-w", "-D", f"{place}/data", "-l", f"{place}/log", "-o", options)
    yield f"postgresql+psycopg://tester@/postgres?host={place}"
    run("pg_ctl", "stop", "-w", "-m", "fast", "-D", f"{place}/data")
    shutil.rmtree(place)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return store_url("", tmp_path)
    server = request.getfixturevalue("postgresql")
    name = f"d{uuid4().hex}"
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture
def store(url: str) -> Database:
    return open_store(url)


def ballot_skill(skill_id: str, ci_low: float = 0.1, ci_high: float = 0.3) -> BallotSkill:
    """A skill whose postings' share lies around the median of .2."""
    return BallotSkill(skill_id, skill_id.title(), 0.2, ci_low, ci_high, median_share=0.2)


@pytest.fixture
def ballot_id(store: Database) -> int:
    return open_ballot(
        store,
        "Nursing board",
        [
            ballot_skill("lifting", ci_low=0.25, ci_high=0.4),
            ballot_skill("charting"),
            ballot_skill("singing", ci_low=0.0, ci_high=0.15),
        ],
        sector_code="62",
        program_id="adn",
        opened_by="ada",
    )
