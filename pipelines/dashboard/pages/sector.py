"""The sector page."""

from pipelines.dashboard.page import Laid, Visit
from pipelines.dashboard.parts import heading


def layout(visit: Visit) -> Laid:
    """The sector page."""
    return Laid("sector", [heading("sector")])
