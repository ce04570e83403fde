"""Courses from cartridges, linked data, CASE, workbooks and slides."""

import io
import json
import zipfile

import openpyxl
import pytest

MANIFEST = """<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
 xmlns:m="http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"><metadata><m:lom><m:general><m:title>
 <m:string>Foundations of Care</m:string></m:title></m:general></m:lom></metadata><organizations>
 <organization><item><item><title>Vital signs</title><item><title>Reading: the pulse</title></item>
 </item></item></organization></organizations></manifest>"""
CANVAS = 'xmlns="http://canvas.instructure.com/xsd/cccv1p0"'
SETTINGS = f"""<course {CANVAS}><title>Foundations of Care</title>
 <course_code>NUR-101</course_code></course>"""
OUTCOMES = f"""<learningOutcomes {CANVAS}><learningOutcomeGroup><title>Group</title>
 <learningOutcomes><learningOutcome><title>Vital signs</title><description>&lt;p&gt;Take and record
 vital signs.&lt;/p&gt;</description></learningOutcome></learningOutcomes></learningOutcomeGroup>
 </learningOutcomes>"""
MODULES = f"<modules {CANVAS}><module><title>Week 1: The pulse</title></module></modules>"
ASSIGNMENT = f"<assignment {CANVAS}><title>Skills check: pulse</title></assignment>"
CARTRIDGE = {
    "imsmanifest.xml": MANIFEST,
    "course_settings/course_settings.xml": SETTINGS,
    "course_settings/syllabus.html": "<html><head><title>Syllabus</title></head><body>"
    "<p>Students learn to care.</p></body></html>",
    "course_settings/learning_outcomes.xml": OUTCOMES,
    "course_settings/module_meta.xml": MODULES,
    "wiki_content/chart.html": "<html><head><title>Charting</title></head>"
    "<body><p>Write in the patient's chart.</p></body></html>",
    "wiki_content/draft.html": '<html><head><meta name="workflow_state" content="unpublished">'
    "</head><body>Not yet.</body></html>",
    "i7/assignment_settings.xml": ASSIGNMENT,
    "i7/skills-check.html": "<p>Count a pulse for a minute.</p>",
}


def zipped(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_canvas_export_gives_its_course_section_by_section(read) -> None:
    drop = read({"care.imscc": zipped(CARTRIDGE)}, kind="syllabi")
    assert drop.rejects == []
    (row,) = drop.rows
    assert (row["course_code"], row["title"]) == ("NUR 101", "Foundations of Care")
    lines = [line for line in row["text"].splitlines() if line]
    assert lines == [
        "NUR 101: Foundations of Care",
        "## Course Description",
        "Students learn to care.",
        "## Learning Outcomes",
        "- Vital signs. Take and record vital signs",
        "## Topics",
        "### Charting",
        "Write in the patient's chart.",
        "## Modules",
        "- Week 1: The pulse",
        "## Assignments",
        "- Skills check: pulse",
        "Count a pulse for a minute.",
    ]


def test_a_cartridge_of_another_system_gives_its_modules(read) -> None:
    (row,) = read({"care.imscc": zipped({"imsmanifest.xml": MANIFEST})}, kind="syllabi").rows
    assert (row["course_code"], row["title"]) == ("CARE", "Foundations of Care")
    assert "- Vital signs\n- Reading: the pulse" in row["text"]


@pytest.mark.parametrize(
    "name", ["../../evil.html", "/etc/evil.html", "..\\evil.html", "C:/e.html"]
)
def test_an_entry_that_points_out_of_the_archive_is_refused_alone(read, tmp_path, name) -> None:
    drop = read({"care.imscc": zipped(CARTRIDGE | {name: "<p>Evil.</p>"})}, kind="syllabi")
    (reject,) = drop.rejects
    assert (reject.reason_code, reject.excerpt) == ("unsafe_content", name)
    assert "Evil" not in drop.rows[0]["text"]
    assert {path.name for path in tmp_path.rglob("*")} == {"care.imscc", "source.yml"}


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"readme.txt": "no course"}, "unreadable_file"),
        (CARTRIDGE | {"imsmanifest.xml": "<manifest>"}, "unreadable_file"),
        (CARTRIDGE | {"wiki_content/bomb.html": bytes(60 << 20)}, "too_large"),
        (
            CARTRIDGE
            | {
                "imsmanifest.xml": '<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><m>&b;</m>'
            },
            "unsafe_content",
        ),
        (
            CARTRIDGE
            | {"imsmanifest.xml": '<!DOCTYPE m [<!ENTITY a SYSTEM "source.yml">]><m>&a;</m>'},
            "unsafe_content",
        ),
        ({"imsmanifest.xml": "<a>" * 100_000 + "</a>" * 100_000}, "no_text"),
    ],
    ids=["no course", "malformed", "bomb", "entities", "outside entity", "deep"],
)
def test_a_cartridge_that_cannot_be_used_is_refused(read, members, reason) -> None:
    drop = read({"care.imscc": zipped(members)}, kind="syllabi")
    assert [reject.reason_code for reject in drop.rejects] == [reason]


CTDL_GRAPH = {
    "@context": "https://credreg.net/ctdl/schema/context/json",
    "@graph": [
        {
            "@id": "https://example.org/1",
            "@type": "ceterms:Course",
            "ceterms:name": {"en-US": "Foundations of Care"},
            "ceterms:codedNotation": "NUR 101",
            "ceterms:description": {"en-US": "First steps in nursing."},
            "ceterms:teaches": [
                {"@type": "ceterms:CredentialAlignmentObject", "ceterms:targetNodeName": {"en": t}}
                for t in ("Take vital signs", "Dress wounds")
            ],
            "ceterms:creditValue": [{"@type": "schema:QuantitativeValue", "schema:value": 4}],
        },
        {"@id": "https://example.org/2", "@type": "ceterms:Certificate", "ceterms:name": "None"},
    ],
}
CTDL_EXPANDED = [
    {
        "@id": "http://example.org/1",
        "@type": ["https://purl.org/ctdl/terms/LearningOpportunityProfile"],
        "https://purl.org/ctdl/terms/name": [{"@language": "en", "@value": "Foundations of Care"}],
        "https://purl.org/ctdl/terms/codedNotation": [{"@value": "NUR 101"}],
        "https://purl.org/ctdl/terms/teaches": [{"@id": "http://example.org/a"}],
        "https://purl.org/ctdl/terms/creditValue": [{"@id": "http://example.org/v"}],
    },
    {
        "@id": "http://example.org/v",
        "@type": ["https://purl.org/ctdl/terms/ValueProfile"],
        "https://purl.org/ctdl/terms/value": [{"@value": 4}],
    },
    {
        "@id": "http://example.org/a",
        "@type": ["https://purl.org/ctdlasn/terms/Competency"],
        "https://purl.org/ctdlasn/terms/competencyText": [{"@value": "Take vital signs"}],
    },
]
SCHEMA_ORG = {
    "@context": "https://schema.org",
    "@type": "Course",
    "courseCode": "NUR 101",
    "name": "Foundations of Care",
    "teaches": "Take vital signs",
    "numberOfCredits": 4,
}


@pytest.mark.parametrize("content", [CTDL_GRAPH, CTDL_EXPANDED, SCHEMA_ORG])
def test_linked_data_gives_courses_with_what_they_teach(read, content) -> None:
    drop = read({"courses.jsonld": json.dumps(content)}, kind="syllabi")
    assert drop.rejects == []
    (row,) = drop.rows
    assert (row["course_code"], row["title"]) == ("NUR 101", "Foundations of Care")
    assert row["credits"] == 4
    assert row["locator"] == "courses.jsonld:course 1"
    assert "Learning Outcomes\nTake vital signs" in row["text"]


def test_a_framework_of_competencies_is_a_course_by_its_name(read) -> None:
    graph = [
        {"@id": "f", "@type": "ceasn:CompetencyFramework", "ceasn:name": {"en-us": "Welding I"}},
        {"@id": "a", "@type": "ceasn:Competency", "ceasn:competencyText": {"en-us": "Weld pipe"}},
        {"@id": "f", "@type": "ceasn:Competency", "ceasn:isPartOf": "elsewhere"},
    ]
    (row,) = read({"f.json": json.dumps({"@graph": graph})}, kind="syllabi").rows
    assert (row["course_code"], row["title"]) == ("WELDING I", "Welding I")
    assert row["text"].endswith("Weld pipe")


def test_a_node_that_points_to_itself_is_no_trap(read) -> None:
    node = {"@id": "x", "@type": "Course", "name": {"@id": "x"}, "teaches": {"@id": "x"}}
    drop = read({"loop.json": json.dumps([node])}, kind="syllabi")
    assert [reject.reason_code for reject in drop.rejects] == ["missing_title"]


def case(*types: str) -> str:
    items = [
        {"identifier": str(n), "fullStatement": f"Statement {n}", "CFItemType": name}
        for n, name in enumerate(types)
    ]
    links = [
        {
            "associationType": "isChildOf",
            "originNodeURI": {"identifier": str(n)},
            "destinationNodeURI": {"identifier": str(max(n - 1, 0))},
        }
        for n, _ in enumerate(types)
    ]
    framework = {"title": "NUR 101 Foundations of Care", "identifier": "f"}
    return json.dumps({"CFDocument": framework, "CFItems": items, "CFAssociations": links})


def test_a_case_framework_is_a_course_with_its_items_as_outcomes(read) -> None:
    (row,) = read({"care.json": case("Outcome", "Outcome")}, kind="syllabi").rows
    assert row["title"] == "NUR 101 Foundations of Care"
    assert row["text"].endswith("Learning Outcomes\nStatement 0\nStatement 1")


def test_items_of_the_type_course_are_courses(read) -> None:
    (row,) = read({"care.json": case("Course", "Outcome", "Outcome")}, kind="syllabi").rows
    assert (row["title"], row["locator"]) == ("Statement 0", "care.json:course 1")
    assert row["text"].endswith("Learning Outcomes\nStatement 1\nStatement 2")


def test_every_sheet_of_a_workbook_is_read_by_its_own_header(read) -> None:
    content = workbook(
        Nursing=[["Course Code", "Course Title", "Credits", "Description"],
                 ["NUR 101", "Care", 4, "Take vital signs."], [None] * 4,
                 ["NUR 102", "Assessment", 3.5, "Examine.", "a note beside"]],
        Empty=[],
        Welding=[[], ["code", "title", "outcomes"], ["WLD 110", "Arc", "=1+1"],
                 ["WLD 120", "Pipe", "Weld pipe."]],
    )  # fmt: skip
    drop = read({"catalog.xlsx": content}, kind="syllabi")
    assert [(row["course_code"], row["credits"], row["locator"]) for row in drop.rows] == [
        ("NUR 101", 4, "catalog.xlsx:Nursing row 2"),
        ("NUR 102", 3.5, "catalog.xlsx:Nursing row 4"),
        ("WLD 120", None, "catalog.xlsx:Welding row 4"),
    ]
    assert [reject.locator for reject in drop.rejects] == ["catalog.xlsx:Welding row 3"]
    assert drop.unread_columns == {"column 5"}


def test_postings_come_from_a_workbook_too(read) -> None:
    content = workbook(Ads=[["Job Title", "Description", "Posted"], ["Nurse", "Care.", "1/5/2026"]])
    (row,) = read({"ads.xlsx": content}).rows
    assert (row["title"], str(row["posted_on"])) == ("Nurse", "2026-01-05")


def test_one_far_cell_does_not_make_a_sheet_of_billions(read) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "code"
    book.worksheets[0]["XFD1048576"] = "far"
    buffer = io.BytesIO()
    book.save(buffer)
    drop = read({"far.xlsx": buffer.getvalue()}, kind="syllabi")
    assert [reject.reason_code for reject in drop.rejects] == ["too_large"]


A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def slides(*pages: list[str]) -> bytes:
    """A PowerPoint file of the least parts that make one."""
    numbers = range(1, len(pages) + 1)
    ids = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in numbers)
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{R}/slide" Target="slides/slide{n}.xml"/>'
        for n in numbers
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{R}/officeDocument" Target="ppt/presentation.xml"/></Relationships>',
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>{ids}'
        "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f"{links}</Relationships>",
    }
    for number, lines in zip(numbers, pages, strict=True):
        shapes = _shape("title", lines[:1]) + _shape("body", lines[1:])
        members[f"ppt/slides/slide{number}.xml"] = (
            f'<p:sld xmlns:p="{P}" xmlns:a="{A}"><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>'
            "</p:sld>"
        )
    return zipped(members)


def _shape(role: str, lines: list[str]) -> str:
    said = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="1" name="{role}"/><p:cNvSpPr/><p:nvPr><p:ph type="{role}"/>'
        f"</p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>{said}</p:txBody></p:sp>"
    )


def test_slides_are_a_document_too(read) -> None:
    content = slides(
        ["NUR 101: Foundations of Care", "Autumn"], ["Learning Outcomes", "Take vital signs."]
    )
    drop = read({"course.pptx": content}, kind="syllabi")
    assert drop.rejects == []
    (row,) = drop.rows
    assert (row["course_code"], row["title"]) == ("NUR 101", "Foundations of Care")
    assert "Learning Outcomes\n\nTake vital signs." in row["text"]
