"""Courses described as linked data: CTDL and CTDL-ASN (Credential Engine), schema.org.

Belongs here: what their terms mean for a course. Not here: reading the file (`tables`).
"""

import re
from collections.abc import Iterator
from typing import Any

from pipelines.ingest.records import Record

COURSE_TYPES = frozenset({"Course", "LearningOpportunity", "LearningOpportunityProfile"})
FRAMEWORK_TYPE, COMPETENCY_TYPE = "CompetencyFramework", "Competency"
TERMS = {
    "course_code": ("codedNotation", "courseCode", "identifierValueCode", "identifier", "ctid"),
    "title": ("name",),
    "description": ("description",),
    "outcomes": ("teaches", "learningOutcome"),
    "topics": ("subject", "about", "keyword"),
    "assessment": ("assesses", "assessmentMethodDescription"),
    "prerequisites": ("coursePrerequisites", "prerequisite", "requires"),
    "credits": ("creditValue", "creditUnitValue", "numberOfCredits"),
}
NAMES_OF_A_NODE = (
    "targetNodeName", "competencyText", "name", "value", "identifierValueCode", "description",
)  # fmt: skip
LANGUAGE = re.compile(r"^[a-z]{2,3}(?:-[A-Za-z0-9]+)*$")
DEEPEST_NODE = 6

Node = dict[str, Any]


def linked_courses(content: Any, locator: str) -> list[Record]:
    """The courses of a CTDL or schema.org file; where it has none, its competency frameworks, each
    as a course with the competencies as outcomes; none where it is no such file."""
    nodes = [_by_local_names(node) for node in _nodes(content)]
    by_id = {str(node["@id"]): node for node in nodes if "@id" in node}
    courses = [node for node in nodes if _types(node) & COURSE_TYPES]
    if not courses:
        return _frameworks(nodes, by_id, locator)
    return [
        Record(f"{locator}:course {number}", _course(node, by_id))
        for number, node in enumerate(courses, start=1)
    ]


def _nodes(content: Any) -> list[Node]:
    graph = content.get("@graph", [content]) if isinstance(content, dict) else content
    nodes = graph if isinstance(graph, list) else [graph]
    return [node for node in nodes if isinstance(node, dict) and "@type" in node]


def _by_local_names(node: Node) -> Node:
    """`node` with the names of its terms bare: `ceterms:name` and its long form are `name`."""
    return {name if name[:1] == "@" else _local(name): value for name, value in node.items()}


def _local(name: str) -> str:
    return re.split(r"[/#:]", name)[-1]


def _types(node: Node) -> set[str]:
    types = node["@type"]
    return {_local(str(name)) for name in (types if isinstance(types, list) else [types])}


def _course(node: Node, by_id: dict[str, Node]) -> dict[str, str]:
    """The fields of a course under our names; where it has no code, its title serves."""
    fields = {}
    for column, terms in TERMS.items():
        said = next((found for term in terms if (found := _texts(node.get(term), by_id))), [])
        fields[column] = "\n".join(said)
    fields["course_code"] = fields["course_code"] or fields["title"]
    return {column: text for column, text in fields.items() if text}


def _texts(value: Any, by_id: dict[str, Node], depth: int = 0) -> list[str]:
    """The texts a value comes to: plain, by language, or of the nodes it is or points to."""
    if isinstance(value, list):
        return list(dict.fromkeys(text for item in value for text in _texts(item, by_id, depth)))
    if isinstance(value, dict):
        return _texts_of_node(_by_local_names(value), by_id, depth)
    if isinstance(value, str) and value in by_id:
        return _texts_of_node(by_id[value], by_id, depth)
    text = "" if value is None else str(value).strip()
    return [] if not text or text.startswith(("http://", "https://")) else [text]


def _texts_of_node(node: Node, by_id: dict[str, Node], depth: int) -> list[str]:
    if depth > DEEPEST_NODE:
        return []
    if "@value" in node:
        return _texts(node["@value"], by_id, depth + 1)
    if node and all(LANGUAGE.match(name) for name in node):
        spoken = next((name for name in node if name.startswith("en")), next(iter(node)))
        if len(spoken) == len("en") or "-" in spoken:
            return _texts(node[spoken], by_id, depth + 1)
    for name in NAMES_OF_A_NODE:
        if found := _texts(node.get(name), by_id, depth + 1):
            return found
    known = by_id.get(str(node.get("@id")))
    return _texts_of_node(known, by_id, depth + 1) if known and known is not node else []


def _frameworks(nodes: list[Node], by_id: dict[str, Node], locator: str) -> list[Record]:
    frameworks = [node for node in nodes if FRAMEWORK_TYPE in _types(node)]
    return [
        Record(
            f"{locator}:course {number}",
            _course(node, by_id) | {"outcomes": "\n".join(_competencies(node, nodes, by_id))},
        )
        for number, node in enumerate(frameworks, start=1)
    ]


def _competencies(framework: Node, nodes: list[Node], by_id: dict[str, Node]) -> Iterator[str]:
    for node in nodes:
        whole = node.get("isPartOf")
        parts = whole if isinstance(whole, list) else [whole]
        ids = {part.get("@id") if isinstance(part, dict) else part for part in parts}
        if COMPETENCY_TYPE in _types(node) and (not whole or framework.get("@id") in ids):
            yield from _texts(node.get("competencyText"), by_id)
