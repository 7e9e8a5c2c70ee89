from datetime import timedelta

import pytest
import sqlalchemy as sa

from orouter.db.session import Database
from orouter.errors import NotFound
from orouter.models.user import User, UserPublic, UserUpdate
from orouter.models.user_session import UserSession
from orouter.schemas.actor import CLI
from orouter.services import sessions, users
from orouter.services.sessions import IDLE, LONGEST, Client, Signed
from tests.people import password_hash, person

PEPPER = b"pepper"
HERE = Client("192.0.2.1", "a browser")


def begin(database: Database, user: UserPublic) -> str:
    with database.begin() as session:
        row = session.get(User, user.id)
        assert row is not None
        return sessions.begin(session, row, HERE, pepper=PEPPER)[0]


def find(database: Database, secret: str) -> Signed | None:
    return database.call(sessions.find, secret, HERE, pepper=PEPPER)


def age(database: Database, column: str, by: timedelta) -> None:
    with database.begin() as session:
        for row in session.exec(sa.select(UserSession)).scalars():
            setattr(row, column, getattr(row, column) - by)


@pytest.fixture
def ada(database: Database) -> UserPublic:
    person(database, "root@example.com")
    return person(database, "ada@example.com", "viewer")


def test_a_session_is_found_by_its_secret_only(database: Database, ada: UserPublic) -> None:
    secret = begin(database, ada)
    found = find(database, secret)
    assert found is not None
    assert (found.user.id, found.actor.via, found.actor.ip) == (ada.id, "ui", "192.0.2.1")
    assert secret not in found.row.model_dump_json()
    for wrong in ("", secret[:-1], secret.replace("oras_", "orat_"), "oras_" + "0" * 49):
        assert find(database, wrong) is None


def test_it_ends_when_idle_and_at_last(database: Database, ada: UserPublic) -> None:
    secret = begin(database, ada)
    age(database, "last_seen_at", IDLE - timedelta(minutes=1))
    found = find(database, secret)
    assert found is not None
    assert found.unseen
    database.call(sessions.seen, found.row.id)
    age(database, "last_seen_at", IDLE - timedelta(minutes=1))
    assert find(database, secret) is not None
    age(database, "last_seen_at", timedelta(minutes=2))
    assert find(database, secret) is None
    second = begin(database, ada)
    age(database, "expires_at", LONGEST)
    assert find(database, second) is None
    assert database.call(sessions.of_user, ada.id) == []
    assert database.call(sessions.prune) == 1


@pytest.mark.parametrize("change", ["disable", "delete", "password"])
def test_it_ends_with_what_it_was_given_for(
    database: Database, ada: UserPublic, change: str
) -> None:
    secret = begin(database, ada)
    if change == "password":
        database.call(users.set_password, ada.id, password_hash(), CLI)
    else:
        database.call(getattr(users, change), ada.id, CLI)
    assert find(database, secret) is None


def test_a_change_of_role_holds_at_the_next_request(database: Database, ada: UserPublic) -> None:
    secret = begin(database, ada)
    database.call(users.update, ada.id, UserUpdate(role="operator"), CLI)
    found = find(database, secret)
    assert found is not None
    assert found.actor.role == "operator"


def test_one_or_all_others_can_be_ended(database: Database, ada: UserPublic) -> None:
    first, second, third = (begin(database, ada) for _ in range(3))
    kept = find(database, second)
    assert kept is not None
    gone = find(database, first)
    assert gone is not None
    database.call(sessions.end, ada.id, gone.row.id)
    assert find(database, first) is None
    with pytest.raises(NotFound):
        database.call(sessions.end, ada.id, gone.row.id)
    assert database.call(sessions.end_all, ada.id, but=kept.row.id) == 1
    assert find(database, third) is None
    [only] = database.call(sessions.of_user, ada.id, kept.row.id)
    assert (only.current, only.user_agent) == (True, "a browser")


def test_the_anti_forgery_token_belongs_to_one_session() -> None:
    one, other = (sessions.anti_forgery(secret, pepper=PEPPER) for secret in ("a", "b"))
    assert one != other != sessions.anti_forgery("b", pepper=b"other")
