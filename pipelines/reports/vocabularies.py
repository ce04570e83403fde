"""The two vocabularies: what courses and employers call the same, and what has no name yet.

Belongs here: choosing and ordering rows of mart.term_crosswalk and mart.unlabeled_phrases for a
reader. Does not belong here: counting them (warehouse/sql/mart).
"""

from dataclasses import dataclass

import duckdb
import polars as pl


@dataclass(frozen=True)
class Vocabulary:
    """The words of both sides for one skill, the most frequent first.

    `shared_share` (0–1) is the share of employers' mentions whose term some course uses.
    """

    skill_id: str
    skill_label: str
    shared_share: float
    course_terms: list[tuple[str, int]]
    posting_terms: list[tuple[str, int]]


@dataclass(frozen=True)
class Saying:
    """How often a side says a phrase, and the sentence that shows it best."""

    documents_n: int
    employers_n: int
    sentence: str
    said_by: str
    source_id: str
    locator: str


@dataclass(frozen=True)
class Miss:
    """A phrase that no concept covers; a side that does not say it is none."""

    phrase: str
    group_codes: list[str]
    postings: Saying | None
    courses: Saying | None


def vocabularies(
    connection: duckdb.DuckDBPyConnection, skill_id: str | None, program_id: str | None
) -> list[Vocabulary]:
    """Skills that both sides name, the most different words first, then the most often asked.

    With `program_id` only words of that program's courses count as words of courses.
    """
    terms = connection.table("mart.term_crosswalk").pl()
    if skill_id is not None:
        terms = terms.filter(pl.col("skill_id") == skill_id)
    if program_id is not None:
        terms = _as_program_says(terms, program_id)
    both = terms.filter(pl.col("shared_share").is_not_null()).sort("skill_id", "side", "term_n")
    skills: dict[str, Vocabulary] = {}
    for row in both.iter_rows(named=True):
        skill = skills.setdefault(
            row["skill_id"],
            Vocabulary(row["skill_id"], row["skill_label"], row["shared_share"], [], []),
        )
        side = skill.course_terms if row["side"] == "courses" else skill.posting_terms
        side.append((row["term"], row["documents_n"]))
    return sorted(
        skills.values(),
        key=lambda v: (v.shared_share, -sum(n for _, n in v.posting_terms), v.skill_label),
    )


def _as_program_says(terms: pl.DataFrame, program_id: str) -> pl.DataFrame:
    """`terms` with the words of one program's courses, and the shared share they make."""
    taught = pl.col("side") == "courses"
    own = terms.filter(taught, pl.col("scope_codes").list.contains(program_id))
    asked = terms.filter(~taught).join(own.select("skill_id").unique(), on="skill_id", how="semi")
    shared = (
        asked.join(own.select("skill_id", "term"), on=["skill_id", "term"], how="semi")
        .group_by("skill_id")
        .agg(shared_share=pl.col("mention_share").sum())
    )
    named = asked.select("skill_id").unique()
    shares = named.join(shared, on="skill_id", how="left").with_columns(
        pl.col("shared_share").fill_null(0.0)
    )
    return pl.concat([own, asked]).drop("shared_share").join(shares, on="skill_id", how="left")


def misses(
    connection: duckdb.DuckDBPyConnection, sector_code: str | None, program_id: str | None
) -> list[Miss]:
    """The phrases no concept covers, those of most employers first, then of most courses.

    Given a sector or a program, only phrases said there, counted there; else counted anywhere.
    """
    phrases = connection.table("mart.unlabeled_phrases").pl()
    scopes = {"postings": sector_code or "all", "courses": program_id or "all"}
    sides = {
        side: {
            row["phrase"]: row
            for row in phrases.filter(
                pl.col("side") == side, pl.col("scope_code") == scope
            ).iter_rows(named=True)
        }
        for side, scope in scopes.items()
    }
    asked, taught = sides["postings"], sides["courses"]
    said_there = {
        phrase
        for side, given in ((asked, sector_code), (taught, program_id))
        if given or not (sector_code or program_id)
        for phrase in side
    }
    found = [
        Miss(
            phrase,
            (asked.get(phrase) or taught[phrase])["group_codes"],
            _saying(asked.get(phrase)),
            _saying(taught.get(phrase)),
        )
        for phrase in said_there
    ]
    return sorted(found, key=_most_said_first)


def likely_groups(connection: duckdb.DuckDBPyConnection, phrase: str) -> list[str]:
    """The likely groups of a phrase of the lane, likeliest first; none where it is not in it."""
    rows = connection.table("mart.unlabeled_phrases").select("phrase, group_codes").fetchall()
    return next((codes for said, codes in rows if said == phrase.lower()), [])


def _saying(row: dict | None) -> Saying | None:
    if row is None:
        return None
    return Saying(
        row["documents_n"],
        row["employers_n"],
        row["sentence"],
        row["said_by"],
        row["source_id"],
        row["locator"],
    )


def _most_said_first(miss: Miss) -> tuple[int, int, int, str]:
    asked, taught = miss.postings, miss.courses
    return (
        -(asked.employers_n if asked else 0),
        -(asked.documents_n if asked else 0),
        -(taught.documents_n if taught else 0),
        miss.phrase,
    )
