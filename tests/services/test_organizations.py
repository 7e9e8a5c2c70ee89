import threading
from datetime import UTC, datetime, timedelta

import pytest

from orouter.db.session import Database
from orouter.errors import Conflict, InvalidRequest, NotFound, PermissionDenied
from orouter.models import KeyCreate, OrganizationCreate, OrganizationListing, OrganizationUpdate
from orouter.models.base import now
from orouter.schemas.actor import CLI, Actor, of_key
from orouter.services import changes, keys, organizations
from orouter.services.organizations import OrganizationState

PEPPER = b"pepper"


def create(database: Database, name: str, **fields: str) -> str:
    new = OrganizationCreate(name=name, **fields)
    return database.call(organizations.create, new, CLI).id


def names(database: Database, **listing: object) -> list[str]:
    wanted = OrganizationListing.model_validate({"sort": "name", **listing})
    return [item.name for item in database.call(organizations.list_all, wanted, CLI).items]


def member_of(org_id: str) -> Actor:
    return of_key("key_1", org_id, "admin")


def test_a_new_one_is_found_by_id_and_by_name(database: Database) -> None:
    made = create(database, " Acme 😀 ", description="makes everything")
    for ref in (made, "Acme 😀", "Acme 😀 "):
        found = database.call(organizations.get, ref, CLI)
        assert (found.id, found.name, found.status) == (made, "Acme 😀", "active")


@pytest.mark.parametrize("ref", ["acme", "%", "org_nothing", "", "\x00", "é", "org_" + "0" * 26])
def test_what_is_not_there_is_not_found(database: Database, ref: str) -> None:
    create(database, "Acme")
    with pytest.raises(NotFound):
        database.call(organizations.get, ref, CLI)


def test_a_name_is_taken_once(database: Database) -> None:
    made = create(database, "acme")
    create(database, "Acme")
    with pytest.raises(Conflict, match="'acme'"):
        create(database, "acme ")
    again = database.call(
        organizations.create, OrganizationCreate(name="acme"), CLI, if_not_exists=True
    )
    assert again.id == made


def test_of_many_that_want_a_name_at_once_one_gets_it(database: Database) -> None:
    outcomes: list[str] = []

    def want() -> None:
        try:
            outcomes.append(create(database, "wanted"))
        except Conflict:
            outcomes.append("conflict")

    threads = [threading.Thread(target=want) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(outcomes), outcomes.count("conflict")) == (6, 5)
    assert names(database) == ["wanted"]


def test_an_update_changes_what_it_names(database: Database) -> None:
    made = create(database, "old", description="stays")
    change = OrganizationUpdate(name="new")
    after = database.call(organizations.update, made, change, CLI)
    assert (after.name, after.description, after.enabled) == ("new", "stays", True)
    assert create(database, "old") != made
    with pytest.raises(Conflict):
        database.call(organizations.update, made, OrganizationUpdate(name="old"), CLI)


def test_disabled_and_enabled(database: Database) -> None:
    made = create(database, "acme")
    assert database.call(organizations.disable, made, CLI).status == "disabled"
    assert names(database, status="active") == []
    assert names(database, status="disabled") == ["acme"]
    assert database.call(organizations.enable, made, CLI).status == "active"


def test_deleted_and_restored(database: Database) -> None:
    made = create(database, "acme")
    for name in ("one", "two"):
        database.call(keys.issue, made, KeyCreate(name=name), CLI, pepper=PEPPER)
    database.call(keys.disable, "two", CLI)
    gone = database.call(organizations.delete, "acme", CLI)
    assert (gone.status, gone.keys_stopped) == ("deleted", 1)
    assert names(database) == []
    assert names(database, status="deleted") == names(database, status="all") == ["acme"]
    assert database.call(organizations.get, "acme", CLI).status == "deleted"
    with pytest.raises(NotFound):
        database.call(organizations.delete, made, CLI)
    assert database.call(organizations.restore, "acme", CLI).status == "active"
    assert database.call(keys.get, "one", CLI).status == "active"


def test_a_name_taken_meanwhile_cannot_be_restored(database: Database) -> None:
    made = create(database, "acme")
    database.call(organizations.delete, made, CLI)
    create(database, "acme")
    with pytest.raises(Conflict):
        database.call(organizations.restore, made, CLI)


def test_lists_are_searched_dated_and_paged(database: Database) -> None:
    for name in ("alpha", "beta", "gamma"):
        create(database, name, description="greek")
    assert names(database, search="ALPH") == ["alpha"]
    assert names(database, search="greek", page_size=2, page=2) == ["gamma"]
    hour = timedelta(hours=1)
    assert len(names(database, created_after=now() - hour, created_before=now() + hour)) == 3
    assert names(database, created_before=datetime(2020, 1, 1, tzinfo=UTC)) == []
    with pytest.raises(InvalidRequest):
        names(database, sort="version")


def test_an_actor_of_one_organization_sees_no_other(database: Database) -> None:
    own, other = create(database, "own"), create(database, "other")
    actor = member_of(own)
    assert database.call(organizations.get, "own", actor).id == own
    assert database.call(organizations.list_all, OrganizationListing(), actor).total == 1
    with pytest.raises(NotFound):
        database.call(organizations.get, other, actor)
    with pytest.raises(PermissionDenied):
        database.call(organizations.disable, own, actor)
    with pytest.raises(PermissionDenied):
        database.call(organizations.create, OrganizationCreate(name="more"), actor)


def test_the_data_plane_is_told_what_changed(database: Database) -> None:
    one, two = create(database, "one"), create(database, "two")
    seen = database.call(changes.current)
    database.call(organizations.disable, two, CLI)
    told = database.call(organizations.changed_since, seen)
    assert told == [OrganizationState(two, "two", enabled=False, deleted=False, version=seen + 1)]
    assert {state.id for state in database.call(organizations.changed_since, 0)} == {one, two}


async def test_the_same_on_the_event_loop(async_database: Database) -> None:
    new = OrganizationCreate(name="acme")
    made = await async_database.run(organizations.create, new, CLI)
    assert await async_database.run_readonly(organizations.get, "acme", CLI) == made
