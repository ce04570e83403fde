"""Writes the college: syllabi in five document formats, two catalogs, and the program registry.

Belongs here: a course's text by section and its file formats. What each course teaches is in
vocabulary/courses.yml, which programs there are in vocabulary/programs.yml.
"""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import yaml
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from vocabulary import load_skills, load_yaml

FIXED_TIME = dt.datetime(2026, 8, 1, 9, 0, tzinfo=dt.UTC)
ZIP_TIME = (2026, 8, 1, 9, 0, 0)
COLLEGE = "Alder Bay Community College"
GRADE_SHARES = ((100,), (75, 25), (45, 35, 20), (35, 25, 20, 20))


@dataclass(frozen=True)
class Syllabus:
    """A course's text by section.

    `depths` maps assessed, practiced, introduced and mentioned to the vocabulary keys of skills.
    """

    code: str
    title: str
    credits: int
    term: str
    format: str
    programs: dict[str, str]
    depths: dict[str, list[str]]
    description: str
    outcome_lead: str
    outcomes: list[str]
    topics: list[str]
    assessment: list[str]
    materials: str
    prerequisites: str
    policies: dict[str, str]

    @property
    def stem(self) -> str:
        """File name without its ending."""
        return self.code.lower().replace(" ", "-")

    def teaching_text(self) -> str:
        """All text but the policies."""
        parts = [self.title, self.description, *self.outcomes, *self.topics, *self.assessment]
        return "\n".join([*parts, self.materials, self.prerequisites])


def capitalize(text: str) -> str:
    """The text with its first letter raised, the rest untouched."""
    return text[:1].upper() + text[1:]


def compose(course: dict[str, Any], seed: int) -> Syllabus:
    """The syllabus of one course of the vocabulary."""
    chance = random.Random(f"syllabus {seed} {course['code']}")
    frames, skills = load_yaml("syllabus_frames.yml"), load_skills()
    depths = {d: course[d] for d in ("assessed", "practiced", "introduced", "mentioned")}
    outcomes, topics, assessment = [], [], []
    *percents, participation = GRADE_SHARES[len(depths["assessed"])]
    for depth in ("introduced", "practiced", "assessed"):
        for key in depths[depth]:
            skill = skills[key]
            topic = chance.choice(frames[depth]).format(topic=chance.choice(skill.topic))
            topics.append(topic)
            if depth == "practiced":
                outcomes.append(skill.learn[0])
            if depth == "assessed":
                outcomes += skill.learn
                frame = chance.choice(frames["exam"])
                share = percents[len(assessment)]
                assessment.append(frame.format(percent=share, learn=skill.learn[-1]))
    topics = [topic for pair in zip_longest(course["weeks"], topics) for topic in pair if topic]
    assessment.append(chance.choice(frames["participation"]).format(percent=participation))
    description = course["about"]
    if depths["mentioned"]:
        names = " and ".join(skills[key].match[0] for key in depths["mentioned"])
        description += " " + chance.choice(frames["mentioned"]).format(names=names)
    year = chance.choice((2023, 2024, 2025))
    materials = chance.choice(frames["materials"])
    return Syllabus(
        code=course["code"],
        title=course["title"],
        credits=course["credits"],
        term=chance.choice(frames["term"]),
        format=course["format"],
        programs=course["in"],
        depths=depths,
        description=description,
        outcome_lead=chance.choice(frames["outcome_lead"]),
        outcomes=[
            capitalize(outcome) + "." for outcome in outcomes or ["report on the topics below"]
        ],
        topics=[f"Unit {n}: {topic}" for n, topic in enumerate(topics, start=1)],
        assessment=assessment,
        materials=materials.format(code=course["code"], title=course["title"], year=year),
        prerequisites=chance.choice(frames["prerequisite"]),
        policies={
            name: chance.choice(texts).format(
                room=chance.randint(101, 389),
                few=chance.choice(("two", "three")),
                hour=chance.randint(1, 4),
            )
            for name, texts in frames["policies"].items()
        },
    )


def zip_longest(first: list[str], second: list[str]) -> list[tuple[str, str]]:
    """Pairs of two lists of different length, filled with empty text."""
    length = max(len(first), len(second))
    pad = [""] * length
    return list(zip((first + pad)[:length], (second + pad)[:length], strict=True))


def load_syllabi(seed: int) -> list[Syllabus]:
    """All syllabi in the order of the vocabulary."""
    return [compose(course, seed) for course in load_yaml("courses.yml")]


def blocks(syllabus: Syllabus) -> list[tuple[str, list[str], bool]]:
    """Heading, lines and whether they are a list, in the order of the document."""
    return [
        ("Course description", [syllabus.description], False),
        ("Learning outcomes", [syllabus.outcome_lead], False),
        ("", syllabus.outcomes, True),
        ("Topics and schedule", syllabus.topics, True),
        ("Assessment", syllabus.assessment, True),
        ("Materials", [syllabus.materials], False),
        ("Prerequisites", [syllabus.prerequisites], False),
        *((name, [text], False) for name, text in syllabus.policies.items()),
    ]


def markdown(syllabus: Syllabus) -> bytes:
    """Markdown with front matter."""
    front = {
        "course_code": syllabus.code,
        "title": syllabus.title,
        "credits": syllabus.credits,
        "term": syllabus.term,
        "institution": COLLEGE,
    }
    parts = ["---\n" + yaml.safe_dump(front, sort_keys=False) + "---\n"]
    parts.append(f"# {syllabus.code}: {syllabus.title}\n")
    for heading, lines, is_list in blocks(syllabus):
        if heading:
            parts.append(f"## {heading}\n")
        parts.append("\n".join(f"- {line}" if is_list else line for line in lines) + "\n")
    return "\n".join(parts).encode()


def web_page(syllabus: Syllabus) -> bytes:
    """HTML with the navigation and footer of a college site."""
    title = html.escape(f"{syllabus.code}: {syllabus.title}")
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">',
        f"<title>{title}</title></head>\n<body>",
        f"<nav>{COLLEGE} | Programs | Calendar | Library</nav>\n<main>\n<h1>{title}</h1>",
        f"<p>{syllabus.credits} credits, {syllabus.term}</p>",
    ]
    for heading, lines, is_list in blocks(syllabus):
        if heading:
            parts.append(f"<h2>{html.escape(heading)}</h2>")
        cells = [html.escape(line, quote=False) for line in lines]
        if is_list:
            parts.append("<ul>\n" + "\n".join(f"<li>{cell}</li>" for cell in cells) + "\n</ul>")
        else:
            parts += [f"<p>{cell}</p>" for cell in cells]
    parts.append(f"</main>\n<footer>{COLLEGE} is an invented college.</footer>\n</body>\n</html>\n")
    return "\n".join(parts).encode()


def plain_text(syllabus: Syllabus) -> bytes:
    """Plain text with headings in capital letters."""
    parts = [f"{syllabus.code} \u2014 {syllabus.title}"]
    parts.append(f"{syllabus.credits} credits, {syllabus.term}\n")
    for heading, lines, is_list in blocks(syllabus):
        if heading:
            parts.append(heading.upper())
        parts.append("\n".join(f"  * {line}" if is_list else line for line in lines) + "\n")
    return "\n".join(parts).encode()


def pdf(syllabus: Syllabus) -> bytes:
    """A text PDF of one or two pages with fixed dates."""
    document = FPDF(format="letter")
    document.set_creation_date(FIXED_TIME)
    document.set_title(f"{syllabus.code}: {syllabus.title}")
    document.set_author(COLLEGE)
    document.set_margin(20)
    document.add_page()

    def write(text: str, size: int, style: str = "", indent: int = 0) -> None:
        document.set_font("Helvetica", style=style, size=size)
        document.set_x(20 + indent)
        document.multi_cell(0, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    write(f"{syllabus.code}: {syllabus.title}", 16, "B")
    write(f"{COLLEGE}, {syllabus.credits} credits, {syllabus.term}", 10)
    for heading, lines, is_list in blocks(syllabus):
        if heading:
            document.ln(2)
            write(heading, 12, "B")
        for line in lines:
            write(f"- {line}" if is_list else line, 10, indent=4 if is_list else 0)
    return bytes(document.output())


def word(syllabus: Syllabus) -> bytes:
    """A Word document whose archive carries fixed times."""
    document = docx.Document()
    properties = document.core_properties
    properties.author, properties.title = COLLEGE, f"{syllabus.code}: {syllabus.title}"
    properties.created = properties.modified = FIXED_TIME.replace(tzinfo=None)
    document.add_heading(f"{syllabus.code} \u2014 {syllabus.title}", level=0)
    document.add_paragraph(f"{syllabus.credits} credits, {syllabus.term}")
    for heading, lines, is_list in blocks(syllabus):
        if heading:
            document.add_heading(heading, level=1)
        for line in lines:
            document.add_paragraph(line, style="List Bullet" if is_list else None)
    raw, fixed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))
    return fixed.getvalue()


DOCUMENTS: dict[str, Callable[[Syllabus], bytes]] = {
    "md": markdown,
    "html": web_page,
    "txt": plain_text,
    "pdf": pdf,
    "docx": word,
}


def catalog_csv(syllabi: list[Syllabus]) -> bytes:
    """Catalog rows with a catalog's own column names."""
    rows = [
        {
            "Course": s.code,
            "Course Title": s.title,
            "Units": str(s.credits),
            "Catalog Description": s.description,
            "Student Learning Outcomes": "\n".join(s.outcomes),
            "Content Outline": "\n".join(s.topics),
            "Methods of Evaluation": "\n".join(s.assessment),
            "Required Texts": s.materials,
            "Requisites": s.prerequisites,
            "Semester": s.term,
        }
        for s in syllabi
    ]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def catalog_json(syllabi: list[Syllabus]) -> bytes:
    """Catalog rows as a JSON array with nested texts."""
    rows = [
        {
            "number": s.code,
            "name": s.title,
            "credits": s.credits,
            "semester": s.term,
            "texts": {
                "description": s.description,
                "outcomes": s.outcomes,
                "outline": s.topics,
                "grading": s.assessment,
                "materials": s.materials,
                "requisites": s.prerequisites,
            },
        }
        for s in syllabi
    ]
    return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()


CATALOGS: dict[str, tuple[str, Callable[[list[Syllabus]], bytes], dict[str, str]]] = {
    "csv": (
        "catalog_arts",
        catalog_csv,
        {
            "course_code": "Course",
            "title": "Course Title",
            "credits": "Units",
            "description": "Catalog Description",
            "outcomes": "Student Learning Outcomes",
            "topics": "Content Outline",
            "assessment": "Methods of Evaluation",
            "materials": "Required Texts",
            "prerequisites": "Requisites",
            "term": "Semester",
        },
    ),
    "json": (
        "catalog_studio",
        catalog_json,
        {
            "course_code": "number",
            "title": "name",
            "credits": "credits",
            "description": "texts.description",
            "outcomes": "texts.outcomes",
            "topics": "texts.outline",
            "assessment": "texts.grading",
            "materials": "texts.materials",
            "prerequisites": "texts.requisites",
            "term": "semester",
        },
    ),
}


def write_contract(
    folder: Path, source_id: str, kind: str, rows_n: int, extra: dict[str, Any]
) -> None:
    """The source.yml of a college source."""
    contract = {
        "source_id": source_id,
        "kind": kind,
        "publisher": f"{COLLEGE} (fictional)",
        "licence": "CC0-1.0",
        **extra,
        "expect": {"min_rows": rows_n, "max_rows": rows_n, "max_reject_share": 0.0},
    }
    note = "# An invented college; written by ../generate.py\n"
    text = note + yaml.safe_dump(contract, sort_keys=False, allow_unicode=True, width=100)
    (folder / "source.yml").write_text(text, encoding="utf-8", newline="\n")


def write_syllabi(out: Path, seed: int) -> list[Syllabus]:
    """Writes the documents and the two catalogs and returns all syllabi."""
    syllabi = load_syllabi(seed)
    documents = [s for s in syllabi if s.format in DOCUMENTS]
    folder = out / "syllabi"
    folder.mkdir(parents=True, exist_ok=True)
    for syllabus in documents:
        path = folder / f"{syllabus.stem}.{syllabus.format}"
        path.write_bytes(DOCUMENTS[syllabus.format](syllabus))
    college = {"institution": COLLEGE}
    write_contract(folder, "sample-syllabi", "syllabi", len(documents), college)
    for ending, (name, render, columns) in CATALOGS.items():
        folder = out / name
        folder.mkdir(parents=True, exist_ok=True)
        rows = [s for s in syllabi if s.format == ending]
        (folder / f"catalog.{ending}").write_bytes(render(rows))
        extra = {"path": f"*.{ending}", **college, "columns": columns}
        write_contract(folder, "sample-" + name.replace("_", "-"), "syllabi", len(rows), extra)
    return syllabi


def write_programs(out: Path, seed: int) -> None:
    """Writes the program registry."""
    registry, syllabi = load_yaml("programs.yml"), load_syllabi(seed)
    rows = []
    for program in registry["programs"]:
        program_id = program["program_id"]
        courses = {s.code: s.programs[program_id] for s in syllabi if program_id in s.programs}
        rows.append(
            {
                "program_id": program_id,
                "title": program["title"],
                "institution": registry["institution"],
                "cip_code": program["cip_code"],
                "level": program["level"],
                "sectors": [program["group"].replace("_", "-")],
                "occupations": program["occupations"],
                "required": [code for code, role in courses.items() if role == "required"],
                "elective": [code for code, role in courses.items() if role == "elective"],
            }
        )
    folder = out / "programs"
    folder.mkdir(parents=True, exist_ok=True)
    note = f"# Programs of {COLLEGE}, an invented college; written by ../generate.py\n"
    text = note + yaml.safe_dump({"programs": rows}, sort_keys=False, allow_unicode=True, width=100)
    (folder / "programs.yml").write_text(text, encoding="utf-8", newline="\n")
    extra = {"path": "programs.yml", "institution": COLLEGE}
    write_contract(folder, "sample-programs", "programs", len(rows), extra)
