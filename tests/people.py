"""People to test with: they are there, active, and their password is known."""

from functools import cache

from pydantic import SecretStr

from orouter.db.session import Database
from orouter.models.user import UserCreate, UserPublic
from orouter.schemas.actor import CLI
from orouter.services import passwords, users

PASSWORD = "correct horse battery"


@cache
def password_hash() -> str:
    """The hash of everybody's password: one is enough, and making it takes its time."""
    return passwords.hashed(SecretStr(PASSWORD))


def person(
    database: Database, email: str, role: str = "superadmin", *orgs: str, active: bool = True
) -> UserPublic:
    """Somebody of that role, member of the organizations of these ids or names."""
    new = UserCreate.model_validate({"email": email, "role": role, "orgs": list(orgs)})
    made = database.call(users.create, new, CLI)
    if active:
        return database.call(users.set_password, made.id, password_hash(), CLI)
    return made
