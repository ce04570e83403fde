"""The overview page: sentence first, then the picture, then both sides' sentences."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import polars as pl
from plotly.offline import get_plotlyjs

from pipelines.contracts import rules
from pipelines.contracts.rules import PROGRAM_MARKET, TOP_GAPS, TRANSVERSAL_GAPS
from pipelines.presentation.names import occupation_titles, program_names, sector_name
from pipelines.presentation.quotes import Quote, course_quote, employer_quote, quotes_by
from pipelines.presentation.sentences import plain_sentence
from pipelines.reports.heatmap import Heatmap, draw_heatmap
from pipelines.reports.tables import OVERVIEW_FILE, Edition, provenance

PAGE_GRAIN = "group"
"""Pages open at groups of skills, because single concepts scatter, and go down to concepts."""
CONCEPTS_A_GROUP = 5
CAREFUL_SHARES = ("stale share", "perpetual share", "staffing agency share")
TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)


@dataclass(frozen=True)
class Gap:
    """One row of a ranked list with its evidence on both sides; for a group its concepts too."""

    row: dict[str, Any]
    employer_quotes: list[Quote]
    course_quotes: list[Quote]
    nearest_label: str | None
    concepts: list[dict[str, Any]]


@dataclass(frozen=True)
class Comparison:
    """A program beside a sector."""

    sector: str
    sentence: str
    alignment: dict[str, Any]
    gaps: list[Gap]
    groups: list[Gap]
    transversal: list[Gap]
    thin: list[Gap]
    aligned: list[str]
    not_asked: list[str]


class HtmlExporter:
    """One page that needs no network and can be sent as a file."""

    FORMAT = "html"

    def write(
        self, connection: duckdb.DuckDBPyConnection, edition: Edition, directory: Path
    ) -> list[Path]:
        """Write the page into `directory` and return its path."""
        path = directory / OVERVIEW_FILE
        path.write_text(render(connection, edition), encoding="utf-8")
        return [path]


def render(connection: duckdb.DuckDBPyConnection, edition: Edition) -> str:
    """The page as HTML."""
    reader = Reader(connection)
    return TEMPLATES.get_template("overview.html").render(
        edition=edition,
        plotlyjs=get_plotlyjs(),
        summary=reader.summary(),
        programs=[
            {**program, "comparisons": reader.comparisons(program)} for program in reader.programs
        ],
        heatmap=reader.heatmap(),
        alignment_rows=reader.alignment_rows(),
        quality=reader.quality(),
        sector_quality=reader.sector_quality(),
        provenance=provenance(connection, edition).rows(),
        careful_shares=CAREFUL_SHARES,
        rules=rules,
    )


class Reader:
    """The snapshot's small tables, read once, and what the page says of them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.gaps = connection.table("mart.program_sector_gap").pl()
        self.page_alignment = (
            connection.table("mart.program_sector_alignment").filter(f"grain = '{PAGE_GRAIN}'").pl()
        )
        self.run_quality = connection.table("mart.run_quality").pl()
        self.programs = connection.table("core.programs").order("title, program_id").pl().to_dicts()
        self.program_names = program_names(self.programs)
        self.sectors = connection.table("core.sectors").pl()
        self.sector_titles = dict(self.sectors.select("sector_code", "title").rows())
        self.skill_labels = dict(
            connection.table("core.skill_names").select("skill_id, skill_label").pl().rows()
        )
        self.members = (
            connection.table("core.skill_members")
            .filter("grain = 'group'")
            .select("skill_id AS group_code, member_id AS skill_id")
            .pl()
        )
        self.posting_quotes = quotes_by(
            connection.table("mart.posting_evidence").order("evidence_n").pl(),
            ("sector_code", "skill_id"),
            employer_quote,
        )
        self.course_quotes = quotes_by(
            connection.table("mart.course_evidence").order("evidence_n").pl(),
            ("program_id", "skill_id"),
            course_quote,
        )
        self.occupations = occupation_titles(connection)
        taught = connection.table("core.program_courses").select("course_id").distinct()
        self.taught_courses_n = len(taught)
        demand = connection.table("mart.sector_skill_demand")
        self.period = demand.aggregate("min(period_start_on), max(period_end_on)").fetchall()[0]

    def summary(self) -> dict[str, Any]:
        """The figures of the page's head."""
        value = dict(
            self.run_quality.filter(pl.col("subject") == "all").select("check_name", "value").rows()
        )
        return {
            "postings_n": int(value["postings in the window"]),
            "distinct_n": int(value["distinct postings"]),
            "rejected_share": value["refused share"],
            "courses_n": self.taught_courses_n,
            "programs_n": len(self.programs),
            "period_start_on": self.period[0],
            "period_end_on": self.period[1],
            "unknown_share": value["sector unknown share"],
            "duplicate_share": value["duplicate share"],
            "copies_n": int(value["copies set aside"]),
        }

    def comparisons(self, program: dict[str, Any]) -> list[Comparison]:
        """The program beside the occupations it prepares for, and each sector that it feeds.

        Comparisons that are too thin to rank come last.
        """
        own = PROGRAM_MARKET + program["program_id"]
        has_occupations = program["program_id"] in self.occupations
        codes = [*([own] if has_occupations else []), *program["sector_codes"]]
        found = [self._comparison(program, code) for code in codes]
        return sorted(found, key=lambda comparison: comparison.alignment["alignment"] is None)

    def _comparison(self, program: dict[str, Any], sector_code: str) -> Comparison:
        is_pair = (pl.col("program_id") == program["program_id"]) & (
            pl.col("sector_code") == sector_code
        )
        gaps, of_groups = (
            self.gaps.filter(is_pair, pl.col("grain") == grain) for grain in ("concept", "group")
        )
        alignment = self.page_alignment.filter(is_pair).row(0, named=True)
        sector = sector_name(sector_code, self.sector_titles, self.occupations)
        ranked, ranked_groups = (
            of.filter(pl.col("rank") <= TOP_GAPS, ~pl.col("is_transversal")).sort("rank")
            for of in (gaps, of_groups)
        )
        everywhere = of_groups.filter(pl.col("rank") <= TRANSVERSAL_GAPS, "is_transversal")
        thin = gaps.filter(pl.col("status") == "too few postings", pl.col("coverage") == 0)
        indicative = _most(thin, "postings_n") if ranked.is_empty() else thin.clear()
        return Comparison(
            sector=sector,
            sentence=plain_sentence(of_groups, alignment, program["title"], sector),
            alignment=alignment,
            gaps=[self._gap(row) for row in ranked.to_dicts()],
            groups=[self._gap(row, gaps) for row in ranked_groups.to_dicts()],
            transversal=[self._gap(row, gaps) for row in everywhere.sort("rank").to_dicts()],
            thin=[self._gap(row) for row in indicative.to_dicts()],
            aligned=_labels(_most(gaps.filter(pl.col("status") == "aligned"), "demand")),
            not_asked=_labels(
                _most(gaps.filter(pl.col("status") == "taught, not asked"), "coverage")
            ),
        )

    def _gap(self, row: dict[str, Any], concepts: pl.DataFrame | None = None) -> Gap:
        """The row with its evidence; of a group also its most wanted among `concepts`."""
        taught_id = row["nearest_skill_id"] if row["coverage"] == 0 else row["skill_id"]
        return Gap(
            row=row,
            employer_quotes=self.posting_quotes.get((row["sector_code"], row["skill_id"]), []),
            course_quotes=self.course_quotes.get((row["program_id"], taught_id), []),
            nearest_label=self.skill_labels.get(row["nearest_skill_id"]),
            concepts=[] if concepts is None else self._concepts_of(row["skill_id"], concepts),
        )

    def _concepts_of(self, group_code: str, concepts: pl.DataFrame) -> list[dict[str, Any]]:
        """The rows of a group's concepts that most postings name."""
        inside = self.members.filter(pl.col("group_code") == group_code)["skill_id"]
        return (
            concepts.filter(pl.col("skill_id").is_in(inside.implode()), pl.col("postings_n") > 0)
            .sort("postings_n", "skill_label", descending=[True, False])
            .head(CONCEPTS_A_GROUP)
            .to_dicts()
        )

    def _heatmap_sectors(self) -> list[str]:
        """Sector groups with postings, and every sector that a program says it feeds."""
        fed = {code for program in self.programs for code in program["sector_codes"]}
        groups = self.sectors.filter("is_group")["sector_code"].to_list()
        asked = set(self.page_alignment.filter(pl.col("sector_postings_n") > 0)["sector_code"])
        return sorted(
            fed | (set(groups) & asked), key=lambda code: self.sector_titles.get(code, code)
        )

    def alignment_rows(self) -> list[dict[str, Any]]:
        """The heatmap as a table: a row a program and sector."""
        shown = self.page_alignment.filter(pl.col("sector_code").is_in(self._heatmap_sectors()))
        return [
            {
                **row,
                "program": self.program_names[row["program_id"]],
                "sector": self.sector_titles.get(row["sector_code"], row["sector_code"]),
            }
            for row in shown.sort("program_id", "sector_code").to_dicts()
        ]

    def heatmap(self) -> Heatmap | None:
        """Alignment of every program with every sector; none without programs."""
        codes = self._heatmap_sectors()
        if not codes or not self.programs:
            return None
        cells = {
            (row["program_id"], row["sector_code"]): row for row in self.page_alignment.to_dicts()
        }
        rows = [
            [cells[(program["program_id"], code)] for code in codes] for program in self.programs
        ]
        return draw_heatmap(
            rows,
            [self.program_names[program["program_id"]] for program in self.programs],
            [self.sector_titles.get(code, code) for code in codes],
        )

    def sector_quality(self) -> list[dict[str, Any]]:
        """Ads to read with care: a row a sector, all first, unknown last.

        Each has `sector` (its title), `postings_n`, `share` of all ads, and the `CAREFUL_SHARES`.
        """
        n = pl.col("postings_n")
        titles = {**self.sector_titles, "all": "All", "unknown": "Unknown"}
        return (
            self.run_quality.filter(
                pl.col("check_name").is_in(["distinct postings", *CAREFUL_SHARES])
            )
            .pivot("check_name", index="subject", values="value")
            .rename({"distinct postings": "postings_n"})
            .with_columns(
                n.cast(pl.Int64), share=n / n.max(), sector=pl.col("subject").replace(titles)
            )
            .sort(pl.col("subject") != "all", pl.col("subject") == "unknown", "sector")
            .to_dicts()
        )

    def quality(self) -> list[dict[str, Any]]:
        """The run's volumes and shares, whole first."""
        return self.run_quality.sort(pl.col("subject") != "all", "subject", "check_name").to_dicts()


def _most(gaps: pl.DataFrame, column: str) -> pl.DataFrame:
    return gaps.sort(column, "skill_label", descending=[True, False]).head(TOP_GAPS)


def _labels(gaps: pl.DataFrame) -> list[str]:
    return gaps["skill_label"].to_list()
