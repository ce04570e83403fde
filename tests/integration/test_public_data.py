"""The whole way over the real public files, where they are beside the checkout."""

import time
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.warehouse.publish import open_snapshot

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"

pytestmark = [
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
