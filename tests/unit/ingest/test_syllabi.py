"""Courses from every kind of file."""

import io
import json

import pytest
from docx import Document
from fpdf import FPDF

LINES = [
    "NUR 101: Foundations of Care",
    "Learning Outcomes",
    "Take vital signs and record them.",
]


def as_docx() -> bytes:
    document = Document()
    document.add_heading(LINES[0], 1)
    document.add_heading(LINES[1], 2)
    document.add_paragraph(LINES[2])
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def as_pdf(*lines: str) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    for line in lines:
        pdf.multi_cell(0, 8, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


ROW = {
    "course_prefix": "Nur",
    "course_number": 101,
    "course_title": "Foundations of Care",
    "learning_outcomes": LINES[2],
    "num_units": "3",
}
FORMATS = {
    "nur.md": "---\ncourse_code: NUR 101\ntitle: Foundations of Care\n---\n"
    f"# {LINES[0]}\n\n## {LINES[1]}\n\n{LINES[2]}\n",
    "plain.md": f"# {LINES[0]}\n\n## {LINES[1]}\n\n- {LINES[2]}\n",
    "nur.txt": "\n".join(LINES),
    "dash.txt": "\n".join(["NUR-101 — Foundations of Care", *LINES[1:]]),
    "nur.html": f"<h1>{LINES[0]}</h1><h2>{LINES[1]}</h2><ul><li>{LINES[2]}</li></ul>",
    "nur.docx": as_docx(),
    "nur.pdf": as_pdf(*LINES),
    "nur.json": json.dumps([ROW]),
    "nur.csv": f"course,\ncode,title,outcomes\nNUR 101,Foundations of Care,{LINES[2]}\n".split(
        "\n", 1
    )[1],
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_course_from_every_format(read, name) -> None:
    drop = read({name: FORMATS[name]}, kind="syllabi", institution="Elsewhere College")
    assert drop.rejects == []
    (row,) = drop.rows
    assert (row["course_code"], row["title"]) == ("NUR 101", "Foundations of Care")
    assert row["institution"] == "Elsewhere College"
    assert "Learning Outcomes" in row["text"]
    assert LINES[2] in row["text"]


def test_lines_that_a_page_broke_are_joined(read) -> None:
    sentence = "Students assess the needs of patients and families and then " * 3 + "write."
    drop = read({"nur.pdf": as_pdf(LINES[0], sentence)}, kind="syllabi")
    assert sentence in drop.rows[0]["text"]


def test_a_scan_without_text_is_refused_with_a_mend(read) -> None:
    pdf = FPDF()
    pdf.add_page()
    drop = read({"scan.pdf": bytes(pdf.output())}, kind="syllabi")
    (reject,) = drop.rejects
    assert reject.reason_code == "no_text"
    assert "version with text" in reject.message


def test_a_document_without_code_goes_by_its_file_name(read) -> None:
    drop = read({"git_basics.md": "# Git basics\n\nBranches and merges.\n"}, kind="syllabi")
    assert drop.rows[0]["course_code"] == "GIT BASICS"
    assert drop.rows[0]["title"] == "Git basics"


def test_rows_that_are_no_courses_are_refused(read) -> None:
    content = "code,title,description\nNUR 1,,Care.\n,Care,Care.\nNUR 3,Care,\n"
    drop = read({"catalog.csv": content}, kind="syllabi")
    assert [reject.reason_code for reject in drop.rejects] == [
        "missing_title",
        "missing_course_code",
        "missing_description",
    ]


def test_the_programs_registry(read) -> None:
    registry = """
programs:
  - {program_id: nursing, title: Nursing, institution: Elsewhere College, cip_code: 51.3801,
     sectors: [health-care], required: ["nur *"]}
  - {program_id: half, title: Half}
"""
    drop = read({"programs.yml": registry}, kind="programs")
    assert drop.rows[0]["required_courses"] == ["NUR *"]
    assert drop.rows[0]["cip_code"] == "51.3801"
    (reject,) = drop.rejects
    assert (reject.locator, reject.reason_code) == ("programs.yml:program 2", "malformed_row")
    assert "institution" in reject.message


def test_a_registry_that_is_none(read) -> None:
    drop = read({"programs.yml": "- just\n- a list\n"}, kind="programs")
    assert [reject.reason_code for reject in drop.rejects] == ["unreadable_file"]
