"""Ending what takes too long, for many requests at a time.

``asyncio.timeout`` makes and cancels a timer for each request; here one is for all of them.
"""

import asyncio
from types import TracebackType
from typing import Any

from msgspec import Struct

from orouter.deadlines import Deadlines


class Patience:
    """The waits that are under way on one event loop."""

    def __init__(self) -> None:
        self._under_way: set[_Wait] = set()
        self._deadlines = Deadlines(self._under_way)
        # Remembered while there are some: asking asyncio for it is a system call on Python 3.11.
        self._loop: asyncio.AbstractEventLoop

    def within(self, seconds: float) -> "_Wait":
        """``with`` it: what is not over by then is cancelled, and raises TimeoutError."""
        if not self._under_way:
            self._loop = asyncio.get_running_loop()
        task = asyncio.current_task(self._loop)
        assert task is not None  # noqa: S101 - nothing else can be cancelled
        until = self._loop.time() + seconds
        self._deadlines.expect(until)
        return _Wait(until, self._under_way, task, task.cancelling())


class _Wait(Struct, eq=False):
    until: float
    _under_way: "set[_Wait]"
    _task: asyncio.Task[Any]
    _cancelling: int
    _over: bool = False

    def __enter__(self) -> None:
        self._under_way.add(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._under_way.discard(self)
        if (
            self._over
            and self._task.uncancel() <= self._cancelling
            and (kind is asyncio.CancelledError)
        ):
            raise TimeoutError from error

    def overdue(self) -> None:
        self._over = True
        self._task.cancel()
