import pytest

from orouter.db.session import Database
from orouter.errors import NotFound, PermissionDenied
from orouter.models.user import UserCreate, UserPublic
from orouter.models.user_token import TokenCreate
from orouter.schemas.actor import CLI, Actor
from orouter.services import links, user_secrets
from tests.people import person

PEPPER = b"pepper"


def look(database: Database, link: str) -> str:
    secret = link.removeprefix("http://x/admin/setup#token=")
    return database.call(links.look, secret, pepper=PEPPER).purpose


def as_actor(user: UserPublic) -> Actor:
    return Actor("user", user.id, None, role=user.role, name=user.email)


def test_an_invitation_holds_a_link_that_is_replaced_by_a_reset(database: Database) -> None:
    new = UserCreate(email="ada@example.com")
    given = {"pepper": PEPPER, "base": "http://x"}
    invited = database.call(user_secrets.invite, new, CLI, **given)
    assert look(database, invited.link or "") == "invite"
    again = database.call(user_secrets.make_link, invited.id, CLI, **given)
    assert look(database, again.link) == "invite"
    bob = person(database, "bob@example.com")
    reset = database.call(user_secrets.make_link, bob.id, CLI, **given)
    assert look(database, reset.link) == "reset"
    assert (reset.link not in repr(reset), (invited.link or "") not in repr(invited)) == (True,) * 2


def test_operators_read_but_do_not_open_doors(database: Database) -> None:
    root = person(database, "root@example.com")
    operator = as_actor(person(database, "op@example.com", "operator"))
    assert database.call(user_secrets.list_sessions, root.id, operator).total == 0
    assert database.call(user_secrets.list_tokens, root.id, operator).total == 0
    new = TokenCreate(name="x")
    with pytest.raises(PermissionDenied):
        database.call(user_secrets.issue_token, root.id, new, operator, pepper=PEPPER)
    with pytest.raises(PermissionDenied):
        database.call(user_secrets.make_link, root.id, operator, pepper=PEPPER, base="")
    with pytest.raises(PermissionDenied):
        database.call(user_secrets.end_sessions, root.id, operator)
    assert database.call(user_secrets.issue_token, "me", new, operator, pepper=PEPPER).secret


def test_sessions_of_nobody_cannot_be_ended(database: Database) -> None:
    person(database, "root@example.com")
    for session_id in ("sess_0", "é"):
        with pytest.raises(NotFound):
            database.call(user_secrets.end_session, "root@example.com", session_id, CLI)
    database.call(user_secrets.end_sessions, "root@example.com", CLI)
