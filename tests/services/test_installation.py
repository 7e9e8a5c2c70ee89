"""What is there is counted; what does not answer is part of the result."""

from pathlib import Path

import pytest

from orouter.db.session import Database
from orouter.models import KeyCreate, OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import installation, keys, organizations
from orouter.settings import load
from tests.provider_lists import listing_provider

NOWHERE = "http://127.0.0.1:9/v1"


def test_an_installation_is_counted(database: Database) -> None:
    database.call(organizations.create, OrganizationCreate(name="acme"), CLI)
    for name in ("kept", "deleted"):
        database.call(keys.issue, "acme", KeyCreate(name=name), CLI, pepper=b"p")
    database.call(keys.delete, "acme/deleted", CLI)
    found = installation.status(load(environ={}), database, NOWHERE)
    assert (found.organizations, found.keys, found.last_request_at) == (1, 1, None)
    assert (found.answering, found.problem) == (False, "")
    assert found.schema_revision == found.schema_needed


def test_a_database_that_is_not_ready_is_told(tmp_path: Path) -> None:
    absent = Database(f"sqlite:///{tmp_path}/x.db")
    assert "orouter init" in installation.status(load(environ={}), absent, NOWHERE).problem
    (tmp_path / "x.db").touch()
    empty = installation.status(load(environ={}), absent, NOWHERE)
    absent.close()
    assert "schema is not in place" in empty.problem
    assert (empty.schema_revision, empty.keys) == (None, None)


@pytest.mark.parametrize("url", [NOWHERE, "http://nowhere.invalid/v1", "nonsense"])
def test_nobody_answers(url: str) -> None:
    assert not installation.answers(url)


def test_somebody_else_is_no_orouter() -> None:
    with listing_provider() as url:
        assert not installation.answers(f"{url}/v1")
