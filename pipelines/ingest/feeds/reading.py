"""A recorded page → records and rejects, by the readers that read any file."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.ingest.errors import FeedError
from pipelines.ingest.feeds.feed import ApiFeed, Feed
from pipelines.ingest.feeds.recordings import Recorded, read_index, read_page
from pipelines.ingest.jsontext import parse_json
from pipelines.ingest.readers import READING_ERRORS
from pipelines.ingest.records import Record, Reject, excerpt
from pipelines.ingest.tables import flatten, jsonld_objects
from pipelines.ingest.text import decode, decode_declared

PAGE_ADDRESS = "url"


def read_recorded(
    path: Path, locator: str, feed: Feed, encoding: str | None = None
) -> Iterator[Record | Reject]:
    """Records and rejects of one recorded page; never raises for what is in it."""
    recorded = _index(path.parent).get(path.name)
    try:
        body = read_page(path)
        charset = recorded.charset if recorded else None
        text = decode(body, encoding) if encoding else decode_declared(body, charset)
    except READING_ERRORS as error:
        yield Reject(locator, "unreadable_file", f"{type(error).__name__}: {error}")
        return
    yield from page_records(text, locator, feed, recorded.url if recorded else None)


def page_records(
    text: str, locator: str, feed: Feed, url: str | None = None
) -> Iterator[Record | Reject]:
    """Records and rejects of the text of one page; `url` is where it was."""
    try:
        if isinstance(feed, ApiFeed):
            yield from _api_records(text, locator, feed)
        else:
            yield from _embedded_records(text, locator, feed, url)
    except READING_ERRORS as error:
        yield Reject(locator, "unreadable_file", f"{type(error).__name__}: {error}")


def _embedded_records(
    text: str, locator: str, feed: Feed, url: str | None
) -> Iterator[Record | Reject]:
    for found in jsonld_objects(text, locator):
        if isinstance(found, Reject):
            yield found
        else:
            fields = feed.prepare({PAGE_ADDRESS: url, **found.fields}, None)
            yield _kept(fields, found.locator, feed)


def _api_records(text: str, locator: str, feed: ApiFeed) -> Iterator[Record | Reject]:
    try:
        answer = parse_json(text)
        records = feed.records(answer)
    except ValueError as error:
        yield Reject(locator, "unreadable_file", f"not valid JSON: {error}", excerpt(text))
        return
    except FeedError as error:
        yield Reject(locator, "changed_schema", str(error), excerpt(text))
        return
    for number, record in enumerate(records, start=1):
        place = f"{locator}:item {number}"
        if isinstance(record, dict):
            yield _kept(flatten(feed.prepare(record, answer)), place, feed)
        else:
            yield Reject(place, "malformed_row", "not a JSON object", excerpt(record))


def _kept(fields: dict[str, Any], place: str, feed: Feed) -> Record | Reject:
    missing = [name for name in feed.promised if name not in fields]
    if not missing:
        return Record(place, fields)
    message = (
        f"no field {', '.join(missing)}, which this feed has always had: "
        "the provider may have changed it"
    )
    return Reject(place, "changed_schema", message, excerpt(fields))


@lru_cache(maxsize=4)
def _index(drop: Path) -> dict[str, Recorded]:
    return {page.file: page for page in read_index(drop)}
