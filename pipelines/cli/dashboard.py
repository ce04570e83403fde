"""The command that serves the committee's dashboard."""

from typing import Annotated

import typer

from pipelines.cli.console import WarehouseOption, err, out
from pipelines.places import WAREHOUSE

THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def dashboard(
    warehouse: WarehouseOption = WAREHOUSE,
    host: Annotated[str, typer.Option("--host", help="Address to serve at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")
    ] = 8050,
    is_opened: Annotated[
        bool, typer.Option("--open/--no-open", help="Open it in the browser.")
    ] = False,
) -> None:
    """Serve the committee's dashboard from the published snapshot, until Ctrl-C.

    It shows a new snapshot as soon as a run has published it, and says how to publish where
    nothing is there yet.

    Examples: `skillgap dashboard` · `skillgap dashboard --port 8060 --open` ·
    `skillgap dashboard --warehouse data/warehouse/public_data`
    """
    from pipelines.dashboard import create_app, serve

    if host not in THIS_MACHINE:
        err.print(
            "[red]skillgap:[/red] other machines may open the dashboard only once users are "
            "configured; serve it at 127.0.0.1",
            highlight=False,
        )
        raise typer.Exit(2)
    try:
        serve(
            create_app(warehouse),
            host,
            port,
            is_opened,
            lambda url: out.print(f"dashboard at {url} (Ctrl-C ends it)"),
        )
    except OSError as error:
        err.print(f"[red]skillgap:[/red] {host}:{port}: {error.strerror}", highlight=False)
        raise typer.Exit(1) from error
