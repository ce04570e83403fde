"""`skillgap`: every room from the command line. Thin: it parses, calls, prints.

Exit codes: 0 done · 1 the run or the query failed · 2 the command or its input is wrong.
Heavy rooms (Dagster, spaCy, plotly) are imported by the commands that need them, so that
`skillgap --help`, `status` and `query` answer at once.
"""

import typer

from pipelines.cli import (
    additions,
    dashboard,
    decisions,
    explain,
    extract,
    published,
    runs,
    taxonomy,
    users,
    vocabularies,
)

app = typer.Typer(
    help="Measure how well curricula cover what employers ask for.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    epilog="Exit codes: 0 done, 1 the run or query failed, 2 the command or its input is wrong.",
)
for command in (
    runs.demo,
    runs.run,
    published.report,
    published.status,
    published.query,
    explain.explain,
    dashboard.dashboard,
    vocabularies.terms,
    extract.extract,
    runs.fetch,
):
    app.command()(command)

ingest_app = typer.Typer(help="Look at source files before a run.", no_args_is_help=True)
taxonomy_app = typer.Typer(help="Search and update the skills taxonomy.", no_args_is_help=True)
app.add_typer(ingest_app, name="ingest")
app.add_typer(taxonomy_app, name="taxonomy")
ingest_app.command("check")(runs.ingest_check)
taxonomy_app.command("search")(taxonomy.taxonomy_search)
taxonomy_app.command("show")(taxonomy.taxonomy_show)
taxonomy_app.command("import")(taxonomy.taxonomy_import)
taxonomy_app.command("misses")(vocabularies.taxonomy_misses)
taxonomy_app.command("add")(additions.taxonomy_add)
taxonomy_app.command("remove")(additions.taxonomy_remove)
decisions_app = typer.Typer(
    help="Look at what reviewers accepted and rejected.", no_args_is_help=True
)
users_app = typer.Typer(help="Say who may use the dashboard.", no_args_is_help=True)
app.add_typer(decisions_app, name="decisions")
app.add_typer(users_app, name="users")
decisions_app.command("list")(decisions.decisions_list)
decisions_app.command("export")(decisions.decisions_export)
users_app.command("add")(users.users_add)
users_app.command("list")(users.users_list)
users_app.command("remove")(users.users_remove)


def main() -> None:
    """The entry point of `skillgap`."""
    app()
