"""The overview of an installation counts what is alive, on every node."""

from pathlib import Path

import pytest

from orouter import settings as configuration
from orouter.db.session import Database
from orouter.errors import PermissionDenied
from orouter.models import AdmissionWorker
from orouter.models.base import now
from orouter.schemas.actor import CLI, of_key
from orouter.schemas.system import SystemPublic
from orouter.services import keys, system
from tests.services.owned_usage import Owner


def told(database: Database, **flags: object) -> SystemPublic:
    known = configuration.load(flags=flags, environ={})
    return database.call(system.overview, CLI, known, now())


def test_what_was_deleted_does_not_count(database: Database) -> None:
    acme = Owner(database, "acme")
    Owner(database, "other")
    database.call(keys.delete, acme.key, CLI)
    assert told(database).counts.model_dump() == {"orgs": 2, "keys": 1, "users": 0}


def test_every_node_is_told_with_its_workers(database: Database) -> None:
    with database.begin() as session:
        for node, number in (("b", 1), ("a", 1), ("a", 2)):
            session.add(AdmissionWorker(id=f"{node}-{number}", node=node))
    assert [(each.node, each.workers) for each in told(database).nodes] == [("a", 2), ("b", 1)]


def test_the_journal_is_told(sqlite: Database, tmp_path: Path) -> None:
    (tmp_path / "web-1.000001.seg").write_bytes(b"")
    found = told(sqlite, **{"usage.journal_dir": str(tmp_path)}).journal
    assert (found.mode, found.directory, found.writers) == ("journal", str(tmp_path), 1)
    direct = told(sqlite, **{"usage.mode": "direct"}).journal
    assert (direct.directory, direct.writers) == (None, 0)


def test_only_those_who_run_it_are_told(sqlite: Database) -> None:
    known = configuration.load(environ={})
    with pytest.raises(PermissionDenied):
        sqlite.call(system.overview, of_key("key_1", "org_1", "admin"), known, now())
