"""Tasks that serve one request after another."""

import asyncio
from typing import Any

import pytest

from orouter.api.task_pool import TaskPool

Served = list[asyncio.Task[Any] | None]


class Small(TaskPool):
    most_resting = 2


@pytest.fixture
async def busy() -> set[asyncio.Task[None]]:
    return set()


@pytest.fixture
async def pool(busy: set[asyncio.Task[None]]) -> TaskPool:
    return Small(asyncio.get_running_loop(), busy)


async def work(served: Served, seconds: float = 0.0) -> None:
    served.append(asyncio.current_task())
    await asyncio.sleep(seconds)


async def over(busy: set[asyncio.Task[None]]) -> None:
    for _ in range(1000):
        if not busy:
            return
        await asyncio.sleep(0.001)
    pytest.fail("it is still busy")


async def test_one_after_another_is_served_by_the_same_task(
    pool: TaskPool, busy: set[asyncio.Task[None]]
) -> None:
    served: Served = []
    for _ in range(3):
        pool.run(work(served))
        assert len(busy) == 1
        await over(busy)
    assert len(served) == 3
    assert len(set(served)) == 1


async def test_who_comes_at_the_same_time_has_a_task_of_its_own(
    pool: TaskPool, busy: set[asyncio.Task[None]]
) -> None:
    served: Served = []
    for _ in range(5):
        pool.run(work(served, 0.01))
    assert len(busy) == 5
    await over(busy)
    await asyncio.sleep(0)
    assert len(set(served)) == 5
    assert sum(not task.done() for task in served if task is not None) == Small.most_resting


async def test_what_is_raised_ends_that_task_alone(
    pool: TaskPool, busy: set[asyncio.Task[None]]
) -> None:
    async def fails() -> None:
        failed.append(asyncio.current_task())
        raise KeyError

    failed: Served = []
    served: Served = []
    pool.run(fails())
    await over(busy)
    pool.run(work(served))
    await over(busy)
    assert failed[0] is not None
    with pytest.raises(KeyError):
        await failed[0]
    assert served[0] is not failed[0]


async def test_a_task_that_was_cancelled_serves_nobody_else(
    pool: TaskPool, busy: set[asyncio.Task[None]]
) -> None:
    async def forgives() -> None:
        try:
            await work(served, 5)
        except asyncio.CancelledError:
            return

    served: Served = []
    pool.run(forgives())
    await asyncio.sleep(0)
    assert served[0] is not None
    served[0].cancel()
    await over(busy)
    pool.run(work(served))
    await over(busy)
    assert len(set(served)) == 2


async def test_a_task_at_rest_that_is_cancelled_is_not_asked(
    pool: TaskPool, busy: set[asyncio.Task[None]]
) -> None:
    served: Served = []
    pool.run(work(served))
    await over(busy)
    assert served[0] is not None
    served[0].cancel()
    await asyncio.sleep(0)
    pool.run(work(served))
    await over(busy)
    assert len(set(served)) == 2
