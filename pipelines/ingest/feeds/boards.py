"""The boards on which one company lists its openings: Greenhouse, Lever, Ashby, Workable."""

from datetime import date
from typing import Any, ClassVar, Literal
from urllib.parse import quote

from pydantic import Field

from pipelines.ingest.feeds.feed import ApiFeed, Columns, WebAddress, param, url_with


class Board(ApiFeed):
    """A board of one employer, who seldom says in each ad who it is."""

    board: str = Field(min_length=1)
    employer: str | None = None

    @property
    def defaults(self) -> dict[str, str]:
        return {"employer": self.employer or self.board}

    def _url(self, base_url: str, before: str, after: str = "") -> str:
        return f"{base_url.rstrip('/')}{before}/{quote(self.board, safe='')}{after}"


class Greenhouse(Board):
    """One answer with all openings; their text is HTML, escaped once."""

    type: Literal["greenhouse"]
    base_url: WebAddress = "https://boards-api.greenhouse.io"

    records_at = ("jobs",)
    total_at = ("meta", "total")
    promised = ("id", "title", "content")
    columns: ClassVar[Columns] = {
        "source_record_id": "id",
        "title": "title",
        "description": "content",
        "employer": "company_name",
        "posted_on": "first_published",
        "location": "location.name",
        "url": "absolute_url",
    }

    def first_url(self, since: date | None = None) -> str:
        return url_with(self._url(self.base_url, "/v1/boards", "/jobs"), {"content": "true"})

    def prepare(self, record: dict[str, Any], answer: Any) -> dict[str, Any]:
        return {
            **record,
            "first_published": record.get("first_published", record.get("updated_at")),
        }


class Lever(Board):
    """Pages by offset; requirements stand in lists of their own; dates are epoch milliseconds."""

    type: Literal["lever"]
    base_url: WebAddress = "https://api.lever.co"
    page_size: int = Field(default=100, ge=1, le=100)

    promised = ("id", "text", "description")
    columns: ClassVar[Columns] = {
        "source_record_id": "id",
        "title": "text",
        "description": "description",
        "employer": "company",
        "posted_on": "createdAt",
        "location": "categories.location",
        "country": "country",
        "salary": ["salaryRange.min", "salaryRange.max", "salaryRange.currency"],
        "url": "hostedUrl",
    }

    def first_url(self, since: date | None = None) -> str:
        page = {"mode": "json", "skip": 0, "limit": self.page_size}
        return url_with(self._url(self.base_url, "/v0/postings"), page)

    def next_url(self, url: str, answer: Any, records_n: int) -> str | None:
        if records_n < self.page_size:
            return None
        return url_with(url, {"skip": param(url, "skip") + records_n})

    def prepare(self, record: dict[str, Any], answer: Any) -> dict[str, Any]:
        if "description" not in record:
            return record
        lists = record.get("lists")
        parts = [record["description"]]
        for section in lists if isinstance(lists, list) else []:
            if isinstance(section, dict):
                parts.append(f"<h3>{section.get('text', '')}</h3><ul>{section.get('content')}</ul>")
        parts.append(record.get("additional"))
        return {**record, "description": "\n".join(str(part) for part in parts if part)}


class Ashby(Board):
    """One answer with all openings; those not listed are for invited people only."""

    type: Literal["ashby"]
    base_url: WebAddress = "https://api.ashbyhq.com"

    records_at = ("jobs",)
    promised = ("id", "title", "descriptionHtml")
    columns: ClassVar[Columns] = {
        "source_record_id": "id",
        "title": "title",
        "description": "descriptionHtml",
        "employer": "company",
        "posted_on": "publishedAt",
        "location": "location",
        "country": "address.postalAddress.addressCountry",
        "salary": "compensation.compensationTierSummary",
        "url": "jobUrl",
    }

    def first_url(self, since: date | None = None) -> str:
        url = self._url(self.base_url, "/posting-api/job-board")
        return url_with(url, {"includeCompensation": "true"})

    def records(self, answer: Any) -> list[Any]:
        return [
            record
            for record in super().records(answer)
            if not (isinstance(record, dict) and record.get("isListed") is False)
        ]


class Workable(Board):
    """One answer with all openings, the company's name above them."""

    type: Literal["workable"]
    base_url: WebAddress = "https://apply.workable.com"

    records_at = ("jobs",)
    promised = ("shortcode", "title", "description")
    columns: ClassVar[Columns] = {
        "source_record_id": "shortcode",
        "title": "title",
        "description": "description",
        "employer": "company",
        "posted_on": "published_on",
        "location": ["city", "state"],
        "country": "country",
        "url": "url",
    }

    def first_url(self, since: date | None = None) -> str:
        return url_with(self._url(self.base_url, "/api/v1/widget/accounts"), {"details": "true"})

    def prepare(self, record: dict[str, Any], answer: Any) -> dict[str, Any]:
        name = self.employer or (answer.get("name") if isinstance(answer, dict) else None)
        return {**record, "company": name}
