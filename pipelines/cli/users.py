"""Commands of those who may use the dashboard: users add, users list, users remove."""

import sys
from typing import Annotated, Literal

import polars as pl
import typer

from pipelines.cli.console import DecisionsOption, WarehouseOption, out, plain_errors, print_table
from pipelines.places import WAREHOUSE

NOBODY = (
    "No users are configured: the dashboard answers on this machine only, and whoever sits at it "
    "is the reviewer 'local'. Add one: skillgap users add NAME --role admin"
)


def users_add(
    name: Annotated[str, typer.Argument(help="What they log in with, and sign decisions with.")],
    role: Annotated[
        Literal["reader", "reviewer", "admin"],
        typer.Option(
            help="reader: reads and votes; reviewer: also decides and holds ballots; "
            "admin: also closes others' ballots."
        ),
    ] = "reader",
    decisions: DecisionsOption = "",
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Let somebody log in to the dashboard, or give them another password and role.

    The password is asked for, or read from the input's first line; it is never an argument.

    Examples: `skillgap users add ada --role reviewer` ·
    `skillgap users add ada --role admin < password.txt`
    """
    from pipelines.decisions.store import open_store, store_url
    from pipelines.decisions.users import add_user

    with plain_errors():
        store = open_store(store_url(decisions, warehouse))
        add_user(store, name, _password(), role)
    out.print(f"{name.strip()} may log in as {role}.", highlight=False, markup=False)


def users_list(decisions: DecisionsOption = "", warehouse: WarehouseOption = WAREHOUSE) -> None:
    """Who may use the dashboard, as what. Example: `skillgap users list`"""
    from pipelines.decisions.store import find_store, store_url
    from pipelines.decisions.users import users

    with plain_errors():
        store = find_store(store_url(decisions, warehouse))
        found = users(store) if store else []
    if not found:
        out.print(NOBODY, markup=False)
        return
    rows = [(user.name, user.role) for user in found]
    print_table(pl.DataFrame(rows, schema=["name", "role"], orient="row"))


def users_remove(
    name: Annotated[str, typer.Argument(help="Their name, as `users list` prints it.")],
    decisions: DecisionsOption = "",
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Let somebody no longer log in; what they decided stays in the log.

    Example: `skillgap users remove ada`
    """
    from pipelines.decisions.store import open_store, store_url
    from pipelines.decisions.users import remove_user

    with plain_errors():
        remove_user(open_store(store_url(decisions, warehouse)), name)
    out.print(f"{name} may no longer log in.", highlight=False, markup=False)


def _password() -> str:
    if sys.stdin.isatty():
        return typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return sys.stdin.readline().rstrip("\r\n")
