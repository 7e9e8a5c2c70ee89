"""Upgrades of databases that are in use, from every revision there ever was.

On the database servers, where each takes seconds, from the first, the middle and the last one;
``OROUTER_TEST_EVERY_REVISION=1`` goes through all of them there as well.
"""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from orouter.db import schema
from orouter.db.engine import Server
from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable
from orouter.models import OrganizationListing
from orouter.schemas.actor import CLI
from orouter.services import organizations, statistics
from orouter.services.statistics import StatsQuery
from orouter.usage.records import Settlement
from orouter.usage.rollups import Buckets
from orouter.usage.store import store
from tests.databases import BACKENDS, new_database
from tests.migrations.test_versions import step
from tests.services.owned_usage import at, between

FIRST_WITH_SOMETHING = 1
"""Before it there is nothing that could be kept."""
EARLIER = schema.revisions()[FIRST_WITH_SOMETHING:-1]
FEW = {EARLIER[0], EARLIER[len(EARLIER) // 2], EARLIER[-1]}
EVERYWHERE = bool(os.environ.get("OROUTER_TEST_EVERY_REVISION"))
PLACES = [
    pytest.param(backend, revision, id=f"{revision}-{backend}")
    for revision in EARLIER
    for backend in BACKENDS
    if EVERYWHERE or backend == "sqlite" or revision in FEW
]
KNOWN_FLOOR = "0023_schema_floor"
UTC = ZoneInfo("UTC")
NOW = "2026-01-31 23:59:59.600000"


@pytest.fixture
def bare(backend: str, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it."""
    try:
        with new_database(backend, tmp_path) as url:
            database = Database(url)
            if backend == "sqlite":
                Server(url).engine.connect().close()
            yield database
            database.close()
    except DatabaseUnavailable:
        pytest.skip("no server")


def insert(database: Database, table: str, **values: Any) -> None:
    with database.begin() as session:
        columns = map(sa.column, values)
        session.connection().execute(sa.insert(sa.table(table, *columns)), values)


def organization(database: Database, name: str) -> None:
    """As the first version with organizations wrote one."""
    values = {"id": f"org_{name}", "name": name, "name_key": name, "description": "é😀"}
    stamps = {"created_at": NOW, "updated_at": NOW, "version": 1}
    insert(database, "organizations", **values, **stamps, enabled=True)


def used(database: Database, revision: str) -> int:
    """Fills the tables that there are at a revision; how many requests."""
    for name in ("a", "b", "c"):
        organization(database, name)
    if revision < "0005":
        return 0
    row = {"id": "01M40K9K80CYTKA0FY6G42DZ15", "at": at("2026-10-03T10:00", UTC)}
    row |= {"request_id": "r", "org_id": "org_a", "key_id": "key_a", "model": "a/b"}
    settled = Settlement(**row, provider="a", prompt_tokens=10, completion_tokens=5, cost=7)
    columns = columns_of(database, "usage_records")
    if revision < "0010":  # what stores a settlement wants the counters as well
        return 0
    assert "tries" in columns
    with database.begin() as session:
        tables = sa.inspect(session.connection()).get_table_names()
        if "org_rollups" not in tables:
            return 0
        store(session.connection(), [settled], {}, Buckets(UTC))
    return 1


def columns_of(database: Database, table: str) -> set[str]:
    with database.read() as session:
        return {column["name"] for column in sa.inspect(session.connection()).get_columns(table)}


class Load:
    """A writer and a reader that do not wait for an upgrade to be over."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.written: list[str] = []
        self.read = 0
        self.failed: list[Exception] = []
        self._over = threading.Event()

    @contextmanager
    def going_on(self) -> Iterator[None]:
        threads = [threading.Thread(target=work) for work in (self._write, self._look)]
        for thread in threads:
            thread.start()
        yield
        self._over.set()
        for thread in threads:
            thread.join()

    def _write(self) -> None:
        for number in count():
            if self._over.wait(0.002):
                return
            self._tried(lambda name=f"w{number}": organization(self.database, name))
            self.written.append(f"w{number}")

    def _look(self) -> None:
        while not self._over.wait(0.002):
            self._tried(self._count)
            self.read += 1

    def _count(self) -> None:
        with self.database.read() as session:
            session.connection().execute(sa.text("SELECT COUNT(id) FROM organizations"))

    def _tried(self, work: Any) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - it is what the test asks about
            self.failed.append(error)


@pytest.mark.parametrize(("backend", "revision"), PLACES)
def test_a_database_in_use_is_upgraded_from(bare: Database, revision: str) -> None:
    for each in schema.revisions():
        step(bare.primary, each)
        if each == revision:
            break
    requests = used(bare, revision)
    load = Load(bare)
    with load.going_on():
        before, after = schema.upgrade(bare.primary)
    assert (before, after) == (revision, schema.head())
    assert load.failed == []
    with bare.read() as session:
        listing = OrganizationListing(page_size=200, search="w")
        assert organizations.list_all(session, listing, CLI).total == len(load.written)
        assert organizations.get(session, "a", CLI).description == "é😀"
        query = StatsQuery(between("2026-01-01", "2027-01-01"), UTC)
        assert statistics.query(session, query, CLI).totals.requests == requests


def test_what_only_the_next_version_may_do_raises_the_floor() -> None:
    """Older nodes serve on during an upgrade: no revision may take anything away from them."""
    takes_away = re.compile(r"drop_(column|table|constraint)|rename|alter_column")
    for revision in schema.revisions():
        if revision <= KNOWN_FLOOR:
            continue
        text = (schema.migrations() / "versions" / f"{revision}.py").read_text()
        assert not takes_away.search(text) or "schema_floor" in text, revision
