"""Reads O*NET's titles of occupations and BLS's employment by occupation and sector.

Belongs here: file formats, codes brought to SOC 2018 and to our sectors. Does not belong here:
which occupation a posting's title names (`skills_taxonomy.occupations`).
"""

from pathlib import Path

import polars as pl

from skills_taxonomy.importers.bundle import require_columns

_PUBLIC_ADMINISTRATION = "92"
_DETAILED, _SECTOR = "3", "2"


def read_titles(onet: Path) -> pl.DataFrame:
    """soc_code, title, is_official: every title of the folder `onet`, once an occupation.

    An O*NET-SOC code belongs to the SOC 2018 code before its full stop. Raises BundleError naming
    an absent column.
    """
    official = pl.read_excel(onet / "Occupation Data.xlsx", infer_schema_length=0)
    others = pl.read_excel(onet / "Alternate Titles.xlsx", infer_schema_length=0)
    require_columns(official, ("O*NET-SOC Code", "Title"), "Occupation Data.xlsx")
    require_columns(others, ("O*NET-SOC Code", "Alternate Title"), "Alternate Titles.xlsx")
    soc_code = pl.col("O*NET-SOC Code").str.head(7)
    return (
        pl.concat(
            [
                official.select(
                    soc_code=soc_code,
                    title="Title",
                    is_official=pl.col("O*NET-SOC Code").str.ends_with(".00"),
                ),
                others.select(soc_code=soc_code, title="Alternate Title", is_official=False),
            ]
        )
        .sort("soc_code", "is_official", "title", descending=[False, True, False])
        .unique(["soc_code", "title"], keep="first", maintain_order=True)
    )


def read_sector_mix(oews: Path, sector_codes: list[str]) -> pl.DataFrame:
    """soc_code, sector_code, employment_n, median_usd_year of the file `oews`.

    Cells whose employment is suppressed are left out; a suppressed wage is none. Raises
    BundleError naming an absent column.
    """
    columns = (
        "industry_code",
        "industry_level",
        "occ_code",
        "occ_level",
        "employment",
        "median_annual",
    )
    cells = require_columns(pl.read_csv(oews, infer_schema=False), columns, oews.name)
    by_start = {code[:2]: code for code in sector_codes}
    by_start["99"] = _PUBLIC_ADMINISTRATION
    return (
        cells.filter(
            pl.col("occ_level") == _DETAILED,
            pl.col("industry_level") == _SECTOR,
            ~pl.col("industry_code").str.starts_with("999"),
        )
        .select(
            soc_code=pl.concat_str(
                pl.col("occ_code").str.head(2), pl.lit("-"), pl.col("occ_code").str.tail(4)
            ),
            sector_code=pl.col("industry_code").str.head(2).replace_strict(by_start),
            employment_n=pl.col("employment").cast(pl.Int64, strict=False),
            median_usd_year=pl.col("median_annual").cast(pl.Float64, strict=False),
        )
        .drop_nulls("employment_n")
        .sort("soc_code", "sector_code")
    )
