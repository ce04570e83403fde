"""Web pages that embed schema.org JobPosting, from a sitemap or a list of addresses."""

import re
import zlib
from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, Literal, Self
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import Field, field_validator, model_validator

from pipelines.ingest.errors import FeedError
from pipelines.ingest.feeds.feed import Answer, Columns, Feed, Visit, WebAddress

ROBOT = "skillgap"
GONE = (404, 410)
MAX_SITEMAPS = 500
MAX_FAILED_SHARE = 0.1
JOB_POSTING = re.compile(r'"@type"\s*:\s*(?:\[[^\]]*)?"JobPosting"')
GZIP_MAGIC = b"\x1f\x8b"
GZIP_WINDOW = 31
MAX_SITEMAP_BYTES = 50_000_000
RECORD_ID = "record_id"
IDENTITIES = ("identifier.value", "identifier", "url")
SECTIONS = {
    "responsibilities": "Responsibilities",
    "qualifications": "Qualifications",
    "skills": "Skills",
    "experienceRequirements": "Experience",
    "educationRequirements": "Education",
}


class Pages(Feed):
    """A careers site: pages listed in its sitemap, or by hand. robots.txt is obeyed."""

    type: Literal["pages"]
    sitemap: WebAddress | None = None
    urls: list[WebAddress] = Field(default=[])
    match: str | None = None
    pause_seconds: float = Field(default=1.0, ge=0)
    max_pages: int = Field(default=2000, ge=1)

    suffix = ".html"
    promised = ("title", "description")
    columns: ClassVar[Columns] = {
        "source_record_id": RECORD_ID,
        "title": "title",
        "description": "description",
        "employer": ["hiringOrganization.name", "hiringOrganization"],
        "posted_on": "datePosted",
        "valid_through_on": "validThrough",
        "location": ["jobLocation.address.addressLocality", "jobLocation.address.addressRegion"],
        "country": [
            "jobLocation.address.addressCountry",
            "jobLocation.address.addressCountry.name",
        ],
        "salary": [
            "baseSalary.value.minValue",
            "baseSalary.value.maxValue",
            "baseSalary.value.value",
            "baseSalary.currency",
        ],
        "url": "url",
    }

    @model_validator(mode="after")
    def _has_addresses(self) -> Self:
        if not self.sitemap and not self.urls:
            raise ValueError("give a sitemap, or urls")
        return self

    @field_validator("match")
    @classmethod
    def _is_pattern(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return pattern

    def first_url(self, since: date | None = None) -> str:
        return self.sitemap or self.urls[0]

    def prepare(self, record: dict[str, Any], answer: Any) -> dict[str, Any]:
        said = str(record.get("description") or "")
        parts = [said]
        for name, heading in SECTIONS.items():
            part = record.get(name)
            if isinstance(part, str) and part.strip() and part not in said:
                parts.append(f"<h3>{heading}</h3><p>{part}</p>")
        identity = next((record[name] for name in IDENTITIES if record.get(name)), None)
        prepared = {**record, RECORD_ID: identity}
        return prepared if len(parts) == 1 else {**prepared, "description": "\n".join(parts)}

    def walk(self, visit: Visit) -> Iterator[Answer]:
        addresses = self._allowed(visit, self._addresses(visit))
        if len(addresses) > self.max_pages:
            visit.warn(f"stopped after max_pages: {self.max_pages:,} of {len(addresses):,} pages")
            del addresses[self.max_pages :]
        visit.expect(len(addresses))
        failures: list[str] = []
        kept_n = gone_n = 0
        for url in addresses:
            try:
                page = visit.get(url)
            except FeedError as error:
                if error.status in GONE:
                    gone_n += 1
                    continue
                failures.append(str(error))
                if len(failures) > max(1, MAX_FAILED_SHARE * len(addresses)):
                    raise FeedError(
                        f"{len(failures)} pages could not be fetched, last: {error}"
                    ) from error
                continue
            if JOB_POSTING.search(page.text):
                kept_n += 1
                yield page
        if not kept_n:
            raise FeedError(
                f"none of {len(addresses):,} pages holds a schema.org JobPosting. Check sitemap, "
                "urls and match; pages that are drawn by scripts cannot be read"
            )
        for failure in failures:
            visit.warn(f"left out: {failure}")
        if others := len(addresses) - kept_n - len(failures):
            visit.warn(f"{others:,} pages without a JobPosting, {gone_n:,} of them gone")

    def _addresses(self, visit: Visit) -> list[str]:
        """Addresses of pages, each once, in the order they are listed."""
        listed = [*self.urls, *(_listed(visit, self.sitemap) if self.sitemap else [])]
        pattern = re.compile(self.match or "")
        return [url for url in dict.fromkeys(listed) if pattern.search(url)]

    def _allowed(self, visit: Visit, addresses: list[str]) -> list[str]:
        """The addresses that the sites' robots.txt leaves open to us."""
        sites = {_site(url) for url in addresses}
        rules = {site: _robots(visit, site) for site in sorted(sites)}
        allowed = [url for url in addresses if rules[_site(url)].can_fetch(ROBOT, url)]
        if len(allowed) < len(addresses):
            visit.warn(f"{len(addresses) - len(allowed):,} pages that robots.txt closes to robots")
        return allowed


def _listed(visit: Visit, sitemap: str) -> list[str]:
    """The pages of a sitemap and of the sitemaps it lists, on its own site only."""
    site, pages, strangers_n = _site(sitemap), [], 0
    waiting, seen = [sitemap], {sitemap}
    while waiting:
        if len(seen) > MAX_SITEMAPS:
            raise FeedError(f"{sitemap}: leads to more than {MAX_SITEMAPS} sitemaps")
        url = waiting.pop(0)
        is_index, locations = _locations(visit.get(url))
        for location in locations:
            if _site(location) != site:
                strangers_n += 1
            elif not is_index:
                pages.append(location)
            elif location not in seen:
                seen.add(location)
                waiting.append(location)
    if strangers_n:
        visit.warn(f"{strangers_n:,} addresses in the sitemap are on other sites: left out")
    return pages


def _locations(answer: Answer) -> tuple[bool, list[str]]:
    """Whether a sitemap lists sitemaps, and the addresses in it."""
    body = answer.body
    try:
        if body.startswith(GZIP_MAGIC):
            body = zlib.decompressobj(GZIP_WINDOW).decompress(body, MAX_SITEMAP_BYTES)
        root = fromstring(body)
    except (ParseError, DefusedXmlException, zlib.error, ValueError) as error:
        raise FeedError(f"{answer.url}: not a sitemap in XML: {error}") from error
    locations = [
        str(element.text).strip()
        for element in root.iter()
        if _name(element) == "loc" and element.text
    ]
    return _name(root) == "sitemapindex", locations


def _robots(visit: Visit, site: str) -> RobotFileParser:
    rules = RobotFileParser()
    lines: list[str] = []
    try:
        lines = visit.get(f"{site}/robots.txt").text.splitlines()
    except FeedError as error:
        if error.status is None or error.status >= 500:
            raise
    rules.parse(lines)
    return rules


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
