"""Documents with several courses, and pages that are more than lines under lines."""

import io

import pytest
from docx import Document
from fpdf import FPDF
from PIL import Image

CATALOG = [
    ["NUR 101 Fundamentals of Nursing (4 credits)",
     "Students take vital signs, give basic",
     "care and write down what they saw in",
     "the chart of the patient every day."],
    ["NUR 102 Health Assessment (3 credits)",
     "Head to toe assessment of the adult,",
     "with interviews and a physical exam,",
     "recorded as the hospital asks for it."],
    ["WLD 110 Shielded Metal Arc (5 credits)",
     "Weld joints in four positions with",
     "covered electrodes, and inspect them",
     "for flaws by eye and by dye."],
    ["WLD 120 Blueprint Reading (2 credits)",
     "Read drawings, symbols and tolerances",
     "of fabricated steel parts, and lay out",
     "the cuts before the torch is lit."],
]  # fmt: skip
HEADS = [
    ("NUR 101", "Fundamentals of Nursing", 4),
    ("NUR 102", "Health Assessment", 3),
    ("WLD 110", "Shielded Metal Arc", 5),
    ("WLD 120", "Blueprint Reading", 2),
]
TEXT = "\n\n".join("\n".join(lines) for lines in CATALOG)


def heads_of(drop) -> list[tuple]:
    return [(row["course_code"], row["title"], row["credits"]) for row in drop.rows]


def new_page(pdf: FPDF, head: str = "") -> None:
    pdf.add_page()
    pdf.set_font("helvetica", size=10)
    if head:
        pdf.cell(0, 6, head)


def in_columns(pages: list[list[list[str]]]) -> bytes:
    """Each page with its first half of courses in the left column, the others in the right."""
    pdf = FPDF()
    for number, courses in enumerate(pages, start=1):
        new_page(pdf, f"Elsewhere College Catalog {number}")
        half = (len(courses) + 1) // 2
        for left, column in ((15, courses[:half]), (110, courses[half:])):
            y = 30
            for line in "\n\n".join("\n".join(lines) for lines in column).split("\n"):
                pdf.set_xy(left, y)
                pdf.cell(85, 5, line)
                y += 5
    return bytes(pdf.output())


def as_docx(text: str) -> bytes:
    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("catalog.txt", f"Elsewhere College\n\n{TEXT}\n"),
        ("catalog.md", "# Elsewhere\n\n" + TEXT.replace("NUR", "## NUR").replace("WLD", "## WLD")),
        ("catalog.html", f"<p>{TEXT}</p>".replace("\n\n", "</p><p>").replace("\n", "<br>")),
        ("catalog.docx", as_docx(TEXT)),
    ],
)
def test_a_catalog_gives_its_courses(read, name, content) -> None:
    drop = read({name: content}, kind="syllabi")
    assert drop.rejects == []
    assert heads_of(drop) == HEADS
    assert [row["locator"] for row in drop.rows] == [f"{name}:course {n}" for n in range(1, 5)]
    first = drop.rows[0]["text"]
    assert "vital signs" in first
    assert "Head to toe" not in first


def test_a_catalog_in_two_columns_is_read_column_by_column(read) -> None:
    drop = read({"catalog.pdf": in_columns([CATALOG, CATALOG[:0]])}, kind="syllabi")
    assert heads_of(drop) == HEADS
    assert drop.rows[2]["text"] == (
        "WLD 110: Shielded Metal Arc\n\nWeld joints in four positions with covered electrodes, and "
        "inspect them for flaws by eye and by dye."
    )


def test_a_course_of_a_pdf_is_found_on_its_page_and_running_heads_are_left_out(read) -> None:
    renamed = [
        [[line.replace(" 1", f" {n}") for line in lines] for lines in CATALOG] for n in (1, 2, 3)
    ]
    drop = read({"catalog.pdf": in_columns(renamed)}, kind="syllabi")
    assert [row["locator"] for row in drop.rows][3:5] == [
        "catalog.pdf:page 1, course 4",
        "catalog.pdf:page 2, course 5",
    ]
    assert not any("Elsewhere" in row["text"] for row in drop.rows)


def test_a_head_may_take_two_lines_and_stands_in_any_spelling(read) -> None:
    content = (
        "Acc 124  Principles of Accounting\nand Bookkeeping (3 credits)\n"
        "Record the transactions of a small firm.\n\n"
        "ART*1010 - Drawing | 3.0 semester hours\nDraw what you see with pencil and ink.\n\n"
        "MUS 90X: Ensemble, 1-2 units\nPlay with others before an audience.\n"
    )
    assert heads_of(read({"catalog.txt": content}, kind="syllabi")) == [
        ("ACC 124", "Principles of Accounting and Bookkeeping", 3),
        ("ART 1010", "Drawing", 3),
        ("MUS 90X", "Ensemble", 1),
    ]


def test_a_course_that_is_only_named_is_refused_once(read) -> None:
    listed = "NUR 101 Fundamentals of Nursing (4 credits)\nNUR 199 Seminar (1 credit)\n"
    drop = read({"catalog.txt": f"{listed}\n{TEXT}\n\n{listed}"}, kind="syllabi")
    assert heads_of(drop) == HEADS
    (reject,) = drop.rejects
    assert (reject.reason_code, reject.excerpt) == ("missing_description", "NUR 199 Seminar")


@pytest.mark.parametrize(
    "content",
    [
        "NUR 101: Foundations of Care\n\nPrerequisites\nBIO 110 Anatomy\nCHM 120 Chemistry\n\n"
        "Students take vital signs, give basic care and write down what they saw.\n",
        "NUR 101: Foundations of Care (4 credits)\n\nStudents take vital signs and record them.\n\n"
        "NUR 101: Foundations of Care (4 credits)\n\nSchedule\nWEEK 10 Wound care, in the lab\n"
        "Clean and dress wounds of every kind there is.\nROOM 210 Science Hall\n",
    ],
    ids=["other courses named", "its own head on every page"],
)
def test_a_syllabus_is_not_split(read, content) -> None:
    drop = read({"nur.txt": content}, kind="syllabi")
    assert [row["course_code"] for row in drop.rows] == ["NUR 101"]
    assert drop.rows[0]["locator"] == "nur.txt"


def test_a_posting_is_never_split(read) -> None:
    assert len(read({"ad.txt": f"Tutor\n\n{TEXT}"}).rows) == 1


def test_a_table_is_read_row_by_row_its_cells_apart(read) -> None:
    pdf = FPDF()
    new_page(pdf)
    pdf.cell(0, 8, "NUR 101: Foundations of Care", new_x="LMARGIN", new_y="NEXT")
    rows = [("Week", "Topic", "Due"), ("1", "Vital signs", "Quiz"), ("2", "Wound care", "Exam")]
    with pdf.table() as table:
        for cells in rows:
            row = table.row()
            for cell in cells:
                row.cell(cell)
    (row,) = read({"nur.pdf": bytes(pdf.output())}, kind="syllabi").rows
    assert row["text"].endswith("Week | Topic | Due\n1 | Vital signs | Quiz\n2 | Wound care | Exam")


def test_cells_of_a_word_table_are_apart_too(read) -> None:
    document = Document()
    document.add_heading("NUR 101: Foundations of Care", 1)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Vital signs", "Quiz"
    buffer = io.BytesIO()
    document.save(buffer)
    (row,) = read({"nur.docx": buffer.getvalue()}, kind="syllabi").rows
    assert "Vital signs | Quiz" in row["text"]


SENTENCE = "Students take the vital signs of a patient and record them in the chart of the ward."


def test_words_on_a_line_each_become_sentences_again(read) -> None:
    pdf = FPDF()
    new_page(pdf)
    for word in ("NUR 101: Care. " + SENTENCE).split():
        pdf.cell(0, 6, word, new_x="LMARGIN", new_y="NEXT")
    drop = read({"nur.pdf": bytes(pdf.output())}, kind="syllabi")
    assert SENTENCE in drop.rows[0]["text"]
    words = "\n".join(("NUR 101: Care. " + SENTENCE).split())
    assert SENTENCE in read({"nur.txt": words}, kind="syllabi").rows[0]["text"]


def test_a_list_of_words_stays_a_list(read) -> None:
    words = "\n".join(["Python", "SQL", "Docker", "Git", "Linux", "Ansible"] * 3)
    drop = read({"it.txt": f"ITS 101: Tools\n{words}"}, kind="syllabi")
    assert words in drop.rows[0]["text"]


def test_a_scan_is_refused_with_the_reason(read) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.image(Image.new("L", (200, 200), 128), x=10, y=10)
    drop = read({"scan.pdf": bytes(pdf.output())}, kind="syllabi")
    (reject,) = drop.rejects
    assert (reject.reason_code, reject.locator) == ("no_text", "scan.pdf")
    assert "scan" in reject.message


def test_a_sentence_that_goes_over_the_page_is_whole(read) -> None:
    pdf = FPDF()
    for line in ("NUR 101: Care\n\nStudents take vital signs and record", "them in the chart."):
        new_page(pdf)
        pdf.multi_cell(0, 6, line)
    (row,) = read({"nur.pdf": bytes(pdf.output())}, kind="syllabi").rows
    assert "vital signs and record them in the chart." in row["text"]
