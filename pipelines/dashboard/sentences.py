"""What pages of the dashboard say first, computed from their rows."""

from typing import Any

from pipelines.contracts.rules import PROGRAM_MARKET
from pipelines.dashboard.directory import Directory
from pipelines.dashboard.parts import count, interval, percent

Row = dict[str, Any]


def overview_sentence(rows: list[Row], directory: Directory) -> str:
    """What stands out among the comparisons shown: best and least aligned with a sector they feed.

    Args:
        rows: of mart.program_sector_alignment.
    """
    programs_n = len({row["program_id"] for row in rows})
    if not rows:
        return "No comparison fits these filters."
    fed = [
        row
        for row in rows
        if row["is_target"] and not row["sector_code"].startswith(PROGRAM_MARKET)
    ]
    known = sorted(
        (row for row in fed or rows if row["alignment"] is not None),
        key=lambda row: (-row["alignment"], row["program_id"], row["sector_code"]),
    )
    if not known:
        return (
            f"{count(programs_n, 'program')} compared, and everywhere too few postings to say how "
            "well they cover what is asked."
        )
    if len(known) == 1:
        return f"{_named(known[0], directory)}."
    thin_n = len(fed or rows) - len(known)
    thin = f" For {count(thin_n, 'comparison')} there are too few postings." if thin_n else ""
    return (
        f"Of {count(programs_n, 'program')}, {_named(known[0], directory)}; "
        f"{_named(known[-1], directory, 'only ')}.{thin}"
    )


def _named(row: Row, directory: Directory, only: str = "") -> str:
    sector = directory.sector_name(row["sector_code"])
    return (
        f"{directory.program_names[row['program_id']]} covers {only}{percent(row['alignment'])} "
        f"({interval(row)}) of what {sector} asks for"
    )
