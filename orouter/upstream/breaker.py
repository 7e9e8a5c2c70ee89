"""Circuit breakers: a place that keeps failing is left alone for a while, then asked once.

One breaker per provider, key and model. It opens after 5 failures in a row, or when more than half
of at least 20 calls within 10 s failed; for 30 s at first, doubling up to 300 s, with jitter. Then
a single probe decides. The last place that is left is probed once a second instead: shutting it
for 30 s would turn a short fault of the only provider into a long one.
"""

import random
from dataclasses import dataclass, field

FAILURES_IN_A_ROW = 5
WINDOW_S = 10.0
WINDOW_CALLS = 20
FIRST_REST_S = 30.0
LONGEST_REST_S = 300.0
LAST_PLACE_PROBE_S = 1.0


def _spread() -> float:
    return random.uniform(1.0, 1.5)  # noqa: S311 - keeps probes apart, guards nothing


@dataclass(slots=True)
class Breaker:
    """Times are seconds of a monotonic clock; ``spread`` gives the jitter, 1.0 to 1.5."""

    in_a_row: int = 0
    window_began: float = 0.0
    calls: int = 0
    failures: int = 0
    opened: int = 0
    opened_at: float = 0.0
    reopens_at: float = 0.0
    probed_at: float = field(default=float("-inf"))

    @property
    def is_open(self) -> bool:
        return self.opened > 0

    def allows(self, now: float, last_place: bool) -> bool:
        """Whether a call may go now.

        A True while open is a probe and is given to one caller only.
        """
        if not self.opened:
            return True
        ready = now >= self.reopens_at or last_place
        if ready and now - self.probed_at >= LAST_PLACE_PROBE_S:
            self.probed_at = now
            return True
        return False

    def succeeded(self, now: float) -> None:
        self._count(now, failed=False)
        self.in_a_row = self.opened = 0

    def failed(self, now: float, spread: float | None = None) -> None:
        self._count(now, failed=True)
        self.in_a_row += 1
        too_many = self.calls >= WINDOW_CALLS and self.failures * 2 > self.calls
        tripped = self.opened == 0 and (self.in_a_row >= FAILURES_IN_A_ROW or too_many)
        probe_failed = self.opened > 0 and now >= self.reopens_at
        if tripped or probe_failed:
            self._open(now, spread)

    def waits_s(self, now: float) -> float:
        """Seconds until the next probe is due."""
        return max(0.0, self.reopens_at - now)

    def _open(self, now: float, spread: float | None) -> None:
        rest = min(FIRST_REST_S * 2**self.opened, LONGEST_REST_S)
        self.opened = min(self.opened + 1, 8)
        self.opened_at = now
        self.reopens_at = now + rest * (_spread() if spread is None else spread)

    def _count(self, now: float, failed: bool) -> None:
        if now - self.window_began > WINDOW_S:
            self.window_began, self.calls, self.failures = now, 0, 0
        self.calls += 1
        self.failures += failed
