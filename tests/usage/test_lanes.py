"""What waits while a transaction is under way goes together into the next."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from orouter.errors import DatabaseUnavailable
from orouter.usage.counters import Amounts, Ask, Hold, Transaction
from orouter.usage.lanes import BATCH, Lane
from tests.usage.limited import MONTH

HOLD = Hold("org", "org_a", MONTH)
ONE = Amounts(1, 1, 1)


class Result:
    rowcount = 1

    def fetchall(self) -> list[Any]:
        return []


class Slow:
    """A gate to nowhere: every statement succeeds, every transaction takes a while."""

    def __init__(self) -> None:
        self.reserved: list[object] = []

    async def run(self, work: Callable[[Transaction], Any]) -> Any:
        await asyncio.sleep(0.01)
        return work(Transaction(self._execute, "sqlite"))

    def _execute(self, sql: str, values: Any) -> Result:
        if sql.startswith("UPDATE limit_counters"):
            self.reserved.append(values["requests"])
        return Result()

    async def close(self) -> None:
        """Nothing to close."""


class Away(Slow):
    async def run(self, work: Callable[[Transaction], Any]) -> Any:
        del work
        await asyncio.sleep(0.01)
        raise DatabaseUnavailable("away")


async def admitted(lane: Lane, number: int) -> list[Any]:
    asks = (lane.admit(Ask((HOLD,), ONE)) for _ in range(number))
    return await asyncio.gather(*asks, return_exceptions=True)


async def test_batches_grow_with_what_waits() -> None:
    gate = Slow()
    lane = Lane(gate, "w1", count(1))
    first = asyncio.create_task(lane.admit(Ask((HOLD,), ONE)))
    await asyncio.sleep(0.005)
    assert await admitted(lane, BATCH + 10) == [ONE] * (BATCH + 10)
    assert await first == ONE
    assert gate.reserved == [1, BATCH, 10]


async def test_an_outage_fails_everybody_who_waits_at_once() -> None:
    lane = Lane(Away(), "w1", count(1))
    async with asyncio.timeout(1):
        failed = await admitted(lane, BATCH + 10)
    assert {type(each) for each in failed} == {DatabaseUnavailable}


async def test_who_left_before_the_turn_is_not_asked_for() -> None:
    gate = Slow()
    lane = Lane(gate, "w1", count(1))
    tasks = [asyncio.create_task(lane.admit(Ask((HOLD,), ONE))) for _ in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[1]
    await lane.emptied()
    assert gate.reserved == [2]
