"""Postings from every kind of file: what goes in, what is refused and why."""

import gzip
import io
import json

import polars as pl
import pytest

AD = {"id": "7", "title": "Welder", "description": "Weld steel frames.", "company": "Ferrous & Son"}


def reasons(drop) -> list[tuple[str, str]]:
    return [(reject.locator, reject.reason_code) for reject in drop.rejects]


def as_parquet(rows: list[dict]) -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(rows).write_parquet(buffer)
    return buffer.getvalue()


CSV = "id,title,description,company\n7,Welder,Weld steel frames.,Ferrous & Son\n"
JSONLD = {
    "@type": "JobPosting",
    "identifier": {"value": "7"},
    "title": "Welder",
    "description": "&lt;p&gt;Weld steel frames.&lt;/p&gt;",
    "hiringOrganization": {"name": "Ferrous & Son"},
}
FORMATS = {
    "ads.csv": CSV,
    "ads.tsv": CSV.replace(",", "\t"),
    "semicolons.csv": CSV.replace(",", ";"),
    "ads.json": json.dumps([AD]),
    "wrapped.json": json.dumps({"meta": {"total": 1}, "jobs": [AD]}),
    "ads.jsonl": json.dumps(AD) + "\n",
    "ads.jsonl.gz": gzip.compress(json.dumps(AD).encode()),
    "ads.parquet": as_parquet([AD]),
    "ad.jsonld": json.dumps(JSONLD),
    "graph.jsonld": json.dumps({"@context": "https://schema.org", "@graph": [JSONLD]}),
    "ad.html": f'<html><body><script type="application/ld+json">{json.dumps(JSONLD)}</script>'
    "</body></html>",
    "bom.csv": b"\xef\xbb\xbf" + CSV.encode(),
    "windows.csv": CSV.replace("steel", "“steel”").encode("cp1252"),
    "nul.csv": CSV.replace("steel", "st\x00eel"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_ad_from_every_format(read, name) -> None:
    drop = read({name: FORMATS[name]})
    assert reasons(drop) == []
    (row,) = drop.rows
    assert (row["source_record_id"], row["title"], row["employer"]) == (
        "7",
        "Welder",
        "Ferrous & Son",
    )
    assert row["text"].replace('"', "") == "Welder\n\nWeld steel frames."


def test_a_text_file_takes_its_first_line_as_title_and_finds_its_date(read) -> None:
    bulletin = "HARBOR PILOT\nOpen Date: 07-06-18\n\nDUTIES\nGuides ships."
    drop = read(
        {"pilot.txt": bulletin},
        patterns={"posted_on": r"Open Date:\s*(\S+)"},
        defaults={"employer": "City of Elsewhere"},
    )
    (row,) = drop.rows
    assert (row["title"], str(row["posted_on"])) == ("HARBOR PILOT", "2018-07-06")
    assert row["employer"] == "City of Elsewhere"


def test_bad_rows_are_set_aside_with_their_place_and_good_ones_go_in(read) -> None:
    rows = [
        "id,title,description,posted_on",
        "1,Nurse,Care for patients.,2026-01-05",
        "2,,Care for patients.,2026-01-05",
        "3,Nurse,,2026-01-05",
        "4,Nurse,Care.,yesterday-ish",
        "5,Nurse,Care.,2999-01-01",
        "6,Nurse,Care.,2026-01-05,one value too many",
        "1,Nurse again,Care more.,2026-01-05",
        "8,Nurse,Care for all.,2026-01-06",
    ]
    drop = read({"ads.csv": "\n".join(rows)})
    assert [row["source_record_id"] for row in drop.rows] == ["1", "8"]
    assert reasons(drop) == [
        ("ads.csv:3", "missing_title"),
        ("ads.csv:4", "missing_description"),
        ("ads.csv:5", "bad_date"),
        ("ads.csv:6", "bad_date"),
        ("ads.csv:7", "unexpected_column"),
        ("ads.csv:8", "duplicate_record_id"),
    ]
    assert drop.rows_n == 8


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("ads.jsonl", '{"title": "Nurse"', "malformed_row"),
        ("ads.jsonl", "[1, 2]", "malformed_row"),
        ("ads.json", "{not json", "unreadable_file"),
        ("ads.json", "[" * 100_000, "unreadable_file"),
        ("ads.parquet", b"PAR1 but no more", "unreadable_file"),
        ("ads.jsonl.gz", b"not gzip at all", "unreadable_file"),
        ("ads.pdf", b"%PDF-1.4 cut off", "unreadable_file"),
        ("ads.docx", b"PK not really", "unreadable_file"),
        ("ads.exe", b"MZ", "unknown_format"),
        ("empty.txt", "", "no_text"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_reject_beside_the_good_one(
    read, name, content, reason
) -> None:
    drop = read({name: content, "good.csv": CSV})
    assert [reject.reason_code for reject in drop.rejects] == [reason]
    assert len(drop.rows) == 1


def test_masked_employers_count_as_one_each(read) -> None:
    drop = read({"ads.csv": "title,description\nNurse,Care.\nNurse,Cure.\n"}, masked_employers=True)
    assert len({row["employer"] for row in drop.rows}) == 2


def test_the_same_words_for_another_place_are_another_content(read) -> None:
    content = "title,description,location\nNurse,Care.,Ada\nNurse,Care.,ada \nNurse,Care.,Troy\n"
    hashes = [row["content_hash"] for row in read({"ads.csv": content}).rows]
    assert hashes[0] == hashes[1] != hashes[2]


def test_only_the_rows_asked_for(read) -> None:
    content = "title,description,board\nNurse,Care.,health\nWelder,Weld.,trades\n"
    drop = read({"ads.csv": content}, where={"board": "health"})
    assert [row["title"] for row in drop.rows] == ["Nurse"]
    assert drop.rows_n == 1


def test_unread_columns_are_named(read) -> None:
    drop = read({"ads.csv": "title,description,shoe_size\nNurse,Care.,41\n"})
    assert drop.unread_columns == {"shoe_size"}
    assert "shoe_size" in " ".join(drop.warnings())


def test_frames_keep_their_contract(read) -> None:
    frames = read({"ads.csv": "title,description\nNurse,Care.\n,None.\n"}).frames()
    assert frames["raw.postings"].height == 1
    assert frames["raw.rejects"]["reason_code"].to_list() == ["missing_title"]
    assert frames["raw.sources"].row(0, named=True)["rows_n"] == 2


@pytest.mark.parametrize("name", ["ads.json", "ads.jsonl"])
def test_half_a_character_where_a_provider_cut_a_text_breaks_nothing(read, name) -> None:
    row = (
        r'{"id": "7\ud83d", "title": "Welder \ud83d\ude80", '
        r'"description": "Weld \ud83d", "x\udc00": "y"}'
    )
    drop = read({name: row})
    assert drop.frames()["raw.postings"].row(0, named=True)["title"] == "Welder 🚀"
    assert drop.rows[0]["description"] == "Weld \ufffd"
    assert drop.rows[0]["source_record_id"] == "7\ufffd"
