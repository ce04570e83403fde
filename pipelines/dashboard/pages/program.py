"""The program page."""

from pipelines.dashboard.page import Laid, Visit
from pipelines.dashboard.parts import heading


def layout(visit: Visit) -> Laid:
    """The program page."""
    return Laid("program", [heading("program")])
