import pytest
from pydantic import SecretStr

from orouter.db.session import Database
from orouter.errors import Conflict, PermissionDenied
from orouter.models import KeyCreate, KeyUpdate, LimitSet, OrganizationCreate
from orouter.models.audit_entry import AuditEntryPublic, AuditListing
from orouter.schemas.actor import CLI, Actor, of_key
from orouter.services import audit, keys, limits, organizations
from orouter.services.audit import Target

CANARY = "canary-0123456789"
ADA = Actor("user", "user_1", None, role="superadmin", via="ui", ip="192.0.2.1", name="ada@b.c")


def listed(database: Database, asking: Actor = CLI, /, **wanted: object) -> list[AuditEntryPublic]:
    listing = AuditListing.model_validate(wanted)
    return database.call(audit.list_all, listing, asking).items


def test_who_changed_what_from_where(database: Database) -> None:
    target = Target("org", "org_1", "acme 😀", "org_1")
    before = {"name": "old", "enabled": True, "updated_at": "x"}
    after = {"name": "new", "enabled": True, "updated_at": "y"}
    database.call(audit.record, ADA, "org.update", target, before, after)
    [entry] = listed(database)
    assert (entry.actor_kind, entry.actor_id, entry.actor_name) == ("user", "user_1", "ada@b.c")
    assert (entry.via, entry.ip, entry.action) == ("ui", "192.0.2.1", "org.update")
    assert (entry.target_name, entry.org_id) == ("acme 😀", "org_1")
    assert (entry.before, entry.after) == ({"name": "old"}, {"name": "new"})


def test_no_secret_is_written_down(database: Database) -> None:
    values = {
        "api_key": CANARY,
        "api_keys": [CANARY],
        "headers": {"x-api-key": CANARY},
        "password": SecretStr(CANARY),
        "providers.openai.api_key": CANARY,
        "nested": {"secret": CANARY, "of": [SecretStr(CANARY)]},
        "note": f"it was ork_{CANARY}",
    }
    database.call(audit.record, CLI, "provider.update", Target("provider", "openai"), None, values)
    [entry] = listed(database)
    assert CANARY not in entry.model_dump_json()
    assert entry.after["api_key"] == "***"


def test_the_command_line_is_named_after_the_user_of_the_system(database: Database) -> None:
    database.call(audit.record, CLI, "x.y", Target("x"))
    [entry] = listed(database)
    assert (entry.actor_kind, entry.via) == ("cli", "cli")
    assert entry.actor_id == entry.actor_name != ""


def test_filters_and_reach(database: Database) -> None:
    for number in (1, 2):
        target = Target("org", f"org_{number}", f"o{number}", f"org_{number}")
        database.call(audit.record, ADA, "org.create", target, None, {"name": "x"})
    database.call(audit.record, CLI, "user.create", Target("user", "user_1"))
    assert len(listed(database)) == 3
    for wanted in ({"action": "user.create"}, {"target_kind": "user"}, {"org": "org_2"}):
        assert len(listed(database, **wanted)) == 1
    for who in ("ada@b.c", "user_1"):
        assert len(listed(database, actor=who)) == 2
    assert listed(database, **{"from": "2099-01-01T00:00:00Z"}) == []
    assert len(listed(database, to="2099-01-01T00:00:00Z")) == 3
    inside = Actor("user", "user_2", frozenset({"org_1"}), role="org_admin")
    assert [entry.target_id for entry in listed(database, inside)] == ["org_1"]
    with pytest.raises(PermissionDenied):
        listed(database, of_key("key_1", "org_1", "admin"))


def test_every_verb_on_organizations_keys_and_limits_is_written_down(database: Database) -> None:
    acme = database.call(organizations.create, OrganizationCreate(name="acme"), ADA).id
    other = database.call(organizations.create, OrganizationCreate(name="other"), ADA).id
    issued = database.call(keys.issue, "acme", KeyCreate(name="ci"), ADA, pepper=b"p")
    rotated = database.call(keys.rotate, "ci", ADA, pepper=b"p")
    database.call(keys.update, "ci", KeyUpdate(permission="read"), ADA)
    database.call(limits.put, "key", "ci", LimitSet(requests=5, cost="1.5"), ADA)
    database.call(limits.remove, "key", "ci", None, ADA)
    database.call(keys.move, "ci", "other", ADA)
    database.call(keys.delete, "ci", ADA)
    database.call(keys.restore, issued.id, ADA)
    database.call(organizations.disable, "acme", ADA)
    database.call(organizations.delete, "acme", ADA)
    database.call(organizations.restore, "acme", ADA)
    found = listed(database, sort="id", page_size=200)
    assert [entry.action for entry in found] == [
        *("org.create", "org.create", "key.issue", "key.rotate", "key.update"),
        *("limits.set", "limits.clear", "key.move", "key.move", "key.delete", "key.restore"),
        *("org.update", "org.delete", "org.restore"),
    ]
    assert {entry.actor_id for entry in found} == {"user_1"}
    assert {entry.org_id for entry in found} == {acme, other}
    told = "".join(entry.model_dump_json() for entry in found)
    assert not any((secret or "x") in told for secret in (issued.key, rotated.key))
    by_action = {entry.action: entry for entry in found}
    assert by_action["key.update"].before == {"permission": "write"}
    assert by_action["key.update"].after == {"permission": "read"}
    assert by_action["limits.set"].after == {"month.requests": 5, "month.cost": "1.5"}
    assert by_action["org.update"].after["enabled"] is False


def test_a_change_that_fails_is_not_written_down(database: Database) -> None:
    database.call(organizations.create, OrganizationCreate(name="acme"), ADA)
    with pytest.raises(Conflict):
        database.call(organizations.create, OrganizationCreate(name="acme"), ADA)
    assert len(listed(database)) == 1
