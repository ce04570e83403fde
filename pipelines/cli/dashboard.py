"""The command that serves the committee's dashboard."""

from typing import Annotated

import typer

from pipelines.cli.console import DecisionsOption, WarehouseOption, err, out, plain_errors
from pipelines.places import WAREHOUSE


def dashboard(
    warehouse: WarehouseOption = WAREHOUSE,
    host: Annotated[str, typer.Option("--host", help="Address to serve at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")
    ] = 8050,
    is_opened: Annotated[
        bool, typer.Option("--open/--no-open", help="Open it in the browser.")
    ] = False,
    trust_header: Annotated[
        str,
        typer.Option(
            "--trust-header",
            metavar="NAME",
            help="Believe this header of a proxy about who is there. Read "
            "docs/decisions-and-ballots.md first.",
        ),
    ] = "",
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--name", metavar="HOST", help="A host name it is asked for under; repeat for several."
        ),
    ] = None,
    decisions: DecisionsOption = "",
) -> None:
    """Serve the committee's dashboard from the published snapshot, until Ctrl-C.

    It shows a new snapshot as soon as a run has published it, and says how to publish where
    nothing is there yet. At 127.0.0.1 without users whoever sits there is the reviewer `local`;
    any other address takes users (`skillgap users add`), who log in.

    Examples: `skillgap dashboard` · `skillgap dashboard --port 8060 --open` ·
    `skillgap dashboard --warehouse data/warehouse/public_data` ·
    `skillgap dashboard --host 0.0.0.0 --name gaps.campus.example`
    """
    from pipelines.dashboard import create_app, serve
    from pipelines.dashboard.people import people
    from pipelines.dashboard.security import KEY_FILE, Access
    from pipelines.decisions.store import store_file, store_url

    url = store_url(decisions, warehouse)
    access = Access(
        store_url=url,
        host=host,
        key_path=(store_file(url) or warehouse / KEY_FILE).with_name(KEY_FILE),
        trust_header=trust_header,
        names=names or [],
    )
    with plain_errors():
        app = create_app(warehouse, people(access))
    try:
        serve(
            app,
            host,
            port,
            is_opened,
            lambda url: out.print(f"dashboard at {url} (Ctrl-C ends it)"),
        )
    except OSError as error:
        err.print(f"[red]skillgap:[/red] {host}:{port}: {error.strerror}", highlight=False)
        raise typer.Exit(1) from error
