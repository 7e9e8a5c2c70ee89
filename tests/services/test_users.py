import threading

import pytest

from orouter.db.session import Database
from orouter.errors import Conflict, NotFound, PermissionDenied
from orouter.models import OrganizationCreate
from orouter.models.user import UserCreate, UserListing, UserPublic, UserUpdate
from orouter.schemas.actor import CLI, Actor, Role
from orouter.services import organizations, users
from tests.people import person


def org(database: Database, name: str) -> str:
    return database.call(organizations.create, OrganizationCreate(name=name), CLI).id


def actor_of(user: UserPublic, role: Role | None = None) -> Actor:
    return Actor("user", user.id, frozenset(), role=role or user.role, name=user.email)


def update(database: Database, user: UserPublic, **fields: object) -> UserPublic:
    change = UserUpdate.model_validate(fields)
    return database.call(users.update, user.id, change, CLI)


def test_somebody_new_is_invited_and_found_by_address_in_any_case(database: Database) -> None:
    made = person(database, " Ada@Example.COM ", "org_admin", org(database, "acme"), active=False)
    assert (made.email, made.status, made.role) == ("ada@example.com", "invited", "org_admin")
    assert [each.name for each in made.orgs] == ["acme"]
    for ref in ("ADA@example.com", made.id):
        assert database.call(users.get, ref, CLI).id == made.id
    with pytest.raises(Conflict):
        person(database, "ada@EXAMPLE.com")


@pytest.mark.parametrize("email", ["ada", "@", "a b@c", "a@b\x00", f"{'a' * 250}@b.cd"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(ValueError, match="email"):
        UserCreate(email=email)


@pytest.mark.parametrize("ref", ["nobody@example.com", "user_" + "0" * 26, "\x00", "é", ""])
def test_what_is_not_there_is_not_found(database: Database, ref: str) -> None:
    with pytest.raises(NotFound):
        database.call(users.get, ref, CLI)


def test_a_viewer_without_organizations_sees_all_until_given_one(database: Database) -> None:
    acme = org(database, "acme")
    viewer = person(database, "v@example.com", "viewer")
    assert viewer.all_orgs
    assert not update(database, viewer, orgs=["acme"]).all_orgs
    assert not update(database, viewer, name="V").all_orgs
    assert update(database, viewer, orgs=[]).all_orgs
    assert not update(database, viewer, role="org_admin", orgs=[acme]).all_orgs
    assert not update(database, viewer, role="viewer").all_orgs


def test_the_last_active_superadmin_stays_one(database: Database) -> None:
    last = person(database, "root@example.com")
    person(database, "invited@example.com", active=False)
    for change in ({"role": "operator"}, {"enabled": False}):
        with pytest.raises(Conflict):
            update(database, last, **change)
    with pytest.raises(Conflict):
        database.call(users.delete, last.id, CLI)
    person(database, "second@example.com")
    assert update(database, last, role="viewer").role == "viewer"


def test_of_two_superadmins_who_demote_each_other_one_remains(database: Database) -> None:
    pair = [person(database, f"{name}@example.com") for name in ("a", "b")]
    outcomes: list[str] = []

    def demote(user: UserPublic) -> None:
        try:
            outcomes.append(update(database, user, role="viewer").role)
        except Conflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=demote, args=[user]) for user in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "viewer"]


def test_deleted_and_restored(database: Database) -> None:
    person(database, "root@example.com")
    ada = person(database, "ada@example.com", "viewer")
    assert database.call(users.delete, ada.id, CLI).status == "deleted"
    with pytest.raises(NotFound):
        database.call(users.get, "ada@example.com", CLI)
    second = person(database, "ada@example.com", "viewer")
    with pytest.raises(Conflict):
        database.call(users.restore, ada.id, CLI)
    database.call(users.delete, second.id, CLI)
    assert database.call(users.restore, ada.id, CLI).status == "active"


def test_one_changes_ones_own_name_and_nothing_else(database: Database) -> None:
    person(database, "root@example.com")
    ada = person(database, "ada@example.com", "viewer")
    own = actor_of(ada)
    assert database.call(users.update, "me", UserUpdate(name="Ada"), own).name == "Ada"
    for change in (UserUpdate(role="superadmin"), UserUpdate(email="x@example.com")):
        with pytest.raises(PermissionDenied):
            database.call(users.update, "me", change, own)
    with pytest.raises(NotFound):
        database.call(users.get, "root@example.com", own)


def test_lists_are_filtered(database: Database) -> None:
    person(database, "root@example.com")
    ada = person(database, "ada@example.com", "viewer", active=False)
    update(database, ada, name="Ada Lovelace")

    def listed(**wanted: object) -> list[str]:
        listing = UserListing.model_validate({"sort": "email", **wanted})
        return [each.email for each in database.call(users.list_all, listing, CLI).items]

    assert listed() == ["ada@example.com", "root@example.com"]
    assert listed(search="lovel") == listed(role="viewer") == ["ada@example.com"]
    assert listed(status="invited") == ["ada@example.com"]
    assert listed(status="active") == ["root@example.com"]
    database.call(users.disable, ada.id, CLI)
    assert listed(status="disabled") == ["ada@example.com"]
    with pytest.raises(PermissionDenied):
        database.call(users.list_all, UserListing(), actor_of(ada))
