"""Every feed in the shape its provider documents ends in rows of raw.postings.

All employers and ads are invented.
"""

import datetime as dt
import gzip
import json
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.drop import read_drop
from pipelines.ingest.errors import FeedError
from pipelines.ingest.feeds.catalog import AnyFeed
from pipelines.ingest.feeds.fetch import fetch
from pipelines.ingest.feeds.reading import page_records
from pipelines.ingest.records import Record
from pipelines.ingest.source import Source

ROOT = Path(__file__).parents[4]
GREENHOUSE = {
    "jobs": [
        {
            "id": 401,
            "internal_job_id": 9,
            "title": "Boat Welder",
            "updated_at": "2026-09-02T10:00:00-04:00",
            "first_published": "2026-09-01T10:00:00-04:00",
            "location": {"name": "Alder Bay, ME"},
            "absolute_url": "https://boards.example/tidewater/401",
            "content": "&lt;p&gt;Weld aluminum hulls.&lt;/p&gt;",
            "departments": [{"id": 1, "name": "Yard"}],
        }
    ],
    "meta": {"total": 1},
}
LEVER = [
    {
        "id": "5ac21346",
        "text": "Boat Welder",
        "hostedUrl": "https://jobs.example/tidewater/5ac21346",
        "createdAt": 1788256800000,
        "categories": {"commitment": "Full-time", "location": "Alder Bay, ME", "team": "Yard"},
        "country": "US",
        "description": "<div>Weld aluminum hulls.</div>",
        "descriptionPlain": "Weld aluminum hulls.",
        "lists": [
            {"text": "What you bring", "content": "<li>TIG welding</li><li>Blueprints</li>"},
            {"text": "Nice to have", "content": "<li>Crane license</li>"},
        ],
        "additional": "<div>Union shop.</div>",
        "workplaceType": "on-site",
    }
]
ASHBY = {
    "apiVersion": "1",
    "jobs": [
        {
            "id": "b1",
            "title": "Boat Welder",
            "location": "Alder Bay, ME",
            "publishedAt": "2026-09-01T08:00:00.000+00:00",
            "isListed": True,
            "jobUrl": "https://jobs.example/tidewater/b1",
            "descriptionHtml": "<p>Weld aluminum hulls.</p>",
            "descriptionPlain": "Weld aluminum hulls.",
            "address": {"postalAddress": {"addressCountry": "United States"}},
        },
        {"id": "b2", "title": "Secret", "descriptionHtml": "<p>Hush.</p>", "isListed": False},
    ],
}
WORKABLE = {
    "name": "Tidewater Yards",
    "description": "We build boats.",
    "jobs": [
        {
            "title": "Boat Welder",
            "shortcode": "A1B2C3",
            "url": "https://apply.example/j/A1B2C3",
            "published_on": "2026-09-01",
            "created_at": "2026-08-30",
            "country": "United States",
            "city": "Alder Bay",
            "state": "Maine",
            "description": "<p>Weld aluminum hulls.</p>",
        }
    ],
}
USAJOBS = {
    "SearchResult": {
        "SearchResultCount": 1,
        "SearchResultCountAll": 1,
        "SearchResultItems": [
            {
                "MatchedObjectId": "777",
                "MatchedObjectDescriptor": {
                    "PositionID": "NAV-26-1",
                    "PositionTitle": "Boat Welder",
                    "PositionURI": "https://jobs.example/777",
                    "PositionLocationDisplay": "Alder Bay, Maine",
                    "PositionLocation": [{"CountryCode": "United States"}],
                    "OrganizationName": "Bureau of Lighthouses",
                    "QualificationSummary": "One year of TIG welding.",
                    "PositionRemuneration": [
                        {"MinimumRange": "50000", "MaximumRange": "60000", "RateIntervalCode": "PA"}
                    ],
                    "PublicationStartDate": "2026-09-01T00:00:00.0000",
                    "ApplicationCloseDate": "2026-10-01T00:00:00.0000",
                    "UserArea": {
                        "Details": {
                            "JobSummary": "Weld aluminum hulls.",
                            "MajorDuties": ["Read blueprints.", "Inspect seams."],
                        }
                    },
                },
            }
        ],
        "UserArea": {"NumberOfPages": "1"},
    }
}
ADZUNA = {
    "count": 1,
    "results": [
        {
            "id": "3310",
            "title": "Boat Welder",
            "description": "Weld aluminum hulls. Read blue…",
            "created": "2026-09-01T09:00:00Z",
            "company": {"display_name": "Tidewater Yards"},
            "location": {"display_name": "Alder Bay, Lime County", "area": ["US", "Maine"]},
            "redirect_url": "https://ads.example/3310",
            "salary_min": 50000,
            "salary_max": 60000,
        }
    ],
}
ARBEITNOW = {
    "data": [
        {
            "slug": "boat-welder-1",
            "company_name": "Tidewater Yards",
            "title": "Boat Welder",
            "description": "<p>Weld aluminum hulls.</p>",
            "remote": False,
            "url": "https://ads.example/boat-welder-1",
            "tags": ["Trades"],
            "location": "Alder Bay",
            "created_at": 1788256800,
        }
    ],
    "links": {"next": None},
}
REMOTIVE = {
    "job-count": 1,
    "jobs": [
        {
            "id": 1900,
            "url": "https://ads.example/1900",
            "title": "Boat Welder",
            "company_name": "Tidewater Yards",
            "publication_date": "2026-09-01T09:00:00",
            "candidate_required_location": "Worldwide",
            "salary": "$50k",
            "description": "<p>Weld aluminum hulls.</p>",
        }
    ],
}
JOBTECH = {
    "total": {"value": 1},
    "hits": [
        {
            "id": "2800",
            "headline": "Boat Welder",
            "description": {"text": "Weld aluminum hulls.", "text_formatted": ""},
            "employer": {"name": "Tidewater AB"},
            "publication_date": "2026-09-01T09:00:00",
            "application_deadline": "2026-10-01T23:59:59",
            "webpage_url": "https://ads.example/2800",
            "workplace_address": {"municipality": "Alvik", "country": "Sverige"},
        }
    ],
}
JSON_FEEDS = {
    "greenhouse": ({"board": "tidewater"}, "/v1/boards/tidewater/jobs", GREENHOUSE),
    "lever": ({"board": "tidewater"}, "/v0/postings/tidewater", LEVER),
    "ashby": ({"board": "tidewater"}, "/posting-api/job-board/tidewater", ASHBY),
    "workable": ({"board": "tidewater"}, "/api/v1/widget/accounts/tidewater", WORKABLE),
    "usajobs": ({"query": {"Keyword": "welder"}}, "/api/search", USAJOBS),
    "adzuna": ({"query": {"what": "welder"}}, "/v1/api/jobs/us/search/1", ADZUNA),
    "arbeitnow": ({}, "/api/job-board-api", ARBEITNOW),
    "remotive": ({}, "/api/remote-jobs", REMOTIVE),
    "jobtech": ({}, "/search", JOBTECH),
}
SECRETS = {
    "USAJOBS_API_KEY": "s3cret",
    "USAJOBS_EMAIL": "analyst@college.example",
    "ADZUNA_APP_ID": "s3cret",
    "ADZUNA_APP_KEY": "s3cret-too",
}
AD = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "title": "Boat Welder",
    "description": "<p>Weld aluminum hulls.</p>",
    "qualifications": "TIG welding",
    "datePosted": "2026-09-01",
    "hiringOrganization": {"@type": "Organization", "name": "Tidewater Yards"},
    "jobLocation": [{"address": {"addressLocality": "Alder Bay", "addressCountry": "US"}}],
}


def page(*postings: dict) -> str:
    scripts = "".join(
        f'<script type="application/ld+json">{json.dumps(posting)}</script>' for posting in postings
    )
    return f"<html><head>{scripts}</head><body>Careers</body></html>"


def test_every_feed_has_its_answer_here_and_its_line_in_the_docs() -> None:
    feeds, _ = get_args(AnyFeed)
    types = {get_args(feed.model_fields["type"].annotation)[0] for feed in get_args(feeds)}
    assert types == set(JSON_FEEDS) | {"pages"}
    page = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8")
    assert {name for name in types if f"| `{name}`" not in page} == set()


@pytest.mark.parametrize("name", JSON_FEEDS)
def test_a_documented_answer_becomes_a_full_row(web, declare, name) -> None:
    options, path, answer = JSON_FEEDS[name]
    web.answer = lambda asked: web.reply(answer if asked.path == path else {}, 200)
    source = declare({"type": name, "base_url": web.url, **options})
    outcome = fetch(source, environ=SECRETS)
    assert (outcome.pages_n, outcome.warnings) == (1, [])
    drop = read_drop(source)
    assert drop.rejects == []
    (row,) = drop.rows
    assert row["title"] == "Boat Welder"
    assert "Weld aluminum hulls." in row["text"]
    assert row["employer"]
    assert row["posted_on"] == dt.date(2026, 9, 1)
    assert row["location"]
    assert row["url"].startswith("https://")
    assert row["source_record_id"]


def test_lists_of_requirements_are_part_of_the_text(web, declare) -> None:
    web.answer = lambda asked: web.reply(LEVER)
    source = declare({"type": "lever", "board": "tidewater", "base_url": web.url})
    fetch(source)
    text = read_drop(source).rows[0]["text"]
    for words in ("What you bring", "TIG welding", "Crane license", "Union shop."):
        assert words in text


def test_sections_of_a_federal_ad_are_part_of_the_text(web, declare) -> None:
    web.answer = lambda asked: web.reply(USAJOBS)
    source = declare({"type": "usajobs", "base_url": web.url})
    fetch(source, environ=SECRETS)
    (row,) = read_drop(source).rows
    assert "Qualifications\nOne year of TIG welding." in row["text"]
    assert "Read blueprints.\nInspect seams." in row["text"]
    assert row["salary"] == "50000 60000 PA"
    assert row["valid_through_on"] == dt.date(2026, 10, 1)


def test_a_board_that_does_not_say_whose_it_is_takes_the_declared_employer(web, declare) -> None:
    web.answer = lambda asked: web.reply(ASHBY)
    feed = {"type": "ashby", "board": "tidewater", "base_url": web.url}
    source = declare(feed | {"employer": "Tidewater Yards"})
    fetch(source)
    assert [row["employer"] for row in read_drop(source).rows] == ["Tidewater Yards"]
    assert [row["employer"] for row in read_drop(declare(feed)).rows] == ["tidewater"]


def test_columns_of_the_source_yml_win(web, declare) -> None:
    web.answer = lambda asked: web.reply(GREENHOUSE)
    feed = {"type": "greenhouse", "board": "tidewater", "base_url": web.url}
    source = declare(feed, columns={"posted_on": "updated_at", "employer": "departments.name"})
    fetch(source)
    (row,) = read_drop(source).rows
    assert (row["posted_on"], row["employer"]) == (dt.date(2026, 9, 2), "Yard")


@pytest.mark.parametrize(
    ("name", "options", "pages"),
    [
        ("lever", {"board": "b", "page_size": 2}, "skip"),
        ("usajobs", {"page_size": 2}, "Page"),
        ("adzuna", {"page_size": 2}, "path"),
        ("arbeitnow", {}, "page"),
        ("jobtech", {"page_size": 2}, "offset"),
    ],
)
def test_pages_follow_each_other(web, declare, name, options, pages) -> None:
    _, _, answer = JSON_FEEDS[name]
    counts = iter([2, 2, 1])

    def answer_pages(asked):
        several = json.loads(json.dumps(answer))
        records = {
            "lever": lambda: several,
            "usajobs": lambda: several["SearchResult"]["SearchResultItems"],
            "adzuna": lambda: several["results"],
            "arbeitnow": lambda: several["data"],
            "jobtech": lambda: several["hits"],
        }[name]()
        count, number = next(counts), len(web.asked)
        identity = {"usajobs": "MatchedObjectId", "arbeitnow": "slug"}.get(name, "id")
        copies = [{**records[0], identity: f"{number}-{copy}"} for copy in range(count)]
        records[:] = copies
        if name == "usajobs":
            several["SearchResult"]["UserArea"]["NumberOfPages"] = "3"
        if name == "arbeitnow":
            several["links"]["next"] = "https://elsewhere.example" if number < 3 else None
        return web.reply(several)

    web.answer = answer_pages
    source = declare({"type": name, "base_url": web.url, **options})
    outcome = fetch(source, environ=SECRETS)
    assert (outcome.pages_n, outcome.records_n) == (3, 5)
    assert len(read_drop(source).rows) == 5
    asked = [
        request.path.rsplit("/", 1)[1] if pages == "path" else request.query[pages]
        for request in web.asked
    ]
    assert len(set(asked)) == 3


def test_secrets_go_with_the_request_and_nowhere_else(web, declare, tmp_path) -> None:
    web.answer = lambda asked: web.reply(ADZUNA)
    source = declare({"type": "adzuna", "base_url": web.url})
    fetch(source, environ=SECRETS)
    assert web.asked[0].query["app_key"] == "s3cret-too"
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"s3cret" not in path.read_bytes()


@pytest.mark.parametrize("status", [403, 500])
def test_secrets_stand_in_no_message(web, declare, status, caplog) -> None:
    caplog.set_level("DEBUG", logger="pipelines")
    web.answer = lambda asked: web.reply(status=status)
    with pytest.raises(FeedError) as error:
        fetch(declare({"type": "adzuna", "base_url": web.url}), environ=SECRETS)
    assert "s3cret" not in f"{error.value} {caplog.text}"


def test_the_key_and_the_address_are_headers(web, declare) -> None:
    web.answer = lambda asked: web.reply(USAJOBS)
    fetch(declare({"type": "usajobs", "base_url": web.url}), environ=SECRETS)
    headers = web.asked[0].headers
    assert headers["Authorization-Key"] == "s3cret"
    assert headers["User-Agent"] == "analyst@college.example"


def pages_source(declare, web, **options) -> Source:
    return declare({"type": "pages", "sitemap": f"{web.url}/sitemap.xml", **options})


def sitemap(*urls: str, root: str = "urlset") -> str:
    item = "sitemap" if root == "sitemapindex" else "url"
    items = "".join(f"<{item}><loc>{url}</loc></{item}>" for url in urls)
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</{root}>'


def site(web, pages: dict[str, object]):
    def answer(asked):
        found = pages.get(asked.path)
        return (
            found if isinstance(found, web.reply) else web.reply(found or "", 200 if found else 404)
        )

    return answer


def test_pages_of_a_sitemap_become_rows(web, declare) -> None:
    pages = [f"{web.url}/jobs/{number}" for number in (1, 2, 3)]
    web.answer = site(
        web,
        {
            "/sitemap.xml": sitemap(f"{web.url}/jobs.xml", root="sitemapindex"),
            "/jobs.xml": sitemap(*pages, f"{web.url}/about", "https://elsewhere.example/jobs/9"),
            "/robots.txt": "User-agent: *\nDisallow: /jobs/3\n",
            "/jobs/1": page(AD),
            "/jobs/2": page({"@type": "WebSite"}, AD | {"identifier": {"value": "R-2"}}),
            "/jobs/3": page(AD),
            "/about": page(),
        },
    )
    source = pages_source(declare, web)
    outcome = fetch(source)
    assert outcome.pages_n == 2
    assert [warning.split(" ", 2)[2] for warning in outcome.warnings] == [
        "in the sitemap are on other sites: left out",
        "that robots.txt closes to robots",
        "without a JobPosting, 0 of them gone",
    ]
    rows = read_drop(source).rows
    assert [row["source_record_id"] for row in rows] == [f"{web.url}/jobs/1", "R-2"]
    assert [row["url"] for row in rows] == pages[:2]
    for row in rows:
        assert row["employer"] == "Tidewater Yards"
        assert (row["location"], row["country"]) == ("Alder Bay", "US")
        assert str(row["posted_on"]) == "2026-09-01"
        assert "Qualifications" in row["text"]
        assert "TIG welding" in row["text"]


def test_a_gzipped_sitemap(web, declare) -> None:
    listed = gzip.compress(sitemap(f"{web.url}/jobs/1").encode())
    web.answer = site(web, {"/sitemap.xml": listed, "/jobs/1": page(AD)})
    assert fetch(pages_source(declare, web)).records_n == 1


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><urlset><loc>&b;</loc></urlset>'


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ({"/sitemap.xml": "<html>Not here"}, "not a sitemap in XML"),
        ({"/sitemap.xml": BOMB}, "not a sitemap in XML"),
        ({"/sitemap.xml": b"\x1f\x8bbroken"}, "not a sitemap in XML"),
        ({}, r"sitemap.xml: HTTP 404"),
        ({"/sitemap.xml": sitemap()}, "none of 0 pages"),
        ({"/sitemap.xml": "one page", "/jobs/1": "<p>Drawn by scripts</p>"}, "none of 1 pages"),
    ],
)
def test_a_site_that_lists_nothing_to_read_says_so(web, declare, pages, message) -> None:
    listed = {"one page": sitemap(f"{web.url}/jobs/1")}
    web.answer = site(web, {path: listed.get(body, body) for path, body in pages.items()})
    with pytest.raises(FeedError, match=message):
        fetch(pages_source(declare, web))


def test_unchanged_pages_are_not_sent_again(web, declare) -> None:
    def answer(asked):
        if asked.path == "/sitemap.xml":
            return web.reply(sitemap(*(f"{web.url}/jobs/{number}" for number in (1, 2))))
        if asked.path == "/robots.txt" or asked.headers["If-None-Match"] == '"1"':
            return web.reply(status=404 if asked.path == "/robots.txt" else 304)
        return web.reply(page(AD), headers={"ETag": '"1"'} if asked.path == "/jobs/1" else {})

    web.answer = answer
    source = pages_source(declare, web)
    first = fetch(source)
    second = fetch(source)
    assert (first.pages_n, second.pages_n, second.drop) == (2, 2, None)
    assert len(read_drop(source).rows) == 2


def test_pages_that_match_only(web, declare) -> None:
    urls = [f"{web.url}/jobs/1", f"{web.url}/blog/1"]
    web.answer = site(
        web, {"/sitemap.xml": sitemap(*urls), "/jobs/1": page(AD), "/blog/1": page(AD)}
    )
    assert fetch(pages_source(declare, web, match="/jobs/")).pages_n == 1


def test_a_listed_page_that_is_gone_or_broken_does_not_stop_the_others(web, declare) -> None:
    urls = [f"{web.url}/jobs/{number}" for number in (1, 2, 3)]
    pages = {f"/jobs/{number}": page(AD) for number in (1, 2, 3)}
    pages |= {"/jobs/1": web.reply(status=410), "/jobs/2": web.reply(status=500)}
    web.answer = site(web, pages)
    outcome = fetch(declare({"type": "pages", "urls": urls}))
    assert outcome.pages_n == 1
    assert "HTTP 500" in outcome.warnings[0]
    assert "1 of them gone" in outcome.warnings[1]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "jobs",
                        "data",
                        "id",
                        "lists",
                        "content",
                        "title",
                        "hits",
                        "description",
                        "SearchResult",
                        "SearchResultItems",
                        "MatchedObjectDescriptor",
                        "UserArea",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_answer_breaks_a_reader(answer) -> None:
    for name, (options, _, _) in JSON_FEEDS.items():
        feed = Source.model_validate(
            {"source_id": "a", "kind": "postings", "feed": {"type": name, **options}}
        ).feed
        for found in page_records(json.dumps(answer), "page", feed):
            if isinstance(found, Record):
                assert set(feed.promised) <= set(found.fields)
