from datetime import timedelta
from time import sleep

import pytest

from orouter.db.session import Database
from orouter.errors import InvalidApiKey, InvalidRequest, NotFound, PermissionDenied
from orouter.models.base import now
from orouter.models.user import UserPublic
from orouter.models.user_token import TokenCreate, TokenIssued
from orouter.schemas.actor import CLI
from orouter.services import key_secrets, tokens, user_secrets, users
from orouter.services.tokens import Held
from tests.people import person

PEPPER = b"pepper"


def issue(database: Database, user: UserPublic, **fields: object) -> TokenIssued:
    new = TokenCreate.model_validate({"name": "ci", **fields})
    return database.call(user_secrets.issue_token, user.id, new, CLI, pepper=PEPPER)


def verify(database: Database, secret: str) -> Held:
    return database.call(tokens.verify, secret, "192.0.2.1", pepper=PEPPER)


@pytest.fixture
def ada(database: Database) -> UserPublic:
    person(database, "root@example.com")
    return person(database, "ada@example.com", "operator")


def test_a_token_acts_for_its_owner(database: Database, ada: UserPublic) -> None:
    issued = issue(database, ada)
    assert key_secrets.well_formed(issued.secret, "orat_")
    held = verify(database, issued.secret)
    assert (held.actor.kind, held.actor.id, held.actor.role) == ("token", ada.id, "operator")
    assert (held.actor.orgs, held.actor.ip, held.unused) == (None, "192.0.2.1", True)
    database.call(tokens.used, held.id)
    assert not verify(database, issued.secret).unused
    [listed] = database.call(user_secrets.list_tokens, ada.id, CLI).items
    assert listed.last_used_at is not None
    assert "secret" not in listed.model_dump()


@pytest.mark.parametrize("change", ["revoke", "disable", "delete", "expire"])
def test_it_stops_at_once(database: Database, ada: UserPublic, change: str) -> None:
    expiry = now() + timedelta(milliseconds=700) if change == "expire" else None
    issued = issue(database, ada, expires_at=expiry)
    if change == "revoke":
        database.call(user_secrets.revoke_token, ada.id, issued.id, CLI)
    elif change == "expire":
        sleep(0.7)
    else:
        database.call(getattr(users, change), ada.id, CLI)
    with pytest.raises(InvalidApiKey):
        verify(database, issued.secret)


def test_what_cannot_be_a_token_is_none(database: Database, ada: UserPublic) -> None:
    secret = issue(database, ada).secret
    for wrong in ("", "orat_", secret[:-1], secret.replace("orat_", "ork_"), secret + "x"):
        with pytest.raises(InvalidApiKey):
            verify(database, wrong)
    with pytest.raises(InvalidRequest):
        issue(database, ada, expires_at=now() - timedelta(seconds=1))


def test_a_token_makes_no_tokens(database: Database, ada: UserPublic) -> None:
    actor = verify(database, issue(database, ada).secret).actor
    new = TokenCreate(name="more")
    with pytest.raises(PermissionDenied):
        database.call(user_secrets.issue_token, "me", new, actor, pepper=PEPPER)


def test_nobody_elses_token_can_be_revoked(database: Database, ada: UserPublic) -> None:
    theirs = issue(database, database.call(users.get, "root@example.com", CLI))
    actor = verify(database, issue(database, ada).secret).actor
    with pytest.raises(NotFound):
        database.call(user_secrets.revoke_token, "me", theirs.id, actor)
    with pytest.raises(PermissionDenied):
        database.call(user_secrets.revoke_token, "root@example.com", theirs.id, actor)
