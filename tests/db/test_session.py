import threading
from collections.abc import Callable
from contextlib import suppress

import pymysql
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable
from orouter.models import ChangeCounter, Organization


def organization(name: str) -> Organization:
    return Organization.model_validate({"name": name, "name_key": name, "version": 1})


def names(session: Session) -> list[str]:
    return sorted(session.exec(select(Organization.name)))


def losing(times: int) -> Callable[[Session], int]:
    """A verb that loses its race some times before it wins."""
    tries = 0

    def verb(session: Session) -> int:
        nonlocal tries
        tries += 1
        session.add(organization(f"try {tries}"))
        session.flush()
        if tries <= times:
            raise OperationalError("UPDATE", {}, pymysql.err.OperationalError(1213, "Deadlock"))
        return tries

    return verb


def test_the_end_commits(database: Database) -> None:
    with database.begin() as session:
        session.add(organization("kept"))
    with database.read() as session:
        assert names(session) == ["kept"]


def test_an_exception_rolls_back(database: Database) -> None:
    def half_way(session: Session) -> None:
        session.add(organization("gone"))
        session.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.call(half_way)
    with database.read() as session:
        assert names(session) == []


def test_a_lost_race_is_run_again_from_the_start(database: Database) -> None:
    assert database.call(losing(2)) == 3
    with database.read() as session:
        assert names(session) == ["try 3"]


async def test_a_lost_race_is_run_again_on_the_event_loop(async_database: Database) -> None:
    assert await async_database.run(losing(2)) == 3
    assert await async_database.run_readonly(names) == ["try 3"]
    assert await async_database.run_on_replica(names) == ["try 3"]


def test_a_race_that_is_always_lost_ends(sqlite: Database) -> None:
    with pytest.raises(DatabaseUnavailable, match="busy"):
        sqlite.call(losing(100))


def test_our_own_mistakes_are_not_hidden(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), database.read() as session:
        session.connection().execute(sa.text("SELECT no_such_column FROM organizations"))


def test_opposite_orders_both_come_through(database: Database) -> None:
    """Two transactions that lock two rows crosswise: the one that is sacrificed tries again."""
    with database.begin() as session:
        session.add_all([organization("a"), organization("b")])
    meet = threading.Barrier(2)

    def cross(session: Session, first: str, second: str) -> None:
        touch(session, first)
        with suppress(threading.BrokenBarrierError):  # SQLite lets only one in at a time
            meet.wait(timeout=0.5)
        touch(session, second)

    def touch(session: Session, name: str) -> None:
        row = col(Organization.name) == name
        session.exec(sa.update(Organization).where(row).values(version=Organization.version + 1))

    threads = [
        threading.Thread(target=database.call, args=(cross, *order)) for order in ("ab", "ba")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.exec(select(Organization.version)).all() == [3, 3]


def test_readers_do_not_wait_for_the_writer(database: Database) -> None:
    with database.begin() as writer:
        writer.add(organization("half done"))
        writer.flush()
        with database.read() as reader:
            assert names(reader) == []


def test_a_writer_waits_for_the_other(sqlite: Database) -> None:
    """BEGIN IMMEDIATE: a read before the write does not make it fail with SQLITE_BUSY."""

    def raise_counter(session: Session) -> None:
        counter = session.exec(select(ChangeCounter)).one()
        counter.value += 1

    def many() -> None:
        for _ in range(20):
            sqlite.call(raise_counter)

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sqlite.read() as session:
        assert session.exec(select(ChangeCounter.value)).one() == 80


def test_a_replica_is_read_where_there_is_one(sqlite: Database, tmp_path: object) -> None:
    replicated = Database(f"sqlite:///{tmp_path}/primary.db", replica_url=str(sqlite.primary.url))
    with sqlite.begin() as session:
        session.add(organization("on the replica"))
    with replicated.read(replica=True) as session:
        assert names(session) == ["on the replica"]
    replicated.close()
