"""``usage.mode: direct``: the journal's interface without files, for containers without a volume.

The guarantee is weaker: what was not stored yet is lost when the process is killed, and when it is
stopped while the database is away. Nothing is lost in an outage that the process survives.
"""

from collections import deque

from orouter.errors import Overloaded
from orouter.usage.inbox import BATCH, Batch
from orouter.usage.records import Intent, Settlement


class DirectJournal:
    """Settlements in memory, which an `Ingester` takes from the other end."""

    def __init__(self, *, capacity: int = 100_000, limit: int = BATCH) -> None:
        self._waiting: deque[Settlement] = deque()
        self._capacity = capacity
        self._limit = limit

    def intend(self, _intent: Intent) -> None:
        """Raise Overloaded (503) if too much waits for the database."""
        if len(self._waiting) >= self._capacity:
            raise Overloaded(
                "too many requests wait to be accounted for",
                hint="Check the database, or set usage.mode to journal.",
                headers={"retry-after": "5"},
            )

    def settle(self, settlement: Settlement) -> None:
        """Keep what became of a request until it is stored."""
        self._waiting.append(settlement)

    def inbox(self) -> "DirectJournal":
        """Where an ingester reads: here."""
        return self

    def read(self, *, final: bool) -> Batch:
        """What waits, at most ``limit`` settlements; ``final`` changes nothing."""
        del final
        count = min(self._limit, len(self._waiting))
        return Batch([self._waiting.popleft() for _ in range(count)], {}, [])

    def forget(self, _batch: Batch) -> None:
        """Nothing is left behind by a stored batch."""

    def restart(self) -> None:
        """Give up what was read and not stored: there is no other copy of it."""

    def close(self) -> None:
        """Nothing to let go of."""
