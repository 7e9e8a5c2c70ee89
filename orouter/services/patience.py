"""Ending what takes too long, for many requests at a time.

``asyncio.timeout`` makes and cancels a timer for each request, which costs 5 us of it. Here one
timer looks at all that are under way, once a second: for bounds of minutes that is exact enough.
"""

import asyncio
from types import TracebackType
from typing import Any

from msgspec import Struct


class Patience:
    """The waits that are under way on one event loop."""

    look_every_s = 1.0

    def __init__(self) -> None:
        self._under_way: set[_Wait] = set()
        self._timer: asyncio.TimerHandle | None = None
        # Remembered while the timer runs: asking asyncio for it is a system call on Python 3.11.
        self._loop: asyncio.AbstractEventLoop

    def within(self, seconds: float) -> "_Wait":
        """``with`` it: what is not over by then is cancelled, and raises TimeoutError."""
        if self._timer is None:
            self._loop = asyncio.get_running_loop()
            self._look_later(min(seconds, self.look_every_s))
        task = asyncio.current_task(self._loop)
        assert task is not None  # noqa: S101 - nothing else can be cancelled
        return _Wait(self._under_way, task, task.cancelling(), self._loop.time() + seconds)

    def _look_later(self, seconds: float) -> None:
        self._timer = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        now = self._loop.time()
        for wait in self._under_way:
            wait.end_if_over(now)
        self._timer = None
        if self._under_way:
            self._look_later(self.look_every_s)


class _Wait(Struct, eq=False):
    _under_way: "set[_Wait]"
    _task: asyncio.Task[Any]
    _cancelling: int
    _until: float
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

    def end_if_over(self, now: float) -> None:
        if now >= self._until and not self._over:
            self._over = True
            self._task.cancel()
