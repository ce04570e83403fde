"""What every feed declares in its source.yml, and what a connector must say about its provider.

Belongs here: the bases of the connectors. Not here: any one provider, sending, writing, reading
what was recorded. Connectors are pure: they name URLs and places in an answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, ClassVar, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field

from pipelines.ingest.errors import FeedError
from pipelines.ingest.jsontext import parse_json

SHOWN_CHARACTERS = 80

Columns = Mapping[str, str | list[str]]
WebAddress = Annotated[str, Field(pattern=r"^https?://[^/\s]+")]


@dataclass(frozen=True)
class Credentials:
    """Secrets to send along; they go to the feed's own host only and are never recorded."""

    params: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """The body of a response, and what the server said to recognize it by."""

    url: str
    body: bytes
    text: str
    etag: str | None = None
    last_modified: str | None = None
    charset: str | None = None

    @property
    def beginning(self) -> str:
        """The first words, for a message."""
        return " ".join(self.text[:SHOWN_CHARACTERS].split())

    def json(self) -> Any:
        """The body parsed.

        Raises:
            FeedError: it is not JSON, as a page of an outage or a robot check is not.
        """
        try:
            return parse_json(self.text)
        except ValueError as error:
            raise FeedError(
                f"{self.url}: the answer is not JSON ({error}): {self.beginning}"
            ) from error


class Visit(Protocol):
    """One fetch, as a connector sees it."""

    since: date | None

    def get(self, url: str) -> Answer:
        """The answer to a request, after the pause, retries and redirects that it takes."""

    def warn(self, message: str) -> None:
        """Say what the user should know though the fetch goes on."""

    def expect(self, pages: int) -> None:
        """Say how many pages there will be."""


class Feed(BaseModel):
    """A feed: how patiently to ask, and what of the answers is ours."""

    model_config = ConfigDict(extra="forbid")

    columns: ClassVar[Columns]
    """Our column to their field, where the source.yml gives none."""
    promised: ClassVar[tuple[str, ...]]
    """Fields without which a record is not what this feed gives."""
    suffix: ClassVar[str]
    """How recorded pages are named, before .gz."""

    pause_seconds: float = Field(default=0.5, ge=0)
    timeout_seconds: float = Field(default=30, gt=0)
    deadline_seconds: float = Field(default=300, gt=0)
    attempts: int = Field(default=5, ge=1)
    backoff_seconds: float = Field(default=1, ge=0)
    max_wait_seconds: float = Field(default=60, ge=0)
    max_pages: int = Field(default=500, ge=1)
    max_page_bytes: int = Field(default=50_000_000, ge=1)
    contact: str | None = None

    @property
    def is_incremental(self) -> bool:
        """Whether drops add up, in place of the newest standing for all."""
        return getattr(self, "incremental", False)

    @property
    def defaults(self) -> dict[str, str]:
        """Our column to its value where a record has none."""
        return {}

    def first_url(self, since: date | None = None) -> str:
        """What is asked first."""
        raise NotImplementedError

    def credentials(self, environ: Mapping[str, str]) -> Credentials:
        """The secrets that the feed needs, out of the environment.

        Raises:
            FeedError: a variable is not set; the message names it.
        """
        return Credentials()

    def prepare(self, record: dict[str, Any], answer: Any) -> dict[str, Any]:
        """The record with what our columns need put in one place."""
        return record

    def walk(self, visit: Visit) -> Iterator[Answer]:
        """The answers worth recording, one after the other."""
        raise NotImplementedError


class ApiFeed(Feed):
    """A feed that answers in JSON, a list of records a page."""

    suffix = ".json"
    records_at: ClassVar[tuple[str, ...]] = ()
    """Names that lead from an answer to its list of records."""
    total_at: ClassVar[tuple[str, ...]] = ()
    """Names that lead to the number of records in all, where the provider tells it."""

    def next_url(self, url: str, answer: Any, records_n: int) -> str | None:
        """What to ask after `url` gave `answer` with `records_n` records."""
        return None

    def records(self, answer: Any) -> list[Any]:
        """The records of a page.

        Raises:
            FeedError: there is no list where this feed has always had it.
        """
        found = value_at(answer, self.records_at)
        if not isinstance(found, list):
            place = ".".join(self.records_at) or "the answer itself"
            raise FeedError(
                f"no list of postings at {place}: the provider may have changed the feed"
            )
        return found

    def walk(self, visit: Visit) -> Iterator[Answer]:
        url: str | None = self.first_url(visit.since)
        pages_n = records_n = 0
        total: object = None
        previous = b""
        while url:
            if pages_n == self.max_pages:
                visit.warn(f"stopped after max_pages: {pages_n:,}; the feed goes on at {url}")
                return
            page = visit.get(url)
            answer = page.json()
            try:
                here = self.records(answer)
            except FeedError as error:
                raise FeedError(f"{url}: {error}. It begins {page.beginning}") from error
            if here and page.body == previous:
                visit.warn(f"stopped at {url}: it repeats the page before")
                return
            previous = page.body
            pages_n, records_n = pages_n + 1, records_n + len(here)
            total = value_at(answer, self.total_at) if self.total_at else None
            yield page
            url = self.next_url(url, answer, len(here))
        if isinstance(total, int) and total > records_n:
            visit.warn(f"the provider counts {total:,} postings and handed out {records_n:,}")


def value_at(value: Any, names: tuple[str, ...]) -> Any:
    """What the names lead to in nested objects, or None."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def url_with(url: str, params: Mapping[str, object]) -> str:
    """`url` with query parameters set; those that are None are left out."""
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **params}
    said = {name: str(value) for name, value in query.items() if value is not None}
    return urlunsplit(parts._replace(query=urlencode(said)))


def param(url: str, name: str) -> int:
    """A numeric query parameter of `url`."""
    return int(dict(parse_qsl(urlsplit(url).query))[name])


def secret(environ: Mapping[str, str], variable: str, meaning: str) -> str:
    """The value of an environment variable.

    Raises:
        FeedError: it is not set.
    """
    value = environ.get(variable, "").strip()
    if not value:
        raise FeedError(f"the environment variable {variable} ({meaning}) is not set")
    return value
