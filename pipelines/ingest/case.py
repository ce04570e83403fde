"""Courses of a CASE file (1EdTech Competencies and Academic Standards Exchange).

A file is one framework of items. Items of the type "Course" are courses, and what lies below them
their outcomes; where no item is one, the framework itself is the course.
"""

from collections import defaultdict
from typing import Any

from pipelines.ingest.records import Record

COURSE_TYPE = "course"
CHILD_OF = "ischildof"

Item = dict[str, Any]


def case_courses(content: Any, locator: str) -> list[Record]:
    """The courses of a CASE file; none where `content` is no such file."""
    package = content.get("CFPackage", content) if isinstance(content, dict) else None
    if not isinstance(package, dict) or not isinstance(package.get("CFDocument"), dict):
        return []
    items = _dicts(package.get("CFItems"))
    courses = [item for item in items if str(item.get("CFItemType")).lower() == COURSE_TYPE]
    below = _children(_dicts(package.get("CFAssociations")))
    if not courses:
        return [Record(f"{locator}:course 1", _fields(package["CFDocument"], items))]
    return [
        Record(f"{locator}:course {number}", _fields(course, _descendants(course, items, below)))
        for number, course in enumerate(courses, start=1)
    ]


def _fields(course: Item, outcomes: list[Item]) -> dict[str, str]:
    title = course.get("title") or course.get("abbreviatedStatement") or course.get("fullStatement")
    code = course.get("humanCodingScheme") or title or course.get("identifier")
    described = course.get("description") or course.get("notes")
    statements = [str(item["fullStatement"]) for item in outcomes if item.get("fullStatement")]
    fields = {
        "course_code": code,
        "title": title,
        "description": described,
        "outcomes": "\n".join(statements),
    }
    return {name: str(value) for name, value in fields.items() if value}


def _children(associations: list[Item]) -> dict[str, list[str]]:
    below = defaultdict(list)
    for association in associations:
        if str(association.get("associationType")).lower() == CHILD_OF:
            parent = _identifier(association.get("destinationNodeURI"))
            below[parent].append(_identifier(association.get("originNodeURI")))
    return below


def _identifier(node: Any) -> str:
    return str(node.get("identifier")) if isinstance(node, dict) else str(node)


def _descendants(course: Item, items: list[Item], below: dict[str, list[str]]) -> list[Item]:
    """The items below `course`, in the order of the file."""
    found: set[str] = set()
    waiting = [str(course.get("identifier"))]
    while waiting:
        for child in below.get(waiting.pop(), []):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return [item for item in items if str(item.get("identifier")) in found and item is not course]


def _dicts(value: Any) -> list[Item]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
