"""The feeds there are, as a source.yml chooses among them by `type`."""

from typing import Annotated

from pydantic import Field

from pipelines.ingest.feeds.boards import Ashby, Greenhouse, Lever, Workable
from pipelines.ingest.feeds.pages import Pages
from pipelines.ingest.feeds.searches import Adzuna, Arbeitnow, JobTech, Remotive, UsaJobs

AnyFeed = Annotated[
    Greenhouse
    | Lever
    | Ashby
    | Workable
    | UsaJobs
    | Adzuna
    | Arbeitnow
    | Remotive
    | JobTech
    | Pages,
    Field(discriminator="type"),
]
