"""What the benchmarks share in writing figures down: a Markdown table, the interval of a share."""

import math
from collections.abc import Iterable

Z = 1.96


def table(title: str, header: str, rows: Iterable[tuple]) -> list[str]:
    """The lines of a Markdown table under a heading; fractions with three digits."""
    names = header.split(", ")
    lines = ["", f"## {title}", "", f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    for row in rows:
        cells = (f"{value:,.3f}" if isinstance(value, float) else str(value) for value in row)
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    share, spread = right / n, Z * Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return middle - half, middle + half


def share_of(right: int, n: int) -> str:
    """``.78 (.70 to .85; 89 of 114)``: a share with its interval and counts."""
    if not n:
        return "none of 0"
    low, high = wilson(right, n)
    return f"{right / n:.2f} ({low:.2f} to {high:.2f}; {right:,} of {n:,})"
