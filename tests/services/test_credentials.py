from datetime import UTC, datetime, timedelta

from orouter.db.session import Database
from orouter.models import KeyCreate, KeyIssued, OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import changes, keys, organizations
from orouter.services.key_secrets import digest

PEPPER = b"pepper"
LATE = datetime(2099, 12, 31, 23, 59, 59, 600_001, tzinfo=UTC)


def issue(database: Database, name: str) -> KeyIssued:
    wanted = OrganizationCreate(name="acme")
    database.call(organizations.create, wanted, CLI, if_not_exists=True)
    new = KeyCreate(name=name, expires_at=LATE)
    return database.call(keys.issue, "acme", new, CLI, pepper=PEPPER)


def test_all_that_a_request_needs_in_one_query(database: Database) -> None:
    issued = issue(database, "ci")
    wanted = digest(PEPPER, issued.key or "")
    (credential,) = database.call(keys.load_credentials, [wanted, "0" * 64])
    assert (credential.key_id, credential.digest) == (issued.id, wanted)
    assert (credential.org_name, credential.name, credential.permission) == ("acme", "ci", "write")
    assert credential.expires_at_us == 4102444799600001
    assert (credential.enabled, credential.org_enabled) == (True, True)
    assert (credential.deleted, credential.org_deleted) == (False, False)
    assert database.call(keys.load_credentials, []) == []


def test_a_rotated_secret_is_found_by_both(database: Database) -> None:
    old = issue(database, "ci")
    hour = timedelta(hours=1)
    new = database.call(keys.rotate, "ci", CLI, pepper=PEPPER, grace=hour)
    for each in (old, new):
        (credential,) = database.call(keys.load_credentials, [digest(PEPPER, each.key or "")])
        assert credential.previous_digest == digest(PEPPER, old.key or "")
        assert credential.previous_expires_at_us is not None


def test_changed_keys_and_those_of_changed_organizations(database: Database) -> None:
    one, two = issue(database, "one"), issue(database, "two")
    seen = database.call(changes.current)
    assert database.call(keys.changed_since, seen) == []
    database.call(keys.disable, "two", CLI)
    (changed,) = database.call(keys.changed_since, seen)
    assert (changed.key_id, changed.enabled, changed.version) == (two.id, False, seen + 1)
    database.call(organizations.disable, "acme", CLI)
    both = database.call(keys.changed_since, seen + 1)
    assert {(each.key_id, each.org_enabled, each.version) for each in both} == {
        (one.id, False, seen + 2),
        (two.id, False, seen + 2),
    }


async def test_warm_up_reads_page_by_page(async_database: Database) -> None:
    issued = [issue(async_database, name) for name in "abc"]
    async_database.call(keys.delete, "b", CLI)
    first = await async_database.run_readonly(keys.page_for_warmup, "", 1)
    rest = await async_database.run_readonly(keys.page_for_warmup, first[0].key_id, 9)
    living = sorted(each.id for each in issued if each.name != "b")
    assert [each.key_id for each in first + rest] == living
