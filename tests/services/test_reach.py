import pytest

from orouter.db.session import Database
from orouter.models import OrganizationCreate
from orouter.models.user import User, UserPublic
from orouter.schemas.actor import CLI
from orouter.services import organizations, reach
from tests.people import person


@pytest.fixture
def orgs(database: Database) -> list[str]:
    create = organizations.create
    names = ("a", "b", "c")
    return [database.call(create, OrganizationCreate(name=name), CLI).id for name in names]


def reach_of(database: Database, user: UserPublic) -> frozenset[str] | None:
    with database.begin() as session:
        return reach.of(session, session.get_one(User, user.id))


@pytest.mark.parametrize("role", ["org_admin", "viewer"])
def test_members_reach_their_organizations_deleted_ones_too(
    database: Database, orgs: list[str], role: str
) -> None:
    ada = person(database, "ada@example.com", role, "a", "b")
    database.call(organizations.delete, "b", CLI)
    assert reach_of(database, ada) == frozenset(orgs[:2])
    database.call(reach.replace, ada.id, [orgs[2]])
    assert reach_of(database, ada) == frozenset(orgs[2:])
    database.call(reach.replace, ada.id, [])
    assert reach_of(database, ada) == frozenset()


@pytest.mark.parametrize("role", ["superadmin", "operator", "viewer"])
def test_others_reach_everything(database: Database, role: str) -> None:
    assert reach_of(database, person(database, "ada@example.com", role)) is None


def test_administrators_are_told_by_organization(database: Database, orgs: list[str]) -> None:
    person(database, "b@example.com", "org_admin", "a", "b")
    person(database, "a@example.com", "operator", "a")
    person(database, "v@example.com", "viewer", "a")
    found = database.call(reach.admins_of, orgs)
    told = {org: [admin.email for admin in admins] for org, admins in found.items()}
    assert told == {orgs[0]: ["a@example.com", "b@example.com"], orgs[1]: ["b@example.com"]}
