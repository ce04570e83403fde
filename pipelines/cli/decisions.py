"""Commands of reviewers' decisions: decisions list, decisions export."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import duckdb
import polars as pl
import typer

from pipelines.cli.console import DecisionsOption, WarehouseOption, out, plain_errors, print_table
from pipelines.contracts import TABLES
from pipelines.places import WAREHOUSE
from pipelines.presentation.spreadsheets import without_formulas
from pipelines.warehouse.database import WarehouseError
from pipelines.warehouse.publish import open_snapshot

LISTED = (
    "decision_id",
    "decided_at",
    "reviewer",
    "verdict",
    "subject_kind",
    "side",
    "skill_label",
    "said",
    "note",
    "state",
)
NOTHING = "Nothing has been decided yet. Reviewers accept and reject in `skillgap dashboard`."


def decisions_list(
    only: Annotated[
        Literal["pending", "applied", "replaced"] | None,
        typer.Option("--state", help="Only acts in this state."),
    ] = None,
    decisions: DecisionsOption = "",
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """The log of reviewers' decisions: who, when, on what, why, and whether a run has applied it.

    pending: the next run applies it; applied: the published figures follow it; replaced: a later
    act has the same subject.

    Examples: `skillgap decisions list` · `skillgap decisions list --state pending`
    """
    with plain_errors():
        acts = _acts(decisions, warehouse)
    if acts.is_empty():
        out.print(NOTHING)
        return
    shown = acts.filter(pl.col("state") == only) if only else acts
    print_table(shown.select(LISTED))
    pending = acts.filter(pl.col("state") == "pending").height
    out.print(
        f"{acts.height:,} acts, {pending:,} pending"
        + ("; `skillgap run` applies them." if pending else "."),
        highlight=False,
    )


def decisions_export(
    output: Annotated[Literal["csv", "json"], typer.Option("--format", help="Of the log.")] = "csv",
    path: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where to write.", show_default="the terminal"),
    ] = None,
    decisions: DecisionsOption = "",
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """The whole log, for a spreadsheet (CSV) or a program (a JSON line an act).

    In CSV an apostrophe stands before text that a spreadsheet would run.

    Examples: `skillgap decisions export --out decisions.csv` ·
    `skillgap decisions export --format json`
    """
    with plain_errors():
        acts = _acts(decisions, warehouse)
    written = without_formulas(acts).write_csv() if output == "csv" else acts.write_ndjson()
    if path:
        path.write_text(written, encoding="utf-8-sig" if output == "csv" else "utf-8")
        out.print(f"wrote {path}: {acts.height:,} acts", highlight=False)
    else:
        sys.stdout.write(written)


def _acts(decisions: str, warehouse: Path) -> pl.DataFrame:
    """The log with the state of every act."""
    from pipelines.decisions.log import read_log, with_state
    from pipelines.decisions.store import store_url

    return with_state(read_log(store_url(decisions, warehouse)), _published_decisions(warehouse))


def _published_decisions(warehouse: Path) -> pl.DataFrame:
    try:
        with open_snapshot(warehouse) as connection:
            return connection.table("core.decisions").pl()
    except (WarehouseError, duckdb.CatalogException):
        return pl.DataFrame(schema=TABLES["core.decisions"].polars_schema)
