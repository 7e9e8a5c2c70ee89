"""One timer for all that wait for something, where each has its own time.

A timer for each costs 5 us and holds 0.6 kB (docs/performance.md).
"""

import asyncio
from collections.abc import Collection
from math import inf
from typing import Protocol

PAUSE_S = 0.02
"""Between two looks at all of them: whoever's time is over is told so much later at most."""


class Waiting(Protocol):
    """Has until ``until``, in the loop's time; ``inf`` if it waits for nothing."""

    until: float

    def overdue(self) -> None: ...


class Deadlines:
    """Tells those of ``waiting`` whose time is over."""

    def __init__(self, waiting: Collection[Waiting]) -> None:
        self._waiting = waiting
        self._timer: asyncio.TimerHandle | None = None
        self._at = inf

    def expect(self, until: float) -> None:
        """Somebody waits until then. Costs no timer unless nobody has waited for less."""
        if until < self._at:
            if self._timer is not None:
                self._timer.cancel()
            self._at = until
            self._timer = asyncio.get_running_loop().call_at(until, self._look)

    def _look(self) -> None:
        self._timer, self._at = None, inf
        now = asyncio.get_running_loop().time()
        over = [one for one in self._waiting if one.until <= now]
        for one in over:
            one.until = inf
        first = min((one.until for one in self._waiting), default=inf)
        # Before anything can go wrong.
        if first < inf:
            self.expect(max(first, now + PAUSE_S))
        for one in over:
            one.overdue()
