"""Commands that bring data in: demo, run, fetch, ingest check."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import polars as pl
import typer
from rich.markup import escape

from pipelines.cli.console import (
    DecisionsOption,
    SourcesOption,
    WarehouseOption,
    err,
    out,
    plain_errors,
    print_table,
    progress,
    watcher,
)
from pipelines.cli.published import print_snapshot, report
from pipelines.ingest.source import (
    SOURCE_FILE,
    IngestError,
    Source,
    find_sources,
    guess_source,
    read_source,
)
from pipelines.places import SAMPLE, SOURCES, WAREHOUSE
from pipelines.reports.tables import OVERVIEW_FILE
from pipelines.warehouse.publish import Snapshot, current_snapshot

if TYPE_CHECKING:
    from pipelines.ingest.drop import Drop

SHOWN_REJECTS = 10


RebuildOption = Annotated[
    bool,
    typer.Option("--rebuild", help="Do everything anew, as if nothing had been read before."),
]


def demo(
    warehouse: WarehouseOption = WAREHOUSE,
    rebuild: RebuildOption = False,
    decisions: DecisionsOption = "",
) -> None:
    """Run the main job on the embedded sample and write the overview page.

    Example: `skillgap demo`
    """
    page = warehouse / "reports" / OVERVIEW_FILE
    run(sources=SAMPLE, warehouse=warehouse, rebuild=rebuild, decisions=decisions)
    published_at = datetime.fromisoformat(current_snapshot(warehouse).published_at)
    if not page.exists() or page.stat().st_mtime < published_at.timestamp():
        report(warehouse=warehouse)
    out.print(f"\nOpen [bold]{page}[/bold] in a browser.")
    out.print("Next: `make dashboard`, `skillgap status`, `skillgap report --format xlsx`.")


def run(
    sources: SourcesOption = SOURCES,
    warehouse: WarehouseOption = WAREHOUSE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only read the sources and say what would go in.")
    ] = False,
    rebuild: RebuildOption = False,
    decisions: DecisionsOption = "",
) -> None:
    """Read new and changed files, find their skills, compute the figures, publish a snapshot.

    What earlier runs read and has not changed is kept; what was withdrawn goes. Where nothing at
    all has changed (files, settings, taxonomy, decisions, this program), nothing is written.

    Examples: `skillgap run --sources data/sources` · `skillgap run --dry-run` ·
    `skillgap run --rebuild`
    """
    if dry_run:
        ingest_check(sources)
        return
    from pipelines.decisions.store import store_url
    from pipelines.defs.inputs import unchanged_snapshot

    with plain_errors():
        url = store_url(decisions, warehouse)
        if not rebuild and (standing := unchanged_snapshot(sources, warehouse, url)):
            _print_unchanged(standing, warehouse)
            return
        from pipelines.defs.build import refresh

        with progress() as bars:
            refresh(sources, warehouse, watcher(bars), rebuild=rebuild, decisions_url=url)
        print_snapshot(current_snapshot(warehouse), warehouse)


def fetch(
    sources: SourcesOption = SOURCES,
    only: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="ID", help="Only this source; repeat for several."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be asked, and what is missing.")
    ] = False,
) -> None:
    """Ask the job boards that the sources declare, and record their answers for the next run.

    A source with `feed:` in its source.yml is fetched (docs/feeds.md); others are left alone. What
    a feed gave before stays if it fails; the other feeds are fetched all the same.

    Examples: `skillgap fetch` · `skillgap fetch --source acme --source usajobs` ·
    `skillgap fetch --dry-run`
    """
    from pipelines.ingest.feeds.fetch import fetch_each, plan

    with plain_errors():
        found = _with_feeds(sources, only or [])
        if not found:
            out.print(f"No source below {sources} declares a feed. See docs/feeds.md")
            return
        if dry_run:
            for source in found:
                out.print(plan(source), highlight=False, markup=False)
            return
        with progress() as bars:
            outcomes = list(fetch_each(found, watcher(bars)))
        columns = ["source", "pages", "records", "bytes", "result"]
        rows = [(o.source_id, o.pages_n, o.records_n, o.bytes_n, o.result) for o in outcomes]
        print_table(pl.DataFrame(rows, schema=columns, orient="row"))
        for outcome in outcomes:
            for warning in outcome.warnings:
                err.print(f"[yellow]note:[/yellow] {outcome.source_id}: {escape(warning)}")
        failures = [outcome.failure for outcome in outcomes if outcome.failure]
        for failure in failures:
            err.print(f"[red]skillgap:[/red] {escape(failure)}", highlight=False)
        if failures:
            raise typer.Exit(1)


def _print_unchanged(snapshot: Snapshot, warehouse: Path) -> None:
    out.print(
        f"Nothing has changed since [bold]{snapshot.published_at}[/bold]: nothing was read, "
        f"nothing written. Published is {warehouse / 'published' / snapshot.file}\n"
        "`skillgap status` shows it; `--rebuild` does everything anew.",
        highlight=False,
    )


def _with_feeds(root: Path, only: list[str]) -> list[Source]:
    """The sources to fetch: all with a feed, or those named."""
    with_feed = {source.source_id: source for source in find_sources(root) if source.feed}
    if unknown := sorted(set(only) - set(with_feed)):
        known = ", ".join(with_feed) or "none"
        raise IngestError(
            f"{root}: no source '{unknown[0]}' with a feed. Sources with a feed: {known}"
        )
    return [source for name, source in with_feed.items() if not only or name in only]


def ingest_check(
    path: Annotated[Path, typer.Argument(help="A source folder, a source.yml, or data files.")],
    kind: Annotated[
        Literal["postings", "syllabi", "programs"],
        typer.Option(help="What it is, where no source.yml says so."),
    ] = "postings",
) -> None:
    """Dry run: what is recognized, how columns map, what would be refused and why.

    Examples: `skillgap ingest check data/sources/board` ·
    `skillgap ingest check catalog.csv --kind syllabi`
    """
    from pipelines.ingest.drop import read_drop

    with plain_errors(), err.status("reading"):
        if not path.exists():
            raise IngestError(f"{path}: there is no such file or folder")
        for source in _sources_at(path, kind):
            _print_drop(read_drop(source))


def _sources_at(path: Path, kind: Literal["postings", "syllabi", "programs"]) -> list[Source]:
    if path.name == SOURCE_FILE:
        return [read_source(path)]
    if path.is_dir() and any(path.glob(f"**/{SOURCE_FILE}")):
        return find_sources(path)
    return [guess_source(path, kind)]


def _print_drop(drop: "Drop") -> None:
    source = drop.source
    out.print(
        f"[bold]{source.source_id}[/bold] ({source.kind}): {len(drop.files):,} files, "
        f"{drop.rows_n:,} records: {len(drop.rows):,} go in, {len(drop.rejects):,} refused",
        highlight=False,
    )
    for ours, theirs in drop.mapping.items():
        out.print(f"  {ours} ← {' + '.join(theirs)}", highlight=False)
    for warning in drop.warnings():
        out.print(f"  [yellow]note:[/yellow] {warning}", highlight=False)
    for reject in drop.rejects[:SHOWN_REJECTS]:
        out.print(f"  [red]refused[/red] {reject.locator}: {reject.message}", highlight=False)
    if len(drop.rejects) > SHOWN_REJECTS:
        out.print(f"  … and {len(drop.rejects) - SHOWN_REJECTS:,} more")
