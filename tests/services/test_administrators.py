import pytest

from orouter.db.session import Database
from orouter.errors import Conflict, PermissionDenied
from orouter.models import OrganizationCreate, OrganizationUpdate
from orouter.models.organization import OrganizationAdministered
from orouter.schemas.actor import CLI, Actor, of_key
from orouter.services import administrators, organizations, users
from tests.people import person

PEPPER = b"pepper"
LINKING = {"pepper": PEPPER, "base": "http://x"}


def create(database: Database, *admins: str, actor: Actor = CLI) -> OrganizationAdministered:
    new = OrganizationCreate(name="acme", admins=list(admins))
    return database.call(administrators.create, new, actor, **LINKING)


def update(database: Database, *admins: str) -> OrganizationAdministered:
    change = OrganizationUpdate(admins=list(admins))
    return database.call(administrators.update, "acme", change, CLI, **LINKING)


def emails(shown: OrganizationAdministered) -> list[str]:
    return [admin.email for admin in shown.admins]


def test_unknown_administrators_are_invited_known_ones_appointed(database: Database) -> None:
    person(database, "root@example.com")
    person(database, "ada@example.com", "org_admin")
    made = create(database, "Ada@example.com", "new@example.com", "new@example.com")
    assert emails(made) == ["ada@example.com", "new@example.com"]
    [invitation] = made.invitations
    assert invitation.email == "new@example.com"
    assert invitation.link.startswith("http://x/admin/setup#token=oral_")
    invited = database.call(users.get, "new@example.com", CLI)
    assert (invited.status, invited.role, invited.orgs[0].id) == ("invited", "org_admin", made.id)


def test_a_change_names_all_of_them(database: Database) -> None:
    create(database, "a@example.com", "b@example.com")
    changed = update(database, "b@example.com", "c@example.com")
    assert emails(changed) == ["b@example.com", "c@example.com"]
    assert [each.email for each in changed.invitations] == ["c@example.com"]
    assert emails(update(database)) == []
    same = database.call(
        administrators.update, "acme", OrganizationUpdate(description="x"), CLI, **LINKING
    )
    assert (same.description, same.admins) == ("x", [])


def test_a_viewer_is_no_administrator_and_nothing_is_half_done(database: Database) -> None:
    person(database, "v@example.com", "viewer")
    with pytest.raises(Conflict):
        create(database, "new@example.com", "v@example.com")
    assert create(database).name == "acme"


def test_only_superadmins_appoint_and_keys_are_not_told_who_it_is(database: Database) -> None:
    operator = Actor("user", "user_1", None, role="operator")
    with pytest.raises(PermissionDenied):
        create(database, "new@example.com", actor=operator)
    made = create(database, "new@example.com")
    by_key = database.call(organizations.get, "acme", of_key("key_1", made.id, "admin"))
    assert by_key.admins == []
    member = Actor("user", "user_1", frozenset({made.id}), role="viewer")
    assert database.call(organizations.get, "acme", member).admins == made.admins
