"""The card of one program, sector and skill: figures, how they follow, and what they rest on.

Belongs here: which figures a card shows and in which words. Does not belong here: computing them
(gap_metrics), or choosing the three from what a person types (`lookup`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import duckdb
from duckdb import ColumnExpression, ConstantExpression

from pipelines.contracts.rules import (
    BROADER_COVERS_NARROWER,
    DEPTH_COVERAGE,
    ELECTIVE_FACTOR,
    MIN_EMPLOYERS,
    MIN_POSTINGS,
)
from pipelines.presentation.lookup import Found, NotOneError

Row = dict[str, Any]


class Figure(NamedTuple):
    """A row of the card: shown where the snapshot's tables have the column, and it is not empty."""

    label: str
    column: str
    format: Callable[[Any], str]


def _figure(value: float) -> str:
    return f"{value:.3f}"


def _count(value: int) -> str:
    return f"{value:,}"


def _dollars(value: float) -> str:
    return f"{value:,.0f} USD a year"


def _list(values: list[str]) -> str:
    return ", ".join(values) or "none"


FIGURES = (
    Figure("status", "status", str),
    Figure("rank by gap", "rank", _count),
    Figure("ways to count with it among the first gaps", "top_n", _count),
    Figure("ways to count", "variants_n", _count),
    Figure("postings naming it", "postings_n", _count),
    Figure("of these requiring it", "required_n", _count),
    Figure("of these preferring it", "preferred_n", _count),
    Figure("postings of the sector", "sector_postings_n", _count),
    Figure("employers naming it", "employers_n", _count),
    Figure("share of postings", "share", _figure),
    Figure("interval (95 %), from", "ci_low", _figure),
    Figure("interval (95 %), to", "ci_high", _figure),
    Figure("effective sample size", "effective_n", _figure),
    Figure("share freed of extraction's errors", "share_corrected", _figure),
    Figure("its interval, from", "corrected_low", _figure),
    Figure("its interval, to", "corrected_high", _figure),
    Figure("share weighed to official employment", "share_calibrated", _figure),
    Figure("effective sample size, weighed so", "calibrated_n", _figure),
    Figure("share in the year before", "share_before", _figure),
    Figure("change", "change", _figure),
    Figure("its q value", "q_value", _figure),
    Figure("trend", "trend", str),
    Figure("pay", "wage_usd_year", _dollars),
    Figure("pay as", "wage_source", str),
    Figure("specificity", "specificity", _figure),
    Figure("demand", "demand", _figure),
    Figure("coverage", "coverage", _figure),
    Figure("depth", "depth", str),
    Figure("courses", "course_codes", _list),
    Figure("gap", "gap", _figure),
)
"""The figures of a card, in order. A new column of the gap, demand, trend or coverage table needs
one line here, and nothing else."""


@dataclass(frozen=True)
class Trace:
    """A sentence and where it stands in the sources."""

    sentence: str
    said_by: str
    title: str
    said: str | None
    source_id: str
    locator: str
    document_id: str


@dataclass(frozen=True)
class Term:
    """Words that one side uses, and in how many documents it does anywhere."""

    term: str
    documents_n: int


@dataclass(frozen=True)
class Card:
    """All that is known about a skill in a program and a sector."""

    program: Found
    sector: Found
    skill: Found
    row: Row
    arithmetic: list[str]
    remarks: list[str]
    postings: list[Trace]
    courses: list[Trace]
    terms: dict[str, list[Term]]

    @property
    def figures(self) -> list[tuple[Figure, Any]]:
        """The declared figures that this snapshot has for the three, with their values."""
        return [
            (figure, self.row[figure.column])
            for figure in FIGURES
            if self.row.get(figure.column) is not None
        ]


def skills_of(connection: duckdb.DuckDBPyConnection, program: Found, sector: Found) -> set[str]:
    """Ids of the skills that the sector asks for or the program teaches. Raises NotOneError if
    the snapshot compares the two nowhere."""
    rows = _rows(
        connection, "mart.program_sector_gap", program_id=program.id, sector_code=sector.id
    )
    if not rows:
        raise NotOneError(
            f"{program.name} and {sector.name} are not compared: no posting of the sector in the "
            "window names a skill"
        )
    return {row["skill_id"] for row in rows}


def card(
    connection: duckdb.DuckDBPyConnection, program: Found, sector: Found, skill: Found
) -> Card:
    """The card of three that `skills_of` has together."""
    in_sector = {"sector_code": sector.id, "skill_id": skill.id}
    in_program = {"program_id": program.id, "skill_id": skill.id}
    tables = (
        ("mart.sector_skill_trends", in_sector),
        ("mart.program_skill_coverage", in_program),
        ("mart.sector_skill_demand", in_sector),
        ("mart.program_sector_gap", in_program | in_sector),
    )
    row: Row = {}
    for table, keys in tables:
        for found in _rows(connection, table, **keys):
            row |= found
    if row.get("untested_reason"):
        row |= {"share_before": None, "change": None}  # there may be no year before
    if row["postings_n"] == 0:
        row |= {"ci_low": None, "ci_high": None}  # none is computed where nobody asks
    covering = row.get("covering_skill_id", skill.id)
    return Card(
        program,
        sector,
        skill,
        row,
        list(_arithmetic(row)),
        list(_remarks(connection, row, skill)),
        [_posting(found) for found in _rows(connection, "mart.posting_evidence", **in_sector)],
        [
            _course(found)
            for found in _rows(
                connection, "mart.course_evidence", program_id=program.id, skill_id=covering
            )
        ],
        {
            "postings": _terms(connection, skill, "postings", sector.id),
            "courses": _terms(connection, skill, "courses", program.id),
        },
    )


def in_words(shown: Card) -> Iterator[str]:
    """The card as lines for a terminal."""
    yield f"{shown.skill.name}: {shown.program.name} beside {shown.sector.name}"
    yield f"{shown.skill.id}"
    yield ""
    width = max(len(figure.label) for figure, _ in shown.figures)
    for figure, value in shown.figures:
        yield f"  {figure.label:<{width}}  {figure.format(value)}"
    yield ""
    yield "How the figures follow (docs/methods.md; rounded to three places)"
    yield from (f"  {line}" for line in shown.arithmetic)
    yield from (f"  {line}" for line in shown.remarks)
    yield ""
    yield from _traces_in_words("Employers say", shown.postings, "No posting in the window says it")
    yield from _traces_in_words("Courses say", shown.courses, "No course of the program says it")
    yield "Words"
    for side, who in (("postings", "employers"), ("courses", "courses")):
        terms = ", ".join(f"{term.term} ({term.documents_n:,})" for term in shown.terms[side])
        yield f"  {who}: {terms or 'none'}"
    if any(shown.terms.values()):
        yield "  (in brackets: postings, or courses, that use the words anywhere)"


def as_record(shown: Card) -> Row:
    """The card as a value that JSON can hold; dates are ISO 8601."""
    return {
        "program": vars(shown.program),
        "sector": vars(shown.sector),
        "skill": vars(shown.skill),
        "figures": {figure.column: value for figure, value in shown.figures},
        "arithmetic": shown.arithmetic,
        "remarks": shown.remarks,
        "postings": [vars(trace) for trace in shown.postings],
        "courses": [vars(trace) for trace in shown.courses],
        "terms": {side: [vars(term) for term in terms] for side, terms in shown.terms.items()},
    }


def _rows(connection: duckdb.DuckDBPyConnection, table: str, **keys: str) -> list[Row]:
    """The rows of a table with these values, in the order of the table's own places."""
    relation = connection.table(table)
    for column, value in keys.items():
        relation = relation.filter(ColumnExpression(column) == ConstantExpression(value))
    rows = relation.pl().to_dicts()
    return sorted(rows, key=lambda row: row.get("evidence_n") or row.get("term_n") or 0)


def _arithmetic(row: Row) -> Iterator[str]:
    """How the stored figures follow from one another, with the stored figures."""
    share, demand, specificity = row["share"], row["demand"], row.get("specificity")
    if specificity is not None:
        yield (
            f"share {share:.3f}: {row['postings_n']:,} of the sector's "
            f"{row['sector_postings_n']:,} postings in the window name it"
        )
        if specificity > 0:
            yield (
                f"specificity {specificity:.3f} = share {share:.3f} / share everywhere "
                f"{share / specificity:.3f}, where sectors weigh as they employ people"
            )
        yield (
            f"demand {demand:.3f} = share {share:.3f} × specificity {specificity:.3f} / "
            f"(1 + {specificity:.3f})"
        )
    if depth := row.get("depth"):
        yield f"coverage {row['coverage']:.3f} = {_coverage_factors(row, depth)}"
    yield f"gap {row['gap']:.3f} = demand {demand:.3f} × (1 − coverage {row['coverage']:.3f})"


def _coverage_factors(row: Row, depth: str) -> str:
    factors = [f"{depth} {DEPTH_COVERAGE[depth]:.2f}"]
    product = DEPTH_COVERAGE[depth]
    if row.get("covered_by") == "broader":
        factors.append(f"a broader skill is taught {BROADER_COVERS_NARROWER:.2f}")
        product *= BROADER_COVERS_NARROWER
    if row["coverage"] < product:
        factors.append(f"elective {ELECTIVE_FACTOR:.2f}")
    return " × ".join(factors)


def _remarks(connection: duckdb.DuckDBPyConnection, row: Row, skill: Found) -> Iterator[str]:
    """What a reader has to know to take the figures rightly."""
    if reason := row.get("unpublishable_reason"):
        yield f"too few postings: {reason}; so it has no rank"
    elif row["postings_n"] == 0:
        yield (
            "no posting of the sector in the window names it; a rank takes "
            f"{MIN_POSTINGS} postings of the sector and {MIN_EMPLOYERS} employers naming it"
        )
    if row.get("period_end_on"):
        yield f"postings from {row['period_start_on']} to {row['period_end_on']} count"
    covering = row.get("covering_skill_id", skill.id)
    if covering != skill.id:
        label = _rows(connection, "core.skill_names", skill_id=covering)[0]["skill_label"]
        yield f"covered by the {row['covered_by']} skill '{label}' that is taught ({covering})"
    if row.get("untested_reason"):
        yield f"its trend was not tested: {row['untested_reason']}"
    if row.get("nearest_skill_id"):
        nearest = _rows(connection, "core.skill_names", skill_id=row["nearest_skill_id"])[0]
        yield f"it is not taught; nearest to it the program teaches '{nearest['skill_label']}'"


def _posting(row: Row) -> Trace:
    return Trace(
        row["sentence"],
        row["employer"] or "employer not stated",
        row["title"],
        row["posted_on"] and row["posted_on"].isoformat(),
        row["source_id"],
        row["locator"],
        row["posting_id"],
    )


def _course(row: Row) -> Trace:
    return Trace(
        row["sentence"],
        row["course_code"],
        row["title"],
        row["depth"],
        row["source_id"],
        row["locator"],
        row["course_id"],
    )


def _terms(
    connection: duckdb.DuckDBPyConnection, skill: Found, side: str, scope_code: str
) -> list[Term]:
    rows = _rows(connection, "mart.term_crosswalk", skill_id=skill.id, side=side)
    return [
        Term(row["term"], row["documents_n"]) for row in rows if scope_code in row["scope_codes"]
    ]


def _traces_in_words(heading: str, traces: list[Trace], nothing: str) -> Iterator[str]:
    yield heading if traces else f"{nothing}."
    for trace in traces:
        yield f'  "{" ".join(trace.sentence.split())}"'
        said = ", ".join(part for part in (trace.said_by, trace.title, trace.said) if part)
        yield f"      {said} · {trace.source_id}, {trace.locator}"
    yield ""
