"""The data page."""

from pipelines.dashboard.page import Laid, Visit
from pipelines.dashboard.parts import heading


def layout(visit: Visit) -> Laid:
    """The data page."""
    return Laid("data", [heading("data")])
