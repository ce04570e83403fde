"""What people write: decisions, ballots, votes. The addresses that take it, and their answers.

Every write checks the visitor's role here, whatever a page shows. Answers are JSON with a `text`
that assets/people.js puts where it was asked.
"""

import polars as pl
from dash import html
from dash.development.base_component import Component
from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue

from pipelines.dashboard import security
from pipelines.dashboard.addresses import BALLOT, DECISIONS, link
from pipelines.dashboard.ballot_skills import ballot_skills
from pipelines.dashboard.page import Extras, Page
from pipelines.dashboard.pages import ballot, decisions
from pipelines.dashboard.security import Access, RoleError, protect, require, visitor
from pipelines.dashboard.snapshot import Published
from pipelines.dashboard.subjects import find_subject
from pipelines.dashboard.verdicts import DECIDE, Verdicts, acts_with_state, in_words
from pipelines.decisions import ballots
from pipelines.decisions.log import all_acts, decide
from pipelines.decisions.records import MAX_NAME_CHARACTERS, StoreError
from pipelines.decisions.store import Database, find_store, open_store
from pipelines.presentation.spreadsheets import without_formulas


def people(access: Access) -> Extras:
    """What a dashboard has where people may enter, decide and vote.

    Raises:
        StoreError: the address may not be served like this.
    """
    security.check_address(access)
    verdicts = Verdicts(access.store_url)
    return Extras(
        pages=(
            Page(BALLOT, "Ballots", ballot.page(access.store_url)),
            Page(DECISIONS, "Decisions", decisions.page(access.store_url)),
        ),
        beside_sentence=verdicts.beside_sentence,
        beside_terms=verdicts.beside_terms,
        beside_courses=verdicts.beside_courses,
        account=_account,
        on_server=(
            lambda server, _: protect(server, access),
            lambda server, _: _explain_refusals(server),
            lambda server, published: _take_decisions(server, access.store_url, published),
            lambda server, published: _take_ballots(server, access.store_url, published),
        ),
    )


def _account() -> Component | None:
    """Who is logged in, and the way out."""
    if not security.is_logged_in():
        return None
    user = visitor()
    leave = html.Button("Log out", type="submit")
    return html.Form(
        [html.Span(f"{user.name}, {user.role}"), leave],
        action="/logout",
        method="post",
        className="account",
    )


def _explain_refusals(server: Flask) -> None:
    """Says in JSON why something cannot be done."""

    @server.errorhandler(RoleError)
    def not_allowed(error: RoleError) -> ResponseReturnValue:
        return jsonify(text=f"{error}."), 403

    @server.errorhandler(StoreError)
    def not_done(error: StoreError) -> ResponseReturnValue:
        return jsonify(text=f"Not saved: {error}."), 400


def _take_decisions(server: Flask, store_url: str, published: Published) -> None:
    @server.post(DECIDE)
    def take_decision() -> ResponseReturnValue:
        user = require("reviewer")
        kind, side, skill_id, subject_id, verdict = (
            request.form.get(name, "") for name in ("kind", "side", "skill", "subject", "verdict")
        )
        takes_depth = (kind, verdict) == ("course_skill", "accept")
        store = open_store(store_url)
        with published.reading() as reading:
            acts = all_acts(store, skill_id)
            subject = find_subject(reading, acts, kind, side, skill_id, subject_id)
            number = decide(
                store,
                subject,
                verdict,
                reviewer=user.name,
                note=request.form.get("note", ""),
                depth=request.form.get("depth") if takes_depth else None,
            )
            act = acts_with_state(store_url, reading, skill_id).row(
                by_predicate=pl.col("decision_id") == number, named=True
            )
        return jsonify(text=f"Saved. {in_words(act)}", is_decided=verdict != "withdrawn")

    @server.get("/decisions.csv")
    def export_decisions() -> Response:
        with published.reading() as reading:
            return _csv("decisions", acts_with_state(store_url, reading))


def _take_ballots(server: Flask, store_url: str, published: Published) -> None:
    @server.post("/ballots")
    def open_ballot() -> ResponseReturnValue:
        user = require("reviewer")
        program_id, sector_code, grain, title = (
            request.form.get(name, "") for name in ("program", "sector", "grain", "title")
        )
        chosen = set(request.form.getlist("skill"))
        with published.reading() as reading:
            first = ballot_skills(reading, program_id, sector_code, grain)
        number = ballots.open_ballot(
            open_store(store_url),
            title,
            [skill for skill in first if skill.skill_id in chosen],
            sector_code=sector_code,
            program_id=program_id,
            opened_by=user.name,
        )
        return jsonify(text="Opened.", href=link(BALLOT, {"ballot": str(number)}))

    @server.post("/ballots/<int:ballot_id>/votes")
    def take_vote(ballot_id: int) -> ResponseReturnValue:
        require("reader")
        answer = request.form.get("answer", "")
        skill_id = request.form.get("skill", "")
        ballots.vote(open_store(store_url), ballot_id, skill_id, _voter(), answer or None)
        return jsonify(text="Saved." if answer else "Taken back.", **_tally(store_url, ballot_id))

    @server.post("/ballots/<int:ballot_id>/close")
    def close_ballot(ballot_id: int) -> ResponseReturnValue:
        ballots.close_ballot(open_store(store_url), ballot_id, require("reviewer"))
        return jsonify(text="Closed.", href=link(BALLOT, {"ballot": str(ballot_id)}))

    @server.get("/ballots/<int:ballot_id>/tally")
    def tally(ballot_id: int) -> ResponseReturnValue:
        return jsonify(**_tally(store_url, ballot_id))

    @server.get("/ballots/<int:ballot_id>.csv")
    def export_ballot(ballot_id: int) -> ResponseReturnValue:
        return _csv(f"ballot-{ballot_id}", ballots.results(_store(store_url), ballot_id))


def _voter() -> str:
    """Who votes: the visitor; without users, the name that they say."""
    return visitor().name if visitor() != security.LOCAL else request.values.get("voter", "")


def _tally(store_url: str, ballot_id: int) -> dict[str, object]:
    """What a page shows of a ballot while others vote, and what this voter has said."""
    store = _store(store_url)
    said = ballots.answers(store, ballot_id, _voter()[:MAX_NAME_CHARACTERS])
    return {
        "voters": ballots.voters_n(store, ballot_id),
        "is_open": ballots.ballot(store, ballot_id).is_open,
        "skills": {
            tally.skill.skill_id: {
                "result": ballot.result_in_words(tally),
                "flag": tally.disagreement,
                "answer": said.get(tally.skill.skill_id, ""),
            }
            for tally in ballots.tallies(store, ballot_id)
        },
    }


def _store(store_url: str) -> Database:
    """The store, not made by looking. Raises StoreError where there is none."""
    store = find_store(store_url)
    if store is None:
        raise StoreError("there is no ballot yet")
    return store


def _csv(name: str, rows: pl.DataFrame) -> Response:
    written = "\ufeff" + without_formulas(rows).write_csv()
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(written, content_type="text/csv; charset=utf-8", headers=headers)
