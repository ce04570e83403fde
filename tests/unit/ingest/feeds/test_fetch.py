"""A fetch against servers that misbehave: it is patient, bounded, and spoils nothing."""

import datetime as dt
import gzip
import json
import time
import tracemalloc
from email.utils import format_datetime
from pathlib import Path

import pytest

from pipelines.ingest.drop import read_drop
from pipelines.ingest.errors import FeedError, IngestError
from pipelines.ingest.feeds.fetch import fetch, fetch_each, plan
from pipelines.ingest.source import read_source

OLDEST_DAY = dt.date(2026, 1, 1)


def ad(number: int, **fields: object) -> dict[str, object]:
    posted = f"{OLDEST_DAY + dt.timedelta(days=number % 300)}T09:00:00"
    return {
        "id": number,
        "slug": f"ad-{number}",
        "title": f"Welder {number}",
        "content": f"Weld hull {number}.",
        "description": f"Weld hull {number}.",
        "first_published": posted,
        "created_at": posted,
        **fields,
    }


def board(*ads: dict[str, object]) -> dict[str, object]:
    return {"jobs": list(ads)}


@pytest.fixture
def source(declare, web):
    return declare({"type": "greenhouse", "board": "tidewater", "base_url": web.url})


def script(web, *replies) -> None:
    """Answer with one reply after the other, the last for ever."""
    waiting = list(replies)
    web.answer = lambda asked: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def drops(source) -> list[Path]:
    return sorted(path for path in (source.folder / "fetched").glob("*") if path.is_dir())


def titles(source) -> list[str]:
    return [row["title"] for row in read_drop(source).rows]


def test_answers_are_recorded_as_they_came(web, source) -> None:
    body = b'{"jobs": [ {"id": 1, "title": "Welder", "content": "Weld."}] }\n'
    script(web, web.reply(body))
    outcome = fetch(source)
    (drop,) = drops(source)
    assert outcome.drop == drop.name
    assert gzip.decompress((drop / "page-00001.json.gz").read_bytes()) == body
    (index,) = json.loads((drop / "responses.json").read_text())
    assert index["url"] == f"{web.url}/v1/boards/tidewater/jobs?content=true"
    assert "skillgap/" in web.asked[0].headers["User-Agent"]


def test_reading_needs_no_network(web, source) -> None:
    script(web, web.reply(board(ad(1))))
    fetch(source)
    asked_n = len(web.asked)
    assert titles(source) == titles(source) == ["Welder 1"]
    assert len(web.asked) == asked_n


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again(web, source, status) -> None:
    script(web, web.reply(status=status), web.reply(board(ad(1))))
    assert fetch(source).records_n == 1
    assert len(web.asked) == 2


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_the_time_a_server_asks_for_is_given(web, source, form) -> None:
    until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
    wait = "1" if form == "seconds" else format_datetime(until, usegmt=True)
    script(web, web.reply(status=429, headers={"Retry-After": wait}), web.reply(board(ad(1))))
    began = time.monotonic()
    fetch(source)
    assert 0.8 < time.monotonic() - began < 4


def test_a_server_that_asks_for_too_long_is_left_alone(web, source) -> None:
    script(web, web.reply(status=429, headers={"Retry-After": "3600"}))
    with pytest.raises(FeedError, match=r"HTTP 429, and asks to wait 3,600 seconds.*pause_seconds"):
        fetch(source)
    assert len(web.asked) == 1


FAILURES = {
    "always 500": ({"status": 500}, "HTTP 500", 3),
    "not found": ({"status": 404}, "HTTP 404. Check the name of the board", 1),
    "forbidden": ({"status": 403}, "HTTP 403. Check the key", 1),
    "cut body": ({"body": board(ad(1)), "cut": 50}, "the answer broke off", 3),
    "slow": ({"body": board(ad(1)), "delay": 1.0}, "no answer in time", 3),
    "not JSON": ({"body": "<html>Are you a robot?</html>"}, "not JSON.*Are you a robot", 1),
    "too deep": ({"body": "[" * 100_000}, "not JSON", 1),
    "another shape": ({"body": {"positions": []}}, "no list of postings at jobs", 1),
    "no known field": ({"body": board({"name": "Welder"})}, "none of 1 records has", 1),
    "too large": ({"body": board(ad(1, content="x" * 2_000_000))}, "max_page_bytes, 1,000,000", 1),
    "endless redirect": ({"status": 302, "headers": {"Location": "/again"}}, "more than 5", 6),
    "redirect off the web": (
        {"status": 302, "headers": {"Location": "ftp://files.example/"}},
        "ftp:, which is not the web",
        1,
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failed_fetch_says_why_and_leaves_what_was_there(web, declare, name) -> None:
    reply, message, asked_n = FAILURES[name]
    source = declare(
        {
            "type": "greenhouse",
            "board": "tidewater",
            "base_url": web.url,
            "timeout_seconds": 0.3,
            "max_page_bytes": 1_000_000,
        }
    )
    script(web, web.reply(board(ad(7))))
    fetch(source)
    before = {path: path.stat().st_mtime_ns for path in source.folder.rglob("*") if path.is_file()}
    web.asked.clear()
    script(web, web.reply(**reply))
    with pytest.raises(FeedError, match=message):
        fetch(source)
    assert len(web.asked) == asked_n
    after = {path: path.stat().st_mtime_ns for path in source.folder.rglob("*") if path.is_file()}
    assert after == before
    assert titles(source) == ["Welder 7"]


def test_an_answer_that_only_trickles_in_is_given_up(web, declare) -> None:
    feed = {"type": "greenhouse", "board": "b", "base_url": web.url, "deadline_seconds": 0.3}
    script(web, web.reply(board(*map(ad, range(20))), drip=0.05))
    began = time.monotonic()
    with pytest.raises(FeedError, match="no answer in time"):
        fetch(declare(feed))
    assert time.monotonic() - began < 3


def test_nobody_listens(declare) -> None:
    source = declare(
        {"type": "greenhouse", "board": "b", "base_url": "http://127.0.0.1:9", "attempts": 2}
    )
    with pytest.raises(FeedError, match="no connection"):
        fetch(source)
    with pytest.raises(IngestError, match="skillgap fetch --source board"):
        read_drop(source)


def test_a_body_cut_once_is_fetched_again(web, source) -> None:
    script(web, web.reply(board(ad(1)), cut=9), web.reply(board(ad(1))))
    assert fetch(source).records_n == 1


def test_redirects_are_followed_without_secrets(web, declare) -> None:
    elsewhere = web.url.replace("127.0.0.1", "localhost")

    def answer(asked):
        if asked.path == "/api/search":
            return web.reply(status=301, headers={"Location": f"{elsewhere}/moved"})
        return web.reply({"SearchResult": {"SearchResultItems": []}})

    web.answer = answer
    environ = {"USAJOBS_API_KEY": "s3cret", "USAJOBS_EMAIL": "analyst@college.example"}
    fetch(declare({"type": "usajobs", "base_url": web.url}), environ=environ)
    first, second = (request.headers for request in web.asked)
    assert first["Authorization-Key"] == "s3cret"
    assert second["Authorization-Key"] is None
    assert "college" not in second["User-Agent"]


def test_records_that_changed_are_refused_beside_the_good_ones(web, source) -> None:
    changed = {"id": 2, "name": "Fitter", "body": "Fit pipes."}
    script(web, web.reply(board(ad(1), changed, "not an object", ad(4))))
    outcome = fetch(source)
    assert outcome.warnings == ["1 of 4 records lack fields the feed has always had"]
    drop = read_drop(source)
    assert [row["title"] for row in drop.rows] == ["Welder 1", "Welder 4"]
    assert [(reject.locator.split(":")[1], reject.reason_code) for reject in drop.rejects] == [
        ("item 2", "changed_schema"),
        ("item 3", "malformed_row"),
    ]
    assert "title, content" in drop.rejects[0].message
    assert drop.frames()["raw.rejects"].height == 2


def test_a_text_cut_within_a_character_goes_in(web, source) -> None:
    body = r'{"jobs": [{"id": 1, "title": "Welder", "content": "Weld \ud83d"}]}'
    script(web, web.reply(body))
    fetch(source)
    assert read_drop(source).frames()["raw.postings"]["description"].to_list() == ["Weld \ufffd"]


@pytest.mark.parametrize("depth", [200, 900, 990])
def test_records_nested_beyond_sense_are_refused(web, source, depth) -> None:
    deep = '{"a": ' * depth + "1" + "}" * depth
    script(web, web.reply(f'{{"jobs": [{{"id": 1, "title": "x", "content": "y", "b": {deep}}}]}}'))
    (outcome,) = fetch_each([source])
    if outcome.failure:
        assert "nested too deeply" in outcome.failure
    else:
        assert read_drop(source).rows_n == 1


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("utf-8", "cp1252"), ("iso-8859-2", "iso-8859-2"), ("nonsense", "utf-8"), (None, "utf-8")],
)
def test_words_survive_what_the_server_says_of_their_encoding(
    web, source, declared, encoding
) -> None:
    words = "Café – “crêpes”" if encoding != "iso-8859-2" else "Łódź"
    body = json.dumps(board(ad(1, title=words)), ensure_ascii=False).encode(encoding)
    kind = "application/json" + (f"; charset={declared}" if declared else "")
    script(web, web.reply(body, headers={"Content-Type": kind}))
    fetch(source)
    assert titles(source) == [words.replace("“", '"').replace("”", '"')]


def test_the_newest_drop_is_the_content(web, source) -> None:
    script(web, web.reply(board(ad(1), ad(2))))
    fetch(source)
    script(web, web.reply(board(ad(2), ad(3))))
    fetch(source)
    assert len(drops(source)) == 2
    assert titles(source) == ["Welder 2", "Welder 3"]


def test_the_same_content_makes_no_drop(web, source) -> None:
    script(web, web.reply(board(ad(1))))
    assert fetch(source).drop
    outcome = fetch(source)
    assert (outcome.drop, outcome.records_n, len(drops(source))) == (None, 1, 1)
    state = json.loads((source.folder / "fetched" / "state.json").read_text())
    assert state["newest_record_on"] == "2026-01-02"


def test_an_unchanged_answer_is_not_sent_again(web, source) -> None:
    def answer(asked):
        if asked.headers["If-None-Match"] == '"v1"' and asked.headers["If-Modified-Since"]:
            return web.reply(status=304)
        changed = "Thu, 01 Oct 2026 00:00:00 GMT"
        return web.reply(board(ad(1)), headers={"ETag": '"v1"', "Last-Modified": changed})

    web.answer = answer
    fetch(source)
    outcome = fetch(source)
    assert (outcome.drop, outcome.records_n, len(web.asked)) == (None, 1, 2)
    page = next(drops(source)[0].glob("page-*"))
    page.write_bytes(b"damaged")
    assert fetch(source).drop is None
    assert web.asked[-1].headers["If-None-Match"] is None


def test_unchanged_pages_stand_beside_changed_ones(web, declare) -> None:
    titles_now = {"1": "Welder", "2": "Fitter"}

    def answer(asked):
        number = asked.query["page"]
        tag = f'"{titles_now[number]}"'
        if asked.headers["If-None-Match"] == tag:
            return web.reply(status=304)
        more = {"next": "yes" if number == "1" else None}
        record = ad(int(number), title=titles_now[number])
        return web.reply({"data": [record], "links": more}, headers={"ETag": tag})

    web.answer = answer
    source = declare({"type": "arbeitnow", "base_url": web.url})
    fetch(source)
    titles_now["2"] = "Pipefitter"
    assert fetch(source).drop
    assert titles(source) == ["Welder", "Pipefitter"]


def test_a_half_written_drop_is_not_seen(web, source) -> None:
    script(web, web.reply(board(ad(1))))
    fetch(source)
    partial = source.folder / "fetched" / ".partial-abc"
    partial.mkdir()
    (partial / "page-00001.json.gz").write_bytes(b"half")
    (source.folder / "fetched" / "29990101T000000.000000Z").mkdir()
    assert titles(source) == ["Welder 1"]


def test_a_board_that_is_empty_now_empties_the_source(web, source) -> None:
    script(web, web.reply(board(ad(1))))
    fetch(source)
    script(web, web.reply(board()))
    assert fetch(source).warnings == ["the feed gave no postings at all"]
    assert titles(source) == []


def test_fewer_records_than_the_source_promises(web, declare) -> None:
    script(web, web.reply(board(ad(1))))
    feed = {"type": "greenhouse", "board": "b", "base_url": web.url}
    source = declare(feed, expect={"min_rows": 5})
    with pytest.raises(FeedError, match=r"expect\.min_rows is 5 and the feed gave 1"):
        fetch(source)
    assert drops(source) == []


def endless(web, last: int | None):
    def answer(asked):
        number = int(asked.query["page"])
        more = {"next": None if number == last else "yes"}
        return web.reply({"data": [ad(number)], "links": more})

    return answer


@pytest.mark.slow
def test_ten_thousand_pages(web, declare) -> None:
    web.answer = endless(web, last=10_000)
    source = declare({"type": "arbeitnow", "base_url": web.url, "max_pages": 10_000})
    outcome = fetch(source)
    assert (outcome.pages_n, outcome.records_n, outcome.warnings) == (10_000, 10_000, [])
    assert len(source.files()) == 10_000


def test_memory_does_not_grow_with_the_pages(web, declare) -> None:
    def answer(asked):
        number = int(asked.query["page"])
        record = ad(number, description=f"{number} " * 50_000)
        return web.reply({"data": [record], "links": {"next": number < 40 or None}})

    web.answer = answer
    source = declare({"type": "arbeitnow", "base_url": web.url})
    tracemalloc.start()
    try:
        outcome = fetch(source)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert outcome.bytes_n > 5_000_000
    assert peak < 4_000_000


def test_an_endless_feed_is_stopped_and_says_so(web, declare) -> None:
    web.answer = endless(web, last=None)
    source = declare({"type": "arbeitnow", "base_url": web.url, "max_pages": 5})
    outcome = fetch(source)
    assert (outcome.pages_n, len(titles(source))) == (5, 5)
    assert "stopped after max_pages: 5; the feed goes on" in outcome.warnings[0]


def test_a_feed_that_repeats_itself_is_stopped(web, declare) -> None:
    page = web.reply({"data": [ad(1)], "links": {"next": "yes"}})
    script(web, page)
    outcome = fetch(declare({"type": "arbeitnow", "base_url": web.url}))
    assert (outcome.pages_n, len(web.asked)) == (1, 2)
    assert "repeats the page before" in outcome.warnings[0]


def test_what_a_provider_counts_and_does_not_hand_out_is_said(web, source) -> None:
    script(web, web.reply(board(ad(1)) | {"meta": {"total": 12}}))
    assert fetch(source).warnings == ["the provider counts 12 postings and handed out 1"]


def test_there_is_a_pause_between_requests(web, declare) -> None:
    web.answer = endless(web, last=3)
    began = time.monotonic()
    fetch(declare({"type": "arbeitnow", "base_url": web.url, "pause_seconds": 0.2}))
    assert time.monotonic() - began > 0.4


def hits(*ads: dict[str, object]) -> dict[str, object]:
    return {
        "hits": [
            {
                "id": one["id"],
                "headline": one["title"],
                "description": {"text": one["content"]},
                "publication_date": one["first_published"],
            }
            for one in ads
        ]
    }


def test_an_incremental_feed_adds_up_and_the_newest_version_wins(web, declare) -> None:
    source = declare({"type": "jobtech", "base_url": web.url, "incremental": True})
    script(web, web.reply(hits(ad(1), ad(2))))
    fetch(source)
    assert "published-after" not in web.asked[-1].query
    script(web, web.reply(hits(ad(3), ad(2, content="Weld more."))))
    assert fetch(source).drop
    assert web.asked[-1].query["published-after"] == "2026-01-02T00:00:00"
    drop = read_drop(source)
    assert drop.rejects == []
    assert {row["title"]: row["description"] for row in drop.rows} == {
        "Welder 3": "Weld hull 3.",
        "Welder 2": "Weld more.",
        "Welder 1": "Weld hull 1.",
    }
    script(web, web.reply(hits()))
    assert fetch(source).drop is None
    assert len(drops(source)) == 2


def test_pages_that_overlap_are_no_rejects_and_ids_used_twice_are(web, source) -> None:
    script(web, web.reply(board(ad(1), ad(1), ad(1, content="Something else."))))
    fetch(source)
    drop = read_drop(source)
    assert len(drop.rows) == 1
    assert [reject.reason_code for reject in drop.rejects] == ["duplicate_record_id"]


def test_one_source_that_fails_does_not_stop_the_others(web, declare, tmp_path) -> None:
    good = declare({"type": "greenhouse", "board": "good", "base_url": web.url})
    bad = good.model_copy(deep=True, update={"source_id": "bad"})
    bad.feed.board, bad.folder = "bad", tmp_path / "bad"
    web.answer = lambda asked: (
        web.reply(board(ad(1))) if "good" in asked.path else web.reply(status=404)
    )
    first, second = fetch_each([bad, good])
    assert "source.yml: feed: " in (first.failure or "")
    assert second.failure is None
    assert (first.result, second.result) == ("failed", second.drop)


@pytest.mark.parametrize(
    ("feed", "variable"),
    [
        ({"type": "usajobs"}, "USAJOBS_API_KEY"),
        ({"type": "adzuna", "id_variable": "OUR_ID"}, "OUR_ID"),
    ],
)
def test_a_missing_secret_is_named(web, declare, feed, variable) -> None:
    source = declare(feed | {"base_url": web.url})
    with pytest.raises(FeedError, match=f"environment variable {variable} .* is not set"):
        fetch(source, environ={})
    assert web.asked == []
    assert variable in plan(source, environ={})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("feed: {type: monster}", "feed: Input tag 'monster'"),
        ("feed: {type: greenhouse}", "feed.greenhouse.board: Field required"),
        ("feed: {type: greenhouse, board: b, incremental: true}", "incremental: Extra inputs"),
        ("feed: {type: pages}", "give a sitemap, or urls"),
        ("feed: {type: pages, urls: [careers.example]}", "urls.0: String should match"),
        ("feed: {type: arbeitnow, base_url: 'file:///etc'}", "base_url: String should match"),
        (
            "feed: {type: pages, urls: ['https://u.example'], match: '['}",
            "match: .*not a regular expression",
        ),
        ("feed: {type: arbeitnow}\npath: '*.csv'", "remove path"),
        ("feed: {type: arbeitnow}\nkind: syllabi", "a feed gives postings"),
    ],
)
def test_a_feed_declared_wrongly_is_told_so(tmp_path, text, message) -> None:
    path = tmp_path / "source.yml"
    kind = "" if "kind" in text else "kind: postings\n"
    path.write_text(f"source_id: a\n{kind}{text}\n")
    with pytest.raises(IngestError, match=message):
        read_source(path)
