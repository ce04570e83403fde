"""The application: one address, one page; the server's headers; serving it.

Every page is laid out from its address and one reading of the snapshot. Whoever adds writing pages
gives `create_app` an `Extras`.
"""

import logging
import webbrowser
from collections.abc import Callable
from pathlib import Path

import dash
import waitress
from dash import Input, Output, dcc, html
from dash.dependencies import ClientsideFunction
from flask import Response

from pipelines.contracts import TABLES
from pipelines.dashboard.addresses import Query
from pipelines.dashboard.frame import framed
from pipelines.dashboard.page import Extras, Laid, Page, Visit
from pipelines.dashboard.pages import PAGES, empty
from pipelines.dashboard.snapshot import Published
from pipelines.presentation.colors import css_variables
from pipelines.warehouse.publish import WarehouseError

NAME = "Skills gap"
THREADS = 8
PUBLISHED = "published"
LOOK_AGAIN_MS = 3000
HTML = """<!DOCTYPE html>
<html lang="en">
<head>
{%metas%}
<meta name="color-scheme" content="light dark">
<title>{%title%}</title>
{%favicon%}
<style>COLORS</style>
{%css%}
</head>
<body>
{%app_entry%}
<noscript>This page needs JavaScript. The same figures without it: run "skillgap report".</noscript>
{%config%}
{%scripts%}
{%renderer%}
</body>
</html>"""
log = logging.getLogger(__name__)


def create_app(warehouse: Path, extras: Extras | None = None) -> dash.Dash:
    """The dashboard of one warehouse.

    Args:
        warehouse: the folder that runs publish into; nothing need be published yet.
        extras: what else belongs to the pages and the server.
    """
    extras = extras or Extras()
    pages = {page.path: page for page in (*PAGES, *extras.pages)}
    published = Published(warehouse)
    app = dash.Dash(
        __name__,
        title=NAME,
        update_title="",
        serve_locally=True,
        index_string=HTML.replace("COLORS", css_variables()),
        enable_mcp=False,
        add_log_handler=False,
    )
    app.layout = html.Div(
        [
            dcc.Location(id="address", refresh=False),
            dcc.Interval(id="again", interval=LOOK_AGAIN_MS, disabled=True),
            dcc.Store(id="page-title"),
            html.Div(id="page"),
        ]
    )

    @app.callback(
        Output("page", "children"),
        Output("page-title", "data"),
        Output("again", "disabled"),
        Input("address", "pathname"),
        Input("address", "search"),
        Input("again", "n_intervals"),
    )
    def lay_out(path: str | None, search: str | None, _: int | None) -> tuple[object, str, bool]:
        laid = _laid_out(published, pages, extras, path or "/", Query.of(search))
        content = framed(laid, path or "/", pages.values(), extras.account())
        return content, f"{laid.title} · {NAME}", not laid.is_waiting

    app.clientside_callback(
        ClientsideFunction("navigate", "entitle"),
        Output("page-title", "modified_timestamp"),
        Input("page-title", "data"),
    )
    app.server.extensions[PUBLISHED] = published
    for extend in extras.on_server:
        extend(app.server, published)
    _harden(app)
    return app


def serve(
    app: dash.Dash, host: str, port: int, is_opened: bool, announce: Callable[[str], None]
) -> None:
    """Serve until interrupted. Raises OSError where the port is taken.

    Args:
        port: 0 takes a free one; is_opened: open the browser; announce: is told the URL.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a page asks for files in parallel
    server = waitress.create_server(app.server, host=host, port=port, threads=THREADS, ident=None)
    url = f"http://{f'[{host}]' if ':' in host else host}:{server.effective_port}"
    announce(url)
    if is_opened:
        webbrowser.open(url)
    try:
        server.run()
    finally:
        close(app)


def close(app: dash.Dash) -> None:
    """Close the snapshot that the dashboard has open."""
    app.server.extensions[PUBLISHED].close()


def _laid_out(
    published: Published, pages: dict[str, Page], extras: Extras, path: str, query: Query
) -> Laid:
    page = pages.get(path.rstrip("/") or "/")
    if page is None:
        return empty.no_such_page(path)
    try:
        with published.reading() as reading:
            if not set(TABLES) <= set(reading.edition.rows):
                return empty.earlier_version()
            return page.layout(Visit(reading, query, extras))
    except WarehouseError:
        return empty.nothing_published()
    except Exception:
        log.exception("the page %s could not be laid out", path)
        return empty.failed()


def _harden(app: dash.Dash) -> None:
    """Headers of every answer: scripts of ours only, no frames, nothing guessed, nothing told."""
    policy = "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {' '.join(app.csp_hashes())}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )

    @app.server.after_request
    def with_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        return response
