"""Whoever waits too long is told so, with one timer for all."""

import asyncio
from math import inf

from orouter.deadlines import PAUSE_S, Deadlines


class Waiting:
    def __init__(self) -> None:
        self.until = inf
        self.told = 0

    def overdue(self) -> None:
        self.told += 1

    def wait(self, deadlines: Deadlines, seconds: float) -> None:
        self.until = asyncio.get_running_loop().time() + seconds
        deadlines.expect(self.until)


async def test_whoever_is_first_is_told_at_once_and_the_others_soon() -> None:
    first, second, patient, idle = everybody = [Waiting() for _ in range(4)]
    deadlines = Deadlines(everybody)
    patient.wait(deadlines, 60)
    second.wait(deadlines, 0.03)
    first.wait(deadlines, 0.02)
    await asyncio.sleep(0.025)
    assert [each.told for each in everybody] == [1, 0, 0, 0]
    await asyncio.sleep(PAUSE_S + 0.05)
    assert [each.told for each in everybody] == [1, 1, 0, 0]
    assert (first.until, idle.until) == (inf, inf)


async def test_who_goes_on_waiting_is_not_told() -> None:
    waiting = Waiting()
    deadlines = Deadlines([waiting])
    waiting.wait(deadlines, 0.01)
    waiting.wait(deadlines, 60)
    await asyncio.sleep(PAUSE_S + 0.05)
    assert waiting.told == 0


async def test_without_anybody_who_waits_there_is_no_timer() -> None:
    waiting = Waiting()
    deadlines = Deadlines([waiting])
    waiting.wait(deadlines, 0.01)
    await asyncio.sleep(0.02)
    assert waiting.told == 1
    assert deadlines._timer is None
    waiting.wait(deadlines, 0.01)
    await asyncio.sleep(0.02)
    assert waiting.told == 2
