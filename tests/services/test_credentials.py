from datetime import UTC, datetime, timedelta

from orouter.db.session import Database
from orouter.models import KeyCreate, KeyIssued, OrganizationCreate
from orouter.models.usage_rollup import MEASURES, USAGE_ROLLUPS
from orouter.schemas.actor import CLI
from orouter.services import changes, credentials, keys, organizations
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
    (credential,) = database.call(credentials.load_credentials, [wanted, "0" * 64])
    assert (credential.key_id, credential.digest) == (issued.id, wanted)
    assert (credential.org_name, credential.key_name, credential.permission) == (
        "acme",
        "ci",
        "write",
    )
    assert credential.expires_at_us == 4102444799600001
    assert (credential.enabled, credential.org_enabled) == (True, True)
    assert (credential.deleted, credential.org_deleted) == (False, False)
    assert database.call(credentials.load_credentials, []) == []


def test_a_rotated_secret_is_found_by_both(database: Database) -> None:
    old = issue(database, "ci")
    hour = timedelta(hours=1)
    new = database.call(keys.rotate, "ci", CLI, pepper=PEPPER, grace=hour)
    for each in (old, new):
        (credential,) = database.call(
            credentials.load_credentials, [digest(PEPPER, each.key or "")]
        )
        assert credential.previous_digest == digest(PEPPER, old.key or "")
        assert credential.previous_expires_at_us is not None


def test_changed_keys_and_those_of_changed_organizations(database: Database) -> None:
    one, two = issue(database, "one"), issue(database, "two")
    seen = database.call(changes.current)
    assert database.call(credentials.changed_since, seen) == []
    database.call(keys.disable, "two", CLI)
    (changed,) = database.call(credentials.changed_since, seen)
    assert (changed.key_id, changed.enabled, changed.version) == (two.id, False, seen + 1)
    database.call(organizations.disable, "acme", CLI)
    both = database.call(credentials.changed_since, seen + 1)
    assert {(each.key_id, each.org_enabled, each.version) for each in both} == {
        (one.id, False, seen + 2),
        (two.id, False, seen + 2),
    }


def used(key_id: str, start: int, grain: str = "day") -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(MEASURES, 1)
    who = {"org_id": "org_1", "key_id": key_id, "provider": "p", "model": "m", "status": 200}
    return {**row, **who, "grain": grain, "start": start}


def test_keys_used_last_are_read_ahead_before_the_newest(database: Database) -> None:
    a, b, c, d, e = (issue(database, name).id for name in "abcde")
    with database.begin() as session:
        rows = [used(a, 50), used(b, 30), used(b, 40), used(c, 10), used(d, 90, "month")]
        session.connection().execute(USAGE_ROLLUPS.insert(), rows)
    assert database.call(credentials.ids_to_warm, 20, 9) == [a, b, e, d, c]
    assert database.call(credentials.ids_to_warm, 20, 3) == [a, b, e]
    assert database.call(credentials.ids_to_warm, 20, 1) == [a]


def test_what_is_deleted_is_not_read_ahead(database: Database) -> None:
    a, b = (issue(database, name).id for name in "ab")
    database.call(keys.delete, "b", CLI)
    assert [each.key_id for each in database.call(credentials.living, [a, b])] == [a]
    database.call(organizations.delete, "acme", CLI)
    assert database.call(credentials.living, [a, b]) == []
