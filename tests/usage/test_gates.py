"""Gates commit or roll back, try deadlocks again, and say when the database is away."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Self

import pytest
import sqlalchemy as sa

from orouter.db.engine import Server
from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable
from orouter.usage.admission import Admission
from orouter.usage.counters import Amounts, Ask, Claim, Hold, Transaction, share_out
from orouter.usage.gates import FileGate, NoRoom, open_gate
from tests.usage.limited import (
    MONTH,
    ORG_MONTH,
    admission,
    counters,
    demand,
    gate_to,
    limit,
    reserved,
    store,
)

DEFAULT_PORTS = {"mysql": 3306, "postgresql": 5432}
FIRST, SECOND = Hold("org", "org_a", MONTH), Hold("org", "org_b", MONTH)
ADD = (
    "UPDATE limit_counters SET used_requests = used_requests + 1"
    " WHERE scope = :scope AND subject_id = :subject_id AND period_key = :period_key"
)


def counting(*order: Hold) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        for hold in order:
            tx.run(ADD, hold._asdict())

    return work


def reserve_one(tx: Transaction) -> None:
    share_out(tx, Claim("w1", 1), [Ask((FIRST, SECOND), Amounts(1, 1, 1))])


async def test_work_is_committed(async_database: Database) -> None:
    async with gate_to(async_database) as gate:
        await gate.run(reserve_one)
    assert counters(async_database)[ORG_MONTH][1].requests == 1


async def test_work_that_raises_leaves_nothing(async_database: Database) -> None:
    def change_of_mind(tx: Transaction) -> None:
        reserve_one(tx)
        raise NoRoom

    async with gate_to(async_database) as gate:
        for _ in range(2):
            with pytest.raises(NoRoom):
                await gate.run(change_of_mind)
        await gate.run(lambda _: None)
    assert counters(async_database) == {}


async def test_a_turn_comes_as_soon_as_the_writer_before_is_done(sqlite: Database) -> None:
    path = str(sqlite.primary.url.database)
    async with gate_to(sqlite) as gate:
        await gate.run(reserve_one)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waits = asyncio.create_task(gate.run(reserve_one))
            await asyncio.sleep(0.05)
            assert not waits.done()
            other.execute("COMMIT")
            await asyncio.wait_for(waits, 1)
    assert counters(sqlite)[ORG_MONTH][1].requests == 2


async def test_a_turn_is_not_waited_for_for_ever(sqlite: Database) -> None:
    path = str(sqlite.primary.url.database)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        gate = FileGate(path, busy_s=0.05)
        with pytest.raises(DatabaseUnavailable):
            await gate.run(reserve_one)
        other.execute("COMMIT")
        await gate.run(reserve_one)
        await gate.close()
    assert counters(sqlite)[ORG_MONTH][1].requests == 1


async def test_deadlocks_are_tried_again(async_database: Database) -> None:
    async with gate_to(async_database) as gate:
        await gate.run(reserve_one)
        for _ in range(3):
            work = [counting(FIRST, SECOND), counting(SECOND, FIRST)]
            await asyncio.gather(*(gate.run(each) for each in work))
    assert counters(async_database)[FIRST][0].requests == 6


async def test_a_connection_that_broke_while_idle_is_replaced(async_database: Database) -> None:
    async with gate_to(async_database) as gate:
        await gate.run(reserve_one)
        await asyncio.to_thread(cut_connections, async_database)
        await gate.run(reserve_one)
    assert counters(async_database)[ORG_MONTH][1].requests == 2


def cut_connections(database: Database) -> None:
    """As a restart of the server does to those who are connected."""
    with database.begin() as session:
        connection = session.connection()
        if database.primary.backend == "postgresql":
            connection.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        elif database.primary.backend == "mysql":
            others = sa.text(
                "SELECT id FROM information_schema.processlist"
                " WHERE db = DATABASE() AND id <> CONNECTION_ID()"
            )
            for number in connection.execute(others).scalars().all():
                connection.exec_driver_sql(f"KILL {int(number)}")


@pytest.mark.parametrize(
    "url",
    ["mysql://x@127.0.0.1:1/x", "postgresql://x@127.0.0.1:1/x", "sqlite:////nowhere/at/all.db"],
)
async def test_a_database_that_is_away_is_said_to_be(url: str) -> None:
    gate = open_gate(Server(url))
    with pytest.raises(DatabaseUnavailable):
        await gate.run(reserve_one)
    await gate.close()


class Proxy:
    """Passes bytes between clients and a server, or, frozen, holds everything back."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._flows = asyncio.Event()
        self._flows.set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def freeze(self) -> None:
        self._flows.clear()

    def thaw(self) -> None:
        self._flows.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", self._port)
        for pair in ((reader, there[1]), (there[0], writer)):
            self._tasks.add(asyncio.create_task(self._pump(*pair)))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


@pytest.mark.parametrize("frozen_s", [0.5, 5.5])
@pytest.mark.parametrize("database", ["mysql", "postgresql"], indirect=True)
async def test_a_server_that_hangs_is_survived(async_database: Database, frozen_s: float) -> None:
    url = async_database.primary.url
    store(async_database, limit(1000))
    async with Proxy(url.port or DEFAULT_PORTS[url.drivername]) as proxy:
        through = Database(url.set(port=proxy.port).render_as_string(hide_password=False))
        async with gate_to(through) as gate:
            made = admission(gate, limit(1000))
            await made.reserve(demand())
            proxy.freeze()
            asking = [asyncio.create_task(timed(made)) for _ in range(30)]
            await asyncio.sleep(frozen_s)
            proxy.thaw()
            let_in = 1 + sum(await asyncio.gather(*asking))
            let_in += await healed(made)
            await made.tidy()
        await through.aclose()
    assert reserved(async_database).requests == let_in


async def timed(made: Admission) -> bool:
    """Whether a request was let in; it must not wait for long to hear that it was not."""
    async with asyncio.timeout(2.5):
        try:
            await made.reserve(demand())
        except DatabaseUnavailable:
            return False
        return True


async def healed(made: Admission) -> int:
    """Ask until the first request is let in again: 1."""
    async with asyncio.timeout(10):
        while not await timed(made):  # noqa: ASYNC110 - only the database knows when it is back
            await asyncio.sleep(0.1)
    return 1
