"""What the Dagster page shows of a table: its size, its columns, its first rows, a plot."""

import base64
import io
from typing import Any

import dagster as dg
import polars as pl
from matplotlib.figure import Figure

from pipelines.contracts import TABLES
from pipelines.contracts.table import Column

PREVIEW_ROWS = 5
PREVIEW_CHARACTERS = 60
BARS = 12


def table_metadata(name: str, frame: pl.DataFrame) -> dict[str, Any]:
    """Metadata of a materialization; `frame` holds the table's rows."""
    metadata: dict[str, Any] = {
        "dagster/row_count": frame.height,
        "preview": dg.MetadataValue.md(preview(frame)),
    }
    chart = bars(frame, *PLOTS[name]) if name in PLOTS and frame.height else None
    if chart:
        metadata["plot"] = dg.MetadataValue.md(chart)
    return metadata


def column_schema(name: str) -> dg.TableSchema:
    """The contract's columns in Dagster's words."""
    return dg.TableSchema(columns=[_column(column) for column in TABLES[name].columns])


def preview(frame: pl.DataFrame) -> str:
    """The first rows as a Markdown table, long values cut."""
    head = frame.head(PREVIEW_ROWS)
    lines = ["| " + " | ".join(head.columns) + " |", "|---" * len(head.columns) + "|"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in head.iter_rows()]
    return "\n".join(lines)


PLOTS = {
    "raw.rejects": ("reason_code", None),
    "raw.postings": ("source_id", None),
    "core.postings": ("sector_code", None),
    "core.posting_skills": ("section", None),
    "core.course_skills": ("depth", None),
    "core.skills": ("skill_type", None),
    "mart.sector_skill_demand": ("skill_label", "demand"),
    "mart.program_sector_gap": ("status", None),
    "mart.program_sector_alignment": ("program_id", "alignment"),
}
"""Table → the column that names a bar, and the column whose highest value is its length
(none: rows)."""


def bars(frame: pl.DataFrame, label: str, value: str | None) -> str:
    """The longest bars of `frame` as a picture in Markdown."""
    length = pl.col(value).max() if value else pl.len()
    longest = (
        frame.group_by(label)
        .agg(length.cast(pl.Float64).fill_null(0).alias("length"))
        .sort("length", label, descending=[True, False])
        .head(BARS)
        .reverse()
    )
    length_name = f"highest {value}" if value else "rows"
    figure = Figure(figsize=(7, 0.4 + 0.3 * longest.height), layout="constrained")
    axes = figure.subplots()
    axes.barh(longest[label].to_list(), longest["length"].to_list(), color="#2a6f97")
    axes.set_xlabel(length_name)
    axes.spines[["top", "right"]].set_visible(False)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=80)
    encoded = base64.b64encode(picture.getvalue()).decode()
    return f"![{label} by {length_name}](data:image/png;base64,{encoded})"


def _column(column: Column) -> dg.TableColumn:
    return dg.TableColumn(
        name=column.name,
        type=column.type,
        description=column.description,
        constraints=dg.TableColumnConstraints(nullable=column.nullable),
    )


def _cell(value: object) -> str:
    shown = f"{value:.4g}" if isinstance(value, float) else "" if value is None else str(value)
    text = " ".join(shown.split()).replace("|", "\\|")
    return text if len(text) <= PREVIEW_CHARACTERS else text[: PREVIEW_CHARACTERS - 1] + "…"
