"""Who gets in, who may write, and what a page of another site gets."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pipelines.dashboard import security
from pipelines.dashboard.security import Access, check_address, is_loopback, protect, require
from pipelines.decisions.records import StoreError
from pipelines.decisions.store import open_store, store_url
from pipelines.decisions.users import add_user, remove_user

PASSWORD = "correct horse battery"
OURS = {"Origin": "http://localhost"}

Serve = Callable[..., FlaskClient]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """A server with one page that tells who asks and one write that takes a reviewer."""

    def served(host: str = "127.0.0.1", **options: object) -> FlaskClient:
        server = Flask(security.__name__)
        access = Access(store_url("", tmp_path), host, tmp_path / "key", **options)
        protect(server, access)

        @server.get("/")
        def who() -> str:
            return security.visitor().name

        @server.post("/_write")
        def write() -> tuple[str, int]:
            try:
                return require("reviewer").name, 200
            except StoreError as error:
                return str(error), 403

        return server.test_client()

    return served


@pytest.fixture
def ada(tmp_path: Path) -> None:
    add_user(open_store(store_url("", tmp_path)), "ada", PASSWORD, "reviewer")


def log_in(client: FlaskClient, name: str = "ada", password: str = PASSWORD, **more: str):
    return client.post("/login", data={"name": name, "password": password, **more}, headers=OURS)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", False),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.4", False),
        ("campus.example", False),
    ],
)
def test_which_addresses_are_this_machines_alone(host, here) -> None:
    assert is_loopback(host) is here


def test_another_address_needs_users_or_a_declared_proxy(tmp_path) -> None:
    def access(**options: object) -> Access:
        return Access(store_url("", tmp_path), "0.0.0.0", tmp_path / "key", **options)

    with pytest.raises(StoreError, match="no users are configured"):
        check_address(access())
    check_address(access(trust_header="X-Remote-User"))
    add_user(open_store(store_url("", tmp_path)), "ada", PASSWORD, "reader")
    check_address(access())


def test_without_users_whoever_sits_there_is_the_local_reviewer(serve) -> None:
    client = serve()
    assert client.get("/").text == "local"
    assert client.post("/_write", headers=OURS).text == "local"


def test_with_users_nobody_is_known_before_the_login(serve, ada) -> None:
    client = serve()
    refused = client.get("/?a=1&b=2")
    assert (refused.status_code, refused.location) == (302, "/login?next=%2F%3Fa%3D1%26b%3D2")
    assert client.post("/_write", headers=OURS).status_code == 401
    assert client.get("/_data").status_code == 401
    entered = log_in(client, next="/?a=1&b=2")
    assert (entered.status_code, entered.location) == (302, "/?a=1&b=2")
    assert client.get("/").text == "ada"
    assert client.post("/logout", headers=OURS).status_code == 302
    assert client.get("/").status_code == 302


def test_users_added_while_it_runs_are_asked_for_at_once_and_removed_ones_are_out(
    serve, tmp_path
) -> None:
    client = serve()
    assert client.get("/").text == "local"
    store = open_store(store_url("", tmp_path))
    add_user(store, "ada", PASSWORD, "reviewer")
    add_user(store, "root", PASSWORD, "admin")
    assert client.get("/").status_code == 302
    log_in(client)
    assert client.get("/").text == "ada"
    remove_user(store, "ada")
    assert client.get("/").status_code == 302


def test_another_address_without_its_users_lets_nobody_in(serve, ada, tmp_path) -> None:
    client = serve("0.0.0.0")
    remove_user(open_store(store_url("", tmp_path)), "ada")
    assert client.get("/").status_code == 302


def test_cookies_are_for_the_server_alone(serve, ada) -> None:
    client = serve()
    cookie = log_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    behind_tls = client.post(
        "/login",
        data={"name": "ada", "password": PASSWORD},
        headers={**OURS, "X-Forwarded-Proto": "https"},
    )
    assert "Secure" in behind_tls.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_login_leads_to_no_other_site(serve, ada, wanted) -> None:
    assert log_in(serve(), next=wanted).location == "/"


def test_failed_logins_are_slowed_down_for_that_name_alone(serve, ada, tmp_path) -> None:
    add_user(open_store(store_url("", tmp_path)), "ben", PASSWORD, "reader")
    client = serve()
    tries = [log_in(client, password=f"wrong {n}").status_code for n in range(6)]
    assert tries == [401] * 5 + [429]
    assert log_in(client).status_code == 429
    assert log_in(client, "ben").status_code == 302


def test_failed_logins_of_many_names_are_slowed_down_for_their_address(serve, ada) -> None:
    client = serve()
    tries = [log_in(client, f"name {n}", "x" * 300).status_code for n in range(61)]
    assert tries == [401] * 60 + [429]


def test_a_reader_writes_nothing(serve, ada, tmp_path) -> None:
    add_user(open_store(store_url("", tmp_path)), "cleo", PASSWORD, "reader")
    client = serve()
    log_in(client, "cleo")
    refused = client.post("/_write", headers=OURS)
    assert (refused.status_code, refused.text) == (
        403,
        "cleo is a reader here: this takes a reviewer",
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://campus.example"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost:9999"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, 403),
    ],
)
def test_a_page_of_another_site_may_not_write(serve, headers, status) -> None:
    assert serve().post("/_write", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("asked_for", "status"),
    [
        ("localhost:8050", 200),
        ("127.0.0.1:8050", 200),
        ("evil.example", 400),
        ("localhost.evil.example", 400),
    ],
)
def test_a_name_that_was_bent_to_this_machine_gets_nothing(serve, asked_for, status) -> None:
    assert serve().get("/", headers={"Host": asked_for}).status_code == status


def test_a_declared_name_is_answered(serve) -> None:
    client = serve(names=["gaps.campus.example"])
    assert client.get("/", headers={"Host": "gaps.campus.example"}).status_code == 200


def test_a_declared_proxy_says_who_is_there(serve, ada) -> None:
    client = serve(trust_header="X-Remote-User")
    assert client.get("/").status_code == 302
    assert client.get("/", headers={"X-Remote-User": "ada"}).text == "ada"
    assert client.post("/_write", headers={"X-Remote-User": "ada"}).status_code == 200
    assert client.post("/_write", headers={"X-Remote-User": "zoe"}).status_code == 403
    assert client.get("/", headers={"X-Remote-User": "x" * 65}).status_code == 302


def test_without_a_declared_proxy_its_header_says_nothing(serve, ada) -> None:
    assert serve().get("/", headers={"X-Remote-User": "ada"}).status_code == 302


def test_the_key_is_for_its_owner_alone_and_outlives_a_restart(serve, ada, tmp_path) -> None:
    first = serve()
    log_in(first)
    cookie = first.get_cookie("skillgap")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    second = serve()
    second.set_cookie("skillgap", cookie.value)
    assert second.get("/").text == "ada"
    assert [path.name for path in tmp_path.glob(".key*")] == []
