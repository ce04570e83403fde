"""The one assembly, for `dagster dev`, the command line and the tests alike."""

import dagster as dg

from pipelines.defs.assets import ASSETS
from pipelines.defs.checks import CHECKS
from pipelines.defs.resources import default_resources

REFRESH = dg.define_asset_job(
    "refresh", description="From the source files to a published snapshot."
)
DAILY = dg.ScheduleDefinition(
    name="refresh_daily",
    job=REFRESH,
    cron_schedule="0 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Every morning; switch it on once the sources are in place.",
)


class RunError(Exception):
    """A run stopped for a reason that lies in the data or the pipeline; its text says which."""


def refresh(**resource_overrides: object) -> None:
    """Run the whole job in this process, outside of any Dagster instance.

    Raises:
        IngestError, WarehouseError: as the rooms raise them.
        RunError: a blocking check failed, or Dagster itself did.
    """
    job = build_defs(**resource_overrides).resolve_job_def(REFRESH.name)
    quiet = {"loggers": {"console": {"config": {"log_level": "WARNING"}}}}
    try:
        job.execute_in_process(run_config=quiet)
    except dg.DagsterError as error:
        raise RunError(str(error)) from error


def build_defs(**resource_overrides: object) -> dg.Definitions:
    """All definitions. Steps run one after the other in one process: DuckDB has one writer.

    Args:
        resource_overrides: resources by name ('sources', 'warehouse', 'watch') to use in
            place of those from the environment.
    """
    return dg.Definitions(
        assets=ASSETS,
        asset_checks=CHECKS,
        jobs=[REFRESH],
        schedules=[DAILY],
        resources={**default_resources(), **resource_overrides},
        executor=dg.in_process_executor,
    )
