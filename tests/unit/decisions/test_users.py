"""Users: names, roles, and passwords that are never kept as they are."""

import pytest
from sqlalchemy import select

from pipelines.decisions import users
from pipelines.decisions.records import StoreError, User
from pipelines.decisions.store import USERS

PASSWORD = "correct horse battery"


def test_a_user_is_known_by_their_password_and_by_no_other(store) -> None:
    users.add_user(store, " ada ", PASSWORD, "reviewer")
    assert users.check_password(store, "ada", PASSWORD) == User("ada", "reviewer")
    assert users.check_password(store, "ada", PASSWORD.upper()) is None
    assert users.check_password(store, "ben", PASSWORD) is None
    assert users.check_password(store, "ada", "x" * 10_000) is None
    with store.reading() as connection:
        assert PASSWORD not in str(connection.execute(select(USERS)).all())


def test_adding_again_changes_password_and_role(store) -> None:
    users.add_user(store, "ada", PASSWORD, "reader")
    users.add_user(store, "ada", "another long password", "admin")
    assert users.users(store) == [User("ada", "admin")]
    assert users.check_password(store, "ada", PASSWORD) is None


def test_a_removed_user_is_gone(store) -> None:
    users.add_user(store, "ada", PASSWORD, "reader")
    users.remove_user(store, "ada")
    assert users.find_user(store, "ada") is None
    with pytest.raises(StoreError, match="no user 'ada'"):
        users.remove_user(store, "ada")


@pytest.mark.parametrize(
    ("name", "password", "role", "said"),
    [
        ("", PASSWORD, "reader", "a name"),
        ("a\nb", PASSWORD, "reader", "a name"),
        ("ada", "short", "reader", "a password"),
        ("ada", PASSWORD, "owner", "is no role"),
    ],
)
def test_what_will_not_do_is_refused(store, name, password, role, said) -> None:
    with pytest.raises(StoreError, match=said):
        users.add_user(store, name, password, role)
    assert users.users(store) == []


def test_each_role_may_what_those_before_it_may() -> None:
    may = {
        role: [User("x", role).may(needed) for needed in ("reader", "reviewer", "admin")]
        for role in ("reader", "reviewer", "admin")
    }
    assert may == {
        "reader": [True, False, False],
        "reviewer": [True, True, False],
        "admin": [True, True, True],
    }
