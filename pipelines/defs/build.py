"""The one assembly, for `dagster dev`, the command line and the tests alike."""

from pathlib import Path

import dagster as dg

from pipelines.defs.assets import ASSETS, FEED_DROPS
from pipelines.defs.checks import CHECKS
from pipelines.defs.resources import Sources, Warehouse, Watcher, default_resources, unwatched
from pipelines.warehouse.database import WarehouseError

REFRESH = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(FEED_DROPS),
    description="From the source files to a published snapshot; needs no network.",
)
FETCH_AND_REFRESH = dg.define_asset_job(
    "fetch_and_refresh",
    selection=dg.AssetSelection.all(),
    description="Fetch the feeds that sources declare, then refresh.",
)
DAILY = dg.ScheduleDefinition(
    name="refresh_daily",
    job=FETCH_AND_REFRESH,
    cron_schedule="0 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every morning; switch it on once the sources are in place.",
)

QUIET = {"loggers": {"console": {"config": {"log_level": "ERROR"}}}}
"""Run configuration of a run that nobody watches in Dagster."""


def refresh(
    sources: Path,
    warehouse: Path,
    watch: Watcher = unwatched,
    *,
    rebuild: bool = False,
    decisions_url: str = "",
) -> None:
    """Run the whole job in this process, outside of any Dagster instance.

    The database stays open all the while: no other run comes between, and steps open it at once.

    Args:
        rebuild: read, extract and publish everything anew, whatever earlier runs left.
        decisions_url: the database of reviewers' decisions, where it is not in `warehouse`.

    Raises:
        IngestError: a source cannot be used as it is.
        WarehouseError: the database is busy, or a table broke its contract; nothing is published.
    """
    written = Warehouse(directory=str(warehouse), rebuild=rebuild, decisions_url=decisions_url)
    definitions = build_defs(sources=Sources(root=str(sources)), warehouse=written, watch=watch)
    job = definitions.resolve_job_def(REFRESH.name)
    try:
        with written.connect():
            job.execute_in_process(run_config=QUIET)
    except dg.DagsterError as error:
        raise WarehouseError(str(error)) from error


def build_defs(**resource_overrides: object) -> dg.Definitions:
    """All definitions. Steps run one after the other in one process: DuckDB has one writer.

    Args:
        resource_overrides: resources by name ('sources', 'warehouse', 'watch') to use in
            place of those from the environment.
    """
    return dg.Definitions(
        assets=ASSETS,
        asset_checks=CHECKS,
        jobs=[REFRESH, FETCH_AND_REFRESH],
        schedules=[DAILY],
        resources={**default_resources(), **resource_overrides},
        executor=dg.in_process_executor,
    )
