"""Searches over the ads of many employers: USAJOBS, Adzuna, Arbeitnow, Remotive, JobTech."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Literal

from pydantic import Field

from pipelines.ingest.feeds.feed import (
    ApiFeed,
    Columns,
    Credentials,
    WebAddress,
    param,
    secret,
    url_with,
    value_at,
)

USAJOBS_LONGEST_DAYS = 60
JOBTECH_LAST_OFFSET = 2000
OVERLAP = timedelta(days=1)


class Search(ApiFeed):
    """A search; `query` holds the provider's own parameters, as its documentation names them."""

    query: dict[str, str | int] = Field(default={})


class UsaJobs(Search):
    """Pages by number. Needs a key and, as user agent, the e-mail address it was given to."""

    type: Literal["usajobs"]
    base_url: WebAddress = "https://data.usajobs.gov"
    page_size: int = Field(default=500, ge=1, le=500)
    incremental: bool = False
    key_variable: str = "USAJOBS_API_KEY"
    email_variable: str = "USAJOBS_EMAIL"

    records_at = ("SearchResult", "SearchResultItems")
    total_at = ("SearchResult", "SearchResultCountAll")
    promised = ("MatchedObjectId", "PositionTitle", "UserArea.Details.JobSummary")
    columns: ClassVar[Columns] = {
        "source_record_id": "MatchedObjectId",
        "title": "PositionTitle",
        "description": "description",
        "employer": "OrganizationName",
        "posted_on": "PublicationStartDate",
        "valid_through_on": "ApplicationCloseDate",
        "location": "PositionLocationDisplay",
        "country": "PositionLocation.CountryCode",
        "salary": [
            "PositionRemuneration.MinimumRange",
            "PositionRemuneration.MaximumRange",
            "PositionRemuneration.RateIntervalCode",
        ],
        "url": "PositionURI",
    }

    def first_url(self, since: date | None = None) -> str:
        days = min(_days_since(since), USAJOBS_LONGEST_DAYS) if since else None
        page = {
            "Fields": "Full",
            "DatePosted": days,
            "ResultsPerPage": self.page_size,
            "Page": 1,
        }
        return url_with(f"{self.base_url.rstrip('/')}/api/search", {**self.query, **page})

    def next_url(self, url: str, answer: Any, records_n: int) -> str | None:
        page = param(url, "Page")
        pages = value_at(answer, ("SearchResult", "UserArea", "NumberOfPages"))
        is_last = page >= int(pages) if str(pages).isdecimal() else records_n < self.page_size
        return None if is_last or not records_n else url_with(url, {"Page": page + 1})

    def credentials(self, environ: Mapping[str, str]) -> Credentials:
        return Credentials(
            headers={
                "Authorization-Key": secret(environ, self.key_variable, "the USAJOBS API key"),
                "User-Agent": secret(
                    environ, self.email_variable, "the e-mail address the key was given to"
                ),
            }
        )

    def prepare(self, record: dict[str, Any], answer: Any) -> dict[str, Any]:
        posting = record.get("MatchedObjectDescriptor")
        if not isinstance(posting, dict):
            return record
        details = value_at(posting, ("UserArea", "Details"))
        details = details if isinstance(details, dict) else {}
        duties = details.get("MajorDuties")
        parts = {
            "": details.get("JobSummary"),
            "Duties": "\n".join(map(str, duties)) if isinstance(duties, list) else duties,
            "Qualifications": posting.get("QualificationSummary"),
            "Education": details.get("Education"),
            "Requirements": details.get("Requirements"),
        }
        sections = [f"{heading}\n{part}".strip() for heading, part in parts.items() if part]
        identity = {"MatchedObjectId": record.get("MatchedObjectId", posting.get("PositionID"))}
        return {**posting, **identity, "description": "\n\n".join(sections)}


class Adzuna(Search):
    """Pages by a number in the path. Ads are cut after some hundred characters by the provider."""

    type: Literal["adzuna"]
    base_url: WebAddress = "https://api.adzuna.com"
    country: str = Field(default="us", pattern=r"^[a-z]{2}$")
    page_size: int = Field(default=50, ge=1, le=50)
    incremental: bool = False
    id_variable: str = "ADZUNA_APP_ID"
    key_variable: str = "ADZUNA_APP_KEY"

    records_at = ("results",)
    total_at = ("count",)
    promised = ("id", "title", "description")
    columns: ClassVar[Columns] = {
        "source_record_id": "id",
        "title": "title",
        "description": "description",
        "employer": "company.display_name",
        "posted_on": "created",
        "location": "location.display_name",
        "country": "country",
        "salary": ["salary_min", "salary_max"],
        "url": "redirect_url",
    }

    def first_url(self, since: date | None = None) -> str:
        page = {
            "results_per_page": self.page_size,
            "sort_by": "date",
            "max_days_old": _days_since(since) if since else self.query.get("max_days_old"),
            "content-type": "application/json",
        }
        return url_with(self._page(1), {**self.query, **page})

    def next_url(self, url: str, answer: Any, records_n: int) -> str | None:
        if records_n < self.page_size:
            return None
        path, _, query = url.partition("?")
        return f"{self._page(int(path.rsplit('/', 1)[1]) + 1)}?{query}"

    def credentials(self, environ: Mapping[str, str]) -> Credentials:
        return Credentials(
            params={
                "app_id": secret(environ, self.id_variable, "the Adzuna application id"),
                "app_key": secret(environ, self.key_variable, "the Adzuna application key"),
            }
        )

    def prepare(self, record: dict[str, Any], answer: Any) -> dict[str, Any]:
        return {**record, "country": self.country.upper()}

    def _page(self, number: int) -> str:
        return f"{self.base_url.rstrip('/')}/v1/api/jobs/{self.country}/search/{number}"


class Arbeitnow(ApiFeed):
    """Pages by number as long as an answer links to a next one; dates are epoch seconds."""

    type: Literal["arbeitnow"]
    base_url: WebAddress = "https://www.arbeitnow.com"

    records_at = ("data",)
    promised = ("slug", "title", "description")
    columns: ClassVar[Columns] = {
        "source_record_id": "slug",
        "title": "title",
        "description": "description",
        "employer": "company_name",
        "posted_on": "created_at",
        "location": "location",
        "url": "url",
    }

    def first_url(self, since: date | None = None) -> str:
        return url_with(f"{self.base_url.rstrip('/')}/api/job-board-api", {"page": 1})

    def next_url(self, url: str, answer: Any, records_n: int) -> str | None:
        if not records_n or not value_at(answer, ("links", "next")):
            return None
        return url_with(url, {"page": param(url, "page") + 1})


class Remotive(Search):
    """One answer with all current ads; asks to be named and linked wherever they are shown."""

    type: Literal["remotive"]
    base_url: WebAddress = "https://remotive.com"

    records_at = ("jobs",)
    promised = ("id", "title", "description")
    columns: ClassVar[Columns] = {
        "source_record_id": "id",
        "title": "title",
        "description": "description",
        "employer": "company_name",
        "posted_on": "publication_date",
        "location": "candidate_required_location",
        "salary": "salary",
        "url": "url",
    }

    def first_url(self, since: date | None = None) -> str:
        return url_with(f"{self.base_url.rstrip('/')}/api/remote-jobs", self.query)


class JobTech(Search):
    """The Swedish employment service, pages by offset; beyond offset 2,000 it hands out nothing."""

    type: Literal["jobtech"]
    base_url: WebAddress = "https://jobsearch.api.jobtechdev.se"
    page_size: int = Field(default=100, ge=1, le=100)
    incremental: bool = False

    records_at = ("hits",)
    total_at = ("total", "value")
    promised = ("id", "headline", "description.text")
    columns: ClassVar[Columns] = {
        "source_record_id": "id",
        "title": "headline",
        "description": "description.text",
        "employer": "employer.name",
        "posted_on": "publication_date",
        "valid_through_on": "application_deadline",
        "location": "workplace_address.municipality",
        "country": "workplace_address.country",
        "salary": "salary_description",
        "url": "webpage_url",
    }

    def first_url(self, since: date | None = None) -> str:
        page = {
            "published-after": f"{since - OVERLAP}T00:00:00" if since else None,
            "sort": "pubdate-desc",
            "limit": self.page_size,
            "offset": 0,
        }
        return url_with(f"{self.base_url.rstrip('/')}/search", {**self.query, **page})

    def next_url(self, url: str, answer: Any, records_n: int) -> str | None:
        offset = param(url, "offset") + records_n
        if records_n < self.page_size or offset > JOBTECH_LAST_OFFSET:
            return None
        return url_with(url, {"offset": offset})


def _days_since(since: date) -> int:
    return (datetime.now(UTC).date() - (since - OVERLAP)).days
