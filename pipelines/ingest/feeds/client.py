"""Asking a server politely: pauses, retries, bounds on time, size and redirects.

Belongs here: everything between a URL and an `Answer`. Not here: what an answer means.
Secrets are added to requests for the feed's own site only and appear in no message: httpx, which
logs whole addresses, is told to be quiet.
"""

import logging
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Self

import httpx
import stamina
from stamina.instrumentation import RetryDetails

from pipelines.ingest.errors import FeedError
from pipelines.ingest.feeds.feed import Answer, Credentials, Feed
from pipelines.ingest.text import decode_declared

BUSY = (429, 500, 502, 503, 504)
NOT_MODIFIED = 304
MAX_REDIRECTS = 5
PASSING = (
    httpx.TimeoutException,
    httpx.NetworkError,
    httpx.RemoteProtocolError,
    httpx.ProxyError,
    httpx.DecodingError,
)
MENDS = {
    400: "Check the parameters under feed",
    401: "Check the key: the provider does not know it",
    403: "Check the key, and whether the provider's terms allow this",
    404: "Check the name of the board, or the address",
    429: "The provider asks for fewer requests: raise feed.pause_seconds, or fetch less often",
}

LOG = logging.getLogger(__name__)
logging.getLogger("httpx").setLevel(logging.WARNING)


def _log_retry(details: RetryDetails) -> None:
    LOG.info("%s: trying again in %.1f seconds", details.caused_by, details.wait_for)


stamina.instrumentation.set_on_retry_hooks([_log_retry])


class _Busy(Exception):
    """The server cannot answer now; `wait` is how long it asks to be left alone."""

    def __init__(self, status: int, wait: float | None) -> None:
        asked = f", and asks to wait {wait:,.0f} seconds" if wait else ""
        super().__init__(f"HTTP {status}{asked}")
        self.status = status
        self.wait = wait


class Client:
    """The requests of one fetch, one after the other."""

    def __init__(self, feed: Feed, credentials: Credentials) -> None:
        self._feed = feed
        self._credentials = credentials
        self._own_site = httpx.URL(feed.first_url())
        self._next_at = 0.0
        contact = f" ({feed.contact})" if feed.contact else ""
        self._agent = f"skillgap/{version('skillgap')}{contact}"
        self._http = httpx.Client(timeout=feed.timeout_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, url: str, validators: dict[str, str] | None = None) -> Answer | None:
        """The answer to a GET of `url`; None where it is as the validators have it.

        Args:
            validators: conditional headers, as `If-None-Match`.

        Raises:
            FeedError: there is no good answer within the feed's bounds.
        """
        if (pause := self._next_at - time.monotonic()) > 0:
            time.sleep(pause)
        try:
            for attempt in stamina.retry_context(
                on=self._wait_before_next,
                attempts=self._feed.attempts,
                timeout=self._feed.deadline_seconds,
                wait_initial=self._feed.backoff_seconds,
                wait_jitter=self._feed.backoff_seconds,
                wait_max=self._feed.max_wait_seconds,
            ):
                with attempt:
                    return self._follow(url, validators or {})
        except _Busy as error:
            mend = MENDS.get(error.status, "Try again later")
            raise FeedError(f"{url}: {error}. {mend}", error.status) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FeedError(f"{url}: {_in_words(error)}") from error
        finally:
            self._next_at = time.monotonic() + self._feed.pause_seconds
        raise AssertionError("a retried request returns or raises")

    def _wait_before_next(self, error: Exception) -> bool | float:
        """Whether to try again, and where the server says so, after how many seconds."""
        if isinstance(error, _Busy) and error.wait is not None:
            return error.wait if error.wait <= self._feed.max_wait_seconds else False
        return isinstance(error, (_Busy, *PASSING))

    def _follow(self, url: str, validators: dict[str, str]) -> Answer | None:
        request = self._http.build_request("GET", url, headers={"User-Agent": self._agent})
        request.headers.update(validators)
        for _ in range(MAX_REDIRECTS + 1):
            response = self._http.send(self._signed(request), stream=True)
            try:
                if response.next_request is None:
                    return self._answer(url, response)
                request = response.next_request
            finally:
                response.close()
            if request.url.scheme not in ("http", "https"):
                raise FeedError(f"{url}: redirects to {request.url.scheme}:, which is not the web")
        raise FeedError(f"{url}: more than {MAX_REDIRECTS} redirects")

    def _signed(self, request: httpx.Request) -> httpx.Request:
        """The request with the secrets where it goes to the feed's own site, else without."""
        headers = request.headers.copy()
        for name in self._credentials.headers:
            headers.pop(name, None)
        headers["User-Agent"] = self._agent
        url = request.url
        if _site(url) == _site(self._own_site):
            headers.update(self._credentials.headers)
            if self._credentials.params:
                url = url.copy_merge_params(self._credentials.params)
        return httpx.Request("GET", url, headers=headers, extensions=request.extensions)

    def _answer(self, url: str, response: httpx.Response) -> Answer | None:
        status = response.status_code
        if status == NOT_MODIFIED:
            return None
        if status in BUSY:
            raise _Busy(status, _seconds(response.headers.get("Retry-After")))
        if not response.is_success:
            mend = MENDS.get(status, "The provider refuses the request")
            raise FeedError(f"{url}: HTTP {status}. {mend}", status)
        body = self._body(url, response)
        return Answer(
            url=url,
            body=body,
            text=decode_declared(body, response.charset_encoding),
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
            charset=response.charset_encoding,
        )

    def _body(self, url: str, response: httpx.Response) -> bytes:
        until = time.monotonic() + self._feed.deadline_seconds
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > self._feed.max_page_bytes:
                raise FeedError(
                    f"{url}: the answer is larger than feed.max_page_bytes, "
                    f"{self._feed.max_page_bytes:,}"
                )
            if time.monotonic() > until:
                raise httpx.ReadTimeout("the answer came too slowly to wait for its end")
            parts.append(part)
        return b"".join(parts)


def _site(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _seconds(retry_after: str | None) -> float | None:
    """Seconds to wait, of a Retry-After header (seconds or a date); None where it is neither."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _in_words(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time. Try again later, or raise feed.timeout_seconds"
    if isinstance(error, httpx.RemoteProtocolError):
        return f"the answer broke off ({error}). Try again later"
    if isinstance(error, httpx.ConnectError):
        return f"no connection ({error}). Check the address and the network"
    return f"{type(error).__name__}: {error}"
