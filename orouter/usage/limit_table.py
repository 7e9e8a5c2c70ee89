"""Which organizations and keys have limits: what a worker must know before it asks the database."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from msgspec import Struct

from orouter.usage.counters import Hold

Subject = tuple[str, str]
_NONE: frozenset[str] = frozenset()


class Demand(Struct, frozen=True):
    """What a request may come to: total tokens and nano-USD (None: price unknown), at most.

    ``month`` and ``year`` are the periods it belongs to. A strict demand is refused where its whole
    estimate does not fit, others take what is left.
    """

    org_id: str
    key_id: str
    tokens: int
    cost: int | None
    month: str
    year: str
    strict: bool = False


class Limited(Protocol):
    """A row of limits, as far as finding its counter needs it."""

    @property
    def scope(self) -> str: ...
    @property
    def subject_id(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def requests(self) -> int | None: ...
    @property
    def tokens(self) -> int | None: ...
    @property
    def cost(self) -> int | None: ...


class LimitTable:
    """Who has limits, and for which periods. How high they are only the database knows."""

    def __init__(self) -> None:
        self._periods: dict[Subject, frozenset[str]] = {}

    def learn(self, limits: Iterable[Limited], *, anew: bool = False) -> None:
        """Take in rows that are new or changed; one without any amount is a cleared one.

        ``anew``: these are all there are.
        """
        if anew:
            self._periods.clear()
        for limit in limits:
            subject = (limit.scope, limit.subject_id)
            known = self._periods.pop(subject, _NONE)
            without = (limit.requests, limit.tokens, limit.cost) == (None, None, None)
            now = known - {limit.period} if without else known | {limit.period}
            if now:
                self._periods[subject] = now

    def concerns(self, org_id: str, key_id: str) -> bool:
        """Whether a request of that key must reserve."""
        return ("org", org_id) in self._periods or ("key", key_id) in self._periods

    def holds(self, demand: Demand) -> tuple[Hold, ...]:
        """The counters on which a demand reserves."""
        key, org = ("key", demand.key_id), ("org", demand.org_id)
        of = self._periods.get
        return _of(key, of(key, _NONE), demand.year, demand.month) + _of(
            org, of(org, _NONE), demand.year, demand.month
        )


@lru_cache(maxsize=4096)
def _of(subject: Subject, periods: frozenset[str], year: str, month: str) -> tuple[Hold, ...]:
    """The subject's counters: a year's sorts before its months'."""
    keys = (("year", year), ("month", month))
    return tuple(Hold(*subject, key) for period, key in keys if period in periods)
