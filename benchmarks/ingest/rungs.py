"""How right each rung of the sector ladder is where the source's own code is known, and hidden.

Belongs here: hiding codes and comparing. The ladder itself is the run's own SQL.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.figures import share_of
from benchmarks.ingest.labeled import ask
from pipelines.contracts import TABLES
from pipelines.contracts.rules import LEAST_SECTOR_CONFIDENCE, SECTOR_METHODS
from pipelines.warehouse import database

EVIDENCE = "core.sector_evidence"
READ_TABLES = (
    "raw.postings",
    "core.sectors",
    "core.industry_words",
    "core.title_occupations",
    "core.occupation_sectors",
)
"""What the ladder's SQL reads."""

FOLDS = 5
KEY = ["source_id", "source_record_id"]
CODES = ["naics_code", "default_naics_code"]
RUNGS = ("source_words", "employer", "occupation", "text")


def rung_rows(snapshot: duckdb.DuckDBPyConnection, run: str) -> Iterator[tuple]:
    """(run, rung, records with a hidden code, named, right of the named).

    A fifth of the records loses its codes at a time, so that an employer's other ads keep theirs.
    ``ladder`` is the first rung that is sure enough; ``text alone`` looks at nothing but the text.
    """
    known = ask(snapshot, "known_sectors")
    tables = {name: snapshot.table(name).pl() for name in READ_TABLES}
    with tempfile.TemporaryDirectory() as directory, database.open_working(Path(directory)) as own:
        for name, frame in tables.items():
            database.replace(own, name, frame)
        hidden = pl.concat(_hidden_by_fold(own, tables["raw.postings"])).join(known, on=KEY)
        for rung in RUNGS:
            part = hidden.filter(pl.col("sector_method") == rung)
            yield run, rung, known.height, *_figures(part, known.height)
        surest = hidden.sort(
            pl.col("sector_method").cast(pl.Enum(SECTOR_METHODS)), maintain_order=True
        ).unique(KEY, keep="first", maintain_order=True)
        yield run, "ladder", known.height, *_figures(surest, known.height)
        text = _text_alone(own, tables["raw.postings"]).join(known, on=KEY)
        yield run, "text alone", known.height, *_figures(text, known.height)


def _figures(evidence: pl.DataFrame, n: int) -> tuple[str, str]:
    right = evidence.filter(pl.col("sector_code") == pl.col("known_code")).height
    return share_of(evidence.height, n), share_of(right, evidence.height)


def _hidden_by_fold(
    connection: duckdb.DuckDBPyConnection, postings: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    fold = pl.struct(KEY).hash(seed=0) % FOLDS
    for n in range(FOLDS):
        codes = [pl.when(fold != n).then(pl.col(name)).alias(name) for name in CODES]
        yield _evidence(connection, postings.with_columns(codes)).join(
            postings.filter(fold == n).select(KEY), on=KEY, how="semi"
        )


def _text_alone(connection: duckdb.DuckDBPyConnection, postings: pl.DataFrame) -> pl.DataFrame:
    database.create(connection, "core.title_occupations")
    silent = postings.with_columns(pl.lit(None, pl.String).alias(name) for name in
                                   (*CODES, "industry", "employer_id"))  # fmt: skip
    return _evidence(connection, silent)


def _evidence(connection: duckdb.DuckDBPyConnection, postings: pl.DataFrame) -> pl.DataFrame:
    """What the ladder says that is sure enough to be heard."""
    database.replace(connection, "raw.postings", postings)
    rows = TABLES[EVIDENCE].conform(database.select(connection, EVIDENCE))
    return rows.filter(pl.col("sector_confidence") >= LEAST_SECTOR_CONFIDENCE)
