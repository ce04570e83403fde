"""The checks: every contract blocks what comes after it; drift only warns."""

import dagster as dg
import polars as pl

from pipelines.contracts import TABLES
from pipelines.contracts.rules import LEAST_PRECISION, LEAST_RECALL
from pipelines.defs.assets import key
from pipelines.defs.resources import Warehouse
from pipelines.warehouse import database

MAX_SECTOR_UNKNOWN_SHARE = 0.4
MAX_REFUSED_SHARE = 0.1
VALUES = ("side", "measure", "value")


def _contract_check(name: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=key(name),
        name="contract",
        blocking=True,
        description="Key, presence, bounds and codes as the contract declares them.",
    )
    def check(warehouse: Warehouse) -> dg.AssetCheckResult:
        with warehouse.connect() as connection:
            broken = database.violations(connection, name)
        return dg.AssetCheckResult(
            passed=broken.is_empty(),
            metadata={
                f"{row['column']} {row['rule']}": f"{row['rows_n']} rows, e.g. {row['example']}"
                for row in broken.iter_rows(named=True)
            },
        )

    return check


def _drift_check(check_name: str, maximum: float, mend: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=key("mart.run_quality"),
        name=check_name.replace(" ", "_"),
        description=f"At most {maximum:.0%}. {mend}",
    )
    def check(warehouse: Warehouse) -> dg.AssetCheckResult:
        with warehouse.connect() as connection:
            quality = database.read(connection, "mart.run_quality")
        value = quality.row(by_predicate=pl.col("check_name") == check_name, named=True)["value"]
        return dg.AssetCheckResult(
            passed=value <= maximum, severity=dg.AssetCheckSeverity.WARN, metadata={"share": value}
        )

    return check


@dg.asset_check(
    asset=key("mart.extraction_accuracy"),
    description=f"On the labeled sample precision at least {LEAST_PRECISION:.0%} and recall at "
    f"least {LEAST_RECALL:.0%}. Look at what changed: an imported taxonomy, additions, models.",
)
def extraction_is_right(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Both sides, all sectors together."""
    with warehouse.connect() as connection:
        whole = database.read(connection, "mart.extraction_accuracy", where={"sector_code": "all"})
    least = {"precision": LEAST_PRECISION, "recall": LEAST_RECALL}
    found = {(side, measure): value for side, measure, value in whole.select(VALUES).rows()}
    return dg.AssetCheckResult(
        passed=all((value or 0) >= least[measure] for (_, measure), value in found.items()),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={f"{side} {measure}": value or 0.0 for (side, measure), value in found.items()},
    )


CHECKS = [
    *(_contract_check(name) for name in TABLES),
    _drift_check(
        "sector unknown share",
        MAX_SECTOR_UNKNOWN_SHARE,
        "Give a naics_code in the source.yml of sources without sector codes.",
    ),
    extraction_is_right,
    _drift_check("refused share", MAX_REFUSED_SHARE, "raw.rejects names every one with its place."),
]
