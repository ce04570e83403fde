"""The database that decisions, ballots and users are kept in.

Belongs here: its tables and how it is opened. Does not belong here: what the rows mean (`log`,
`ballots`, `users`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from pipelines.decisions.records import StoreError

STORE_FILE = "decisions.sqlite"
BUSY_SECONDS = 30
MAKING_TABLES = 0x5C11_96A9
"""The lock of who makes the tables, so that two who come first do not both."""

METADATA = MetaData()
NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only where their key is an INTEGER."""

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("decision_id", NUMBER, primary_key=True),
    Column("decided_at", DateTime, nullable=False),
    Column("reviewer", String, nullable=False),
    Column("subject_kind", String, nullable=False),
    Column("side", String, nullable=False),
    Column("skill_id", String, nullable=False, index=True),
    Column("subject_id", String, nullable=False),
    Column("skill_label", String, nullable=False),
    Column("said", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("depth", String),
    Column("note", String, nullable=False),
    sqlite_autoincrement=True,
)
BALLOTS = Table(
    "ballots",
    METADATA,
    Column("ballot_id", NUMBER, primary_key=True),
    Column("title", String, nullable=False),
    Column("sector_code", String, nullable=False),
    Column("program_id", String, nullable=False),
    Column("opened_by", String, nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("closed_at", DateTime),
    sqlite_autoincrement=True,
)
BALLOT_SKILLS = Table(
    "ballot_skills",
    METADATA,
    Column("ballot_id", ForeignKey(BALLOTS.c.ballot_id), primary_key=True),
    Column("skill_id", String, primary_key=True),
    Column("skill_n", Integer, nullable=False),
    Column("skill_label", String, nullable=False),
    Column("share", Float, nullable=False),
    Column("ci_low", Float, nullable=False),
    Column("ci_high", Float, nullable=False),
    Column("median_share", Float, nullable=False),
)
VOTES = Table(
    "votes",
    METADATA,
    Column("ballot_id", ForeignKey(BALLOTS.c.ballot_id), primary_key=True),
    Column("skill_id", String, primary_key=True),
    Column("voter", String, primary_key=True),
    Column("answer", String, nullable=False),
    Column("voted_at", DateTime, nullable=False),
)
USERS = Table(
    "users",
    METADATA,
    Column("name", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("password_hash", String, nullable=False),
)


def store_url(given: str, warehouse: Path) -> str:
    """The URL of the store: the one given, else that of a file in the warehouse."""
    return given or f"sqlite:///{warehouse.absolute() / STORE_FILE}"


def store_file(url: str) -> Path | None:
    """The file of the store at `url`; none for a database that is no file.

    Raises:
        StoreError: `url` is none.
    """
    with _plain_errors():
        address = make_url(url)
    is_file = address.get_backend_name() == "sqlite" and address.database
    return Path(str(address.database)) if is_file else None


class Database:
    """A store that is open; reads and writes are transactions of their own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store.

        Raises:
            StoreError: the database refuses.
        """
        with _plain_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that waits for others who write, and on an error leaves nothing.

        Raises:
            StoreError: the database refuses, or others write for too long.
        """
        with _plain_errors(), self.engine.execution_options(writes=True).begin() as connection:
            yield connection


def open_store(url: str) -> Database:
    """The store at `url`, its tables made where they are missing.

    Raises:
        StoreError: there is no such database, or no driver for it.
    """
    with _plain_errors():
        if path := store_file(url):
            path.parent.mkdir(parents=True, exist_ok=True)
        database = Database(_engine(url))
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(MAKING_TABLES)))
        METADATA.create_all(connection)
    return database


def find_store(url: str) -> Database | None:
    """The store at `url` where there is one; nothing is made.

    Raises:
        StoreError: the database cannot be asked.
    """
    with _plain_errors():
        path = store_file(url)
        if path and not path.is_file():
            return None
        engine = _engine(url)
        return Database(engine) if inspect(engine).has_table(DECISIONS.name) else None


def now() -> datetime:
    """The time in UTC, as the store keeps it: without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


@cache
def _engine(url: str) -> Engine:
    """One a URL. A file is opened anew for each transaction: it may have been put back from a
    backup meanwhile."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin in _begin_sqlite
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    """Who will write takes the lock at once: two who read first could not both go on."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except ArgumentError as error:
        raise StoreError(
            f"the store of decisions is no database URL such as sqlite:////path/file.sqlite or "
            f"postgresql+psycopg://host/name ({error})"
        ) from error
    except ModuleNotFoundError as error:
        raise StoreError(
            f"the store of decisions needs a driver that is not installed ({error})"
        ) from error
    except (SQLAlchemyError, OSError, OverflowError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise StoreError(f"the store of decisions cannot be used: {reason}") from error
