"""Ballots: what an employer advisory board thinks is needed, beside what postings say."""

from collections.abc import Callable

from dash import dcc, html
from dash.development.base_component import Component

from pipelines.contracts.rules import (
    BALLOT_ANSWERS,
    BOARD_MAJORITY,
    GRAINS,
    MIN_BOARD_VOTES,
    TOP_GAPS,
)
from pipelines.dashboard import security
from pipelines.dashboard.addresses import BALLOT, SKILL, link
from pipelines.dashboard.ballot_skills import ballot_skills, ranked_sectors
from pipelines.dashboard.page import Laid, Visit
from pipelines.dashboard.parts import (
    Choice,
    Column,
    Row,
    aria,
    ask,
    card,
    count,
    data,
    first_upper,
    heading,
    lead,
    percent,
    select,
    soft,
    table,
)
from pipelines.decisions import ballots
from pipelines.decisions.records import Ballot, BallotSkill, StoreError, Tally
from pipelines.decisions.store import Database, find_store

GRAIN_NAMES = {"group": "Groups of skills", "concept": "Single skills"}
BOX = "\N{BALLOT BOX}"


def page(store_url: str) -> Callable[[Visit], Laid]:
    """The page of the ballots in a store: one, where the address says which; else all of them and
    a new one, chosen by `program`, `sector` and `grain`."""

    def layout(visit: Visit) -> Laid:
        store = find_store(store_url)
        number = visit.query.one("ballot")
        if not number:
            return _all(visit, ballots.ballots(store) if store else [])
        try:
            if store is None or not number.isdecimal():
                raise StoreError(f"there is no ballot {number}")
            return _one(visit, store, ballots.ballot(store, int(number)))
        except StoreError as error:
            return Laid(
                "No such ballot", [heading("There is no such ballot"), lead(f"{error}."), _back()]
            )

    return layout


def result_in_words(tally: Tally) -> str:
    """The votes on a skill: "4 of 5 yes, 1 not sure"."""
    decided = tally.yes_n + tally.no_n
    unsure = f"{tally.not_sure_n} not sure" if tally.not_sure_n else ""
    clear = f"{tally.yes_n} of {decided} yes" if decided else ""
    return ", ".join(part for part in (clear, unsure) if part) or "no votes"


def _all(visit: Visit, found: list[Ballot]) -> Laid:
    is_reviewer = security.visitor().may("reviewer")
    return Laid(
        "Ballots",
        [
            heading("Ballots"),
            lead(
                f"{count(len(found), 'ballot')}, {sum(one.is_open for one in found):,} open."
                if found
                else "No ballot yet. A ballot asks an employer advisory board, skill by skill, "
                "whether it agrees that a skill is needed."
            ),
            _list(found) if found else None,
            _new(visit) if is_reviewer else None,
        ],
    )


def _list(found: list[Ballot]) -> Component:
    columns = [
        Column("Ballot", lambda row: row["link"]),
        Column("Opened", lambda row: f"{row['one'].opened_at:%-d %B %Y} by {row['one'].opened_by}"),
        Column("Skills", lambda row: f"{len(row['one'].skills):,}", True),
        Column("State", lambda row: "open" if row["one"].is_open else "closed"),
    ]
    rows: list[Row] = [
        {"one": one, "link": dcc.Link(one.title, href=link(BALLOT, {"ballot": str(one.ballot_id)}))}
        for one in found
    ]
    return card("ballots", "All ballots", table("Ballots", columns, rows))


def _new(visit: Visit) -> Component | None:
    directory, ranked = visit.directory, ranked_sectors(visit.reading)
    programs = {
        program_id: [code for code in directory.own_sectors(program_id) if code in ranked]
        for program_id in directory.programs
    }
    if not ranked:
        return soft("A ballot is made of the skills that postings rank; there are too few yet.")
    program_id = visit.query.one("program")
    program_id = program_id if programs.get(program_id) else ""
    sectors = programs.get(program_id) or [
        code for code in directory.sector_codes if code in ranked
    ]
    sector_code = visit.query.choice("sector", sectors)
    grain = visit.query.choice("grain", tuple(reversed(GRAINS)))
    skills = ballot_skills(visit.reading, program_id, sector_code, grain)
    names = [Choice(code, first_upper(directory.sector_name(code))) for code in sectors]
    offered = [Choice(key, directory.program_names[key]) for key in programs if programs[key]]
    title = f"{directory.program_names[program_id]}: " if program_id else ""
    return card(
        "new",
        "A new ballot",
        ask(
            BALLOT,
            select(
                "program",
                "First gaps of",
                [Choice("", "No program: what is asked most"), *offered],
                program_id,
            ),
            select("sector", "Beside", names, sector_code),
            select(
                "grain", "Ask about", [Choice(g, GRAIN_NAMES[g]) for g in reversed(GRAINS)], grain
            ),
        ),
        _choose(
            skills,
            f"{title}{first_upper(directory.sector_name(sector_code))}",
            {"program": program_id, "sector": sector_code, "grain": grain},
        )
        if skills
        else soft("Too few postings here: no skill of this sector is ranked."),
    )


def _choose(skills: list[BallotSkill], title: str, kept: dict[str, str]) -> Component:
    of = "|".join(kept.values())
    return html.Form(
        [
            *[dcc.Input(type="hidden", name=name, value=value) for name, value in kept.items()],
            html.Label(
                [html.Span("Title"), html.Textarea(title, name="title", rows=1, maxLength=120)],
                className="field wide",
            ),
            html.Fieldset(
                [
                    html.Legend("Skills to ask about, and the share of postings that name them"),
                    html.Div(
                        [_box(skill, n < TOP_GAPS) for n, skill in enumerate(skills)],
                        className="boxes",
                    ),
                ]
            ),
            html.Button("Open the ballot", type="submit"),
            html.Span(role="status", className="said"),
        ],
        action="/ballots",
        method="post",
        className="act ballot-new",
        key=of,
    )


def _box(skill: BallotSkill, is_chosen: bool) -> Component:
    """A checkbox; Dash's own are an interactive thing within another."""
    return html.Button(
        f"{skill.skill_label} ({_share(skill)})",
        type="button",
        role="checkbox",
        value=skill.skill_id,
        **aria(checked=str(is_chosen).lower()),
    )


def _one(visit: Visit, store: Database, one: Ballot) -> Laid:
    tallies = ballots.tallies(store, one.ballot_id)
    voters = ballots.voters_n(store, one.ballot_id)
    sector = visit.directory.sector_name(one.sector_code)
    opened = f"Opened on {one.opened_at:%-d %B %Y} by {one.opened_by}"
    closed = f", closed on {one.closed_at:%-d %B %Y}" if one.closed_at else ""
    return Laid(
        one.title,
        [
            heading(one.title),
            lead(
                "For each skill: do you agree that it is needed? "
                if one.is_open
                else f"{_disagreements(tallies)} ",
                html.Span(_people(voters), className="voters no-print"),
                html.Span(".", className="no-print"),
            ),
            soft(
                f"{opened}{closed}. Shares are of postings in {sector} when the ballot was opened, "
                "with their 95% interval."
            ),
            _name(one),
            card("skills", "The skills", _votes(one, tallies), _paper_line(one)),
            _after(one),
        ],
    )


def _people(voters: int) -> str:
    return "1 person voted" if voters == 1 else f"{voters:,} people voted"


def _votes(one: Ballot, tallies: list[Tally]) -> Component:
    rows: list[Row] = [{"skill": tally.skill, "tally": tally} for tally in tallies]
    columns = [
        Column("Skill", lambda row: _skill(one, row["skill"])),
        Column("Postings that ask for it", lambda row: _share(row["skill"])),
        *(
            [Column("Is it needed?", lambda row: _answers(one, row["skill"]))]
            if one.is_open
            else []
        ),
        Column("The board", lambda row: _result(row["tally"])),
    ]
    kind = "ballot" if one.is_open else "ballot closed"
    return html.Div(
        table(f"Ballot {one.title}", columns, rows),
        className=kind,
        **data(tally=f"/ballots/{one.ballot_id}/tally" if one.is_open else ""),
    )


def _skill(one: Ballot, skill: BallotSkill) -> Component:
    asked = {"skill": skill.skill_id, "sector": one.sector_code, "program": one.program_id}
    return dcc.Link(skill.skill_label, href=link(SKILL, {**asked}))


def _share(skill: BallotSkill) -> str:
    return f"{percent(skill.share)}, {percent(skill.ci_low)}–{percent(skill.ci_high)}"


def _answers(one: Ballot, skill: BallotSkill) -> Component:
    buttons = [
        html.Button(
            first_upper(answer),
            type="submit",
            name="answer",
            value=answer,
            **aria(pressed="false", label=f"{first_upper(answer)}: {skill.skill_label}"),
        )
        for answer in BALLOT_ANSWERS
    ]
    form = html.Form(
        [
            dcc.Input(type="hidden", name="skill", value=skill.skill_id),
            html.Span(buttons, role="group", className="answers", **aria(label=skill.skill_label)),
            html.Span(role="status", className="said"),
        ],
        action=f"/ballots/{one.ballot_id}/votes",
        method="post",
        className="act vote no-print",
    )
    boxes = html.Span(
        [html.Span(f"{BOX} {answer}") for answer in BALLOT_ANSWERS],
        className="paper",
        **aria(hidden="true"),
    )
    return html.Div([form, boxes])


def _result(tally: Tally) -> Component:
    return html.Span(
        [
            html.Span(result_in_words(tally), className="result"),
            html.Strong(tally.disagreement, className="flag"),
        ],
        className="of-board",
        **data(skill=tally.skill.skill_id),
    )


def _name(one: Ballot) -> Component | None:
    """Without users, who votes says their name."""
    if not one.is_open or security.visitor() != security.LOCAL:
        return None
    return html.Label(
        [
            html.Span("Your name, as the board knows you"),
            html.Textarea(id="voter", rows=1, maxLength=64),
        ],
        className="field name no-print",
    )


def _paper_line(one: Ballot) -> Component | None:
    if not one.is_open:
        return None
    return html.P(
        [
            "Name ",
            html.Span(className="blank"),
            " Employer ",
            html.Span(className="blank"),
            " Date ",
            html.Span(className="blank short"),
        ],
        className="paper",
    )


def _after(one: Ballot) -> Component:
    user = security.visitor()
    may_close = (
        one.is_open and user.may("reviewer") and (user.may("admin") or user.name == one.opened_by)
    )
    close = html.Form(
        [
            html.Button("Close the ballot", type="submit"),
            html.Span(" Its votes stay as they are then.", className="soft"),
            html.Span(role="status", className="said"),
        ],
        action=f"/ballots/{one.ballot_id}/close",
        method="post",
        className="act",
    )
    return html.Div(
        [
            soft(
                f"Flagged: at least {MIN_BOARD_VOTES} votes of yes or no, of which less than "
                f"{percent(BOARD_MAJORITY)} are yes, while the whole interval of the postings' "
                "share lies above the median share of the sector's ranked skills; or more, while "
                "it lies below."
            ),
            html.P(html.A("Results as a CSV file", href=f"/ballots/{one.ballot_id}.csv")),
            close if may_close else None,
            _back(),
        ],
        className="no-print",
    )


def _disagreements(tallies: list[Tally]) -> str:
    flagged = [tally.skill.skill_label for tally in tallies if tally.disagreement]
    if not flagged:
        return "Board and postings disagree on no skill."
    return f"Board and postings disagree on {count(len(flagged), 'skill')} of {len(tallies)}."


def _back() -> Component:
    return html.P(dcc.Link("All ballots", href=BALLOT), className="no-print")
