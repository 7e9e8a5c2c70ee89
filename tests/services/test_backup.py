import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from orouter.db import schema
from orouter.db.engine import Server
from orouter.db.session import Database
from orouter.errors import CheckFailed, DatabaseUnavailable, SchemaBehind
from orouter.models import OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import archive, backup, changes, organizations
from orouter.services.archive import Table
from orouter.usage.store import RECORDS
from tests.databases import BACKENDS, new_database
from tests.services.owned_usage import Owner


@pytest.fixture(params=BACKENDS)
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """Another database, with nothing in it."""
    try:
        with new_database(request.param, tmp_path) as url:
            yield Server(url)
    except DatabaseUnavailable:
        pytest.skip("no server")


def everything(server: Server) -> dict[str, list[Any]]:
    """The rows of every table but the change counter's."""
    with server.engine.connect() as connection:
        found = {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in SQLModel.metadata.sorted_tables
            if table.name != "change_counter"
        }
    server.engine.dispose()
    return found


def filled(database: Database) -> None:
    """Rows with what is hard to carry over: emoji, nothing, moments, large numbers."""
    acme = Owner(database, "acmé 😀")
    for _ in range(30):
        acme.use("2026-11-22T10:00", error="ü\n'\"\\\x7f", cost=None, prompt_tokens=2**52)
    Owner(database, "gone")
    database.call(organizations.delete, "gone", CLI)


def taken(server: Server) -> io.BytesIO:
    return io.BytesIO(b"".join(backup.take(server)))


def test_a_backup_of_each_database_is_restored_into_each(database: Database, bare: Server) -> None:
    filled(database)
    before = everything(database.primary)
    file = taken(database.primary)
    assert backup.is_empty(bare)
    contents = backup.restore(bare, file)
    assert not backup.is_empty(bare)
    assert contents.rows["usage_records"] == 30
    assert contents.revision == schema.head()
    assert everything(bare) == before


def test_what_is_there_is_replaced_and_everybody_notices(database: Database) -> None:
    filled(database)
    before = everything(database.primary)
    file = taken(database.primary)
    with database.begin() as session:
        version = changes.current(session)
    database.call(organizations.create, OrganizationCreate(name="later"), CLI)
    backup.restore(database.primary, file)
    assert everything(database.primary) == before
    with database.begin() as session:
        newest = changes.current(session)
    assert newest > version
    assert not changes.comparable(version, newest)


def test_writers_go_on_and_are_not_in_it(database: Database, tmp_path: Path) -> None:
    acme = Owner(database, "acme")
    first = acme.use("2026-11-22T10:00", error="e" * 400)
    with database.begin() as session:
        (row,) = session.connection().execute(sa.select(RECORDS)).mappings()
        copies = [{**row, "id": f"{first.id[:20]}{n:06}"} for n in range(2500)]
        session.connection().execute(sa.insert(RECORDS), copies)
    before = everything(database.primary)
    pieces = backup.take(database.primary)
    begun = next(pieces)
    acme.use("2026-11-22T11:00")
    assert everything(database.primary) != before
    copy = Server(f"sqlite:///{tmp_path}/copy.db")
    backup.restore(copy, io.BytesIO(begun + b"".join(pieces)))
    assert everything(copy) == before


def test_an_older_backup_is_brought_up_to_date(bare: Server) -> None:
    columns = ["id", "name", "name_key", "description", "enabled", "created_at", "updated_at"]
    moment = datetime(2026, 1, 31, 23, 59, 59, 600_000, tzinfo=UTC)
    parts = [
        Table("change_counter", ["id", "value"]),
        [1, 7],
        Table("organizations", [*columns, "version"]),
        ["org_1", "acme", "acme", "", True, moment, moment, 7],
    ]
    backup.restore(bare, io.BytesIO(b"".join(archive.packed("0002_organizations", parts))))
    with bare.migration_engine().connect() as connection:
        session = Session(connection)
        assert schema.check(session) == schema.head()
        found = organizations.get(session, "acme", CLI)
    assert (found.id, found.created_at) == ("org_1", moment)


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[:-20],
        lambda data: data[: len(data) // 2] + b"\0" + data[len(data) // 2 + 1 :],
        lambda data: b"not " + data,
        lambda data: data[:0],
    ],
)
def test_a_damaged_backup_changes_nothing(sqlite: Database, harm: Callable[[bytes], bytes]) -> None:
    filled(sqlite)
    before = everything(sqlite.primary)
    with pytest.raises(CheckFailed):
        backup.restore(sqlite.primary, io.BytesIO(harm(taken(sqlite.primary).getvalue())))
    assert everything(sqlite.primary) == before


def test_a_database_of_another_schema_is_left_alone(sqlite: Database, tmp_path: Path) -> None:
    file = taken(sqlite.primary)
    other = Server(f"sqlite:///{tmp_path}/other.db")
    schema.upgrade(other, schema.revisions()[0])
    with pytest.raises(SchemaBehind, match=r"new, empty|0001"):
        backup.restore(other, file)
