"""What stands around every page: skip link, navigation, main part, footer."""

from collections.abc import Iterable

from dash import dcc, html
from dash.development.base_component import Component

from pipelines.dashboard.page import Laid, Page
from pipelines.dashboard.parts import aria


def framed(
    laid: Laid, path: str, pages: Iterable[Page], account: Component | None
) -> list[Component]:
    """The page within its frame; `account` says who is there."""
    return [
        html.A("Skip to the content", href="#main", className="skip"),
        html.Nav(
            [
                dcc.Link("Skills gap", href="/", className="brand"),
                html.Ul(_links(path, pages)),
                account,
            ],
            className="site",
            **aria(label="Pages"),
        ),
        html.Main(laid.content, id="main", tabIndex=-1),
        html.Footer(
            html.P(
                "Online postings over-represent graduate and office work. Skills from ESCO "
                "(© European Union, classification of the European Commission) and O*NET "
                "(CC BY 4.0, U.S. Department of Labor), with local additions.",
                className="soft",
            ),
        ),
    ]


def _links(path: str, pages: Iterable[Page]) -> list[Component]:
    return [
        html.Li(
            dcc.Link(page.name, href=page.path, className="here")
            if page.path == path
            else dcc.Link(page.name, href=page.path)
        )
        for page in pages
        if page.name
    ]
