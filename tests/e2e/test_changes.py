"""What changed since the run before: on the sample, once a source is withdrawn."""

import shutil
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.defs.build import refresh
from pipelines.places import SAMPLE
from pipelines.warehouse.publish import open_snapshot

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("published_sample")]

KEY = ["program_id", "sector_code", "grain"]


def alignments(warehouse: Path) -> pl.DataFrame:
    with open_snapshot(warehouse) as connection:
        return connection.table("mart.program_sector_alignment").pl().drop_nulls("alignment")


def test_the_causes_add_up_to_what_the_page_shows(published_sample: Path, tmp_path: Path) -> None:
    sources, warehouse = tmp_path / "sources", tmp_path / "warehouse"
    shutil.copytree(SAMPLE, sources)
    shutil.copytree(published_sample, warehouse, symlinks=True)
    before = alignments(warehouse)
    shutil.rmtree(sources / "postings_feed")
    course = sources / "syllabi" / "nur-110.html"
    course.write_text(course.read_text().replace("</body>", "<p>Welding.</p></body>"))
    refresh(sources, warehouse)
    with open_snapshot(warehouse) as connection:
        changes = connection.table("mart.run_changes").pl()
    whole = (
        before.join(alignments(warehouse), on=KEY)
        .join(changes.group_by(KEY).agg(pl.col("change").sum()), on=KEY)
        .select("change", difference=pl.col("alignment_right") - pl.col("alignment"))
    )
    assert whole.height > 50
    assert whole["change"].to_list() == pytest.approx(whole["difference"].to_list())
    counts = changes.group_by("cause").agg(pl.col("new_n", "gone_n", "changed_n").first())
    found = {cause: rest for cause, *rest in counts.rows()}
    assert found["postings"][1] > 100, "the feed's postings are gone"
    assert found["syllabi"][2] == 1
    assert found["readings"] == [0, 0, 0]
    moved = changes.filter(pl.col("cause") == "postings", pl.col("change").abs() > 0.001)
    assert not moved.is_empty()
    shown = CliRunner().invoke(app, ["status", "--warehouse", str(warehouse)])
    assert "Since the run of" in shown.output
    assert "largest_rise" in shown.output
