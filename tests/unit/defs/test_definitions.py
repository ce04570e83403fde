"""The assembly that `dagster dev`, the command line and the tests share."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import pytest

from pipelines.contracts import TABLES
from pipelines.defs.build import build_defs
from pipelines.defs.resources import Sources, Warehouse

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def repository() -> dg.RepositoryDefinition:
    return build_defs().get_repository_def()


def test_definitions_load_as_dagster_loads_them() -> None:
    command = [sys.executable, "-m", "dagster", "definitions", "validate"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr


def test_every_table_is_an_asset_described_typed_and_grouped_by_layer(repository) -> None:
    graph = repository.asset_graph
    for name, table in TABLES.items():
        node = graph.get(dg.AssetKey(name.split(".")))
        assert node.group_name == table.schema
        assert table.grain in node.description
        schema = node.metadata["dagster/column_schema"]
        assert [column.name for column in schema.columns] == table.column_names


def test_every_table_has_a_blocking_contract_check(repository) -> None:
    checks = {
        check_key
        for check_key in repository.asset_graph.asset_check_keys
        if check_key.name == "contract"
    }
    assert {tuple(check.asset_key.path) for check in checks} == {
        tuple(name.split(".")) for name in TABLES
    }


def test_the_layers_follow_each_other(repository) -> None:
    order = ["feed_drops", "raw", "core", "mart", "published"]
    graph = repository.asset_graph
    for asset_key in graph.get_all_asset_keys():
        for parent in graph.get(asset_key).parent_keys:
            assert order.index(parent.path[0]) <= order.index(asset_key.path[0])


def test_the_schedule_is_off_until_somebody_switches_it_on(repository) -> None:
    (schedule,) = repository.schedule_defs
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED
    assert schedule.execution_timezone == "UTC"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    write(folder / "board" / "source.yml", "source_id: board\nkind: postings\n")
    write(
        folder / "board" / "ads.csv",
        "id,title,description,company,posted_on,naics\n"
        "1,Nurse,Requirements: phlebotomy,Mercy,2026-06-01,622110\n"
        "2,,No title,Mercy,2026-06-01,622110\n",
    )
    return folder


def materialize(
    sources: Path, warehouse: Path, job: str = "refresh", only: Sequence[str] = ()
) -> dg.ExecuteInProcessResult:
    definitions = build_defs(
        sources=Sources(root=str(sources)), warehouse=Warehouse(directory=str(warehouse))
    )
    selection = [dg.AssetKey(name.split(".")) for name in only] or None
    return definitions.resolve_job_def(job).execute_in_process(asset_selection=selection)


def test_a_run_materializes_checks_and_describes_every_table(sources, warehouse) -> None:
    result = materialize(sources, warehouse)
    assert result.success
    shown = {
        ".".join(event.asset_key.path): event.materialization.metadata
        for event in result.get_asset_materialization_events()
    }
    assert set(shown) == set(TABLES) | {"published.snapshot"}
    assert shown["raw.rejects"]["dagster/row_count"].value == 1
    assert "missing_title" in shown["raw.rejects"]["preview"].value
    assert shown["core.skills"]["plot"].value.startswith("![skill_type")
    verdicts = {
        (evaluation.check_name, ".".join(evaluation.asset_key.path)): evaluation.passed
        for evaluation in result.get_asset_check_evaluations()
    }
    assert all(verdicts[("contract", name)] for name in TABLES)
    assert not verdicts[("refused_share", "mart.run_quality")], "one of two rows was refused"


def test_the_scheduled_job_fetches_first_and_goes_on_where_a_feed_fails(
    sources, warehouse, web
) -> None:
    answer = {"jobs": [{"id": 1, "title": "Welder", "content": "Weld."}]}
    declaration = (
        "source_id: yard\nkind: postings\n"
        f"feed: {{type: greenhouse, board: yard, base_url: '{web.url}', attempts: 1}}\n"
    )
    write(sources / "yard" / "source.yml", declaration)
    web.answer = lambda asked: web.reply(answer)
    raw = [name for name in TABLES if name.startswith("raw.")]
    fetched = materialize(sources, warehouse, "fetch_and_refresh", ["feed_drops", *raw])
    assert fetched.get_asset_check_evaluations()[0].passed
    web.answer = lambda asked: web.reply(status=500)
    result = materialize(sources, warehouse, "fetch_and_refresh", ["feed_drops", *raw])
    assert result.success
    answered, *_ = result.get_asset_check_evaluations()
    assert (answered.check_name, answered.passed) == ("every_feed_answered", False)
    assert "HTTP 500" in answered.metadata["yard"].value
    counts = {
        ".".join(event.asset_key.path): event.materialization.metadata.get("dagster/row_count")
        for event in result.get_asset_materialization_events()
    }
    assert counts["raw.postings"].value == 2


def test_the_job_of_the_command_line_asks_no_feed(repository) -> None:
    asked = dg.AssetKey("feed_drops")
    jobs = {name: repository.get_job(name) for name in ("refresh", "fetch_and_refresh")}
    assert asked not in jobs["refresh"].asset_layer.selected_asset_keys
    assert asked in jobs["fetch_and_refresh"].asset_layer.selected_asset_keys


def test_each_table_of_those_made_together_can_be_asked_for_alone(sources, warehouse) -> None:
    alone = ["raw.postings", "core.skills", "core.course_skills"]
    for name in ["raw.syllabi", "core.skill_labels", "core.courses", *alone]:
        events = materialize(sources, warehouse, only=[name]).get_asset_materialization_events()
        assert [".".join(event.asset_key.path) for event in events] == [name]
