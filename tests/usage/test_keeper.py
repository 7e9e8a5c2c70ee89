"""Workers look after each other: what the dead had reserved comes back, limits warn once."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Collection
from typing import Any

import pytest
from structlog.testing import capture_logs

from orouter.db.session import Database
from orouter.usage.counters import Amounts
from orouter.usage.gates import Gate
from orouter.usage.keeper import Keeper, Pace, Surroundings
from orouter.usage.periods import PeriodKeys
from tests.usage.limited import (
    MONTH,
    YEAR,
    admission,
    admitting,
    demand,
    gate_to,
    limit,
    out,
    reserved,
    settled,
    settlement,
    store,
)

FAST = Pace(beat_s=0.05, dead_s=0.2, gone_s=0.6)
spawn = multiprocessing.get_context("spawn")


def keeper(
    gate: Gate, name: str, node: str = "here", unread: Collection[str] = (), pace: Pace = FAST
) -> Keeper:
    around = Surroundings(node, lambda: unread, lambda: PeriodKeys(MONTH, YEAR), lambda: 80)
    return Keeper(gate, admission(gate, limit(1), worker=name), around, pace)


def _hold_until_killed(url: str, ready: Any) -> None:
    async def hold() -> None:
        async with gate_to(Database(url)) as gate:
            mine = keeper(gate, "victim")
            await mine.round()
            made = admission(gate, limit(1), worker="victim")
            await asyncio.gather(*(made.reserve(demand()) for _ in range(20)))
            ready.put(True)
            await asyncio.sleep(60)

    asyncio.run(hold())


async def until(condition: Any, seconds: float = 5.0) -> None:
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        await asyncio.sleep(0.05)
    pytest.fail("it did not come to pass")


async def test_a_killed_workers_reservations_come_back(async_database: Database) -> None:
    store(async_database, limit(20))
    ready = spawn.Queue()
    url = async_database.primary.url.render_as_string(hide_password=False)
    victim = spawn.Process(target=_hold_until_killed, args=(url, ready), daemon=True)
    victim.start()
    await asyncio.to_thread(ready.get, timeout=30)
    assert victim.pid is not None
    os.kill(victim.pid, signal.SIGKILL)
    await asyncio.to_thread(victim.join)
    assert reserved(async_database).requests == 20
    async with gate_to(async_database) as gate:
        survivor = keeper(gate, "survivor")
        survivor.start()
        await until(lambda: reserved(async_database) == Amounts())
        await survivor.stop()
    assert out(async_database) == {}


@pytest.mark.parametrize(
    ("node", "unread", "rounds_still", "given_back"),
    [
        ("here", [], 0.3, True),
        ("here", ["w1"], 0.8, False),
        ("elsewhere", [], 0.3, False),
        ("elsewhere", [], 0.8, True),
    ],
)
async def test_they_come_back_when_the_journal_is_in(
    sqlite: Database, node: str, unread: list[str], rounds_still: float, given_back: bool
) -> None:
    async with admitting(sqlite, limit(5)) as made, gate_to(sqlite) as gate:
        await made.reserve(demand())
        await keeper(gate, "w1", node).round()
        survivor = keeper(gate, "w2", unread=unread)
        await survivor.round()
        await asyncio.sleep(rounds_still)
        await survivor.round()
    assert (reserved(sqlite) == Amounts()) == given_back


async def test_the_living_keep_theirs(sqlite: Database) -> None:
    async with admitting(sqlite, limit(5)) as made, gate_to(sqlite) as gate:
        await made.reserve(demand())
        first, second = keeper(gate, "w1"), keeper(gate, "w2")
        first.start()
        second.start()
        await asyncio.sleep(1)
        assert reserved(sqlite).requests == 1
        await second.stop()
        await first.stop()
    assert reserved(sqlite) == Amounts()


async def test_nearing_a_limit_is_reported_once(async_database: Database) -> None:
    async with admitting(async_database, limit(10, tokens=100_000)) as made:
        taken = [await made.reserve(demand()) for _ in range(9)]
    settled(async_database, [settlement(each) for each in taken[:7]])
    async with gate_to(async_database) as gate:
        workers = keeper(gate, "w1"), keeper(gate, "w2")
        with capture_logs() as before:
            await workers[0].round()
        settled(async_database, [settlement(each) for each in taken[7:]])
        with capture_logs() as after:
            for worker in workers * 2:
                await worker.round()
    assert before == []
    assert after == [
        {
            "event": "limit_nearly_used_up",
            "log_level": "warning",
            "scope": "org",
            "subject_id": "org_a",
            "period_key": MONTH,
            "dimension": "requests",
            "used": 9,
            "limit": 10,
        }
    ]
