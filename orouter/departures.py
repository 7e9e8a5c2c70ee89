"""What leaves this process in one turn of its event loop leaves together, behind the journal.

A turn serves all requests for which something has come. Written one by one, each of their records
costs a system call for which Python lets go of its lock, and each of their bytes wakes up whoever
waits for them; together they cost 4 us a request less (docs/performance.md). And one place keeps
the promise that the journal is on disk before anything is sent that rests on it.
"""

import asyncio
from collections.abc import Callable

from orouter.errors import OrouterError
from orouter.logs import get_logger

log = get_logger(__name__)

Refuse = Callable[[OrouterError], None]


class Departures:
    """The bytes of one event loop that wait for the end of its turn."""

    def __init__(self) -> None:
        self.record: Callable[[], None] = _nothing
        """Brings what was journalled to the disk. Raises OrouterError if it cannot be."""
        self._waiting: list[tuple[asyncio.WriteTransport, bytes, Refuse | None]] = []
        self._due = False

    def write(
        self, transport: asyncio.WriteTransport, data: bytes, refuse: Refuse | None = None
    ) -> None:
        """``data`` leaves by ``transport`` when this turn is over.

        What may only leave if the journal could be written has a ``refuse``: called if it could
        not.
        """
        self._waiting.append((transport, data, refuse))
        if not self._due:
            self.expect()

    def expect(self) -> None:
        """There is something to record or to write when this turn is over."""
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self.leave)

    def leave(self) -> None:
        """Everything leaves now: before a connection is closed, or bytes take another way."""
        self._due = False
        waiting, self._waiting = self._waiting, []
        try:
            self.record()
        except OrouterError as error:
            waiting = _refused(waiting, error)
        for transport, data, _ in waiting:
            if transport.is_closing():
                continue
            try:
                transport.write(data)
            except Exception:
                # The bytes of others are behind these.
                log.exception("departure_failed")
                transport.abort()


def _nothing() -> None:
    """Nothing is journalled."""


def _refused(
    waiting: list[tuple[asyncio.WriteTransport, bytes, Refuse | None]], error: OrouterError
) -> list[tuple[asyncio.WriteTransport, bytes, Refuse | None]]:
    """What may leave all the same."""
    for _, _, refuse in waiting:
        if refuse is not None:
            refuse(error)
    return [departure for departure in waiting if departure[2] is None]
