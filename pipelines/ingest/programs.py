"""A program registry (`programs.yml`) → rows of raw.programs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.ingest.records import Reject, excerpt
from pipelines.ingest.source import Source
from pipelines.ingest.text import read_text


class Program(BaseModel):
    """One program of the registry, as its file writes it."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    program_id: str
    title: str
    institution: str
    cip_code: str | None = None
    level: str | None = None
    sectors: list[str]
    occupations: list[str] = []
    required: list[str] = []
    elective: list[str] = []


def program_rows(path: Path, locator: str, source: Source) -> Iterator[dict[str, Any] | Reject]:
    """Rows and rejects of one registry file."""
    text = read_text(path, source.encoding)
    try:
        entries = yaml.safe_load(text)["programs"]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        message = f"not a registry of programs (a list under 'programs:'): {error}"
        yield Reject(locator, "unreadable_file", message, excerpt(text))
        return
    for number, entry in enumerate(entries, start=1):
        yield _row(entry, f"{locator}:program {number}", source)


def _row(entry: Any, locator: str, source: Source) -> dict[str, Any] | Reject:
    try:
        program = Program.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        message = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        return Reject(locator, "malformed_row", message, excerpt(entry))
    return {
        "source_id": source.source_id,
        "source_record_id": program.program_id,
        "locator": locator,
        "program_id": program.program_id,
        "title": program.title,
        "institution": program.institution,
        "cip_code": program.cip_code,
        "award_level": program.level,
        "sector_codes": program.sectors,
        "occupation_codes": program.occupations,
        "required_courses": [code.upper() for code in program.required],
        "elective_courses": [code.upper() for code in program.elective],
    }
