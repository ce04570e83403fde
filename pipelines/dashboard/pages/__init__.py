"""One module a page: `layout(visit)` lays it out from the snapshot and the address."""

from pipelines.dashboard.addresses import DATA, OVERVIEW, PROGRAM, SECTOR, SKILL
from pipelines.dashboard.page import Page
from pipelines.dashboard.pages import data, overview, program, sector, skill

PAGES = (
    Page(OVERVIEW, "Overview", overview.layout),
    Page(PROGRAM, "Programs", program.layout),
    Page(SECTOR, "Sectors", sector.layout),
    Page(SKILL, "Skills", skill.layout),
    Page(DATA, "Data", data.layout),
)
