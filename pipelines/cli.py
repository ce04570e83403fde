"""`skillgap`: every room from the command line. Thin: it parses, calls, prints.

Exit codes: 0 done · 1 the run or the query failed · 2 the command or its input is wrong.
Heavy rooms (Dagster, spaCy, plotly) are imported by the commands that need them, so that
`skillgap --help`, `status` and `query` answer at once.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import duckdb
import polars as pl
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipelines.contracts import TABLES
from pipelines.ingest.source import (
    SOURCE_FILE,
    IngestError,
    Source,
    find_sources,
    guess_source,
    read_source,
)
from pipelines.places import SAMPLE, SOURCES, WAREHOUSE
from pipelines.reports.tables import OVERVIEW_FILE, Edition
from pipelines.warehouse.database import WarehouseError
from pipelines.warehouse.publish import Snapshot, current_snapshot, open_snapshot
from skills_taxonomy.importers.bundle import BundleError
from skills_taxonomy.taxonomy import SkillNotFoundError, Taxonomy, taxonomy_in_use

if TYPE_CHECKING:
    from pipelines.ingest.drop import Drop
    from skills_taxonomy.update import ImportReport

app = typer.Typer(
    help="Measure how well curricula cover what employers ask for.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    epilog="Exit codes: 0 done, 1 the run or query failed, 2 the command or its input is wrong.",
)
ingest_app = typer.Typer(help="Look at source files before a run.", no_args_is_help=True)
taxonomy_app = typer.Typer(help="Search and update the skills taxonomy.", no_args_is_help=True)
app.add_typer(ingest_app, name="ingest")
app.add_typer(taxonomy_app, name="taxonomy")

SHOWN_REJECTS = 10
PIPED_WIDTH = 400

out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else PIPED_WIDTH)
err = Console(stderr=True, soft_wrap=True)


class Format(StrEnum):
    """The formats of `EXPORTERS`, as the command line names them."""

    html = "html"
    xlsx = "xlsx"
    csv = "csv"
    parquet = "parquet"


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

RebuildOption = Annotated[
    bool,
    typer.Option("--rebuild", help="Do everything anew, as if nothing had been read before."),
]


@app.command()
def demo(warehouse: WarehouseOption = WAREHOUSE, rebuild: RebuildOption = False) -> None:
    """Run the main job on the embedded sample and write the overview page.

    Example: `skillgap demo`
    """
    page = warehouse / "reports" / OVERVIEW_FILE
    run(sources=SAMPLE, warehouse=warehouse, rebuild=rebuild)
    published_at = datetime.fromisoformat(current_snapshot(warehouse).published_at)
    if not page.exists() or page.stat().st_mtime < published_at.timestamp():
        report(warehouse=warehouse)
    out.print(f"\nOpen [bold]{page}[/bold] in a browser.")
    out.print("Next: `skillgap status`, `skillgap report --format xlsx`, `make dagster`.")


@app.command()
def run(
    sources: SourcesOption = SOURCES,
    warehouse: WarehouseOption = WAREHOUSE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only read the sources and say what would go in.")
    ] = False,
    rebuild: RebuildOption = False,
) -> None:
    """Read new and changed files, find their skills, compute the figures, publish a snapshot.

    What earlier runs read and has not changed is kept; what was withdrawn goes. Where nothing at
    all has changed (files, settings, taxonomy, this program), nothing is written.

    Examples: `skillgap run --sources data/sources` · `skillgap run --dry-run` ·
    `skillgap run --rebuild`
    """
    if dry_run:
        ingest_check(sources)
        return
    from pipelines.defs.inputs import unchanged_snapshot

    with _plain_errors():
        if not rebuild and (standing := unchanged_snapshot(sources, warehouse)):
            _print_unchanged(standing, warehouse)
            return
        from pipelines.defs.build import refresh

        with _progress() as progress:
            refresh(sources, warehouse, _watcher(progress), rebuild=rebuild)
        _print_snapshot(current_snapshot(warehouse), warehouse)


@app.command()
def report(
    formats: Annotated[
        list[Format] | None,
        typer.Option("--format", help="Repeat for several.", show_default="html"),
    ] = None,
    directory: Annotated[
        Path | None, typer.Option("--out", help="Where to write; default WAREHOUSE/reports.")
    ] = None,
    warehouse: WarehouseOption = WAREHOUSE,
) -> list[Path]:
    """Write the published snapshot as a page, a workbook or files.

    Examples: `skillgap report` · `skillgap report --format xlsx --format csv --out board`
    """
    from pipelines.reports import EXPORTERS

    with _plain_errors(), err.status("writing"), open_snapshot(warehouse) as connection:
        edition = _edition(current_snapshot(warehouse))
        folder = directory or warehouse / "reports"
        folder.mkdir(parents=True, exist_ok=True)
        paths = [
            path
            for name in dict.fromkeys(formats or [Format.html])
            for path in EXPORTERS[name]().write(connection, edition, folder)
        ]
        for path in paths:
            out.print(f"wrote {path}")
        return paths


@app.command()
def status(warehouse: WarehouseOption = WAREHOUSE) -> None:
    """Say what is published, from which sources, and how good the run was.

    Example: `skillgap status`
    """
    with _plain_errors(), open_snapshot(warehouse) as connection:
        _print_snapshot(current_snapshot(warehouse), warehouse)
        sources = connection.table("raw.sources").order("source_id")
        _print_table(sources.select("source_id, kind, files_n, rows_n, rejects_n").pl())
        quality = connection.table("mart.run_quality").filter("subject = 'all'")
        _print_table(quality.select("check_name, value, unit").order("check_name").pl())


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="A SELECT over raw, core and mart tables.")],
    output: Annotated[
        Literal["table", "csv", "json"], typer.Option("--format", help="How to print the rows.")
    ] = "table",
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Ask the published snapshot in SQL, read-only.

    Example: `skillgap query "SELECT * FROM mart.program_sector_alignment" --format csv`
    """
    with _plain_errors(), open_snapshot(warehouse) as connection:
        relation = connection.sql(sql)
        rows = relation.pl() if relation else pl.DataFrame()
        if output == "csv":
            flat = rows.with_columns(pl.selectors.list().cast(pl.List(pl.String)).list.join(", "))
            sys.stdout.write(flat.write_csv())
        elif output == "json":
            sys.stdout.write(rows.write_ndjson())
        else:
            _print_table(rows)


@app.command()
def extract(
    path: Annotated[
        str | None,
        typer.Argument(metavar="FILE|-", help="Text, JSON Lines or a document; - is the input."),
    ] = None,
    kind: Annotated[
        Literal["posting", "syllabus"], typer.Option(help="How the text is to be read.")
    ] = "posting",
    mode: Annotated[
        Literal["accurate", "fast"],
        typer.Option(help="fast leaves out concepts that no label names."),
    ] = "accurate",
    rank: Annotated[
        int, typer.Option(min=0, help="Also the N likeliest ESCO concepts of each sentence.")
    ] = 0,
    sentences: Annotated[
        bool, typer.Option("--sentences", help="Take each line of the input as one sentence.")
    ] = False,
    explain: Annotated[
        str | None, typer.Option(help="A sentence: say why it gives the mentions it gives.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="With --explain: write the marked sentence there, as HTML.")
    ] = None,
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Find the skills in a text; writes one JSON line a sentence.

    JSON Lines need `text`, an `id` is passed through. Offsets are characters of the sentence.

    Examples: `skillgap extract ad.pdf` · `skillgap extract --kind syllabus course.md` ·
    `echo "Able to weld pipes" | skillgap extract - --rank 5` ·
    `skillgap extract --explain "Three years of nursing experience, React is a plus"`
    """
    from pipelines.extraction.runner import load_pipeline

    with _plain_errors():
        if (path is None) == (explain is None):
            raise IngestError("extract: give a FILE, - for the input, or --explain SENTENCE")
        taxonomy = _taxonomy(warehouse)
        with err.status("loading the taxonomy (a quarter of a minute the first time)"):
            nlp = load_pipeline(warehouse / "extraction", taxonomy, mode=mode)
        label_of = dict(taxonomy.skills.select("skill_id", "preferred_label").iter_rows())
        if explain is not None:
            from pipelines.extraction.explain import Explanation

            explanation = Explanation(explain, kind, nlp, label_of)
            for line in explanation.in_words():
                out.print(line, highlight=False, markup=False)
            if html:
                html.write_text(explanation.html(), encoding="utf-8")
                out.print(f"wrote {html}")
            return
        from pipelines.extraction.records import sentence_records

        documents = _documents(str(path), sentences)
        for record in sentence_records(
            documents, kind, nlp, label_of, one_sentence=sentences, rank=rank
        ):
            sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def _documents(path: str, one_sentence: bool) -> Iterator[tuple[str | None, str]]:
    """(id or None, text) of the documents, or lines, of a file or of standard input."""
    from pipelines.ingest.documents import DOCUMENT_TEXT
    from pipelines.ingest.readers import read_file
    from pipelines.ingest.records import Reject
    from pipelines.ingest.text import decode, read_text

    if path != "-" and not Path(path).is_file():
        raise IngestError(f"{path}: there is no such file")
    is_lines = path == "-" or Path(path).suffix in (".txt", ".jsonl", ".ndjson")
    if is_lines:
        text = decode(sys.stdin.buffer.read()) if path == "-" else read_text(Path(path))
        lines = [line for line in text.splitlines() if line.strip()]
        if lines and lines[0].lstrip().startswith("{"):
            yield from _json_documents(lines, path)
        elif one_sentence:
            yield from ((None, line) for line in lines)
        else:
            yield None, text
        return
    for record in read_file(Path(path), path):
        if isinstance(record, Reject):
            err.print(f"[yellow]skillgap:[/yellow] {record.locator}: {record.message}")
            continue
        fields = record.fields
        described = fields.get(DOCUMENT_TEXT) or "\n\n".join(
            str(fields[name]) for name in ("title", "description") if fields.get(name)
        )
        if described:
            yield None, described


def _json_documents(lines: list[str], path: str) -> Iterator[tuple[str | None, str]]:
    """The documents of JSON lines; a line that is none is said and left out."""
    for number, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
            name, text = record.get("id"), record["text"]
            if not isinstance(text, str):
                raise TypeError
        except (json.JSONDecodeError, AttributeError, KeyError, TypeError):
            place = f"{path}, line {number}"
            err.print(f'[yellow]skillgap:[/yellow] {place}: left out, it is not {{"text": "…"}}')
            continue
        yield (None if name is None else str(name)), text


@app.command()
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

    with _plain_errors():
        found = _with_feeds(sources, only or [])
        if not found:
            out.print(f"No source below {sources} declares a feed. See docs/feeds.md")
            return
        if dry_run:
            for source in found:
                out.print(plan(source), highlight=False, markup=False)
            return
        with _progress() as progress:
            outcomes = list(fetch_each(found, _watcher(progress)))
        columns = ["source", "pages", "records", "bytes", "result"]
        rows = [(o.source_id, o.pages_n, o.records_n, o.bytes_n, o.result) for o in outcomes]
        _print_table(pl.DataFrame(rows, schema=columns, orient="row"))
        for outcome in outcomes:
            for warning in outcome.warnings:
                err.print(f"[yellow]note:[/yellow] {outcome.source_id}: {escape(warning)}")
        failures = [outcome.failure for outcome in outcomes if outcome.failure]
        for failure in failures:
            err.print(f"[red]skillgap:[/red] {escape(failure)}", highlight=False)
        if failures:
            raise typer.Exit(1)


def _with_feeds(root: Path, only: list[str]) -> list[Source]:
    """The sources to fetch: all with a feed, or those named."""
    with_feed = {source.source_id: source for source in find_sources(root) if source.feed}
    if unknown := sorted(set(only) - set(with_feed)):
        known = ", ".join(with_feed) or "none"
        raise IngestError(
            f"{root}: no source '{unknown[0]}' with a feed. Sources with a feed: {known}"
        )
    return [source for name, source in with_feed.items() if not only or name in only]


@ingest_app.command("check")
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

    with _plain_errors(), err.status("reading"):
        if not path.exists():
            raise IngestError(f"{path}: there is no such file or folder")
        for source in _sources_at(path, kind):
            _print_drop(read_drop(source))


@taxonomy_app.command("search")
def taxonomy_search(
    words: Annotated[str, typer.Argument(help="Words of a label.")],
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 10,
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Find concepts by their labels. Example: `skillgap taxonomy search nursing`"""
    found = _taxonomy(warehouse).search(words, limit)
    if found.is_empty():
        out.print(f"No label matches '{words}'.")
    else:
        _print_table(found.select("preferred_label", "matched_label", "skill_type", "skill_id"))


@taxonomy_app.command("show")
def taxonomy_show(
    skill_id: Annotated[str, typer.Argument(help="The concept's URI, as `search` prints it.")],
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Everything about one concept. Example: `skillgap taxonomy show local:wound-care`"""
    with _plain_errors():
        for name, value in _taxonomy(warehouse).show(skill_id).items():
            out.print(f"[bold]{name}[/bold]: {_as_text(value)}", highlight=False)


@taxonomy_app.command("import")
def taxonomy_import(
    source: Annotated[Literal["esco", "onet"], typer.Argument(help="Whose bundle it is.")],
    bundle: Annotated[Path, typer.Argument(help="The official zip, or its unpacked folder.")],
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Read an official bundle, carry old ids over, use it from the next run on.

    Examples: `skillgap taxonomy import esco ESCO-v1.2.0.zip` ·
    `skillgap taxonomy import onet db_29_3_text.zip`
    """
    from skills_taxonomy.update import import_esco, import_onet

    with _plain_errors(), err.status("reading the bundle"):
        read_bundle = {"esco": import_esco, "onet": import_onet}[source]
        _, changes = read_bundle(bundle, _taxonomy(warehouse), warehouse / "taxonomy")
        _print_changes(changes)


def main() -> None:
    """The entry point of `skillgap`."""
    app()


@contextmanager
def _plain_errors() -> Iterator[None]:
    """What a user can mend is one line and an exit code, never a stack trace."""
    try:
        yield
    except (IngestError, BundleError, SkillNotFoundError) as error:
        err.print(f"[red]skillgap:[/red] {error}", highlight=False)
        raise typer.Exit(2) from error
    except (WarehouseError, duckdb.Error) as error:
        err.print(f"[red]skillgap:[/red] {error}", highlight=False)
        raise typer.Exit(1) from error


@contextmanager
def _progress() -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        yield progress


def _watcher(progress: Progress) -> Any:
    tasks: dict[str, Any] = {}

    def watch(step: str, done: int, total: int | None) -> None:
        if step not in tasks:
            tasks[step] = progress.add_task(step, total=total)
        progress.update(tasks[step], completed=done, total=total)

    return watch


def _sources_at(path: Path, kind: Literal["postings", "syllabi", "programs"]) -> list[Source]:
    if path.name == SOURCE_FILE:
        return [read_source(path)]
    if path.is_dir() and any(path.glob(f"**/{SOURCE_FILE}")):
        return find_sources(path)
    return [guess_source(path, kind)]


def _taxonomy(warehouse: Path) -> Taxonomy:
    return taxonomy_in_use(warehouse / "taxonomy")


def _edition(snapshot: Snapshot) -> Edition:
    return Edition(
        title=snapshot.title,
        file=snapshot.file,
        published_at=snapshot.published_at,
        taxonomy_version=snapshot.taxonomy_version,
    )


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


def _print_snapshot(snapshot: Snapshot, warehouse: Path) -> None:
    out.print(f"[bold]{snapshot.title}[/bold], published {snapshot.published_at}", highlight=False)
    out.print(f"snapshot {warehouse / 'published' / snapshot.file}", highlight=False)
    out.print(f"taxonomy {snapshot.taxonomy_version}", highlight=False)
    counts = [(name, snapshot.rows[name]) for name in TABLES]
    _print_table(pl.DataFrame(counts, schema=["table", "rows"], orient="row"))


def _print_unchanged(snapshot: Snapshot, warehouse: Path) -> None:
    out.print(
        f"Nothing has changed since [bold]{snapshot.published_at}[/bold]: nothing was read, "
        f"nothing written. Published is {warehouse / 'published' / snapshot.file}\n"
        "`skillgap status` shows it; `--rebuild` does everything anew.",
        highlight=False,
    )


def _print_changes(changes: "ImportReport") -> None:
    out.print(f"{changes.old_version} → {changes.new_version}", highlight=False)
    for kind, count in changes.counts.items():
        out.print(f"[bold]{count:,} {kind}[/bold]", highlight=False)
        for example in changes.examples(kind):
            out.print(f"  {' · '.join(map(str, example.values()))}", highlight=False)


def _print_table(rows: pl.DataFrame) -> None:
    table = Table(box=None, header_style="bold")
    for name, dtype in rows.schema.items():
        table.add_column(name, justify="right" if dtype.is_numeric() else "left", overflow="fold")
    for row in rows.iter_rows():
        table.add_row(*(_as_text(value) for value in row))
    out.print(table, soft_wrap=not out.is_terminal)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(_as_text(item) for item in value)
    if isinstance(value, dict):
        return " ".join(_as_text(item) for item in value.values())
    return str(value)
