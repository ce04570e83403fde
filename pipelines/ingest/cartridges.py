"""Reader of course exports: IMS Common Cartridge, and Canvas's kind of it (.imscc).

Taken are the course's names, its syllabus, learning outcomes, pages, modules and assignments. Files
that teachers attached, quizzes and links are not opened.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from selectolax.lexbor import LexborHTMLParser

from pipelines.contracts.rules import MAX_CARTRIDGE_BYTES
from pipelines.ingest.archives import Archive, open_archive
from pipelines.ingest.documents import document
from pipelines.ingest.records import Record, Reject
from pipelines.ingest.text import decode, readable

MANIFEST = "imsmanifest.xml"
SETTINGS = "course_settings/course_settings.xml"
SYLLABUS = "course_settings/syllabus.html"
OUTCOMES = "course_settings/learning_outcomes.xml"
MODULES = "course_settings/module_meta.xml"
ASSIGNMENT = "assignment_settings.xml"
PAGE_SUFFIXES = (".html", ".htm")
UNPUBLISHED = ("unpublished", "deleted")


def read_cartridge(path: Path, locator: str, encoding: str | None) -> Iterator[Record | Reject]:
    """The one course of a cartridge."""
    with open_archive(path, MAX_CARTRIDGE_BYTES) as archive:
        yield from archive.rejects(locator)
        if MANIFEST not in archive.members:
            raise ValueError(f"it holds no {MANIFEST}, so it is no course export")
        manifest = archive.xml(MANIFEST)
        settings = archive.xml(SETTINGS) if SETTINGS in archive.members else Element("course")
        title = _first(settings, "title") or _course_title(manifest)
        sections = {
            "Course Description": _page(archive, SYLLABUS) if SYLLABUS in archive.members else "",
            "Learning Outcomes": "\n".join(_outcomes(archive)),
            "Topics": "\n\n".join(_pages(archive)),
            "Modules": "\n".join(_module_titles(archive, manifest)),
            "Assignments": "\n\n".join(_assignments(archive)),
        }
    text = "\n\n".join(f"## {heading}\n\n{said}" for heading, said in sections.items() if said)
    fields: dict[str, object] = {"title": title, "course_code": _first(settings, "course_code")}
    yield document(locator, text, {name: value for name, value in fields.items() if value})


def _course_title(manifest: Element) -> str:
    general = next(_elements(manifest, "general"), Element("none"))
    title = next(_elements(general, "title"), Element("none"))
    return " ".join("".join(title.itertext()).split())


def _outcomes(archive: Archive) -> Iterator[str]:
    if OUTCOMES in archive.members:
        for outcome in _elements(archive.xml(OUTCOMES), "learningOutcome"):
            said = [_first(outcome, "title"), readable(_first(outcome, "description"))]
            yield "- " + ". ".join(text.rstrip(".") for text in said if text)


def _pages(archive: Archive) -> Iterator[str]:
    for name in archive.members:
        is_page = name.lower().endswith(PAGE_SUFFIXES) and name != SYLLABUS
        if is_page and not _is_of_assignment(archive, name) and (text := _page(archive, name)):
            yield text


def _assignments(archive: Archive) -> Iterator[str]:
    for name in archive.members:
        if name.endswith(f"/{ASSIGNMENT}"):
            folder = name.removesuffix(ASSIGNMENT)
            settings = archive.xml(name)
            pages = [page for page in archive.members if _lies_in(page, folder)]
            if _first(settings, "workflow_state") not in UNPUBLISHED:
                said = [f"- {_first(settings, 'title')}", *(_page(archive, p, "") for p in pages)]
                yield "\n".join(text for text in said if text)


def _is_of_assignment(archive: Archive, name: str) -> bool:
    return f"{name.rpartition('/')[0]}/{ASSIGNMENT}" in archive.members


def _lies_in(name: str, folder: str) -> bool:
    return name.startswith(folder) and name.lower().endswith(PAGE_SUFFIXES)


def _page(archive: Archive, name: str, heading: str = "### ") -> str:
    """The text of a page under its title; nothing of one that students do not see."""
    written = decode(archive.read(name))
    page = LexborHTMLParser(written)
    state = page.css_first('meta[name="workflow_state"]')
    if state and state.attributes.get("content") in UNPUBLISHED:
        return ""
    title = page.css_first("title")
    text = readable(written)
    is_named = bool(heading) and name != SYLLABUS and title is not None and title.text().strip()
    return f"{heading}{title.text().strip()}\n\n{text}" if is_named and title and text else text


def _module_titles(archive: Archive, manifest: Element) -> Iterator[str]:
    root = archive.xml(MODULES) if MODULES in archive.members else manifest
    parents = _elements(root, "module" if root is not manifest else "organization")
    for parent in parents:
        for title in _elements(parent, "title"):
            if text := " ".join((title.text or "").split()):
                yield f"- {text}"


def _elements(parent: Element, local_name: str) -> Iterator[Element]:
    """The elements below `parent` of that name, whatever version of the format names them."""
    return (element for element in parent.iter() if _local(element) == local_name)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _first(parent: Element, local_name: str) -> str:
    found = next((element for element in parent if _local(element) == local_name), None)
    return (found.text or "").strip() if found is not None else ""
