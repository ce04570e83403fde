"""The sectors of NAICS 2022 and the named groups of them.

Belongs here: which NAICS codes a sector or group covers, which words name a sector.
Not here: the sector of a posting.
"""

from pathlib import Path

import polars as pl

CROSSWALKS = Path(__file__).parent / "data" / "crosswalks"


def industry_words() -> pl.DataFrame:
    """words (a regular expression of whole words, lower case), sector_code, counts_in_text.

    In an industry field "insurance" names a sector; in the text of an ad mostly a benefit.
    """
    return pl.read_csv(
        CROSSWALKS / "industry_words.csv", schema_overrides={"sector_code": pl.String}
    )


def sectors_frame() -> pl.DataFrame:
    """One row a sector or group: sector_code, title, is_group, naics_prefixes (2-6 digits).

    A sector written as a range ('31-33') covers every two-digit code in it.
    """
    codes = pl.read_csv(
        CROSSWALKS / "naics_sectors.csv", schema_overrides={"sector_code": pl.String}
    )
    ends = pl.col("sector_code").str.split("-").list.eval(pl.element().cast(pl.Int64))
    sectors = codes.select(
        "sector_code",
        "title",
        is_group=pl.lit(False),
        naics_prefixes=pl.int_ranges(ends.list.first(), ends.list.last() + 1).cast(
            pl.List(pl.String)
        ),
    )
    listed = pl.read_csv(
        CROSSWALKS / "sector_groups.csv", schema_overrides={"naics_prefix": pl.String}
    )
    groups = listed.group_by("group_code", "title", maintain_order=True).agg("naics_prefix")
    return pl.concat(
        [
            sectors,
            groups.select(
                sector_code="group_code",
                title="title",
                is_group=pl.lit(True),
                naics_prefixes="naics_prefix",
            ),
        ]
    )
