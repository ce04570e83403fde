"""Commands about words: terms, taxonomy misses."""

from typing import Annotated

import typer

from pipelines.cli.console import WarehouseOption, out, plain_errors
from pipelines.places import WAREHOUSE
from pipelines.presentation.lookup import find_program, find_sector, find_skill
from pipelines.reports.vocabularies import Miss, Saying, Vocabulary, misses, vocabularies
from pipelines.warehouse.publish import open_snapshot

LimitOption = Annotated[int, typer.Option("--limit", min=1, help="How many to show.")]
ProgramOption = Annotated[
    str | None, typer.Option("--program", metavar="ID|WORDS", help="Only what this program says.")
]


def terms(
    skill: Annotated[
        str | None, typer.Option("--skill", metavar="URI|WORDS", help="Only this skill.")
    ] = None,
    program: ProgramOption = None,
    limit: LimitOption = 20,
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """The words courses use beside the words employers use for the same skill.

    Most different first: skills of which the least share of employers' mentions is in words that
    some course uses. Only skills that both sides name; in brackets postings, or courses.

    Examples: `skillgap terms` · `skillgap terms --program nursing-adn` ·
    `skillgap terms --skill "vital signs"`
    """
    with plain_errors(), open_snapshot(warehouse) as connection:
        program_id = find_program(connection, program).id if program else None
        skill_id = None
        if skill:
            rows = connection.table("mart.term_crosswalk").select("skill_id").fetchall()
            skill_id = find_skill(connection, skill, {row[0] for row in rows}).id
        found = vocabularies(connection, skill_id, program_id)
        if not found:
            out.print("No skill is named by both sides here.")
            return
        for vocabulary in found[:limit]:
            _print_vocabulary(vocabulary)
        differing = sum(1 for vocabulary in found if vocabulary.shared_share < 1)
        out.print(
            f"{len(found):,} skills are named by both sides; for {differing:,} of them employers "
            "use words that no course here uses.",
            highlight=False,
        )


def taxonomy_misses(
    sector: Annotated[
        str | None, typer.Option("--sector", metavar="CODE|WORDS", help="Only what it asks for.")
    ] = None,
    program: ProgramOption = None,
    limit: LimitOption = 20,
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Phrases that read like a skill and that no concept covers, with who says them.

    Most employers first. Counts are of the sector or program, where one is given.

    Examples: `skillgap taxonomy misses --limit 50` · `skillgap taxonomy misses --sector 62` ·
    `skillgap taxonomy misses --program nursing-adn`
    """
    with plain_errors(), open_snapshot(warehouse) as connection:
        found = misses(
            connection,
            find_sector(connection, sector).id if sector else None,
            find_program(connection, program).id if program else None,
        )
    if not found:
        out.print("No phrase here is without a concept.")
        return
    for miss in found[:limit]:
        _print_miss(miss)
    out.print(
        f"{len(found):,} phrases. Make one a concept: skillgap taxonomy add "
        f'"{found[0].phrase}"; it counts from the next run on.',
        highlight=False,
        markup=False,
    )


def _print_vocabulary(vocabulary: Vocabulary) -> None:
    shared = f"{vocabulary.shared_share:.0%} of employers' mentions in courses' words"
    _print(f"{vocabulary.skill_label}: {shared}", style="bold")
    for who, words in (
        ("courses", vocabulary.course_terms),
        ("employers", vocabulary.posting_terms),
    ):
        _print(f"  {who:<9}  {', '.join(f'{term} ({n:,})' for term, n in words)}")


def _print_miss(miss: Miss) -> None:
    _print(f"{miss.phrase}  [{', '.join(miss.group_codes) or 'no likely group'}]", style="bold")
    if asked := miss.postings:
        counts = f"{_n(asked.documents_n, 'posting')} of {_n(asked.employers_n, 'employer')}"
        _print(f"  employers  {counts}: {_quoted(asked)}")
    if taught := miss.courses:
        _print(f"  courses    {_n(taught.documents_n, 'course')}: {_quoted(taught)}")


def _n(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _quoted(saying: Saying) -> str:
    sentence = " ".join(saying.sentence.split())
    return f'"{sentence}" ({saying.said_by} · {saying.source_id}, {saying.locator})'


def _print(line: str, style: str | None = None) -> None:
    out.print(line, style=style, highlight=False, markup=False)
