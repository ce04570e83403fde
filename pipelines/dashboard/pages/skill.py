"""The skill page."""

from pipelines.dashboard.page import Laid, Visit
from pipelines.dashboard.parts import heading


def layout(visit: Visit) -> Laid:
    """The skill page."""
    return Laid("skill", [heading("skill")])
