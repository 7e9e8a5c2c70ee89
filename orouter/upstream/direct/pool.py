"""Connections between their exchanges: the one used last is used next."""

import asyncio

from orouter.deadlines import Deadlines
from orouter.upstream.direct.address import Origin
from orouter.upstream.direct.connection import Connection

MOST_RESTING = 2048
"""For each origin: a wave of requests that is over need not leave more behind for a minute."""


class Pool:
    """As many connections as there are exchanges at a time; those at rest end by themselves."""

    def __init__(self, most_resting: int = MOST_RESTING) -> None:
        self._most_resting = most_resting
        self._open: set[Connection] = set()
        self.waits = Deadlines(self._open)
        """How long each of them waits for something to happen."""
        self._empty = asyncio.Event()
        # Dictionaries as ordered sets: the last in is the first out, and any one may leave.
        self._resting: dict[Origin, dict[Connection, None]] = {}

    def take(self, origin: Origin) -> Connection | None:
        """A connection at rest, which is the caller's now."""
        resting = self._resting.get(origin)
        return resting.popitem()[0] if resting else None

    def add(self, connection: Connection) -> None:
        self._open.add(connection)

    def give_back(self, connection: Connection) -> None:
        """After an exchange, finished or not: it rests.

        It ends if that was not clean, or if enough others rest.
        """
        if connection.rest():
            resting = self._resting.setdefault(connection.origin, {})
            if len(resting) < self._most_resting:
                resting[connection] = None
            else:
                connection.abort()

    def forget(self, connection: Connection) -> None:
        """It has ended."""
        self._open.discard(connection)
        resting = self._resting.get(connection.origin, {})
        resting.pop(connection, None)
        if not resting:
            self._resting.pop(connection.origin, None)
        if not self._open:
            self._empty.set()

    async def aclose(self) -> None:
        """Ends them all, whatever they are doing."""
        if self._open:
            self._empty.clear()
            for connection in list(self._open):
                connection.abort()
            await self._empty.wait()
