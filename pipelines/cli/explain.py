"""The command that shows one figure with all it rests on: explain."""

import json
import sys
from typing import Annotated

import typer

from pipelines.cli.console import WarehouseOption, out, plain_errors
from pipelines.places import WAREHOUSE
from pipelines.presentation.card import as_record, card, in_words, skills_of
from pipelines.presentation.lookup import find_program, find_sector, find_skill
from pipelines.warehouse.publish import current_snapshot, open_snapshot


def explain(
    program: Annotated[str, typer.Argument(help="Its id, or words of its title.")],
    sector: Annotated[
        str,
        typer.Argument(
            help="A sector, a group of sectors, or 'occupations of' a program: code or words."
        ),
    ],
    skill: Annotated[str, typer.Argument(help="Its URI, or words of a label.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """One skill in a program and a sector: every figure, how it follows, the sentences behind it.

    Examples: `skillgap explain nursing-adn "health care" "wound care"` ·
    `skillgap explain nursing-adn "occupations of nursing" "wound care"` ·
    `skillgap explain welding 31-33 "blueprints"` ·
    `skillgap explain nursing-adn 62 resuscitation --json`
    """
    with plain_errors(), open_snapshot(warehouse) as connection:
        of = find_program(connection, program), find_sector(connection, sector)
        shown = card(connection, *of, find_skill(connection, skill, skills_of(connection, *of)))
        snapshot = current_snapshot(warehouse)
    if as_json:
        record = {"snapshot": snapshot.file, "taxonomy": snapshot.taxonomy_version}
        sys.stdout.write(json.dumps(record | as_record(shown), ensure_ascii=False) + "\n")
        return
    for line in in_words(shown):
        out.print(line, highlight=False, markup=False)
    out.print(f"snapshot {snapshot.file}, taxonomy {snapshot.taxonomy_version}", highlight=False)
