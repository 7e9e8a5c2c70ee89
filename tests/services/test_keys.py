from datetime import timedelta

import pytest

from orouter.db.session import Database
from orouter.errors import (
    Conflict,
    InvalidApiKey,
    InvalidRequest,
    NotFound,
    OrganizationDisabled,
    PermissionDenied,
)
from orouter.models import ApiKey, KeyCreate, KeyIssued, KeyListing, KeyUpdate, OrganizationCreate
from orouter.models.base import now
from orouter.schemas.actor import CLI, of_key
from orouter.services import keys, organizations
from orouter.services.key_secrets import digest, generate

PEPPER = b"pepper"
HOUR = timedelta(hours=1)


@pytest.fixture
def acme(database: Database) -> str:
    """An organization's id."""
    return database.call(organizations.create, OrganizationCreate(name="acme"), CLI).id


def issue(database: Database, name: str = "ci", org: str = "acme", **fields: object) -> KeyIssued:
    new = KeyCreate.model_validate({"name": name, **fields})
    return database.call(keys.issue, org, new, CLI, pepper=PEPPER)


def opens(database: Database, secret: str | None) -> bool:
    try:
        database.call(keys.verify, secret or "", pepper=PEPPER)
    except InvalidApiKey:
        return False
    return True


def listed(database: Database, **listing: object) -> list[str]:
    wanted = KeyListing.model_validate({"sort": "name", **listing})
    return [item.name for item in database.call(keys.list_all, wanted, CLI).items]


def expire(database: Database, key_id: str) -> None:
    """Let its expiry pass, which no verb can."""
    with database.begin() as session:
        row = session.get(ApiKey, key_id)
        assert row is not None
        row.expires_at = now() - HOUR


@pytest.mark.usefixtures("acme")
def test_an_issued_key_opens_and_shows_no_secret_again(database: Database) -> None:
    issued = issue(database, permission="read", description="for the build")
    assert issued.key is not None
    found = database.call(keys.verify, issued.key, pepper=PEPPER)
    assert (found.id, found.org_name, found.permission) == (issued.id, "acme", "read")
    assert (found.prefix, found.last4) == (issued.key[:8], issued.key[-4:])
    assert issued.key not in repr(issued)
    assert issued.key not in found.model_dump_json()
    assert digest(PEPPER, issued.key) not in found.model_dump_json()


@pytest.mark.usefixtures("acme")
def test_only_under_its_pepper(database: Database) -> None:
    issued = issue(database)
    with pytest.raises(InvalidApiKey):
        database.call(keys.verify, issued.key or "", pepper=b"another")
    assert not opens(database, generate())
    assert not opens(database, "ork_junk")


@pytest.mark.usefixtures("acme")
def test_a_name_is_taken_once_in_an_organization(database: Database) -> None:
    first = issue(database)
    issue(database, "CI")
    with pytest.raises(Conflict, match="'ci'"):
        issue(database)
    again = database.call(
        keys.issue, "acme", KeyCreate(name="ci"), CLI, pepper=PEPPER, if_not_exists=True
    )
    assert (again.id, again.key) == (first.id, None)


@pytest.mark.usefixtures("acme")
def test_no_key_is_born_expired(database: Database) -> None:
    with pytest.raises(InvalidRequest, match="passed"):
        issue(database, expires_at=now() - HOUR)
    with pytest.raises(NotFound):
        issue(database, org="nobody")


@pytest.mark.usefixtures("acme")
def test_an_update_changes_what_it_names(database: Database) -> None:
    issued = issue(database, expires_at=now() + HOUR)
    after = database.call(keys.update, issued.id, KeyUpdate(permission="admin"), CLI)
    assert (after.name, after.permission, after.expires_at) == ("ci", "admin", issued.expires_at)
    assert database.call(keys.update, "ci", KeyUpdate(expires_at=None), CLI).expires_at is None
    assert database.call(keys.update, "ci", KeyUpdate(name="cd"), CLI).name == "cd"
    assert issue(database, "ci").id != issued.id
    with pytest.raises(Conflict):
        database.call(keys.update, "cd", KeyUpdate(name="ci"), CLI)


@pytest.mark.usefixtures("acme")
def test_disabled_keys_stop_until_enabled(database: Database) -> None:
    issued = issue(database)
    assert database.call(keys.disable, "ci", CLI).status == "disabled"
    assert not opens(database, issued.key)
    assert database.call(keys.enable, "ci", CLI).status == "active"
    assert opens(database, issued.key)


@pytest.mark.usefixtures("acme")
def test_deleted_keys_stop_and_can_come_back(database: Database) -> None:
    issued = issue(database)
    assert database.call(keys.delete, "acme/ci", CLI).status == "deleted"
    assert not opens(database, issued.key)
    with pytest.raises(NotFound):
        database.call(keys.enable, issued.id, CLI)
    replacement = issue(database)
    with pytest.raises(Conflict):
        database.call(keys.restore, issued.id, CLI)
    database.call(keys.delete, replacement.id, CLI)
    assert database.call(keys.restore, issued.id, CLI).status == "active"
    assert opens(database, issued.key)


@pytest.mark.usefixtures("acme")
def test_expired_keys_stop(database: Database) -> None:
    issued = issue(database, expires_at=now() + HOUR)
    assert opens(database, issued.key)
    expire(database, issued.id)
    assert not opens(database, issued.key)
    assert listed(database, status="expired") == ["ci"]


def test_an_organizations_state_is_its_keys_state(database: Database, acme: str) -> None:
    issued = issue(database)
    database.call(organizations.disable, acme, CLI)
    assert database.call(keys.get, "ci", CLI).status == "disabled"
    with pytest.raises(OrganizationDisabled):
        opens(database, issued.key)
    database.call(organizations.delete, acme, CLI)
    assert database.call(keys.get, issued.id, CLI).status == "deleted"
    assert not opens(database, issued.key)


@pytest.mark.usefixtures("acme")
def test_rotation_lets_the_old_secret_work_for_the_grace(database: Database) -> None:
    old = issue(database)
    new = database.call(keys.rotate, "ci", CLI, pepper=PEPPER, grace=HOUR)
    assert (new.id, new.last4) == (old.id, (new.key or "")[-4:])
    assert new.previous_expires_at is not None
    assert opens(database, old.key)
    assert opens(database, new.key)
    newest = database.call(keys.rotate, "ci", CLI, pepper=PEPPER)
    assert newest.previous_expires_at is None
    assert [opens(database, each.key) for each in (old, new, newest)] == [False, False, True]


@pytest.mark.usefixtures("acme")
def test_the_grace_ends(database: Database) -> None:
    old = issue(database)
    grace = timedelta(microseconds=1)
    new = database.call(keys.rotate, "ci", CLI, pepper=PEPPER, grace=grace)
    assert [opens(database, each.key) for each in (old, new)] == [False, True]
    for grace in (-HOUR, timedelta(days=366)):
        with pytest.raises(InvalidRequest):
            database.call(keys.rotate, "ci", CLI, pepper=PEPPER, grace=grace)


@pytest.mark.usefixtures("acme")
def test_a_key_moves_to_another_organization(database: Database) -> None:
    issued = issue(database)
    other = database.call(organizations.create, OrganizationCreate(name="other"), CLI)
    moved = database.call(keys.move, "ci", "other", CLI)
    assert (moved.id, moved.org_id, moved.org_name) == (issued.id, other.id, "other")
    assert opens(database, issued.key)
    issue(database)
    with pytest.raises(Conflict):
        database.call(keys.move, "acme/ci", "other", CLI)


def test_an_actor_of_one_organization_reaches_its_keys_only(database: Database, acme: str) -> None:
    database.call(organizations.create, OrganizationCreate(name="other"), CLI)
    foreign = issue(database, org="other")
    actor = of_key("key_1", acme, "admin")
    assert database.call(keys.list_all, KeyListing(), actor).total == 0
    for verb in (keys.get, keys.disable, keys.delete):
        with pytest.raises(NotFound):
            database.call(verb, foreign.id, actor)
    with pytest.raises(NotFound):
        database.call(keys.issue, "other", KeyCreate(name="x"), actor, pepper=PEPPER)
    own = database.call(keys.issue, "acme", KeyCreate(name="own"), actor, pepper=PEPPER)
    with pytest.raises(NotFound):
        database.call(keys.move, own.id, "other", actor)


def test_less_than_admin_manages_nothing(database: Database, acme: str) -> None:
    issued = issue(database)
    actor = of_key(issued.id, acme, "write")
    with pytest.raises(PermissionDenied):
        database.call(keys.issue, "acme", KeyCreate(name="x"), actor, pepper=PEPPER)
    with pytest.raises(PermissionDenied):
        database.call(keys.delete, issued.id, actor)


async def test_the_same_on_the_event_loop(async_database: Database) -> None:
    run = async_database.run
    await run(organizations.create, OrganizationCreate(name="acme"), CLI)
    issued = await run(keys.issue, "acme", KeyCreate(name="ci"), CLI, pepper=PEPPER)
    assert (await run(keys.verify, issued.key or "", pepper=PEPPER)).id == issued.id
