"""What a worker needs to serve the data plane, put together by ``orouter.app`` and by tests.

Everything a reload can change is in ``plan``, one immutable value that is replaced whole; a request
takes it once and keeps it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from orouter.services.continuations import Continuations
from orouter.services.key_ring import KeyRing
from orouter.services.routing import Routes
from orouter.upstream.attempts import RetryPolicy
from orouter.usage.periods import PeriodKeys, period_keys, span
from orouter.usage.records import Intent, Settlement


class Recorder(Protocol):
    """Where intents and settlements go: the journal, or the queue of ``usage.mode: direct``."""

    def intend(self, intent: Intent) -> None:
        """Raises Overloaded if it cannot be kept: nothing may be spent then."""
        ...

    def settle(self, settlement: Settlement) -> None: ...


class Plan(Struct, frozen=True, kw_only=True):
    """What the configuration says about serving."""

    routes: Routes
    retries: RetryPolicy
    max_body: int
    """Bytes of a request body."""
    cors_origins: frozenset[bytes] = frozenset()
    show_detail: bool = False


class PeriodClock:
    """The period keys of now, worked out once a period."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._keys = PeriodKeys("", "")
        self._until = self._since = 0

    def keys(self, at_us: int) -> PeriodKeys:
        if not self._since <= at_us < self._until:
            self._keys = period_keys(at_us, self._zone)
            self._since, self._until = span(self._keys.month, self._zone)
        return self._keys


@dataclass(slots=True)
class Gateway:
    """The state of one worker's data plane."""

    plan: Plan
    keys: KeyRing
    recorder: Recorder
    periods: PeriodClock
    continuations: Continuations
    draining: bool = False
    healthy: Callable[[], bool] = lambda: True
