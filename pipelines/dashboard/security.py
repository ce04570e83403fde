"""Who may see and change what: addresses, visitors, roles, and requests from foreign pages.

Without users the dashboard answers on this machine only, and whoever sits at it is the reviewer
"local". Any other address needs users, or a proxy that is declared to say who is there.
"""

import ipaddress
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import flask_login
from flask import Flask, Response, abort, g, make_response, redirect, render_template, request
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from pipelines.decisions.records import MAX_NAME_CHARACTERS, StoreError, User
from pipelines.decisions.store import Database, find_store
from pipelines.decisions.users import check_password, find_user, users
from pipelines.presentation.colors import css_variables

LOCAL = User("local", "reviewer")
LOOPBACK_NAMES = ["localhost", "127.0.0.1"]
OPEN_PATHS = ("/login", "/assets/")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
SESSION_HOURS = 12
FAILED_LOGINS = "5 per minute; 50 per day"
FAILED_LOGINS_OF_ADDRESS = "60 per minute"
KEY_FILE = "dashboard.key"


class RoleError(StoreError):
    """The visitor's role does not allow it."""


@dataclass(frozen=True)
class Access:
    """How visitors are known.

    Args:
        store_url: the store of users.
        host: the address that is listened on.
        key_path: file of the key that sessions are signed with; made where it is missing.
        trust_header: a header in which a proxy says who is there. Whoever reaches the dashboard
            past the proxy can be anybody.
        names: host names that the dashboard is asked for under, beside this machine's own.
    """

    store_url: str
    host: str
    key_path: Path
    trust_header: str = ""
    names: list[str] = field(default_factory=list)

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.host)

    def has_users(self) -> bool:
        store = find_store(self.store_url)
        return bool(store and users(store))


class Visitor(flask_login.UserMixin):
    """Who asks, as flask-login wants it."""

    def __init__(self, user: User) -> None:
        self.user = user

    def get_id(self) -> str:
        return self.user.name


class _Sessions(SecureCookieSessionInterface):
    """Cookies that never travel in clear again once they have come over TLS."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure or request.headers.get("X-Forwarded-Proto") == "https"


def is_loopback(host: str) -> bool:
    """Whether the address is reached from this machine only. IPv6 counts as reached by others: the
    name that is asked for cannot be checked there."""
    try:
        return host == "localhost" or ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False


def check_address(access: Access) -> None:
    """Refuse to serve others where nobody would be asked who they are.

    Raises:
        StoreError: the address is not this machine's, and there are no users and no proxy.
    """
    if not (access.is_loopback or access.trust_header or access.has_users()):
        raise StoreError(
            f"{access.host} can be reached by others, and no users are configured. Add one "
            "(skillgap users add NAME --role admin), or serve on 127.0.0.1, or name the header in "
            "which a proxy says who is there (--trust-header; the danger is described in "
            "docs/decisions-and-ballots.md)"
        )


def protect(server: Flask, access: Access) -> None:
    """Put visitors, roles and the refusal of foreign requests before everything `server` answers.

    Raises:
        StoreError: see `check_address`.
    """
    check_address(access)
    server.secret_key = _secret_key(access.key_path)
    server.session_interface = _Sessions()
    server.config.update(
        SESSION_COOKIE_NAME="skillgap",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
    )
    if access.is_loopback:
        server.config["TRUSTED_HOSTS"] = [*LOOPBACK_NAMES, *access.names]
    elif access.names:
        server.config["TRUSTED_HOSTS"] = access.names
    _know_visitors(server, access)
    _serve_login(server, access)

    @server.before_request
    def admit() -> ResponseReturnValue | None:
        if _is_foreign():
            abort(403, "A page of another site may not write here.")
        if flask_login.current_user.is_authenticated or request.path.startswith(OPEN_PATHS):
            return None
        if request.method != "GET" or request.path.startswith("/_"):
            abort(401, "Log in first.")
        return redirect(f"/login?next={quote(request.full_path.rstrip('?'), safe='')}")


def visitor() -> User:
    """Who asks; within a request that was admitted."""
    return flask_login.current_user.user


def is_logged_in() -> bool:
    """Whether the visitor came through the login page, and so can log out."""
    return bool(g.get("has_session"))


def require(role: str) -> User:
    """The visitor, if they may what `role` may.

    Raises:
        RoleError: they may not.
    """
    user = visitor()
    if not user.may(role):
        raise RoleError(f"{user.name} is a {user.role} here: this takes a {role}")
    return user


def _know_visitors(server: Flask, access: Access) -> None:
    manager = flask_login.LoginManager(server)

    def store() -> Database | None:
        return find_store(access.store_url)

    @manager.user_loader
    def by_session(name: str) -> Visitor | None:
        if access.trust_header:
            return None
        database = store()
        user = find_user(database, name) if database else None
        g.has_session = user is not None
        return Visitor(user) if user else None

    @manager.request_loader
    def by_request(_: object) -> Visitor | None:
        if access.trust_header:
            name = request.headers.get(access.trust_header, "").strip()
            database = store()
            known = find_user(database, name) if database and name else None
            is_name = 0 < len(name) <= MAX_NAME_CHARACTERS
            return Visitor(known or User(name, "reader")) if is_name else None
        is_alone = access.is_loopback and not access.has_users()
        return Visitor(LOCAL) if is_alone else None


def _serve_login(server: Flask, access: Access) -> None:
    limiter = Limiter(_who_tries, app=server, storage_uri="memory://")

    @server.get("/login")
    def login_page() -> ResponseReturnValue:
        if flask_login.current_user.is_authenticated:
            return redirect(_own_address(request.args.get("next", "")))
        return _login_page("")

    @server.post("/login")
    @limiter.limit(FAILED_LOGINS, deduct_when=_has_failed, on_breach=_too_often)
    @limiter.limit(
        FAILED_LOGINS_OF_ADDRESS,
        key_func=get_remote_address,
        deduct_when=_has_failed,
        on_breach=_too_often,
    )
    def log_in() -> ResponseReturnValue:
        database = find_store(access.store_url)
        name, password = request.form.get("name", ""), request.form.get("password", "")
        user = check_password(database, name.strip(), password) if database else None
        if user is None:
            return _login_page("This name and password do not belong together.", 401)
        flask_login.login_user(Visitor(user))
        return redirect(_own_address(request.form.get("next", "")))

    @server.post("/logout")
    def log_out() -> ResponseReturnValue:
        flask_login.logout_user()
        return redirect("/login")


def _login_page(problem: str, status: int = 200) -> Response:
    wanted = request.values.get("next", "")
    page = render_template(
        "login.html", problem=problem, next=_own_address(wanted), colors=css_variables()
    )
    return make_response(page, status)


def _who_tries() -> str:
    return f"{get_remote_address()} {request.form.get('name', '').strip().casefold()}"


def _has_failed(response: Response) -> bool:
    return response.status_code == 401


def _too_often(_: object) -> Response:
    return _login_page("Too many attempts. Wait a minute, then try again.", 429)


def _own_address(wanted: str) -> str:
    """`wanted` if it is a page of ours, else the first page."""
    parts = urlsplit(wanted.replace("\\", "/"))
    is_ours = wanted.startswith("/") and not wanted.startswith("//")
    return wanted if is_ours and not parts.scheme and not parts.netloc else "/"


def _is_foreign() -> bool:
    """Whether a page of another origin made the browser send a request that may write.

    Browsers say so in Sec-Fetch-Site; older ones, and all over plain HTTP, in Origin. What says
    neither is no browser, and carries no visitor's cookie.
    """
    if request.method in SAFE_METHODS:
        return False
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def _secret_key(path: Path) -> bytes:
    """The key in the file, which only its owner may read; made by the first who asks."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.") as fresh:
            fresh.write(secrets.token_bytes(32))
            fresh.flush()
            with suppress(FileExistsError):  # whole or not at all, and never over another's
                os.link(fresh.name, path)
    return path.read_bytes()
