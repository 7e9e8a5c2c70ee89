import pytest

from orouter.db.session import Database
from orouter.errors import NotFound, PermissionDenied
from orouter.models import OrganizationCreate
from orouter.models.user import UserListing
from orouter.schemas.actor import CLI, Actor
from orouter.services import members, organizations, users
from tests.people import person


@pytest.fixture
def orgs(database: Database) -> list[str]:
    create = organizations.create
    return [database.call(create, OrganizationCreate(name=name), CLI).id for name in ("a", "b")]


def test_members_come_and_go(database: Database, orgs: list[str]) -> None:
    ada = person(database, "ada@example.com", "viewer", orgs[0])
    added = database.call(members.add, "b", ada.id, CLI)
    assert database.call(members.add, "b", ada.id, CLI) == added
    assert [each.id for each in added.orgs] == orgs
    for org in orgs:
        left = database.call(members.remove, org, "ada@example.com", CLI)
    assert (left.orgs, left.all_orgs) == ([], False)
    with pytest.raises(NotFound):
        database.call(members.remove, "b", ada.id, CLI)


def test_a_member_sees_the_others_but_not_where_else_they_belong(
    database: Database, orgs: list[str]
) -> None:
    person(database, "ada@example.com", "org_admin", *orgs)
    bob = person(database, "bob@example.com", "viewer", orgs[0])
    inside = Actor("user", bob.id, frozenset({orgs[0]}), role="viewer", name=bob.email)
    listing = UserListing(sort="email")
    found = database.call(members.list_all, "a", listing, inside).items
    assert [each.email for each in found] == ["ada@example.com", "bob@example.com"]
    assert {org.name for each in found for org in each.orgs} == {"a"}
    with pytest.raises(NotFound):
        database.call(members.list_all, "b", listing, inside)
    with pytest.raises(PermissionDenied):
        database.call(members.add, "a", bob.id, inside)


def test_whoever_belongs_to_a_deleted_organization_only_sees_nothing(
    database: Database, orgs: list[str]
) -> None:
    ada = person(database, "ada@example.com", "viewer", orgs[0])
    database.call(organizations.delete, "a", CLI)
    shown = database.call(users.get, ada.id, CLI)
    assert (shown.orgs, shown.all_orgs) == ([], False)
