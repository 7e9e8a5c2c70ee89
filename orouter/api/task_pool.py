"""Tasks that serve one request after another.

A task for each request costs 3 us of it (docs/performance.md): asyncio keeps a list of all tasks,
and calls back whoever wants to know that one has ended.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

Work = Coroutine[Any, Any, None]


class TaskPool:
    """As many tasks as there is work at a time; ``busy`` are those that have some.

    A task that was cancelled, or whose work raised something, ends.
    """

    most_resting = 256

    def __init__(self, loop: asyncio.AbstractEventLoop, busy: set[asyncio.Task[None]]) -> None:
        self._loop = loop
        self._busy = busy
        self._resting: list[tuple[asyncio.Task[None], asyncio.Future[Work]]] = []

    def run(self, work: Work) -> None:
        """Has it run soon, in a task of its own as long as it runs."""
        while self._resting:
            task, waits = self._resting.pop()
            if not waits.done():
                waits.set_result(work)
                break
        else:
            # With a name, as asyncio would make one up for each.
            task = asyncio.Task(self._work(work), loop=self._loop, name="request")
        self._busy.add(task)

    async def _work(self, work: Work) -> None:
        task = asyncio.current_task(self._loop)
        assert task is not None  # noqa: S101 - it runs this
        try:
            while True:
                await work
                self._busy.discard(task)
                if task.cancelling() or len(self._resting) >= self.most_resting:
                    return
                waits: asyncio.Future[Work] = self._loop.create_future()
                self._resting.append((task, waits))
                work = await waits
        finally:
            self._busy.discard(task)
            del task  # an error, this frame and its task would hold each other
