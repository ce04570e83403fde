"""What pages of the dashboard say first, computed from their rows."""

from typing import Any

from pipelines.contracts.rules import PROGRAM_MARKET
from pipelines.dashboard.directory import Directory
from pipelines.dashboard.parts import count, interval, percent
from pipelines.dashboard.what_if import Outcome

Row = dict[str, Any]
LEAST_GAIN = 0.0005


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
    best, least = known[0], known[-1]
    thin_n = len(fed or rows) - len(known)
    thin = f" For {count(thin_n, 'comparison')} there are too few postings." if thin_n else ""
    if len(known) == 1:
        return f"{_named(best, directory)} covers {_covered(best, directory)}.{thin}"
    return (
        f"Of {count(programs_n, 'program')}, {_named(best, directory)} is best aligned: its "
        f"courses cover {_covered(best, directory)}. {_named(least, directory)} is least aligned, with "
        f"{_covered(least, directory)}.{thin}"
    )


def what_if_sentence(outcome: Outcome) -> str:
    """How far the additions would move alignment."""
    before, after = outcome.before, outcome.after
    if outcome.gain < LEAST_GAIN:
        return (
            f"Alignment would stay at {percent(before['alignment'])}: what is added is covered as "
            "well already, or no ranked skill of the sector."
        )
    return (
        f"Alignment would rise from {percent(before['alignment'])} ({interval(before)}) to "
        f"{percent(after['alignment'])} ({interval(after)}): {100 * outcome.gain:.1f} points more "
        f"({100 * outcome.gain_low:.1f} to {100 * outcome.gain_high:.1f})."
    )


def _named(row: Row, directory: Directory) -> str:
    return directory.program_names[row["program_id"]]


def _covered(row: Row, directory: Directory) -> str:
    sector = directory.sector_name(row["sector_code"])
    return f"{percent(row['alignment'])} ({interval(row)}) of what {sector} asks for"
