"""Commands of the taxonomy: search, show, import."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipelines.cli.console import (
    WarehouseOption,
    as_text,
    err,
    out,
    plain_errors,
    print_table,
    taxonomy_of,
)
from pipelines.places import WAREHOUSE
from skills_taxonomy.additions import Additions
from skills_taxonomy.taxonomy import imported_taxonomy

if TYPE_CHECKING:
    from skills_taxonomy.update import ImportReport


def taxonomy_search(
    words: Annotated[str, typer.Argument(help="Words of a label.")],
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 10,
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Find concepts by their labels. Example: `skillgap taxonomy search nursing`"""
    with plain_errors():
        found = taxonomy_of(warehouse).search(words, limit)
    if found.is_empty():
        out.print(f"No label matches '{words}'.")
    else:
        print_table(found.select("preferred_label", "matched_label", "skill_type", "skill_id"))


def taxonomy_show(
    skill_id: Annotated[str, typer.Argument(help="The concept's URI, as `search` prints it.")],
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Everything about one concept. Example: `skillgap taxonomy show local:wound-care`"""
    with plain_errors():
        for name, value in taxonomy_of(warehouse).show(skill_id).items():
            out.print(f"[bold]{name}[/bold]: {as_text(value)}", highlight=False)


def taxonomy_import(
    source: Annotated[Literal["esco", "onet"], typer.Argument(help="Whose bundle it is.")],
    bundle: Annotated[Path, typer.Argument(help="The official zip, or its unpacked folder.")],
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Read an official bundle, carry old ids over, use it from the next run on.

    Your own additions stay, and are laid over it.

    Examples: `skillgap taxonomy import esco ESCO-v1.2.0.zip` ·
    `skillgap taxonomy import onet db_29_3_text.zip`
    """
    from skills_taxonomy.update import import_esco, import_onet

    with plain_errors(), err.status("reading the bundle"):
        directory = warehouse / "taxonomy"
        read_bundle = {"esco": import_esco, "onet": import_onet}[source]
        imported, changes = read_bundle(bundle, imported_taxonomy(directory), directory)
        _print_changes(changes)
        for own_id, label, other_id in Additions.read(directory).clashes(imported.frames):
            err.print(
                f"[yellow]note:[/yellow] '{label}' of your {own_id} is now a label of {other_id} "
                f"too; yours counts. To use the other: skillgap taxonomy remove {own_id}",
                highlight=False,
            )


def _print_changes(changes: "ImportReport") -> None:
    out.print(f"{changes.old_version} → {changes.new_version}", highlight=False)
    for kind, count in changes.counts.items():
        out.print(f"[bold]{count:,} {kind}[/bold]", highlight=False)
        for example in changes.examples(kind):
            out.print(f"  {' · '.join(map(str, example.values()))}", highlight=False)
