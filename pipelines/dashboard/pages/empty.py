"""Pages for what is not there: each says why, and what to do."""

from dash import dcc, html

from pipelines.dashboard.addresses import OVERVIEW, link
from pipelines.dashboard.page import Laid
from pipelines.dashboard.parts import Choice, card, heading, lead, soft


def nothing_published() -> Laid:
    return Laid(
        "Nothing published yet",
        [
            heading("Nothing is published yet"),
            lead(
                "A run reads job postings and courses and publishes what it found; this page shows "
                "it as soon as it is there."
            ),
            card(
                "how",
                "How to publish",
                html.Dl(
                    [
                        html.Dt("To look around first: the sample, a fictional college"),
                        html.Dd(html.Code("skillgap demo")),
                        html.Dt("Your own files, in folders below data/sources"),
                        html.Dd(html.Code("skillgap run --sources data/sources")),
                    ]
                ),
                soft("This page looks again by itself; nothing needs a restart."),
            ),
        ],
        is_waiting=True,
    )


def earlier_version() -> Laid:
    return Laid(
        "Published by an earlier version",
        [
            heading("Run once more"),
            lead("What is published was made by an earlier version, without all that pages need."),
            soft(html.Code("skillgap run"), " makes it anew; this page shows it then."),
        ],
    )


def no_programs() -> list:
    """What stands where programs would be compared."""
    return [
        lead(
            "No program is registered yet, so there is nothing to compare with what employers ask."
        ),
        soft(
            "A ",
            html.Code("programs.yml"),
            " names each program, its courses and the sectors it feeds: see ",
            html.Code("data/sources/README.md"),
            ". What employers ask for stands on the pages of the sectors already.",
        ),
    ]


def no_postings() -> list:
    """What stands where demand would be shown."""
    return [
        lead("No posting lies in the period that counts as today's demand."),
        soft(
            "Add postings to the sources, or widen ",
            html.Code("window_months"),
            " in ",
            html.Code("project.yml"),
            ", and run again.",
        ),
    ]


def unknown(kind: str, typed: str, path: str, known: list[Choice]) -> Laid:
    """The address names a program, sector or skill that the snapshot does not have."""
    links = [html.Li(dcc.Link(c.label, href=link(path, {kind: c.value}))) for c in known]
    return Laid(
        f"No such {kind}",
        [
            heading(f"There is no such {kind}"),
            lead(
                f"The published snapshot has no {kind} '{typed}'. It may have been renamed or "
                "withdrawn since the address was sent."
            ),
            card("known", f"The {kind}s there are", html.Ul(links, className="links"))
            if links
            else None,
            soft(dcc.Link(f"All {kind}s", href=path)),
        ],
    )


def no_such_page(path: str) -> Laid:
    return Laid(
        "No such page",
        [
            heading("There is no such page"),
            lead(f"Nothing stands at {path}."),
            soft(dcc.Link("Back to the overview", href=OVERVIEW)),
        ],
    )


def failed() -> Laid:
    return Laid(
        "Something went wrong",
        [
            heading("Something went wrong"),
            lead("This page could not be laid out. The server's log says why."),
            soft(html.A("Load the overview anew", href=OVERVIEW)),
        ],
    )
