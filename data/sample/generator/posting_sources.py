"""Files postings as several sources of different shape, with the flaws that real sources have.

Belongs here: records, duplicates, encodings, file formats and their source.yml. The words of an ad
belong to `ads`, the facts to `market`.
"""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from ads import AdWriter
from market import LAST_DAY, Posting, draw_posting
from vocabulary import load_yaml

DISTINCT_N = 1300
REPOSTS_N = 74
AGENCY_REPOSTS_N = 42
PAGES_N = 40
MOJIBAKE_SHARE = 0.06
DOUBLE_ESCAPE_SHARE = 0.4
SOURCE_SHARES = {
    "postings_board": 0.32,
    "postings_feed": 0.31,
    "postings_jsonld": 0.11,
    "postings_export": 0.18,
    "postings_archive": 0.08,
}
PLAIN_SOURCES = {"postings_board", "postings_feed", "postings_jsonld", "postings_archive"}
PUBLISHERS = {
    "postings_board": "Alder County Job Board (fictional)",
    "postings_feed": "Harborlight Vacancy Feed (fictional)",
    "postings_jsonld": "Career pages of fictional employers",
    "postings_export": "Tansy Valley Workforce Office (fictional)",
    "postings_archive": "Harborlight Vacancy Archive (fictional)",
}


@dataclass
class Record:
    """One row of a source.

    `origin` is original, repost, agency or reject; `of` is its posting's number; dates are ISO.
    """

    source: str
    record_id: str
    of: int
    origin: str
    title: str
    description: str
    employer: str
    posted_on: str
    valid_through_on: str
    naics_code: str
    location: str
    salary: str
    url: str
    soc_code: str
    traits: tuple[str, ...] = ()
    reject_reason: str = ""


@dataclass
class FiledPostings:
    """What was written, for the answers and the README; `clean_texts` is by posting number."""

    records: list[Record]
    postings: list[Posting]
    clean_texts: dict[int, str]

    def of_source(self, source: str) -> list[Record]:
        """Records of one source in file order."""
        return [record for record in self.records if record.source == source]


def salary_text(posting: Posting, chance: random.Random) -> str:
    """The pay in one of the ways employers write it, or nothing."""
    low, high = posting.pay
    hourly_low, hourly_high = low / 2080, high / 2080
    return chance.choice(
        (
            "",
            "",
            "DOE",
            f"${low:,} - ${high:,} a year",
            f"${low:,}-${high:,} per year",
            f"{low // 1000}k\u2013{high // 1000}k",
            f"${hourly_low:.2f} - ${hourly_high:.2f} per hour",
            f"${hourly_low:.2f}/hr",
            f"Up to ${high:,}",
            f"USD {round(low / 12, -1):,.0f} monthly",
            f"from ${hourly_low:.2f} hourly, paid weekly",
        )
    )


def original_record(posting: Posting, source: str, seed: int) -> Record:
    """The employer's own ad as a record of `source`."""
    chance = random.Random(f"record {seed} {posting.number}")
    record_id = f"{source.removeprefix('postings_')[:2].upper()}{posting.number:07d}"
    return Record(
        source=source,
        record_id=record_id,
        of=posting.number,
        origin="original",
        title=posting.title,
        description=AdWriter(posting, seed).text(),
        employer=posting.employer.name,
        posted_on=posting.posted_on.isoformat(),
        valid_through_on=posting.valid_through_on.isoformat(),
        naics_code=posting.employer.naics_code if posting.has_sector else "",
        location=posting.employer.town,
        salary=salary_text(posting, chance),
        url=f"https://{posting.employer.domain}/jobs/{posting.number}",
        soc_code=posting.soc_code,
    )


def repost(
    record: Record, number: int, source: str, chance: random.Random, letter: str = "R"
) -> Record:
    """The same ad again: other id, later date, perhaps another source."""
    day = dt.date.fromisoformat(record.posted_on)
    later = min(day + dt.timedelta(days=chance.randint(14, 70)), LAST_DAY)
    return replace(
        record,
        source=source,
        record_id=f"{source.removeprefix('postings_')[:2].upper()}{letter}{number:05d}",
        origin="repost",
        posted_on=later.isoformat(),
        valid_through_on=(later + dt.timedelta(days=30)).isoformat(),
    )


def agency_repost(record: Record, number: int, source: str, chance: random.Random) -> Record:
    """A staffing agency's copy: its own name and opening, the employer's name taken out."""
    agency = chance.choice(load_yaml("employers.yml")["agencies"])
    opening = chance.choice(load_yaml("ad_frames.yml")["agency_intro"]).format(
        agency=agency, town=record.location.split(",")[0]
    )
    domain = agency.lower().replace(" ", "-") + ".example"
    body = record.description.replace(record.employer, "our client")
    body = body.replace(record.url.split("/")[2], domain)
    is_markup = body.startswith("<")
    again = repost(record, number, source, chance, letter="A")
    return replace(
        again,
        origin="agency",
        employer=agency,
        naics_code="561320" if chance.random() < 0.5 else again.naics_code,
        description=f"<p>{opening}</p>{body}" if is_markup else f"{opening}\n\n{body}",
        url=f"https://{domain}/openings/{number}",
    )


def with_flaws(record: Record, chance: random.Random) -> Record:
    """Typographic signs, broken encodings and doubled escapes, as the source's habits have it."""
    text, traits = record.description, list(record.traits)
    if record.source == "postings_export":
        text = text.replace("'", "\u2019").replace("resume", "r\u00e9sum\u00e9")
    elif record.source in ("postings_board", "postings_feed") and chance.random() < MOJIBAKE_SHARE:
        typographic = text.replace("'", "\u2019").replace("resume", "r\u00e9sum\u00e9")
        typographic += "" if typographic != text else "\n\nWe\u2019re glad you\u2019re here."
        text = typographic.encode("utf-8").decode("cp1252", errors="replace")
        traits.append("mojibake")
    if (
        record.source == "postings_feed"
        and text.startswith("<")
        and chance.random() < DOUBLE_ESCAPE_SHARE
    ):
        text = html.escape(html.escape(text, quote=False), quote=False)
        traits.append("double_escaped")
    elif text.startswith("<"):
        traits.append("html")
    return replace(record, description=text, traits=tuple(traits))


def plant_rejects(records: list[Record]) -> list[Record]:
    """Spoils eleven extra records (the twelfth reject is a broken JSON line in the feed)."""
    plan = (
        ("postings_board", "missing title", 3),
        ("postings_board", "missing description", 2),
        ("postings_board", "impossible date", 1),
        ("postings_feed", "missing description", 2),
        ("postings_export", "missing title", 1),
        ("postings_export", "impossible date", 2),
    )
    changes: dict[str, dict[str, str]] = {
        "missing title": {"title": ""},
        "missing description": {"description": ""},
        "impossible date": {"posted_on": "2025-02-30"},
    }
    spoiled = []
    for source, reason, count in plan:
        candidates = [r for r in records if r.source == source and r.origin == "original"]
        for candidate in candidates[17 : 17 + count * 29 : 29]:
            spoiled.append(
                replace(
                    candidate,
                    record_id=f"{candidate.record_id}X{len(spoiled)}",
                    origin="reject",
                    reject_reason=reason,
                    traits=(),
                    **changes[reason],
                )
            )
    return spoiled


def sample_records(seed: int) -> FiledPostings:
    """All records of the committed sample, in file order."""
    chance = random.Random(f"sources {seed}")
    names, shares = list(SOURCE_SHARES), list(SOURCE_SHARES.values())
    postings = [draw_posting(n, seed, DISTINCT_N) for n in range(DISTINCT_N)]
    originals = [original_record(p, chance.choices(names, shares)[0], seed) for p in postings]
    clean_texts = {record.of: record.description for record in originals}
    early = [n for n, record in enumerate(originals) if record.posted_on < "2026-08-01"]
    copied = chance.sample(early, REPOSTS_N + AGENCY_REPOSTS_N)
    records = [with_flaws(record, chance) for record in originals]
    for number, original in enumerate(copied):
        source = chance.choices(names, shares)[0]
        if number >= REPOSTS_N:
            copy = agency_repost(originals[original], number, source, chance)
            records.append(with_flaws(copy, chance))
        else:
            published = records[original]
            is_portable = {published.source, source} <= PLAIN_SOURCES and not published.traits
            place = source if is_portable else published.source
            records.append(repost(published, number, place, chance))
    records += plant_rejects(records)
    records.sort(key=lambda record: (record.posted_on, record.record_id))
    return FiledPostings(records, postings, clean_texts)


def us_date(day: str) -> str:
    """An ISO day as month/day/year."""
    year, month, date = day.split("-")
    return f"{month}/{date}/{year}"


def delimited(rows: list[dict[str, str]], delimiter: str, line_end: str) -> str:
    """Rows as delimited text with a header line."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_board(records: list[Record], folder: Path) -> None:
    """CSV with a byte order mark and the board's own column names, a file a year."""
    for year in ("2024", "2025", "2026"):
        rows = [
            {
                "Job Ref": r.record_id,
                "Job Title": r.title,
                "Company": r.employer,
                "Where": r.location,
                "Industry Code": r.naics_code,
                "Posted": r.posted_on,
                "Closes": r.valid_through_on,
                "Pay": r.salary,
                "Link": r.url,
                "Ad Text": r.description,
            }
            for r in records
            if r.posted_on.startswith(year)
        ]
        text = delimited(rows, ",", "\r\n")
        (folder / f"board_{year}.csv").write_bytes(text.encode("utf-8-sig"))


def feed_item(record: Record) -> dict[str, Any]:
    """A record as the feed nests it."""
    town, _, state = record.location.partition(", ")
    return {
        "id": record.record_id,
        "headline": record.title,
        "company": {"name": record.employer, "naics": record.naics_code or None},
        "dates": {
            "posted": f"{record.posted_on}T08:00:00Z",
            "expires": f"{record.valid_through_on}T23:59:00Z",
        },
        "place": {"label": record.location, "city": town, "state": state, "country": "US"},
        "pay": record.salary or None,
        "link": record.url,
        "body": record.description,
    }


def write_feed(records: list[Record], folder: Path) -> None:
    """JSON Lines; one line in the middle is cut off, as after a lost connection."""
    lines = [json.dumps(feed_item(record), ensure_ascii=False) for record in records]
    middle = len(lines) // 2
    lines.insert(middle, lines[middle][:180])
    (folder / "feed.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def job_posting(record: Record) -> dict[str, Any]:
    """A record as a schema.org JobPosting object."""
    town, _, state = record.location.partition(", ")
    item: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "identifier": {
            "@type": "PropertyValue",
            "name": record.employer,
            "value": record.record_id,
        },
        "title": record.title,
        "description": record.description,
        "datePosted": record.posted_on,
        "validThrough": record.valid_through_on,
        "hiringOrganization": {"@type": "Organization", "name": record.employer},
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": town,
                "addressRegion": state,
                "addressCountry": "US",
            },
        },
        "occupationalCategory": record.soc_code,
        "url": record.url,
    }
    if record.naics_code:
        item["industry"] = record.naics_code
    if record.salary:
        item["baseSalary"] = record.salary
    return item


def career_page(record: Record) -> str:
    """An employer's web page that carries the ad as JSON-LD beside a short visible text."""
    data = json.dumps(job_posting(record), ensure_ascii=False, indent=1).replace("</", "<\\/")
    title, firm = html.escape(record.title), html.escape(record.employer)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title} - {firm}</title>\n"
        f'<script type="application/ld+json">\n{data}\n</script>\n</head>\n<body>\n'
        f"<nav>Home | Services | Careers | Contact</nav>\n<main>\n<h1>{title}</h1>\n"
        f"<p>{firm}, {html.escape(record.location)}</p>\n<p>Posted {record.posted_on}.</p>\n"
        f"</main>\n<footer>{firm} is an invented employer.</footer>\n</body>\n</html>\n"
    )


def write_jsonld(records: list[Record], folder: Path) -> None:
    """Forty career pages with embedded JSON-LD, the rest as one graph in a .json file."""
    pages, rest = records[:PAGES_N], records[PAGES_N:]
    for old in folder.glob("*.html"):
        old.unlink()
    for record in pages:
        path = folder / f"{record.record_id.lower()}.html"
        path.write_text(career_page(record), encoding="utf-8", newline="\n")
    graph = {"@context": "https://schema.org", "@graph": [job_posting(record) for record in rest]}
    for item in graph["@graph"]:
        item.pop("@context")
    text = json.dumps(graph, ensure_ascii=False, indent=1) + "\n"
    (folder / "job_postings.json").write_text(text, encoding="utf-8", newline="\n")


def write_export(records: list[Record], folder: Path) -> None:
    """Tab-separated Windows-1252 text with US dates."""
    rows = [
        {
            "REQ_NO": r.record_id,
            "POS_TITLE": r.title,
            "ORG": r.employer,
            "LOC": r.location,
            "NAICS": r.naics_code,
            "OPEN_DT": us_date(r.posted_on),
            "CLOSE_DT": us_date(r.valid_through_on),
            "PAY_RANGE": r.salary,
            "LINK": r.url,
            "POS_BODY": r.description,
        }
        for r in records
    ]
    text = delimited(rows, "\t", "\r\n")
    (folder / "export.tsv").write_bytes(text.encode("cp1252"))


def write_archive(records: list[Record], folder: Path) -> None:
    """Parquet with typed dates and this project's own column names."""
    rows = [
        {
            "source_record_id": r.record_id,
            "title": r.title,
            "description": r.description,
            "employer": r.employer,
            "posted_on": dt.date.fromisoformat(r.posted_on),
            "valid_through_on": dt.date.fromisoformat(r.valid_through_on),
            "naics_code": r.naics_code or None,
            "location": r.location,
            "country": "US",
            "salary": r.salary or None,
            "url": r.url,
        }
        for r in records
    ]
    pl.DataFrame(rows).write_parquet(folder / "archive.parquet", compression="zstd")


COLUMNS: dict[str, dict[str, str]] = {
    "postings_board": {
        "source_record_id": "Job Ref",
        "title": "Job Title",
        "description": "Ad Text",
        "employer": "Company",
        "posted_on": "Posted",
        "valid_through_on": "Closes",
        "naics_code": "Industry Code",
        "location": "Where",
        "salary": "Pay",
        "url": "Link",
    },
    "postings_feed": {
        "source_record_id": "id",
        "title": "headline",
        "description": "body",
        "employer": "company.name",
        "naics_code": "company.naics",
        "posted_on": "dates.posted",
        "valid_through_on": "dates.expires",
        "location": "place.label",
        "country": "place.country",
        "salary": "pay",
        "url": "link",
    },
    "postings_jsonld": {"naics_code": "industry", "salary": "baseSalary"},
    "postings_export": {
        "source_record_id": "REQ_NO",
        "title": "POS_TITLE",
        "description": "POS_BODY",
        "employer": "ORG",
        "posted_on": "OPEN_DT",
        "valid_through_on": "CLOSE_DT",
        "naics_code": "NAICS",
        "location": "LOC",
        "salary": "PAY_RANGE",
        "url": "LINK",
    },
    "postings_archive": {},
}
PATHS = {
    "postings_board": "*.csv",
    "postings_feed": "*.jsonl",
    "postings_export": "*.tsv",
    "postings_archive": "*.parquet",
}
WRITERS: dict[str, Callable[[list[Record], Path], None]] = {
    "postings_board": write_board,
    "postings_feed": write_feed,
    "postings_jsonld": write_jsonld,
    "postings_export": write_export,
    "postings_archive": write_archive,
}


def source_contract(source: str, records_n: int, rejects_n: int) -> str:
    """The source.yml of a postings source, bounds at 80 and 120 % of what was written."""
    contract: dict[str, Any] = {
        "source_id": "sample-" + source.removeprefix("postings_"),
        "kind": "postings",
        "publisher": PUBLISHERS[source],
        "licence": "CC0-1.0",
    }
    if source in PATHS:
        contract["path"] = PATHS[source]
    if source == "postings_export":
        contract["encoding"] = "windows-1252"
    if COLUMNS[source]:
        contract["columns"] = COLUMNS[source]
    contract["expect"] = {
        "min_rows": int(records_n * 0.8),
        "max_rows": int(records_n * 1.2) + 1,
        "max_reject_share": 0.05 if rejects_n else 0.01,
    }
    note = "# Invented postings by invented employers; written by ../generate.py\n"
    return note + yaml.safe_dump(contract, sort_keys=False, allow_unicode=True, width=100)


def write_sample_postings(out: Path, seed: int) -> FiledPostings:
    """Writes the five posting sources of the sample and returns their records."""
    filed = sample_records(seed)
    broken = Counter({"postings_feed": 1})
    for source, write in WRITERS.items():
        folder = out / source
        folder.mkdir(parents=True, exist_ok=True)
        records = filed.of_source(source)
        write(records, folder)
        rejects_n = sum(bool(r.reject_reason) for r in records) + broken[source]
        contract = source_contract(source, len(records) + broken[source], rejects_n)
        (folder / "source.yml").write_text(contract, encoding="utf-8", newline="\n")
    return filed


def scaled_items(postings_n: int, seed: int) -> Iterator[dict[str, Any]]:
    """`postings_n` distinct postings as feed items, made one at a time."""
    for number in range(postings_n):
        posting = draw_posting(number, seed, postings_n)
        yield feed_item(original_record(posting, "postings_feed", seed))


def write_scaled_postings(out: Path, postings_n: int, seed: int) -> Path:
    """Streams `postings_n` distinct postings into one JSON Lines source; memory stays level."""
    folder = out / "postings_feed"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "feed.jsonl"
    with path.open("w", encoding="utf-8", newline="\n") as lines:
        for item in scaled_items(postings_n, seed):
            lines.write(json.dumps(item, ensure_ascii=False) + "\n")
    contract = source_contract("postings_feed", postings_n, 0)
    (folder / "source.yml").write_text(contract, encoding="utf-8", newline="\n")
    return path
