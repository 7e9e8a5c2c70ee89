"""Gates commit or roll back, try deadlocks again, and say when the database is away."""

import asyncio
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from orouter.db.engine import Server
from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable
from orouter.usage.counters import Amounts, Ask, Claim, Hold, Transaction, share_out
from orouter.usage.gates import NoRoom, open_gate
from tests.usage.limited import MONTH, ORG_MONTH, counters, gate_to

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
