"""Makes the sample's generator importable and reads the committed sample's files without it."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import polars as pl
import pypdfium2
import pytest
import yaml

SAMPLE = Path(__file__).parents[3] / "data" / "sample"
sys.path.insert(0, str(SAMPLE / "generator"))

SECTOR_GROUPS = (
    "technology",
    "health-care",
    "manufacturing-trades",
    "entertainment",
    "agriculture",
)


@dataclass(frozen=True)
class Ad:
    """A posting row as a reader of the files sees it; `text` has entities and encodings mended."""

    source: str
    record_id: str
    title: str
    employer: str
    posted_on: str
    naics_code: str
    text: str
    raw: str

    @property
    def is_acceptable(self) -> bool:
        return bool(self.title and self.raw and self.posted_on != "2025-02-30")


def mended(text: str) -> str:
    """Plain words of an ad: escapes, mojibake and typographic signs undone, tags out."""
    text = html.unescape(html.unescape(html.unescape(text)))
    for wrong, right in (("\u00e2\u20ac\u2122", "'"), ("\u2019", "'")):
        text = text.replace(wrong, right)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()


def ad(source: str, row: dict[str, str | None], names: str) -> Ad:
    """An Ad from a row; `names` lists id, title, employer, date, NAICS and text columns."""
    values = [row[name] or "" for name in names.split("|")]
    return Ad(source, *values[:5], text=mended(values[5]), raw=values[5])


def read_board() -> list[Ad]:
    names = "Job Ref|Job Title|Company|Posted|Industry Code|Ad Text"
    rows: list[Ad] = []
    for path in sorted((SAMPLE / "postings_board").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows += [ad("board", row, names) for row in csv.DictReader(lines)]
    return rows


def read_export() -> list[Ad]:
    text = (SAMPLE / "postings_export" / "export.tsv").read_bytes().decode("cp1252")
    rows = []
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"):
        month, day, year = row["OPEN_DT"].split("/")
        row["OPEN_DT"] = f"{year}-{month}-{day}"
        rows.append(ad("export", row, "REQ_NO|POS_TITLE|ORG|OPEN_DT|NAICS|POS_BODY"))
    return rows


def read_feed() -> tuple[list[Ad], int]:
    """The feed's ads and the number of lines that are no JSON."""
    rows, broken_n = [], 0
    for line in (SAMPLE / "postings_feed" / "feed.jsonl").read_text(encoding="utf-8").splitlines():
        try:
            item = json.loads(line)
        except json.JSONDecodeError:
            broken_n += 1
            continue
        flat = item | item["company"] | {"posted": item["dates"]["posted"][:10]}
        rows.append(ad("feed", flat, "id|headline|name|posted|naics|body"))
    return rows, broken_n


def read_jsonld() -> list[Ad]:
    folder = SAMPLE / "postings_jsonld"
    items = json.loads((folder / "job_postings.json").read_text(encoding="utf-8"))["@graph"]
    for path in sorted(folder.glob("*.html")):
        page = path.read_text(encoding="utf-8")
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert found is not None, path.name
        items.append(json.loads(found[1]))
    names = "value|title|name|datePosted|industry|description"
    return [
        ad("jsonld", {"industry": ""} | i | i["identifier"] | i["hiringOrganization"], names)
        for i in items
    ]


def read_archive() -> list[Ad]:
    frame = pl.read_parquet(SAMPLE / "postings_archive" / "archive.parquet")
    names = "source_record_id|title|employer|posted_on|naics_code|description"
    frame = frame.with_columns(pl.col("posted_on").cast(pl.String))
    return [ad("archive", row, names) for row in frame.to_dicts()]


@pytest.fixture(scope="session")
def answers() -> dict[str, Any]:
    """The committed answers."""
    return yaml.safe_load((SAMPLE / "answers.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def ads() -> list[Ad]:
    """Every readable posting row of the committed sample."""
    return [*read_board(), *read_export(), *read_feed()[0], *read_jsonld(), *read_archive()]


@pytest.fixture(scope="session")
def distinct_ads(ads: list[Ad]) -> list[Ad]:
    """The employers' own ads: no rejects, no reposts, no staffing agencies."""
    return [
        row for row in ads if row.is_acceptable and re.fullmatch(r"[A-Z]{2}\d{7}", row.record_id)
    ]


def document_text(path: Path) -> str:
    """The text of a syllabus document of any of the five formats."""
    if path.suffix == ".pdf":
        pages = pypdfium2.PdfDocument(path)
        return "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    if path.suffix == ".docx":
        return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    text = path.read_text(encoding="utf-8")
    return html.unescape(re.sub(r"<[^>]+>", "\n", text)) if path.suffix == ".html" else text


@pytest.fixture(scope="session")
def course_texts() -> dict[str, str]:
    """The text of every course by code, whitespace folded, read from the files."""
    texts: dict[str, str] = {}
    for path in sorted((SAMPLE / "syllabi").iterdir()):
        if path.suffix != ".yml":
            texts[path.stem.upper().replace("-", " ")] = document_text(path)
    with (SAMPLE / "catalog_arts" / "catalog.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            texts[row["Course"]] = "\n".join(row.values())
    catalog = SAMPLE / "catalog_studio" / "catalog.json"
    for item in json.loads(catalog.read_text(encoding="utf-8")):
        texts[item["number"]] = json.dumps(item)
    return {code: re.sub(r"\s+", " ", text) for code, text in texts.items()}


@pytest.fixture(scope="session")
def programs() -> dict[str, dict[str, Any]]:
    """The program registry by program_id."""
    registry = yaml.safe_load((SAMPLE / "programs" / "programs.yml").read_text(encoding="utf-8"))
    return {program["program_id"]: program for program in registry["programs"]}
