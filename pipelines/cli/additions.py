"""Commands that change a user's own part of the taxonomy: taxonomy add, taxonomy remove."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from pipelines.cli.console import WarehouseOption, out, plain_errors
from pipelines.places import WAREHOUSE
from pipelines.reports.vocabularies import likely_groups
from pipelines.warehouse.database import WarehouseError
from pipelines.warehouse.publish import open_snapshot
from skills_taxonomy.additions import (
    AddedConcept,
    AddedLabel,
    AdditionError,
    Additions,
    clean_label,
    group_code,
    local_id,
)
from skills_taxonomy.taxonomy import SkillDetails, Taxonomy, imported_taxonomy, taxonomy_in_use


def taxonomy_add(
    phrase: Annotated[str, typer.Argument(help="The words, as `taxonomy misses` prints them.")],
    label: Annotated[
        str | None, typer.Option(help="The preferred label, where it is not the phrase itself.")
    ] = None,
    alternative: Annotated[
        list[str] | None, typer.Option(help="Other words for it; repeat for several.")
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="Its skill group, such as S3.2 or 061; repeat for several.",
            show_default="the phrase's likeliest",
        ),
    ] = None,
    skill_type: Annotated[
        str,
        typer.Option(
            "--type", help="skill, knowledge, transversal, language, software or certificate."
        ),
    ] = "skill",
    broader: Annotated[
        str | None, typer.Option(metavar="URI", help="A concept that is broader than it.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(metavar="URI", help="Make no concept: add the words to this one's labels."),
    ] = None,
    note: Annotated[str, typer.Option(help="Why, for those who come after.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be added.")
    ] = False,
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Make a phrase a concept of your own, or a label of an existing one, from the next run on.

    Additions lie in WAREHOUSE/taxonomy/additions.yml, outlive every `taxonomy import`, and show in
    the taxonomy's version.

    Examples: `skillgap taxonomy add "packet analysis" --group 061` ·
    `skillgap taxonomy add "obs round" --label "patient observation round" --type skill` ·
    `skillgap taxonomy add "take obs" --to URI` · `skillgap taxonomy add "bls" --dry-run`
    """
    from skills_taxonomy.pipeline import is_looked_for

    with plain_errors():
        directory = warehouse / "taxonomy"
        before, additions = taxonomy_in_use(directory), Additions.read(directory)
        base = imported_taxonomy(directory).frames
        words = clean_label(phrase)
        said = list(dict.fromkeys((words, *map(clean_label, alternative or []))))
        skill_id = to or local_id(words)
        if additions.has(skill_id, words) or is_looked_for(words, skill_id, before):
            out.print(f"'{words}' is there already, as {skill_id}.", markup=False)
            return
        today = dt.datetime.now(dt.UTC).date()
        changed = additions
        if to:
            if label or group or broader or skill_type != "skill":
                raise AdditionError("--to adds labels only: leave out --label, --group, --type, …")
            for other in said:
                added = AddedLabel(skill_id=to, label=other, note=note, added_on=today)
                changed = changed.with_label(added, base)
        else:
            preferred = clean_label(label or words)
            concept = AddedConcept(
                skill_id=skill_id,
                preferred_label=preferred,
                alternative_labels=tuple(other for other in said if other != preferred),
                skill_type=skill_type,
                group_codes=tuple(map(group_code, group or _likeliest_group(warehouse, words))),
                broader_skill_id=broader,
                note=note,
                added_on=today,
            )
            changed = changed.with_concept(concept, base)
        after = Taxonomy.of(changed.over(base))
        if not is_looked_for(words, skill_id, after):
            raise AdditionError(
                f"'{words}' would never be found: too long, or too common a word. Give other "
                "words; `skillgap extract --explain` shows what a sentence gives"
            )
        _print_concept(after.show(skill_id))
        if dry_run:
            out.print("Nothing was written: this was a dry run.")
            return
        _write(changed, directory, before, after)


def taxonomy_remove(
    skill_id: Annotated[str, typer.Argument(help="The concept's id, such as local:take-obs.")],
    label: Annotated[
        str | None, typer.Option(help="Only these words, which you added to the concept.")
    ] = None,
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Take back a concept or a label that you added; others are never removed.

    Examples: `skillgap taxonomy remove local:packet-analysis` ·
    `skillgap taxonomy remove URI --label "take obs"`
    """
    with plain_errors():
        directory = warehouse / "taxonomy"
        before = taxonomy_in_use(directory)
        before.show(skill_id)
        changed = Additions.read(directory).without(skill_id, label)
        after = Taxonomy.of(changed.over(imported_taxonomy(directory).frames))
        _write(changed, directory, before, after)


def _print_concept(shown: SkillDetails) -> None:
    groups = ", ".join(f"{group['group_code']} {group['label']}" for group in shown["groups"])
    for line in (
        f"skill_id: {shown['skill_id']}",
        f"preferred label: {shown['preferred_label']}",
        f"alternative labels: {', '.join(shown['alternative_labels']) or 'none'}",
        f"type: {shown['skill_type']}",
        f"groups: {groups or 'none'}",
    ):
        out.print(line, highlight=False, markup=False)


def _write(changed: Additions, directory: Path, before: Taxonomy, after: Taxonomy) -> None:
    path = changed.write(directory)
    out.print(f"wrote {path}; it counts from the next run on", highlight=False, markup=False)
    out.print(f"{before.version} → {after.version}", highlight=False)


def _likeliest_group(warehouse: Path, phrase: str) -> list[str]:
    """The likeliest group of the phrase in the published lane; none where it is not there."""
    try:
        with open_snapshot(warehouse) as connection:
            return likely_groups(connection, phrase)[:1]
    except (WarehouseError, duckdb.CatalogException):
        return []
