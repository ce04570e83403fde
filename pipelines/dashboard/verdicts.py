"""Accept and reject: the controls beside what can be decided on, and what was decided so far.

The forms are sent by assets/people.js, which puts the answer into the form's status.
"""

from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component
from flask import g

from pipelines.contracts import TABLES
from pipelines.contracts.rules import DEPTHS
from pipelines.dashboard import security
from pipelines.dashboard.page import Visit
from pipelines.dashboard.parts import Choice, Column, aria, card, more, select, soft, table
from pipelines.dashboard.snapshot import Reading
from pipelines.dashboard.subjects import sentence_subject, term_subject
from pipelines.decisions.log import all_acts, with_state
from pipelines.decisions.records import MAX_NOTE_CHARACTERS, Subject
from pipelines.decisions.store import find_store

DECIDE = "/decide"
SAID = {"accept": "Accepted", "reject": "Rejected", "withdrawn": "Withdrawn"}
Act = dict[str, Any]


def acts_with_state(store_url: str, reading: Reading, skill_id: str | None = None) -> pl.DataFrame:
    """The log, or what is about one skill, with the state of each act in this snapshot."""
    store = find_store(store_url)
    applied = reading.once("decisions", lambda: reading.frame("core.decisions"))
    if store is None:
        acts = pl.DataFrame(schema=TABLES["core.decisions"].polars_schema)
    else:
        acts = all_acts(store, skill_id)
    return with_state(acts, applied)


def in_words(act: Act | None) -> str:
    """What stands beside a subject that was decided on: by whom, when, pending or applied."""
    if act is None or (act["verdict"], act["state"]) == ("withdrawn", "applied"):
        return ""
    depth = f" ({act['depth']})" if act["depth"] else ""
    note = f": {act['note']}" if act["note"] else ""
    state = "applied" if act["state"] == "applied" else "pending until the next run"
    return (
        f"{SAID[act['verdict']]}{depth} by {act['reviewer']} on "
        f"{act['decided_at']:%-d %B %Y}, {state}{note}"
    )


class Verdicts:
    """The controls of one store of decisions, as the pages hang them in."""

    def __init__(self, store_url: str) -> None:
        self.store_url = store_url

    def beside_sentence(self, visit: Visit, side: str, row: dict[str, Any]) -> Component | None:
        """Accept or reject one sentence of an evidence table."""
        subject = sentence_subject(side, row, "")
        return _controls(subject, self._current(visit, subject.skill_id).get(subject))

    def beside_terms(
        self, visit: Visit, skill_id: str, terms: list[dict[str, Any]]
    ) -> Component | None:
        """Accept or reject the words of both sides."""
        if not terms:
            return None
        current = self._current(visit, skill_id)
        terms = sorted(terms, key=lambda row: (row["side"] == "courses", row["term_n"]))
        subjects = [term_subject(row) for row in terms]
        columns = [
            Column("Words", lambda row: row["term"]),
            Column("Of", lambda row: "courses" if row["side"] == "courses" else "employers"),
            Column("Is it a name of this skill?", lambda row: row["controls"]),
        ]
        rows = [
            {**row, "controls": _controls(subject, current.get(subject))}
            for row, subject in zip(terms, subjects, strict=True)
        ]
        return more(
            "Do these words name the skill? Accept or reject them",
            table("Words of both sides to accept or reject", columns, rows),
        )

    def beside_courses(
        self, visit: Visit, courses: list[dict[str, Any]], skills: list[Choice]
    ) -> Component | None:
        """Say that a course teaches a skill, or does not, and what was said so far.

        Args:
            courses: rows of core.courses of the program.
            skills: skill_id and label of those to choose from.
        """
        acts = acts_with_state(self.store_url, visit.reading).filter(
            pl.col("is_current"),
            pl.col("subject_kind") == "course_skill",
            pl.col("subject_id").is_in([course["course_id"] for course in courses]),
        )
        decided = [
            html.Li(
                [html.Span(f"{act['skill_label']}, {act['said']} "), _controls(_subject(act), act)]
            )
            for act in acts.to_dicts()
            if in_words(act)
        ]
        form = _course_form(courses, skills) if _may_decide() and courses and skills else None
        if not decided and form is None:
            return None
        return card(
            "course-decisions",
            "Does a course teach it?",
            soft(
                "Where a syllabus is silent on what is taught, or names what is not, say so here. "
                "It counts from the next run on."
            ),
            form,
            html.Ul(decided, className="decided") if decided else None,
        )

    def _current(self, visit: Visit, skill_id: str) -> dict[Subject, Act]:
        """The current act on each subject of a skill, read once a request."""
        known: dict[str, dict[Subject, Act]] = g.setdefault("current_acts", {})
        if skill_id not in known:
            acts = acts_with_state(self.store_url, visit.reading, skill_id).filter("is_current")
            known[skill_id] = {_subject(act): act for act in acts.to_dicts()}
        return known[skill_id]


def withdrawal(act: Act) -> Component | None:
    """The control that takes a current decision back."""
    if not (_may_decide() and act["is_current"] and act["verdict"] != "withdrawn"):
        return None
    return html.Form(
        [*_hidden(_subject(act)), _button("withdrawn", "Withdraw", act["said"]), _status("")],
        action=DECIDE,
        method="post",
        className="act",
    )


def _controls(subject: Subject, act: Act | None) -> Component | None:
    said = in_words(act)
    if not _may_decide():
        return soft(said) if said else None
    of_course = subject.kind == "course_skill"
    buttons = [
        *([] if of_course else [_button("accept", "Accept", subject.said)]),
        _button("reject", "Reject", subject.said),
        _button("withdrawn", "Withdraw", subject.said, is_hidden=not said),
    ]
    return html.Form(
        [*_hidden(subject), *buttons, _note(subject.said), _status(said)],
        action=DECIDE,
        method="post",
        className="act decide no-print",
    )


def _course_form(courses: list[dict[str, Any]], skills: list[Choice]) -> Component:
    choices = [
        Choice(course["course_id"], f"{course['course_code']} {course['title']}")
        for course in courses
    ]
    return html.Form(
        [
            *_hidden_values(kind="course_skill", side="courses"),
            select("subject", "Course", choices, choices[0].value),
            select("skill", "Skill", skills, skills[0].value),
            select("depth", "Depth", [Choice(depth, depth) for depth in DEPTHS], DEPTHS[1]),
            _button("accept", "The course teaches it", "at this depth"),
            _button("reject", "It does not", "teach it"),
            _note("this course and skill"),
            _status(""),
        ],
        action=DECIDE,
        method="post",
        className="act course-act no-print",
    )


def _may_decide() -> bool:
    return security.visitor().may("reviewer")


def _subject(act: Act) -> Subject:
    return Subject(
        act["subject_kind"],
        act["side"],
        act["skill_id"],
        act["subject_id"],
        act["skill_label"],
        act["said"],
    )


def _hidden(subject: Subject) -> list[Component]:
    return _hidden_values(
        kind=subject.kind, side=subject.side, skill=subject.skill_id, subject=subject.subject_id
    )


def _hidden_values(**values: str) -> list[Component]:
    return [dcc.Input(type="hidden", name=name, value=value) for name, value in values.items()]


def _button(verdict: str, text: str, of: str, *, is_hidden: bool = False) -> Component:
    return html.Button(
        text,
        type="submit",
        name="verdict",
        value=verdict,
        hidden=is_hidden,
        **aria(label=f"{text}: {of}"),
    )


def _note(of: str) -> Component:
    return html.Textarea(
        name="note",
        rows=1,
        maxLength=MAX_NOTE_CHARACTERS,
        placeholder="Why (optional)",
        **aria(label=f"Why (optional): {of}"),
    )


def _status(said: str) -> Component:
    return html.Span(said, role="status", className="said")
