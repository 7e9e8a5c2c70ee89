"""Looking after many connections with one timer instead of one for each, which holds 0.7 kB."""

import asyncio
from typing import Protocol

PARTS = 10


class Watched(Protocol):
    """What is looked after."""

    def look(self) -> None: ...


class Rounds:
    """Looks at each of the watched about every ``every_s`` seconds, a tenth of them at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, every_s: float) -> None:
        self._loop = loop
        self._pause_s = every_s / PARTS
        self._parts: list[set[Watched]] = [set() for _ in range(PARTS)]
        self._turn = 0
        self._timer: asyncio.TimerHandle | None = None

    def join(self, watched: Watched) -> set[Watched]:
        """The group of those who are looked at together: whoever goes takes itself out of it."""
        group = self._parts[self._turn - 1]
        group.add(watched)
        if self._timer is None:
            self._timer = self._loop.call_later(self._pause_s, self._look)
        return group

    def _look(self) -> None:
        group = self._parts[self._turn]
        self._turn = (self._turn + 1) % PARTS
        self._timer = None
        # Before anything can go wrong.
        if any(self._parts):
            self._timer = self._loop.call_later(self._pause_s, self._look)
        for watched in list(group):
            watched.look()
