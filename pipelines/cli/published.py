"""Commands that read the published snapshot as a whole: report, status, query."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from pipelines.cli.console import WarehouseOption, err, out, plain_errors, print_table
from pipelines.contracts import TABLES
from pipelines.places import WAREHOUSE
from pipelines.reports.tables import Edition
from pipelines.warehouse.publish import Snapshot, current_snapshot, open_snapshot


class Format(StrEnum):
    """The formats of `EXPORTERS`, as the command line names them."""

    html = "html"
    xlsx = "xlsx"
    csv = "csv"
    parquet = "parquet"


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

    with plain_errors(), err.status("writing"), open_snapshot(warehouse) as connection:
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


def status(warehouse: WarehouseOption = WAREHOUSE) -> None:
    """Say what is published, from which sources, and how good the run was.

    Example: `skillgap status`
    """
    with plain_errors(), open_snapshot(warehouse) as connection:
        print_snapshot(current_snapshot(warehouse), warehouse)
        sources = connection.table("raw.sources").order("source_id")
        print_table(sources.select("source_id, kind, files_n, rows_n, rejects_n").pl())
        quality = connection.table("mart.run_quality").filter("subject = 'all'")
        print_table(quality.select("check_name, value, unit").order("check_name").pl())
        accuracy = connection.table("mart.extraction_accuracy").order("side, sector_code, measure")
        out.print("\n[bold]Extraction on the labeled sample[/bold]")
        print_table(accuracy.select("side, sector_code, measure, n, value, ci_low, ci_high").pl())
        changes = connection.table("mart.run_changes").pl()
        if not changes.is_empty():
            _print_changes(changes)


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
    with plain_errors(), open_snapshot(warehouse) as connection:
        relation = connection.sql(sql)
        rows = relation.pl() if relation else pl.DataFrame()
        if output == "csv":
            flat = rows.with_columns(pl.selectors.list().cast(pl.List(pl.String)).list.join(", "))
            sys.stdout.write(flat.write_csv())
        elif output == "json":
            sys.stdout.write(rows.write_ndjson())
        else:
            print_table(rows)


def print_snapshot(snapshot: Snapshot, warehouse: Path) -> None:
    """What a run has published: where, of which taxonomy, how many rows a table."""
    out.print(f"[bold]{snapshot.title}[/bold], published {snapshot.published_at}", highlight=False)
    out.print(f"snapshot {warehouse / 'published' / snapshot.file}", highlight=False)
    out.print(f"taxonomy {snapshot.taxonomy_version}", highlight=False)
    counts = [(name, snapshot.rows[name]) for name in TABLES]
    print_table(pl.DataFrame(counts, schema=["table", "rows"], orient="row"))


def _print_changes(changes: pl.DataFrame) -> None:
    """By cause its documents, and how far alignments of groups of skills moved by it."""
    moved = pl.col("change").filter(pl.col("grain") == "group")
    out.print(f"\n[bold]Since the run of {changes['since_at'][0]:%Y-%m-%d %H:%M}[/bold]")
    print_table(
        changes.group_by("cause")
        .agg(
            pl.col("new_n", "gone_n", "changed_n").first(),
            largest_fall=moved.min(),
            largest_rise=moved.max(),
        )
        .sort("cause")
    )


def _edition(snapshot: Snapshot) -> Edition:
    return Edition(
        title=snapshot.title,
        file=snapshot.file,
        published_at=snapshot.published_at,
        taxonomy_version=snapshot.taxonomy_version,
    )
