"""What leaves the house: typed, explained, with its provenance, nothing that runs."""

import csv
import datetime as dt
import re
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.contracts import TABLES
from pipelines.presentation.sentences import plain_sentence
from pipelines.presentation.spreadsheets import without_formulas
from pipelines.reports.files import CsvExporter
from pipelines.reports.heatmap import draw_heatmap
from pipelines.reports.tables import MART, Edition
from pipelines.reports.workbook import WorkbookExporter

pytestmark = pytest.mark.xdist_group("published_sample")


@pytest.fixture(scope="session")
def reports(published_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    formats = [part for name in ("html", "xlsx", "csv", "parquet") for part in ("--format", name)]
    result = CliRunner().invoke(
        app, ["report", *formats, "--out", str(folder), "--warehouse", str(published_sample)]
    )
    assert result.exit_code == 0, result.output
    return folder


def test_the_workbook_has_every_table_a_dictionary_and_the_provenance(reports) -> None:
    book = openpyxl.load_workbook(reports / "skills_gap.xlsx")
    assert book.sheetnames[0] == "provenance"
    assert {name.split(".")[1][:31] for name in MART} | {"dictionary"} <= set(book.sheetnames)
    sources = [row[0].value for row in book["provenance"].iter_rows()]
    assert "source sample-board" in sources


def test_workbook_cells_have_types_and_none_is_a_formula(reports) -> None:
    book = openpyxl.load_workbook(reports / "skills_gap.xlsx")
    for sheet in book:
        for row in sheet.iter_rows(max_row=400):
            assert all(cell.data_type != "f" for cell in row)
    header, first = book["sector_skill_demand"].iter_rows(max_row=2)
    types = {name.value: cell.data_type for name, cell in zip(header, first, strict=True)}
    assert (types["share"], types["postings_n"], types["period_end_on"]) == ("n", "n", "d")


def test_csv_and_parquet_hold_the_same_rows_as_the_snapshot(reports, snapshot) -> None:
    for name in MART:
        expected = snapshot.table(name).count("*").fetchall()[0][0]
        bare = name.split(".")[1]
        assert pl.read_parquet(reports / f"{bare}.parquet").height == expected
        with (reports / f"{bare}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            assert rows.fieldnames == TABLES[name].column_names
            assert len(list(rows)) == expected


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK('x')"]
)
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(cell) -> None:
    frame = pl.DataFrame({"text": [cell, "plain"], "list": [[cell], ["a", "b"]], "n": [-1, 2]})
    safe = without_formulas(frame)
    assert safe["text"].to_list() == [f"'{cell}", "plain"]
    assert safe["list"].to_list() == [f"'{cell}", "a, b"]
    assert safe["n"].to_list() == [-1, 2]


def test_no_exported_file_holds_a_cell_that_runs(tmp_path) -> None:
    """Every text of every mart table is a formula; none is one when it has left the house."""
    evil = "=cmd|' /C calc'!A1"
    values = {
        "VARCHAR": evil,
        "VARCHAR[]": [evil],
        "BIGINT": -1,
        "DOUBLE": -0.5,
        "BOOLEAN": True,
        "DATE": dt.date(2026, 10, 31),
        "TIMESTAMP": dt.datetime(2026, 10, 31),
    }
    with duckdb.connect() as connection:
        for schema in ("raw", "core", "mart"):
            connection.execute(f"CREATE SCHEMA {schema}")
        for name, table in TABLES.items():
            connection.execute(table.ddl)
            if name in MART:
                row = {column.name: values[column.type] for column in table.columns}
                frame = pl.DataFrame([row], schema=table.polars_schema)
                connection.register("one_row", frame.to_arrow())
                connection.table("one_row").insert_into(name)
        for exporter in (CsvExporter(), WorkbookExporter()):
            exporter.write(connection, Edition(evil, evil, evil, evil), tmp_path)
    for name in MART:
        with (tmp_path / f"{name.split('.')[1]}.csv").open(encoding="utf-8-sig") as file:
            (written,) = csv.DictReader(file)
        assert {cell for cell in written.values() if "cmd" in cell} == {f"'{evil}"}
        numbers = [c.name for c in TABLES[name].columns if c.type == "BIGINT"]
        assert all(written[name] == "-1" for name in numbers)
    cells = [
        cell
        for sheet in openpyxl.load_workbook(tmp_path / "skills_gap.xlsx")
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert all(cell.data_type != "f" for cell in cells)
    assert not any(str(cell.value).startswith("=") for cell in cells)
    assert any(cell.value == -0.5 for cell in cells)


def test_the_page_needs_no_network(reports) -> None:
    page = (reports / "overview.html").read_text(encoding="utf-8")
    outside_script = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="(?!#)', outside_script)


def test_the_page_says_for_every_program_what_to_take_from_it(reports, snapshot) -> None:
    page = (reports / "overview.html").read_text(encoding="utf-8")
    for program_id, title in snapshot.table("core.programs").select("program_id, title").fetchall():
        assert f'id="{program_id}"' in page
        said = rf"groups of skills in [\w ]+ (?:is|are) taught[^.]*{re.escape(title)}"
        assert re.search(f"most wanted {said}", page)


def gaps_of(*statuses: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "status": statuses,
            "demand": [0.5] * len(statuses),
            "is_transversal": [False] * len(statuses),
            "skill_id": [str(n) for n, _ in enumerate(statuses)],
        }
    )


@pytest.mark.parametrize(
    ("statuses", "sentence"),
    [
        (
            ["gap", "gap", "aligned"],
            "2 of the 3 most wanted groups of skills in Health Care are taught nowhere in Nursing.",
        ),
        (
            ["gap", "partly taught", "aligned"],
            "1 of the 3 most wanted groups of skills in Health Care is taught nowhere in Nursing, "
            "1 is taught only in part.",
        ),
        (
            ["partly taught", "partly taught"],
            "2 of the 2 most wanted groups of skills in Health Care are taught only in part in "
            "Nursing.",
        ),
        (
            ["aligned", "aligned", "too few postings"],
            "All of the 2 most wanted groups of skills in Health Care are taught in Nursing.",
        ),
    ],
)
def test_plain_sentences(statuses, sentence) -> None:
    alignment = {"alignment": 0.5, "sector_postings_n": 90, "sector_employers_n": 30}
    assert plain_sentence(gaps_of(*statuses), alignment, "Nursing", "Health Care") == sentence


def test_thin_evidence_says_so() -> None:
    alignment = {"alignment": None, "sector_postings_n": 12, "sector_employers_n": 3}
    sentence = plain_sentence(gaps_of("too few postings"), alignment, "Welding", "Utilities")
    assert sentence.startswith("Too few postings to rank: 12 postings by 3 employers in Utilities")


def test_two_programs_of_one_name_keep_a_row_each() -> None:
    cell = {
        "alignment": 0.25,
        "is_target": True,
        "sector_postings_n": 90,
        "sector_employers_n": 30,
        "skills_n": 9,
        "aligned_n": 1,
        "partly_taught_n": 2,
        "gap_n": 6,
    }
    other = cell | {"alignment": 0.75}
    html = draw_heatmap([[cell], [other]], ["Nursing", "Nursing"], ["Health Care"]).html
    assert '"ticktext":["Nursing","Nursing"]' in html
    assert html.count('"text":"\\u003cb\\u003e') == 2


@pytest.mark.slow
def test_an_evil_posting_is_only_text(tmp_path, warehouse) -> None:
    """A posting with a script in it, through the whole way, stays words on the page."""
    board = tmp_path / "sources" / "board"
    board.mkdir(parents=True)
    ads = ["title,description,company,posted_on,naics"] + [
        f'Nurse,"Requirements: <script>alert({n})</script> phlebotomy and '
        f'&lt;img src=x onerror=alert(1)&gt; wound care skills.",Clinic {n},2026-06-01,62'
        for n in range(40)
    ]
    (board / "ads.csv").write_text("\n".join(ads), encoding="utf-8")
    (board / "source.yml").write_text("source_id: board\nkind: postings\n", encoding="utf-8")
    registry = tmp_path / "sources" / "programs"
    registry.mkdir()
    (registry / "source.yml").write_text("source_id: p\nkind: programs\n", encoding="utf-8")
    (registry / "programs.yml").write_text(
        "programs: [{program_id: n, title: '<b>Nursing', institution: C, sectors: ['62']}]",
        encoding="utf-8",
    )
    runner = CliRunner()
    run = runner.invoke(
        app, ["run", "--sources", str(tmp_path / "sources"), "--warehouse", str(warehouse)]
    )
    assert run.exit_code == 0, run.output
    assert runner.invoke(app, ["report", "--warehouse", str(warehouse)]).exit_code == 0
    page = (warehouse / "reports" / "overview.html").read_text(encoding="utf-8")
    assert "alert(" not in re.sub(r"<script>.*?</script>", "", page, count=1, flags=re.DOTALL)
    assert "&lt;b&gt;Nursing" in page
    assert "onerror" not in page.rsplit("</script>", 2)[-2]
