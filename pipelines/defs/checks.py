"""The checks: every contract blocks what comes after it; drift only warns."""

import dagster as dg
import polars as pl

from pipelines.contracts import TABLES
from pipelines.defs.assets import key
from pipelines.defs.resources import Warehouse
from pipelines.warehouse import database

MAX_SECTOR_UNKNOWN_SHARE = 0.4
MAX_REFUSED_SHARE = 0.1


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


CHECKS = [
    *(_contract_check(name) for name in TABLES),
    _drift_check(
        "sector unknown share",
        MAX_SECTOR_UNKNOWN_SHARE,
        "Give a naics_code in the source.yml of sources without sector codes.",
    ),
    _drift_check("refused share", MAX_REFUSED_SHARE, "raw.rejects names every one with its place."),
]
