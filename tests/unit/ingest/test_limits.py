"""Hostile and outsized files: read within the limits or refused with a reason, never a crash."""

import datetime as dt
import gzip
import io
import json
import time
import tracemalloc
import zipfile
from pathlib import Path

import polars as pl
import pytest
from docx import Document
from fpdf import FPDF
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.contracts import TABLES
from pipelines.contracts.rules import MAX_PDF_STREAM_BYTES, MAX_RECORD_BYTES, REJECT_REASONS
from pipelines.ingest import confined as confined_room
from pipelines.ingest.bounded import TooLarge
from pipelines.ingest.confined import confined
from pipelines.ingest.readers import READERS, read_file
from pipelines.ingest.records import Record, Reject

GIGABYTE = 1 << 30
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
COURSE = "NUR 101: Foundations of Care"


def refused(path: Path) -> str:
    """The one reason for which the file at `path` is refused."""
    (reject,) = read_file(path, path.name)
    assert isinstance(reject, Reject)
    assert reject.message
    return reject.reason_code


def docx(changed: dict[str, bytes]) -> bytes:
    """A Word file with some of its members replaced or added."""
    document = Document()
    document.add_heading(COURSE, 1)
    document.add_paragraph("Take vital signs and record them.")
    whole = io.BytesIO()
    document.save(whole)
    buffer = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *changed}:
            new.writestr(name, changed[name] if name in changed else old.read(name))
    return buffer.getvalue()


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "suffix", [".txt", ".md", ".html", ".json", ".jsonld", ".pdf", ".docx", ".pptx"]
)
def test_a_huge_file_is_refused_before_it_is_read(tmp_path, suffix) -> None:
    path = tmp_path / f"huge{suffix}"
    with path.open("wb") as file:
        file.truncate(GIGABYTE)
    tracemalloc.start()
    assert refused(path) == "too_large"
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl"])
def test_a_huge_file_of_rows_is_streamed_up_to_a_line_that_is_none(tmp_path, suffix) -> None:
    path = tmp_path / f"huge{suffix}"
    with path.open("wb") as file:
        file.write(b"title\n" if suffix != ".jsonl" else b"{}\n")
        file.truncate(GIGABYTE // 4)
    tracemalloc.start()
    *_, reject = read_file(path, path.name)
    assert reject.reason_code == "too_large"
    assert tracemalloc.get_traced_memory()[1] < 8 * MAX_RECORD_BYTES
    tracemalloc.stop()


def test_rows_are_read_one_by_one(tmp_path) -> None:
    row = b"Nurse," + b"Care for patients. " * 500 + b"\n"
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(b"title,description\n")
        for _ in range(5_000):
            file.write(row)
    tracemalloc.start()
    assert sum(isinstance(record, Record) for record in read_file(path, path.name)) == 5_000
    assert tracemalloc.get_traced_memory()[1] < path.stat().st_size / 4
    tracemalloc.stop()


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.jsonl.gz", "bomb.json.gz", "bomb.txt.gz"])
def test_a_gzip_bomb_is_refused(tmp_path, name) -> None:
    content = b"a\n" + gzip.compress(b" " * (1 << 20)) * 64
    path = write(tmp_path, name, gzip.compress(b"a\n") + content[2:])
    assert refused(path) == "too_large"


def test_a_file_cut_off_in_its_compression_gives_what_it_has(tmp_path) -> None:
    lines = "".join(f'{{"title": "Nurse {n}"}}\n' for n in range(5_000)).encode()
    path = write(tmp_path, "cut.jsonl.gz", gzip.compress(lines)[:-2000])
    *_, last = read_file(path, path.name)
    assert isinstance(last, Reject)
    assert last.reason_code == "unreadable_file"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"word/document.xml": b"<w>" + b" " * (64 << 20)}, "too_large"),
        ({f"word/part{n}.xml": b"x" for n in range(50_001)}, "too_large"),
        ({"word/document.xml": f"{ENTITIES}<x>&c;</x>".encode()}, "unsafe_content"),
        ({"word/document.xml": f"{ENTITIES}<x>&c;</x>".encode("utf-16")}, "unsafe_content"),
        ({"word/document.xml": b"<x>" * 200_000}, "no_text"),
    ],
    ids=["ratio", "members", "entities", "entities in UTF-16", "depth"],
)
def test_an_archive_that_is_a_bomb_is_refused(tmp_path, changed, reason) -> None:
    assert refused(write(tmp_path, "course.docx", docx(changed))) == reason


@pytest.mark.parametrize("length", [8 << 20, 64 << 20])
def test_a_stream_of_a_pdf_that_unfolds_like_a_bomb_is_refused(tmp_path, length) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=10)
    pdf.cell(0, 8, COURSE)
    pdf.embed_file(bytes=bytes(length), basename="beside.txt", compress=True)
    path = write(tmp_path, "bomb.pdf", bytes(pdf.output()))
    (found,) = read_file(path, path.name)
    is_bomb = length > MAX_PDF_STREAM_BYTES
    assert isinstance(found, Reject) is is_bomb
    assert not isinstance(found, Reject) or found.reason_code == "too_large"


def nested_forms(levels: int, width: int) -> bytes:
    """A PDF of a page whose form draws another `width` times, and so on; the last says a word."""
    last = 5 + levels
    forms = [
        stream(b"/F Do " * width, b"/XObject<</F %d 0 R>>" % (number + 1))
        for number in range(6, last)
    ]
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</XObject<</F 6 0 R>>>>>>",
        stream(b"/F Do"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *forms,
        stream(b"BT /A 10 Tf 50 50 Td (laugh) Tj ET", b"/Font<</A 5 0 R>>"),
    ]
    body = [b"%d 0 obj\n%s\nendobj\n" % item for item in enumerate(objects, start=1)]
    return b"%PDF-1.4\n" + b"".join(body) + b"trailer<</Root 1 0 R>>\n%%EOF"


def stream(content: bytes, resources: bytes = b"") -> bytes:
    head = b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<<%s>>/Length %d>>"
    return head % (resources, len(content)) + b"stream\n%s\nendstream" % content


@pytest.mark.parametrize("levels", [3, 9])
def test_a_pdf_whose_forms_multiply_is_refused_and_the_next_one_read(tmp_path, levels) -> None:
    path = write(tmp_path, "laugh.pdf", nested_forms(levels, 10))
    (found,) = read_file(path, path.name)
    assert isinstance(found, Reject) is (levels == 9)
    assert not isinstance(found, Reject) or found.reason_code in {"too_large", "unreadable_file"}
    (after,) = read_file(write(tmp_path, "good.pdf", pdf()), "good.pdf")
    assert "vital signs" in after.fields["document_text"]


def test_a_parser_that_takes_too_long_is_stopped(monkeypatch) -> None:
    monkeypatch.setattr(confined_room, "MAX_PARSER_SECONDS", 0.5)
    with pytest.raises(TooLarge, match=r"more than 0\.5 seconds"):
        confined(time.sleep, 60)


def test_what_a_parser_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        confined(divmod, 1, 0)


def test_an_archive_that_lies_about_a_size_is_refused(tmp_path) -> None:
    honest = docx({"word/document.xml": b"<x>" + bytes(range(32, 60)) * 400_000})
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        size = archive.getinfo("word/document.xml").file_size
    lying = honest.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert refused(write(tmp_path, "course.docx", lying)) == "unreadable_file"


def test_what_an_office_file_holds_beside_its_text_is_not_unpacked(tmp_path) -> None:
    inner = docx({})
    path = write(
        tmp_path,
        "course.docx",
        docx({"word/media/bomb.png": bytes(300 << 20), "word/embeddings/inner.docx": inner}),
    )
    (record,) = read_file(path, path.name)
    assert record.fields["document_text"].count(COURSE) == 1


@pytest.mark.parametrize("depth", [900, 5_000, 200_000])
@pytest.mark.parametrize("name", ["deep.json", "deep.jsonl"])
def test_deep_json_is_refused_and_the_next_row_read(tmp_path, name, depth) -> None:
    deep = '{"a":' * depth + "1" + "}" * depth
    nurse = json.dumps({"title": "Nurse"})
    content = f"{deep}\n{nurse}\n" if name.endswith("l") else f"[{deep},{nurse}]"
    found = list(read_file(write(tmp_path, name, content.encode()), name))
    assert isinstance(found[0], Record | Reject)
    if name.endswith("l"):
        assert isinstance(found[1], Record)


def test_a_number_too_long_to_read_is_a_bad_row(tmp_path) -> None:
    content = b'{"a": ' + b"9" * 10_000 + b'}\n{"title": "Nurse"}\n'
    bad, good = read_file(write(tmp_path, "ads.jsonl", content), "ads.jsonl")
    assert bad.reason_code == "malformed_row"
    assert good.fields == {"title": "Nurse"}


def test_a_file_that_is_no_table_is_given_up(tmp_path) -> None:
    path = write(tmp_path, "no.csv", b"a\n" + b"1,2\n" * 30_000)
    *_, last = read_file(path, path.name)
    assert last.reason_code == "unreadable_file"
    assert "the rest is not read" in last.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_every_encoding_is_read_row_by_row(tmp_path, encoding) -> None:
    content = "title,description\nZoë’s nurse,Care in the café.\n".encode(encoding)
    (record,) = read_file(write(tmp_path, "ads.csv", content), "ads.csv")
    assert record.fields == {"title": "Zoë’s nurse", "description": "Care in the café."}


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_of_either_order_and_cut_off(tmp_path, mark) -> None:
    order = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    content = mark + "title\nNurse\nWelder".encode(order)[:-1]
    first, second = read_file(write(tmp_path, "ads.csv", content), "ads.csv")
    assert (first.fields["title"], second.fields["title"][:5]) == ("Nurse", "Welde")


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "utf-16", "latin-1", "cp037"])
def test_an_encoding_declared_wrongly_never_stops_the_run(read, encoding) -> None:
    content = "title,description\nNurse,Care in the café.\n".encode("cp1252")
    drop = read({"ads.csv": content}, encoding=encoding)
    assert drop.rows_n <= 1
    for name, frame in drop.frames().items():
        assert TABLES[name].violations(frame).is_empty()


@pytest.mark.parametrize("encoding", ["no-such", "hex", "rot13", "undefined"])
def test_an_encoding_that_is_none_is_named(read, encoding) -> None:
    drop = read({"ads.csv": "title,description\nNurse,Care.\n"}, encoding=encoding)
    (reject,) = drop.rejects
    assert reject.reason_code == "unreadable_file"
    assert encoding in reject.message or "undefined" in reject.message


def test_formulas_stay_text(read) -> None:
    cell = "=HYPERLINK(1)"
    drop = read({"ads.csv": f"title,description,company\n{cell},+1 Care,@Clinic\n"})
    (row,) = drop.rows
    assert (row["title"], row["description"], row["employer"]) == (cell, "+1 Care", "@Clinic")


def test_what_no_table_can_hold_is_taken_out(read) -> None:
    ad = (
        '{"title": "Nurse", "description": "Care \\ud800 \\u0000 cure", "city": "A\\u0000\\udfffB"}'
    )
    drop = read({"ads.jsonl": ad, "bad.jsonl": '{"title": "\\ud800"}'})
    frames = drop.frames()
    assert frames["raw.postings"]["location"].to_list() == ["A\ufffdB"]
    assert frames["raw.rejects"].height == 1


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


CONTENTS = st.one_of(
    st.binary(max_size=2_000),
    st.text(max_size=500).map(str.encode),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=20,
    ).map(lambda value: json.dumps(value).encode()),
    st.dictionaries(st.text("abc./<>&\\", min_size=1, max_size=9), st.binary(), max_size=4).map(
        zipped
    ),
)


def pdf() -> bytes:
    document = FPDF()
    document.add_page()
    document.set_font("helvetica", size=10)
    document.multi_cell(0, 8, f"{COURSE}\nTake vital signs and record them.")
    return bytes(document.output())


def workbook() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame({"code": ["NUR 101"], "title": ["Care"], "credits": [4]}).write_excel(buffer)
    return buffer.getvalue()


def parquet() -> bytes:
    buffer = io.BytesIO()
    dates = [dt.date(2026, 1, 5)] * 3
    pl.DataFrame({"title": ["Nurse"] * 3, "posted": dates}).write_parquet(buffer)
    return buffer.getvalue()


WHOLE_FILES = {".docx": docx({}), ".pdf": pdf(), ".xlsx": workbook(), ".parquet": parquet()}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    suffix=st.sampled_from(list(WHOLE_FILES)),
    damage=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), min_size=1, max_size=9),
)
def test_a_damaged_file_gives_records_or_rejects(tmp_path, suffix, damage) -> None:
    content = bytearray(WHOLE_FILES[suffix])
    for place, instead in damage:
        at = int(place * len(content))
        content[at : at + len(instead)] = instead
    path = write(tmp_path, f"damaged{suffix}", bytes(content))
    assert all(isinstance(found, Record | Reject) for found in read_file(path, path.name))


def test_a_date_that_python_cannot_hold_is_a_bad_row(tmp_path) -> None:
    days = pl.Series([20_000, 2_000_000_000, 20_001], dtype=pl.Int32).cast(pl.Date)
    frame = pl.DataFrame({"title": ["A", "B", "C"], "posted": days})
    frame.write_parquet(tmp_path / "ads.parquet")
    first, second, third = read_file(tmp_path / "ads.parquet", "ads.parquet")
    assert (first.fields["title"], third.fields["title"]) == ("A", "C")
    assert (second.reason_code, second.locator) == ("malformed_row", "ads.parquet:row 2")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=CONTENTS, suffix=st.sampled_from([*READERS, ".jsonl.gz"]))
@example(content=b"", suffix=".parquet")
@example(content=b"%PDF-1.7\n1 0 obj\n<<>>\n", suffix=".pdf")
@example(content=docx({})[:-30], suffix=".docx")
@example(content=docx({"word/document.xml": b"<a"}), suffix=".docx")
def test_whatever_a_file_holds_it_gives_records_or_rejects(tmp_path, content, suffix) -> None:
    path = write(tmp_path, f"any{suffix}", content)
    for found in read_file(path, path.name):
        assert isinstance(found, Record | Reject)
        if isinstance(found, Reject):
            assert found.reason_code in REJECT_REASONS
            assert found.excerpt.encode() is not None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=CONTENTS, suffix=st.sampled_from([".csv", ".jsonl", ".json", ".txt", ".md", ".html"])
)
@pytest.mark.parametrize("kind", ["postings", "syllabi"])
def test_whatever_a_file_holds_its_rows_keep_the_contract(read, kind, content, suffix) -> None:
    drop = read({f"only/any{suffix}": content}, kind=kind, path=f"only/any{suffix}")
    for name, frame in drop.frames().items():
        assert isinstance(frame, pl.DataFrame)
        assert TABLES[name].violations(frame).is_empty()
