"""Who may use the dashboard where it is open to others: names, roles, hashed passwords."""

from functools import cache

from sqlalchemy import delete, insert, select
from werkzeug.security import check_password_hash, generate_password_hash

from pipelines.contracts.rules import ROLES
from pipelines.decisions.records import MAX_NAME_CHARACTERS, StoreError, User
from pipelines.decisions.store import USERS, Database

MIN_PASSWORD_CHARACTERS = 12
MAX_PASSWORD_CHARACTERS = 256


def add_user(database: Database, name: str, password: str, role: str) -> None:
    """Add a user, or give an existing one another password and role.

    Raises:
        StoreError: the name, password or role will not do; the text says why.
    """
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise StoreError(f"a name has 1 to {MAX_NAME_CHARACTERS} printable characters")
    if not MIN_PASSWORD_CHARACTERS <= len(password) <= MAX_PASSWORD_CHARACTERS:
        raise StoreError(
            f"a password has {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters"
        )
    if role not in ROLES:
        raise StoreError(f"'{role}' is no role: {', '.join(ROLES)}")
    values = {"role": role, "password_hash": generate_password_hash(password)}
    with database.writing() as connection:
        connection.execute(delete(USERS).where(USERS.c.name == name))
        connection.execute(insert(USERS).values(name=name, **values))


def remove_user(database: Database, name: str) -> None:
    """Take a user out. Raises StoreError where there is none of this name."""
    with database.writing() as connection:
        if connection.execute(delete(USERS).where(USERS.c.name == name)).rowcount == 0:
            raise StoreError(f"there is no user '{name}'")


def users(database: Database) -> list[User]:
    """All users, by name."""
    with database.reading() as connection:
        rows = connection.execute(select(USERS.c.name, USERS.c.role).order_by(USERS.c.name))
        return [User(*row) for row in rows]


def find_user(database: Database, name: str) -> User | None:
    """The user of this name, as they are now."""
    with database.reading() as connection:
        found = select(USERS.c.name, USERS.c.role).where(USERS.c.name == name)
        row = connection.execute(found).one_or_none()
    return User(*row) if row else None


def check_password(database: Database, name: str, password: str) -> User | None:
    """The user where the password is theirs, else None."""
    with database.reading() as connection:
        row = connection.execute(select(USERS).where(USERS.c.name == name)).one_or_none()
    stored = row.password_hash if row else _nobodys_hash()
    is_right = len(password) <= MAX_PASSWORD_CHARACTERS and check_password_hash(stored, password)
    return User(row.name, row.role) if row and is_right else None


@cache
def _nobodys_hash() -> str:
    """Checked where there is no such user, so that the answer takes as long."""
    return generate_password_hash("nobody has this password")
