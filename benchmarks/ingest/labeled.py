"""The rule for copies and the titles' occupations, against what readers said.

Belongs here: reading the labels, right and wrong. How they were drawn and judged, and what they
cannot say: README.md beside it.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.figures import share_of

HERE = Path(__file__).parent
SQL = HERE / "sql"
DUPLICATE_PAIRS = HERE / "duplicate_pairs.csv"
TITLE_LABELS = HERE / "title_labels.csv"
NO_OCCUPATION = "none"


def ask(
    connection: duckdb.DuckDBPyConnection, name: str, labels: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The rows that ``sql/<name>.sql`` selects; it may read `labels` as a table."""
    if labels is not None:
        connection.register("labels", labels.to_arrow())
    return connection.sql((SQL / f"{name}.sql").read_text(encoding="utf-8")).pl()


def duplicate_rows(connection: duckdb.DuckDBPyConnection, run: str) -> Iterator[tuple]:
    """(run, labeled pairs, of them one vacancy, precision, recall among them) of the rule."""
    labels = pl.read_csv(DUPLICATE_PAIRS).filter(pl.col("run") == run)
    verdicts = ask(connection, "pair_verdicts", labels)
    assert verdicts.height == labels.height, "a labeled record is not in the run"
    judged = verdicts.filter(pl.col("label") != "unsure")
    same, found = judged.filter(pl.col("label") == "same"), judged.filter("is_found")
    right = same.filter("is_found").height
    yield (
        run,
        judged.height,
        same.height,
        share_of(right, found.height),
        share_of(right, same.height),
    )


def title_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple]:
    """(source, titles, named, right of the named, right major group, right or rightly none)."""
    labels = pl.read_csv(TITLE_LABELS)
    verdicts = ask(connection, "title_verdicts", labels)
    assert verdicts.height == labels.height, "a labeled title is not in the run"
    for (source,), part in verdicts.group_by("source_id", maintain_order=True):
        yield source, *_title_figures(part)
    yield "all", *_title_figures(verdicts)


def _title_figures(titles: pl.DataFrame) -> tuple[int, str, str, str, str]:
    found = titles["occupation_code"].to_list()
    accepted = [
        {code for code in codes if code} for codes in titles.select("^.*soc_code$").iter_rows()
    ]
    named = [(code, codes) for code, codes in zip(found, accepted, strict=True) if code]
    right = sum(code in codes for code, codes in named)
    major = sum(code[:2] in {own[:2] for own in codes} for code, codes in named)
    rightly_none = sum(
        code is None and NO_OCCUPATION in codes for code, codes in zip(found, accepted, strict=True)
    )
    return (
        titles.height,
        share_of(len(named), titles.height),
        share_of(right, len(named)),
        share_of(major, len(named)),
        share_of(right + rightly_none, titles.height),
    )
