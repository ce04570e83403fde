"""What a ballot is chosen from: a program's first gaps, or what a sector asks for most."""

import polars as pl

from pipelines.contracts.rules import BALLOT_SKILLS, GRAINS
from pipelines.dashboard.snapshot import Reading
from pipelines.decisions.records import BallotSkill


def ballot_skills(
    reading: Reading, program_id: str, sector_code: str, grain: str
) -> list[BallotSkill]:
    """At most `BALLOT_SKILLS` of them with the postings' share and interval, most pressing first,
    transversal ones last.

    Args:
        program_id: whose gaps beside the sector; empty for what the sector asks for most.
        grain: concepts or groups of them.
    """
    if grain not in GRAINS:
        return []
    demand = reading.frame("mart.sector_skill_demand", sector_code=sector_code, grain=grain)
    ranked = demand.filter("is_publishable")
    if program_id:
        gaps = reading.frame(
            "mart.program_sector_gap", program_id=program_id, sector_code=sector_code, grain=grain
        )
        first = gaps.drop_nulls("rank").sort("is_transversal", "rank").select("skill_id")
    else:
        wanted = ranked.sort("is_transversal", -pl.col("demand"), "skill_id")
        first = wanted.select("skill_id")
    chosen = first.head(BALLOT_SKILLS).join(
        ranked, on="skill_id", how="inner", maintain_order="left"
    )
    return [
        BallotSkill(**row, median_share=ranked.select(pl.col("share").median()).item())
        for row in chosen.select("skill_id", "skill_label", "share", "ci_low", "ci_high").to_dicts()
    ]


def ranked_sectors(reading: Reading) -> set[str]:
    """The sectors, sector groups and programs' markets in which any skill is ranked."""

    def read() -> set[str]:
        demand = reading.connection.table("mart.sector_skill_demand").filter("is_publishable")
        return {code for (code,) in demand.select("sector_code").distinct().fetchall()}

    return reading.once("ranked sectors", read)
