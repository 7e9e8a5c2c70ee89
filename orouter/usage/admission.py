"""Letting requests in: each reserves an upper estimate on its limits before a provider is called.

A request of a subject without limits passes without waiting for anything. The others queue in a
lane; while one transaction is under way the next ones gather, and go together. What is reserved is
given back when the request's settlement is ingested (`orouter.usage.reservations`), by `release`
if it never gets that far, and by other workers if this one dies.

Guarantees: a limit of N requests lets exactly N through. Tokens and cost go over a limit by no more
than the requests in flight use beyond what they reserved: nothing at all with strict estimates.
"""

from functools import lru_cache
from itertools import count
from time import time_ns

from msgspec import Struct

from orouter.errors import DatabaseUnavailable, LimitExceeded
from orouter.providers.prices import usd
from orouter.usage.counters import Amounts, Ask, Hold, Refusal
from orouter.usage.gates import Gate
from orouter.usage.lanes import Lane
from orouter.usage.limit_table import Demand, LimitTable
from orouter.usage.periods import Calendar, moment, span

LANES = 2
"""Transactions at a time, each with a connection: a lock in one organization stops not all."""
LONGEST_RETRY_S = 86_400

_SUBJECTS = {"org": "this organization", "key": "this API key"}


class Reservation(Struct, frozen=True, kw_only=True):
    """What was reserved, to be written into the request's intent and settlement."""

    worker_id: str = ""
    on: tuple[Hold, ...] = ()
    holds: tuple[str, ...] = ()
    """The same counters as the journal names them: ``org:2026-11``."""
    tokens: int = 0
    cost: int = 0

    @property
    def limited(self) -> bool:
        """Whether anything was reserved at all."""
        return bool(self.on)


UNLIMITED = Reservation()


class Admission:
    """Reserves for one worker. ``serve_when_down``: let requests in when the database is away."""

    def __init__(
        self, gate: Gate, worker_id: str, calendar: Calendar, *, serve_when_down: bool = False
    ) -> None:
        self.worker_id = worker_id
        self.limits = LimitTable()
        self._calendar = calendar
        self.serve_when_down = serve_when_down
        numbers = count(1)
        self._lanes = [Lane(gate, worker_id, numbers) for _ in range(LANES)]

    async def reserve(self, demand: Demand) -> Reservation:
        """Reserve what the demand may come to.

        The caller owes a settlement that names the reservation, or `release`. Raises LimitExceeded
        (429) or DatabaseUnavailable (503, within two seconds).
        """
        on = self.limits.holds(demand)
        if not on:
            return UNLIMITED
        amounts = Amounts(1, max(demand.tokens, 1), max(demand.cost or 0, 1))
        try:
            ask = Ask(on, amounts, shrinkable=not demand.strict)
            answer = await self._lane(demand.org_id).admit(ask)
        except (TimeoutError, DatabaseUnavailable):
            if self.serve_when_down:
                return UNLIMITED
            raise _away() from None
        if isinstance(answer, Refusal):
            raise self._exceeded(answer)
        return Reservation(
            worker_id=self.worker_id,
            on=on,
            holds=_names(on),
            tokens=answer.tokens,
            cost=answer.cost,
        )

    def release(self, org_id: str, reservation: Reservation) -> None:
        """Give back what no settlement will: the request ended before it was journalled."""
        if reservation.on:
            amounts = Amounts(1, reservation.tokens, reservation.cost)
            self._lane(org_id).give_back(reservation.on, amounts)

    async def tidy(self) -> None:
        """Wait until every lane is empty: what an outage left undone is tried again."""
        for lane in self._lanes:
            await lane.emptied()

    def _lane(self, org_id: str) -> "Lane":
        return self._lanes[hash(org_id) % len(self._lanes)]

    def _exceeded(self, refusal: Refusal) -> LimitExceeded:
        now = time_ns() // 1000
        end = span(refusal.hold.period_key, self._calendar.zone).end
        in_flight = refusal.used < refusal.limit
        wait = 1 if in_flight else min(max((end - now) // 1_000_000 + 1, 1), LONGEST_RETRY_S)
        resets = moment(end).astimezone(self._calendar.zone).isoformat(timespec="seconds")
        return LimitExceeded(
            _sentence(refusal, resets, in_flight=in_flight),
            headers={"retry-after": str(wait), "x-should-retry": "false"},
        )


@lru_cache(maxsize=4096)
def _names(on: tuple[Hold, ...]) -> tuple[str, ...]:
    return tuple(f"{hold.scope}:{hold.period_key}" for hold in on)


def _sentence(refusal: Refusal, resets: str, *, in_flight: bool) -> str:
    def amount(value: int) -> str:
        return f"${usd(value)}" if refusal.dimension == "cost" else f"{value:,}"

    what = "of cost" if refusal.dimension == "cost" else refusal.dimension
    state = f"{amount(refusal.used)} used"
    if in_flight:
        state += f", {amount(refusal.reserved)} reserved by requests in flight"
    return (
        f"The limit of {amount(refusal.limit)} {what} per {refusal.hold.period} of "
        f"{_SUBJECTS[refusal.hold.scope]} is used up ({state}). It resets at {resets}."
    )


def _away() -> DatabaseUnavailable:
    return DatabaseUnavailable(
        "The limits cannot be checked because the database does not answer; try again shortly",
        headers={"retry-after": "2"},
    )
