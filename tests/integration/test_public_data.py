"""The whole way over the real public files, where they are beside the checkout."""

import time
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from benchmarks.ingest.labeled import DUPLICATE_PAIRS, TITLE_LABELS, ask
from pipelines.cli import app
from pipelines.warehouse.publish import open_snapshot

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SHARED.exists(), reason="the public data set ../shared/data is absent"),
    pytest.mark.xdist_group("public_data"),
]


@pytest.fixture(scope="module")
def public_warehouse(
    tmp_path_factory: pytest.TempPathFactory, extraction_cache: Path
) -> tuple[Path, float]:
    warehouse = tmp_path_factory.mktemp("public")
    (warehouse / "extraction").symlink_to(extraction_cache)
    started = time.monotonic()
    sources = ROOT / "benchmarks" / "public_data"
    result = CliRunner().invoke(
        app, ["run", "--sources", str(sources), "--warehouse", str(warehouse)]
    )
    assert result.exit_code == 0, result.output
    return warehouse, time.monotonic() - started


def test_every_record_is_accounted_for(public_warehouse) -> None:
    with open_snapshot(public_warehouse[0]) as connection:
        sources = connection.table("raw.sources").pl()
        kept = connection.table("core.postings").aggregate("count(*), sum(duplicate_n)").fetchall()
        courses = connection.table("core.courses").aggregate("sum(documents_n)").fetchall()
    found = dict(sources.select("source_id", "rows_n").rows())
    assert found["health-postings"] == 1905
    assert found["city-bulletins"] == 134
    assert found["tech-ads"] + found["in-house-ads"] == 198
    assert sources["rejects_n"].sum() == 0
    assert sum(kept[0]) == 2237
    assert courses[0][0] == 2402


def test_each_source_accounts_for_its_records(public_warehouse) -> None:
    with open_snapshot(public_warehouse[0]) as connection:
        accounts = ask(connection, "accounts")
    lost = pl.col("records_n") - pl.col("kept_n") - pl.col("copies_n") - pl.col("rejects_n")
    assert accounts.filter(lost != 0).is_empty()
    assert dict(accounts.select("source_id", "records_n").rows()) == {
        "health-postings": 1905,
        "city-bulletins": 134,
        "tech-ads": 109,
        "in-house-ads": 89,
    }


def test_copies_are_as_right_as_recorded(public_warehouse) -> None:
    labels = pl.read_csv(DUPLICATE_PAIRS).filter(pl.col("run") == "real files")
    with open_snapshot(public_warehouse[0]) as connection:
        judged = ask(connection, "pair_verdicts", labels).filter(pl.col("label") != "unsure")
    right = judged.filter(pl.col("label") == "same", "is_found").height
    assert right / judged["is_found"].sum() >= 0.8
    assert right / (judged["label"] == "same").sum() >= 0.5


def test_occupations_of_real_titles_are_as_right_as_recorded(public_warehouse) -> None:
    with open_snapshot(public_warehouse[0]) as connection:
        titles = ask(connection, "title_verdicts", pl.read_csv(TITLE_LABELS))
    assert titles.height == 200
    named = titles.drop_nulls("occupation_code")
    accepted = pl.concat_list("soc_code", "second_soc_code")
    right = named.filter(accepted.list.contains(pl.col("occupation_code")))
    assert named.height >= 105
    assert right.height / named.height >= 0.75


def test_it_takes_less_than_three_minutes(public_warehouse) -> None:
    assert public_warehouse[1] < 180


def test_one_employer_is_never_ranked(public_warehouse) -> None:
    with open_snapshot(public_warehouse[0]) as connection:
        gaps = connection.table("mart.program_sector_gap").filter("sector_code = '92'").pl()
    assert gaps.height > 0
    assert gaps["rank"].null_count() == gaps.height


@pytest.mark.parametrize(
    "laughable",
    ["electricity principles", "Microsoft Access", "patents", "scaffolding components"],
)
def test_common_words_of_nursing_ads_are_no_skills(public_warehouse, laughable) -> None:
    """'power', 'access', 'patients' and 'support' stand in a third of these ads."""
    with open_snapshot(public_warehouse[0]) as connection:
        demand = connection.table("mart.sector_skill_demand").filter("sector_code = '62'").pl()
    shares = demand.filter(pl.col("skill_label") == laughable)["share"]
    assert shares.sum() < 0.005
