"""What the tables of a run depend on: files and their source.yml, project.yml, the taxonomy,
reviewers' decisions, our own code, models and data, and the libraries below them.

Imports no Dagster, so that the command line says at once that nothing has changed.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import polars as pl

from pipelines.decisions.log import read_log
from pipelines.ingest.drop import file_hashes, reading_hash
from pipelines.ingest.source import Project, find_sources, read_project
from pipelines.places import ROOT
from pipelines.warehouse.publish import Snapshot, standing_snapshot

DISTRIBUTION = "skillgap"
ROOMS = ROOT / "pipelines"
TAXONOMY_ROOM = ROOT / "skills_taxonomy"
READING = (ROOMS / "contracts", ROOMS / "ingest")
EXTRACTION = (ROOMS / "contracts" / "rules.py", ROOMS / "extraction", TAXONOMY_ROOM)
NO_INPUT = ("__pycache__", "reports", "dashboard", "training")
"""Folders that no table depends on."""

FILE_COLUMNS = ["source_id", "file", "file_hash", "reading_hash"]
"""The columns of raw.files that say what was read."""


@cache
def reading_version() -> str:
    """SHA-256 of the code that makes rows of files."""
    return _hash(*READING)


@cache
def naming_version() -> str:
    """SHA-256 of the titles and code that name occupations."""
    return _hash(TAXONOMY_ROOM)


def extraction_version(taxonomy: Path) -> str:
    """SHA-256 of the code, models and taxonomy that find skills.

    Args:
        taxonomy: folder of the imported taxonomy; where it is missing the shipped one is in use.
    """
    return _hash(*EXTRACTION, taxonomy)


def fingerprint(
    files: pl.DataFrame, project: Project, taxonomy: Path, decisions: pl.DataFrame
) -> str:
    """SHA-256 of all that the published tables depend on.

    Args:
        files: `FILE_COLUMNS` of raw.files, or of what the folders hold now.
        taxonomy: folder of the imported taxonomy, if there is one.
        decisions: the rows of core.decisions, or of what the log holds now.
    """
    parts = (
        files.select(FILE_COLUMNS).sort(FILE_COLUMNS).write_csv(),
        project.model_dump_json(),
        _hash(ROOMS, TAXONOMY_ROOM, taxonomy),
        decisions.sort("decision_id").write_csv(),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def unchanged_snapshot(sources: Path, warehouse: Path, decisions_url: str) -> Snapshot | None:
    """The published snapshot where a run would publish the same again, else None.

    Raises:
        IngestError: a source.yml cannot be used as it is.
        StoreError: the log of decisions cannot be read.
    """
    rows = [
        (source.source_id, file, file_hash, reading_hash(source, reading_version()))
        for source in find_sources(sources)
        for file, file_hash in file_hashes(source).items()
    ]
    files = pl.DataFrame(rows, dict.fromkeys(FILE_COLUMNS, pl.String), orient="row")
    taxonomy = warehouse / "taxonomy"
    decisions = read_log(decisions_url)
    made_of = fingerprint(files, read_project(sources), taxonomy, decisions)
    return standing_snapshot(warehouse, made_of)


def _hash(*places: Path) -> str:
    """SHA-256 of the files at and below `places`, and of the versions of our libraries."""
    digest = hashlib.sha256(_libraries().encode())
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and not set(NO_INPUT) & set(path.relative_to(place).parts):
                digest.update(f"\n{place.name}/{path.relative_to(place)}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _libraries() -> str:
    """Every library that we declare, with its installed version."""
    return "\n".join(f"{name} {metadata.version(name)}" for name in _declared())


def _declared() -> Iterator[str]:
    for requirement in metadata.requires(DISTRIBUTION) or []:
        name = re.match(r"[\w.-]+", requirement)
        if name and "extra ==" not in requirement:
            yield name.group()
