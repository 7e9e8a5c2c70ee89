"""Taking from limits: the SQL by which a batch of requests reserves, exactly and all or nothing.

Each limited subject has one counter row per period. `take` is the usual way: one conditional UPDATE
per row, for all dimensions and all requests of the batch; the limits are read inside that UPDATE.
If one row has no room, the transaction is rolled back and `share_out` looks at the rows under
lock and grants what fits, in the order of arrival.

Every transaction, here and in `orouter.usage.reservations`, touches the rows of the worker first
and then the counters, each in the order of `Hold`: organizations, the hottest rows, come last, and
nobody waits in a circle.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from msgspec import Struct

from orouter.usage import limit_sql as sql
from orouter.usage.periods import PeriodName, period_of

Dimension = Literal["requests", "tokens", "cost"]
DIMENSIONS: tuple[Dimension, ...] = ("requests", "tokens", "cost")


class Amounts(NamedTuple):
    """Requests, tokens and nano-USD."""

    requests: int = 0
    tokens: int = 0
    cost: int = 0

    def plus(self, other: "Amounts") -> "Amounts":
        """Both together."""
        return Amounts(
            self.requests + other.requests, self.tokens + other.tokens, self.cost + other.cost
        )

    def negative(self) -> "Amounts":
        """What takes them off again."""
        return Amounts(-self.requests, -self.tokens, -self.cost)


class Hold(NamedTuple):
    """Names a counter: ``key`` sorts before ``org``, a year before its months."""

    scope: str
    subject_id: str
    period_key: str

    @property
    def period(self) -> PeriodName:
        """Whether it is a month's or a year's."""
        return period_of(self.period_key)


class Ask(Struct, frozen=True):
    """One request that wants to be let in: it reserves ``amounts`` on each of ``holds``.

    Amounts are at least one in each dimension, so that a limit that is used up refuses everything.
    A ``shrinkable`` one is content with the tokens and cost that are left.
    """

    holds: tuple[Hold, ...]
    amounts: Amounts
    shrinkable: bool = True


class Refusal(NamedTuple):
    """The limit that had no room, and how it stood."""

    hold: Hold
    dimension: Dimension
    limit: int
    used: int
    reserved: int


class Result(Protocol):
    """What a statement came to: the part that sqlite3 and SQLAlchemy have in common."""

    @property
    def rowcount(self) -> int:
        """Rows that were found and changed."""

    def fetchall(self) -> Sequence[Any]:
        """The rows selected."""


Run = Callable[[str, Mapping[str, object]], Result]


@dataclass(frozen=True)
class Transaction:
    """A transaction that writes, with the words in which its database differs.

    ``run`` executes SQL with ``:name`` parameters.
    """

    run: Run
    backend: str

    @property
    def for_update(self) -> str:
        """Locks the rows of a SELECT; SQLite's one writer has locked everything."""
        return "" if self.backend == "sqlite" else " FOR UPDATE"


class Claim(NamedTuple):
    """Who takes: the worker, and the number of its transaction."""

    worker_id: str
    batch: int


Totals = Mapping[Hold, Amounts]


def take(tx: Transaction, claim: Claim, totals: Totals) -> bool:
    """Reserve all of it; False if a counter has no room or no row: roll back then."""
    for hold in sorted(totals):
        _outstand(tx, claim, hold, totals[hold])
    return all(_reserve_if_room(tx, hold, totals[hold]) for hold in sorted(totals))


def share_out(tx: Transaction, claim: Claim, asks: Sequence[Ask]) -> list[Amounts | Refusal]:
    """Grant what fits, first come first served: to each what it reserved, or why not."""
    holds = sorted({hold for ask in asks for hold in ask.holds})
    for hold in holds:
        _outstand(tx, claim, hold, Amounts())
    rooms = {hold: _look(tx, hold) for hold in holds}
    answers = [_grant(ask, rooms) for ask in asks]
    granted = total(
        (ask.holds, answer)
        for ask, answer in zip(asks, answers, strict=True)
        if isinstance(answer, Amounts)
    )
    for hold in sorted(granted):
        _outstand(tx, claim, hold, granted[hold])
        tx.run(sql.RESERVE, _values(hold, granted[hold]))
    return answers


def give_back(tx: Transaction, claim: Claim, totals: Totals) -> None:
    """Undo reservations that nothing will settle; never more than the worker still has out.

    Done once however often it is called for the same claim.
    """
    if last_batch(tx, claim.worker_id, max(totals)) == claim.batch:
        return
    freed = released(tx, claim.worker_id, totals)
    _outstand(tx, claim, max(totals), Amounts())
    for hold, amounts in freed.items():
        tx.run(sql.RESERVE, _values(hold, amounts.negative()))


def released(tx: Transaction, worker_id: str, totals: Totals) -> dict[Hold, Amounts]:
    """Take amounts off what the worker has out; return those that were there, to be given back.

    What is missing was given back already, when the worker was taken for dead.
    """
    found = {hold: _outstanding(tx, worker_id, hold) for hold in sorted(totals)}
    least = {
        hold: Amounts(*map(min, amounts, totals[hold]))
        for hold, amounts in found.items()
        if amounts is not None
    }
    for hold, amounts in least.items():
        values = {"worker_id": worker_id, **_values(hold, amounts.negative())}
        tx.run(sql.CHANGE_OUTSTANDING, values)
    return least


def last_batch(tx: Transaction, worker_id: str, hold: Hold) -> int:
    """The worker's last transaction that was committed on its row.

    One that is still at work on the server, though nobody listens any more, is waited for.
    """
    row = {"worker_id": worker_id, **hold._asdict()}
    tx.run(sql.of(sql.ENSURE_OUTSTANDING, tx.backend), row)
    found = tx.run(sql.SEE_OUTSTANDING + tx.for_update, row).fetchall()
    return int(found[0][3])


def total(parts: Iterable[tuple[Iterable[Hold], Amounts]]) -> dict[Hold, Amounts]:
    """What the parts come to on each counter."""
    sums: defaultdict[Hold, Amounts] = defaultdict(Amounts)
    for holds, amounts in parts:
        for hold in holds:
            sums[hold] = sums[hold].plus(amounts)
    return dict(sums)


@dataclass
class _Room:
    """A counter while it is shared out."""

    limits: tuple[int | None, int | None, int | None]
    used: Amounts
    reserved: Amounts

    def left(self) -> list[int | None]:
        return [
            None if limit is None else limit - used - reserved
            for limit, used, reserved in zip(self.limits, self.used, self.reserved, strict=True)
        ]


def _grant(ask: Ask, rooms: Mapping[Hold, _Room]) -> Amounts | Refusal:
    amounts = list(ask.amounts)
    for hold in ask.holds:
        for index, left in enumerate(rooms[hold].left()):
            if left is None or amounts[index] <= left:
                continue
            if index == 0 or left < 1 or not ask.shrinkable:
                return _refusal(hold, rooms[hold], index)
            amounts[index] = left
    granted = Amounts(*amounts)
    for hold in ask.holds:
        rooms[hold].reserved = rooms[hold].reserved.plus(granted)
    return granted


def _refusal(hold: Hold, room: _Room, index: int) -> Refusal:
    return Refusal(
        hold, DIMENSIONS[index], room.limits[index] or 0, room.used[index], room.reserved[index]
    )


def _look(tx: Transaction, hold: Hold) -> _Room:
    row = hold._asdict()
    statement = sql.SEE_COUNTER + tx.for_update
    counters = tx.run(statement, row).fetchall()
    if not counters:
        tx.run(sql.of(sql.ENSURE_COUNTER, tx.backend), row)
        counters = tx.run(statement, row).fetchall()
    limits = tx.run(sql.SEE_LIMIT, {**row, "period": hold.period}).fetchall()
    return _Room(
        limits=tuple(limits[0]) if limits else (None, None, None),
        used=Amounts(*counters[0][:3]),
        reserved=Amounts(*counters[0][3:]),
    )


def _outstand(tx: Transaction, claim: Claim, hold: Hold, amounts: Amounts) -> None:
    values = {**claim._asdict(), **_values(hold, amounts)}
    tx.run(sql.of(sql.ADD_OUTSTANDING, tx.backend), values)


def _outstanding(tx: Transaction, worker_id: str, hold: Hold) -> Amounts | None:
    row = {"worker_id": worker_id, **hold._asdict()}
    found = tx.run(sql.SEE_OUTSTANDING + tx.for_update, row).fetchall()
    return Amounts(*found[0][:3]) if found else None


def _reserve_if_room(tx: Transaction, hold: Hold, amounts: Amounts) -> bool:
    values = {**_values(hold, amounts), "period": hold.period}
    return tx.run(sql.RESERVE_IF_ROOM, values).rowcount == 1


def _values(hold: Hold, amounts: Amounts) -> dict[str, object]:
    return {**hold._asdict(), **amounts._asdict()}
