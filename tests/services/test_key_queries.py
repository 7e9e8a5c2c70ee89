import pytest

from orouter.db.session import Database
from orouter.errors import Conflict, NotFound
from orouter.models import KeyCreate, KeyIssued, KeyListing, OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import keys, organizations

PEPPER = b"pepper"


def issue(database: Database, org: str, name: str, permission: str = "write") -> KeyIssued:
    wanted = OrganizationCreate(name=org)
    database.call(organizations.create, wanted, CLI, if_not_exists=True)
    new = KeyCreate.model_validate({"name": name, "permission": permission})
    return database.call(keys.issue, org, new, CLI, pepper=PEPPER)


def listed(database: Database, **listing: object) -> list[str]:
    wanted = KeyListing.model_validate({"sort": "name", **listing})
    return [item.name for item in database.call(keys.list_all, wanted, CLI).items]


def test_every_way_to_mean_a_key(database: Database) -> None:
    key = issue(database, "acme/eu", "build/ci 😀")
    refs = [
        key.id,
        "acme/eu/build/ci 😀",
        "build/ci 😀",
        f"{key.prefix}…{key.last4}",
        f"{key.prefix}...{key.last4}",
    ]
    assert {database.call(keys.get, ref, CLI).id for ref in refs} == {key.id}


def test_a_name_that_several_have_needs_its_organization(database: Database) -> None:
    one, two = issue(database, "one", "ci"), issue(database, "two", "ci")
    with pytest.raises(Conflict) as several:
        database.call(keys.get, "ci", CLI)
    assert "ORG/NAME" in str(several.value.hint)
    found = [database.call(keys.get, ref, CLI).id for ref in ("one/ci", "two/ci")]
    assert found == [one.id, two.id]


@pytest.mark.parametrize(
    "ref", ["", "/", "acme/", "/ci", "CI", "key_" + "0" * 26, "ork_abcd…wxyz", "é…é", "\x00", "%"]
)
def test_what_is_not_there_is_not_found(database: Database, ref: str) -> None:
    issue(database, "acme", "ci")
    with pytest.raises(NotFound):
        database.call(keys.get, ref, CLI)


def test_a_whole_secret_is_never_repeated(database: Database) -> None:
    key = issue(database, "acme", "ci")
    with pytest.raises(NotFound) as refused:
        database.call(keys.get, key.key or "", CLI)
    assert (key.key or "") not in f"{refused.value} {refused.value.hint}"


def test_lists_are_filtered(database: Database) -> None:
    key = issue(database, "acme", "ci", "read")
    issue(database, "acme", "app")
    issue(database, "other", "ci")
    database.call(keys.disable, "app", CLI)
    assert listed(database) == ["app", "ci", "ci"]
    assert listed(database, org="acme") == ["app", "ci"]
    assert listed(database, org=key.org_id, name="ci") == ["ci"]
    assert listed(database, permission="read") == ["ci"]
    assert listed(database, status="disabled") == ["app"]
    assert listed(database, status="active", org="acme") == ["ci"]
    assert listed(database, search="AP") == ["app"]
    assert listed(database, search=key.last4, org="acme") == ["ci"]
    assert listed(database, search="é😀") == []
    with pytest.raises(NotFound):
        listed(database, org="nobody")


def test_deleted_keys_are_listed_when_asked_for(database: Database) -> None:
    issue(database, "acme", "gone")
    issue(database, "acme", "here")
    database.call(keys.delete, "gone", CLI)
    assert listed(database) == ["here"]
    assert listed(database, status="deleted") == ["gone"]
    database.call(organizations.delete, "acme", CLI)
    assert listed(database) == []
    assert listed(database, status="all") == listed(database, status="deleted") == ["gone", "here"]


def test_a_name_that_nobody_has_brings_the_nearest_to_mind(database: Database) -> None:
    issue(database, "acme", "production")
    with pytest.raises(NotFound) as mistyped:
        database.call(keys.get, "acme/prodution", CLI)
    assert mistyped.value.hint == "Did you mean production?"
    with pytest.raises(NotFound) as org:
        database.call(organizations.get, "acmee", CLI)
    assert org.value.hint == "Did you mean acme?"
