"""The application without a browser: what it answers, and what others may hang into it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dash
import pytest
from dash import html
from flask import Flask

from pipelines.dashboard import close, create_app
from pipelines.dashboard.page import Extras, Laid, Page, Visit
from pipelines.dashboard.snapshot import Published

pytestmark = pytest.mark.xdist_group("published_sample")


def ask(app: dash.Dash, path: str, search: str = "") -> tuple[str, str]:
    """The name of the window and the page, as JSON, that the address gives."""
    outputs = [("page", "children"), ("page-title", "data"), ("again", "disabled")]
    inputs = [
        ("address", "pathname", path),
        ("address", "search", search),
        ("again", "n_intervals", 0),
    ]
    answer = app.server.test_client().post(
        "/_dash-update-component",
        json={
            "output": "..{}..".format("...".join(".".join(output) for output in outputs)),
            "outputs": [{"id": name, "property": part} for name, part in outputs],
            "inputs": [{"id": i, "property": part, "value": value} for i, part, value in inputs],
            "changedPropIds": ["address.pathname"],
        },
    )
    assert answer.status_code == 200
    found = answer.get_json()["response"]
    return found["page-title"]["data"], json.dumps(found["page"]["children"], ensure_ascii=False)


@pytest.fixture
def sentences() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def app(published_sample: Path, sentences: list[tuple[str, str]]) -> Iterator[dash.Dash]:
    """The sample's dashboard with everything that can be hung in."""

    def beside_sentence(visit: Visit, side: str, row: dict[str, Any]) -> html.Button:
        sentences.append((side, row["sentence"]))
        return html.Button(f"Reject {side}")

    def beside_terms(visit: Visit, skill_id: str, terms: list[dict[str, Any]]) -> html.Button:
        return html.Button(f"Reject {len(terms)} terms")

    def health(server: Flask, _: Published) -> None:
        server.add_url_rule("/health", "health", lambda: "well")

    def ballot(visit: Visit) -> Laid:
        return Laid("Ballot", [html.H1(f"Vote, {visit.query.one('who')}")])

    made = create_app(
        published_sample,
        Extras(
            pages=(Page("/ballot", "Ballot", ballot),),
            beside_sentence=beside_sentence,
            beside_terms=beside_terms,
            on_server=(health,),
        ),
    )
    yield made
    close(made)


def test_extras_stand_beside_every_sentence_and_the_terms(app, sentences) -> None:
    skill = "http://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742"
    title, page = ask(app, "/skill", f"?skill={skill}&program=software-development-aas")
    assert title == "SQL · Skills gap"
    assert (
        page.count("Reject postings") == sum(1 for side, _ in sentences if side == "postings") > 0
    )
    assert page.count("Reject courses") == sum(1 for side, _ in sentences if side == "courses") > 0
    assert "terms" in page


def test_a_page_and_a_route_of_extras_are_like_the_others(app) -> None:
    title, page = ask(app, "/ballot", "?who=Ada")
    assert title == "Ballot · Skills gap"
    assert "Vote, Ada" in page
    assert '"/ballot"' in ask(app, "/data")[1]
    answer = app.server.test_client().get("/health")
    assert answer.data == b"well"
    assert "Content-Security-Policy" in answer.headers


def test_a_page_that_fails_is_logged_and_the_client_told_nothing(tmp_path, caplog) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "current.json").write_text("not JSON", encoding="utf-8")
    title, page = ask(create_app(tmp_path), "/")
    assert title.startswith("Something went wrong")
    assert "JSON" not in page
    assert "could not be laid out" in caplog.text
