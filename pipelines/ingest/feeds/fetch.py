"""One source's feed, fetched: a new drop, or the finding that there is nothing new.

A fetch that fails leaves the earlier drop and the state as they were.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from pipelines.ingest.dates import parse_date
from pipelines.ingest.errors import FeedError, IngestError
from pipelines.ingest.feeds.client import Client
from pipelines.ingest.feeds.feed import Answer, Feed
from pipelines.ingest.feeds.reading import page_records
from pipelines.ingest.feeds.recordings import (
    Recorded,
    Recording,
    State,
    drops,
    read_index,
    read_state,
    recording,
    reread,
    write_state,
)
from pipelines.ingest.records import Record, Reject
from pipelines.ingest.source import SOURCE_FILE, Source
from pipelines.ingest.text import decode_declared

PageProgress = Callable[[str, int, int | None], None]


def unwatched(source_id: str, done: int, total: int | None) -> None:
    """A progress that nobody looks at."""


@dataclass
class Outcome:
    """What a fetch of one source gave, or why it gave nothing."""

    source_id: str
    pages_n: int = 0
    records_n: int = 0
    bytes_n: int = 0
    drop: str | None = None
    warnings: list[str] = field(default_factory=list)
    failure: str | None = None

    @property
    def result(self) -> str:
        """In a word or two, for a table."""
        return "failed" if self.failure else self.drop or "unchanged"


class _Visit:
    """The fetch that a connector walks through: earlier answers stand in for unchanged ones."""

    def __init__(
        self, source: Source, client: Client, since: date | None, watch: PageProgress
    ) -> None:
        self.since = since
        self.outcome = Outcome(source.source_id)
        self.changed_n = 0
        self.newest_on: date | None = None
        self._source = source
        self._client = client
        self._watch = watch
        self._total: int | None = None
        self._earlier_drop = next(iter(drops(source.folder)), None)
        self.earlier = read_index(self._earlier_drop) if self._earlier_drop else []
        self._earlier_by_url = {page.url: page for page in self.earlier}
        named = source.column_map().get("posted_on", "")
        self._date_field = named if isinstance(named, str) else named[0]

    def get(self, url: str) -> Answer:
        known = self._earlier_by_url.get(url)
        body = self._reread(known) if known else None
        answer = self._client.get(url, known.validators if known and body is not None else None)
        if answer is not None:
            return answer
        if known is None or body is None:
            raise FeedError(f"{url}: HTTP 304 to a request without conditions")
        return Answer(
            url=url,
            body=body,
            text=decode_declared(body, known.charset),
            etag=known.etag,
            last_modified=known.last_modified,
            charset=known.charset,
        )

    def warn(self, message: str) -> None:
        self.outcome.warnings.append(message)

    def expect(self, pages: int) -> None:
        self._total = pages

    def take(self, answer: Answer, into: Recording) -> None:
        """Record a page and take stock of it."""
        into.add(answer)
        for found in page_records(answer.text, answer.url, feed_of(self._source)):
            self.outcome.records_n += 1
            if isinstance(found, Reject):
                self.changed_n += found.reason_code == "changed_schema"
            else:
                self._note_date(found)
        self.outcome.pages_n, self.outcome.bytes_n = len(into.responses), into.bytes_n
        self._watch(self._source.source_id, self.outcome.pages_n, self._total)

    def _note_date(self, record: Record) -> None:
        with suppress(ValueError):
            value = record.fields.get(self._date_field)
            posted_on = parse_date(value, day_first=self._source.day_first)
            if posted_on and posted_on <= datetime.now(UTC).date():
                self.newest_on = max(posted_on, self.newest_on or posted_on)

    def _reread(self, page: Recorded) -> bytes | None:
        if self._earlier_drop and page.validators:
            return reread(self._earlier_drop, page)
        return None


def feed_of(source: Source) -> Feed:
    """The feed that a source declares.

    Raises:
        FeedError: it declares none.
    """
    if source.feed is None:
        raise FeedError(f"{source.folder / SOURCE_FILE}: feed: this source declares none")
    return source.feed


def fetch(
    source: Source, watch: PageProgress = unwatched, environ: Mapping[str, str] = os.environ
) -> Outcome:
    """Fetch the feed of `source` into its folder.

    Raises:
        IngestError: the feed gave no good answer, or a secret is missing.
    """
    feed = feed_of(source)
    state = read_state(source.folder)
    since = _since(state) if feed.is_incremental and drops(source.folder) else None
    with (
        Client(feed, feed.credentials(environ)) as client,
        recording(source.folder, feed.suffix) as drop,
    ):
        visit = _Visit(source, client, since, watch)
        for answer in feed.walk(visit):
            visit.take(answer, drop)
        _check(visit, source)
        has_news = visit.outcome.records_n > 0 or since is None
        if has_news and not drop.repeats(visit.earlier):
            visit.outcome.drop = drop.publish()
    _remember(source, state, visit)
    return visit.outcome


def fetch_each(sources: Iterable[Source], watch: PageProgress = unwatched) -> Iterator[Outcome]:
    """Fetch one source after the other; one that fails does not stop the others."""
    for source in sources:
        try:
            yield fetch(source, watch)
        except (IngestError, OSError) as error:
            message = f"{source.folder / SOURCE_FILE}: feed: {error}"
            yield Outcome(source.source_id, failure=message)


def plan(source: Source, environ: Mapping[str, str] = os.environ) -> str:
    """What a fetch would ask, and what is missing for it, in lines."""
    feed = feed_of(source)
    found = drops(source.folder)
    since = _since(read_state(source.folder)) if feed.is_incremental and found else None
    lines = [
        f"{source.source_id}: would ask {feed.first_url(since)}",
        f"  at most {feed.max_pages:,} pages, {feed.pause_seconds:g} seconds apart",
        f"  newest drop: {found[0].name if found else 'none yet'}",
    ]
    try:
        feed.credentials(environ)
    except FeedError as error:
        lines.append(f"  missing: {error}")
    return "\n".join(lines)


def _check(visit: _Visit, source: Source) -> None:
    """Refuse a fetch that would put something worse in the place of the earlier drop."""
    feed = feed_of(source)
    found, promised = visit.outcome.records_n, source.expect.min_rows
    if found and visit.changed_n == found:
        raise FeedError(
            f"none of {found:,} records has the fields {', '.join(feed.promised)}: the provider "
            "may have changed the feed. The earlier drop stays"
        )
    if visit.changed_n:
        visit.warn(f"{visit.changed_n:,} of {found:,} records lack fields the feed has always had")
    if not feed.is_incremental and not found:
        visit.warn("the feed gave no postings at all")
    if not feed.is_incremental and found < promised:
        raise FeedError(
            f"expect.min_rows is {promised:,} and the feed gave {found:,}. The earlier drop stays"
        )


def _since(state: State) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(state.newest_record_on or "")
    return None


def _remember(source: Source, state: State, visit: _Visit) -> None:
    days = [day for day in (_since(state), visit.newest_on) if day]
    write_state(
        source.folder,
        State(
            last_run_at=datetime.now(UTC).isoformat(timespec="seconds"),
            newest_record_on=max(days).isoformat() if days else None,
            drop=visit.outcome.drop or state.drop,
        ),
    )
