"""The contract beside each source, `source.yml`: what it is, how it maps, what to expect of it.

Belongs here: reading and checking that file. Not here: reading the data it points to.
"""

import glob
import itertools
from datetime import date
from pathlib import Path
from typing import Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.contracts.rules import WINDOW_MONTHS
from pipelines.ingest.errors import IngestError
from pipelines.ingest.feeds.catalog import AnyFeed
from pipelines.ingest.feeds.recordings import pages

Model = TypeVar("Model", bound=BaseModel)

SOURCE_FILE = "source.yml"
PROJECT_FILE = "project.yml"


class Expectation(BaseModel):
    """Bounds on a drop: below a minimum the run stops, above a maximum it warns."""

    model_config = ConfigDict(extra="forbid")

    min_rows: int = 0
    max_rows: int | None = None
    max_reject_share: float = 0.5


class Source(BaseModel):
    """One source. `columns` maps our column name to theirs, to several, or to none (guessed)."""

    model_config = ConfigDict(extra="forbid")

    source_id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    kind: Literal["postings", "syllabi", "programs"]
    publisher: str | None = None
    licence: str | None = None
    path: str | list[str] = "**/*"
    encoding: str | None = None
    day_first: bool = False
    where: dict[str, str] = {}
    columns: dict[str, str | list[str]] = {}
    patterns: dict[str, str] = {}
    defaults: dict[str, str] = {}
    institution: str | None = None
    naics_code: str | None = None
    masked_employers: bool = False
    expect: Expectation = Expectation()
    feed: AnyFeed | None = None
    folder: Path = Field(default=Path(), exclude=True)

    @model_validator(mode="after")
    def _feed_stands_alone(self) -> Self:
        if self.feed and self.kind != "postings":
            raise ValueError("a feed gives postings: write kind: postings, or remove feed")
        if self.feed and "path" in self.model_fields_set:
            raise ValueError("a source with a feed reads what it fetched: remove path")
        return self

    def files(self) -> list[Path]:
        """The data files of the source, sorted, its own source.yml left out.

        With a feed, the pages of its newest drop, or of all drops where they add up.
        """
        if self.feed:
            return pages(self.folder, every_drop=self.feed.is_incremental)
        patterns = [self.path] if isinstance(self.path, str) else self.path
        found = {
            Path(name)
            for pattern in patterns
            for name in glob.glob(str(self.folder / pattern), recursive=True)
        }
        named = (SOURCE_FILE, PROJECT_FILE, "README.md")
        return sorted(path for path in found if path.is_file() and path.name not in named)

    def column_map(self) -> dict[str, str | list[str]]:
        """Our column to theirs: as declared, else as the feed has it."""
        return {**(self.feed.columns if self.feed else {}), **self.columns}

    def default_values(self) -> dict[str, str]:
        """Our column to its value where a record has none."""
        return {**(self.feed.defaults if self.feed else {}), **self.defaults}


class Project(BaseModel):
    """`project.yml` at the root of the sources: what the run as a whole is about."""

    model_config = ConfigDict(extra="forbid")

    title: str = "Skills gap"
    as_of: date | None = None
    window_months: int = Field(default=WINDOW_MONTHS, ge=1)


def read_source(path: Path) -> Source:
    """The source that `path` (a source.yml) declares.

    Raises:
        IngestError: the file is not valid; the message names the line or the field.
    """
    source = _validated(Source, path)
    source.folder = path.parent
    return source


def read_project(root: Path) -> Project:
    """The project file of a folder of sources, or its defaults where there is none."""
    path = root / PROJECT_FILE
    return _validated(Project, path) if path.exists() else Project()


def find_sources(root: Path) -> list[Source]:
    """Every source below `root`, in the order of their ids.

    Raises:
        IngestError: there is none, one is not valid, or two share an id.
    """
    paths = sorted(root.glob(f"**/{SOURCE_FILE}"))
    if not paths:
        raise IngestError(f"{root}: no {SOURCE_FILE} below this folder. See data/sources/README.md")
    sources = sorted((read_source(path) for path in paths), key=lambda source: source.source_id)
    for one, next_one in itertools.pairwise(sources):
        if one.source_id == next_one.source_id:
            raise IngestError(
                f"{next_one.folder / SOURCE_FILE}: source_id '{one.source_id}' is already used by "
                f"{one.folder / SOURCE_FILE}. Give it another"
            )
    return sources


def guess_source(path: Path, kind: Literal["postings", "syllabi", "programs"]) -> Source:
    """A source for files without a source.yml: ids from the name, columns guessed."""
    source_id = "".join(c if c.isalnum() else "-" for c in path.stem.lower()).strip("-") or "source"
    folder, pattern = (path, "**/*") if path.is_dir() else (path.parent, glob.escape(path.name))
    source = Source(source_id=source_id, kind=kind, path=pattern)
    source.folder = folder
    return source


def _validated(model: type[Model], path: Path) -> Model:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise IngestError(f"{path}{line}: not valid YAML: {error}") from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise IngestError(f"{path}: {field or 'content'}: {first['msg']}") from error
