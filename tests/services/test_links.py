from datetime import timedelta

import pytest

from orouter.db.session import Database
from orouter.errors import NotFound
from orouter.models.user import User, UserPublic
from orouter.schemas.actor import CLI
from orouter.services import links, users
from tests.people import person

PEPPER = b"pepper"


@pytest.fixture
def ada(database: Database) -> UserPublic:
    return person(database, "ada@example.com", active=False)


def make(database: Database, user: UserPublic, lifetime: timedelta | None = None) -> str:
    with database.begin() as session:
        row = session.get(User, user.id)
        assert row is not None
        link = links.make(
            session, row, "invite", pepper=PEPPER, base="http://x", lifetime=lifetime
        ).link
    return link.removeprefix("http://x/admin/setup#token=")


def look(database: Database, secret: str) -> str:
    return database.call(links.look, secret, pepper=PEPPER).email


def test_a_link_tells_whom_it_is_for_and_is_stored_as_a_digest(
    database: Database, ada: UserPublic
) -> None:
    secret = make(database, ada)
    assert look(database, secret) == "ada@example.com"
    with database.begin() as session:
        link, _ = links.found(session, secret, pepper=PEPPER)
        assert secret not in link.model_dump_json()


def test_a_new_one_voids_the_one_before(database: Database, ada: UserPublic) -> None:
    first, second = make(database, ada), make(database, ada)
    assert look(database, second)
    with pytest.raises(NotFound):
        look(database, first)


def test_it_is_used_up_once(database: Database, ada: UserPublic) -> None:
    secret = make(database, ada)
    with database.begin() as session:
        link, user = links.found(session, secret, pepper=PEPPER)
        assert links.take(session, user.id, link.digest)
        assert not links.take(session, user.id, link.digest)
    with pytest.raises(NotFound):
        look(database, secret)


@pytest.mark.parametrize("end", ["expired", "disable", "delete", "junk"])
def test_it_opens_nothing_any_more(database: Database, ada: UserPublic, end: str) -> None:
    secret = make(database, ada, timedelta(seconds=-1) if end == "expired" else None)
    if end in ("disable", "delete"):
        database.call(getattr(users, end), ada.id, CLI)
    with pytest.raises(NotFound):
        look(database, secret[:-1] + "0" if end == "junk" else secret)
