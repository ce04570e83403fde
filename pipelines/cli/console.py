"""What all commands share: two consoles, options, plain errors, tables on a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import duckdb
import polars as pl
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipelines.decisions.records import StoreError
from pipelines.ingest.source import IngestError
from pipelines.presentation.lookup import NotOneError
from pipelines.warehouse.database import WarehouseError
from skills_taxonomy.additions import AdditionError
from skills_taxonomy.importers.bundle import BundleError
from skills_taxonomy.taxonomy import SkillNotFoundError, Taxonomy, taxonomy_in_use

PIPED_WIDTH = 400

out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True, soft_wrap=True)

SourcesOption = Annotated[
    Path,
    typer.Option(
        "--sources",
        envvar="SKILLGAP_SOURCES",
        help="Folder with one subfolder and source.yml a source.",
    ),
]
WarehouseOption = Annotated[
    Path,
    typer.Option(
        "--warehouse",
        envvar="SKILLGAP_WAREHOUSE",
        help="Folder of the database, snapshots and reports.",
    ),
]
DecisionsOption = Annotated[
    str,
    typer.Option(
        "--decisions",
        metavar="URL",
        envvar="SKILLGAP_DECISIONS",
        help="Database of decisions, ballots and users.",
        show_default="WAREHOUSE/decisions.sqlite",
    ),
]


@contextmanager
def plain_errors() -> Iterator[None]:
    """What a user can mend is one line and an exit code, never a stack trace."""
    try:
        yield
    except (
        IngestError,
        BundleError,
        SkillNotFoundError,
        AdditionError,
        NotOneError,
        StoreError,
    ) as error:
        err.print(f"[red]skillgap:[/red] {escape(str(error))}", highlight=False)
        raise typer.Exit(2) from error
    except (WarehouseError, duckdb.Error) as error:
        err.print(f"[red]skillgap:[/red] {escape(str(error))}", highlight=False)
        raise typer.Exit(1) from error


@contextmanager
def progress() -> Iterator[Progress]:
    """Bars on the terminal, and nothing where there is none."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal) as bars:
        yield bars


def watcher(bars: Progress) -> Any:
    """What a long step tells how far it is; each step has a bar of its own."""
    tasks: dict[str, Any] = {}

    def watch(step: str, done: int, total: int | None) -> None:
        if step not in tasks:
            tasks[step] = bars.add_task(step, total=total)
        bars.update(tasks[step], completed=done, total=total)

    return watch


def taxonomy_of(warehouse: Path) -> Taxonomy:
    """The taxonomy that runs into this warehouse use."""
    return taxonomy_in_use(warehouse / "taxonomy")


def print_table(rows: pl.DataFrame) -> None:
    """The rows under the names of their columns."""
    table = Table(box=None, header_style="bold")
    for name, dtype in rows.schema.items():
        table.add_column(name, justify="right" if dtype.is_numeric() else "left", overflow="fold")
    for row in rows.iter_rows():
        table.add_row(*(as_text(value) for value in row))
    out.print(table, soft_wrap=not out.is_terminal)


def as_text(value: object) -> str:
    """A value of a table as people read it."""
    if value is None:
        return ""
    if isinstance(value, float):
        rounded = round(value, 3) + 0.0  # and no zero with a minus
        return f"{rounded:,.3f}".rstrip("0").rstrip(".")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(as_text(item) for item in value)
    if isinstance(value, dict):
        return " ".join(as_text(item) for item in value.values())
    return str(value)
