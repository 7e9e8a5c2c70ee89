"""The other end of a reservation: settled, given back by its worker, or taken from a dead one.

`settle` is the ingester's hook. It runs in the transaction that stores the usage rows, so counters
and usage agree at every moment. Counters are kept for everybody, limited or not.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from orouter.usage import limit_sql as sql
from orouter.usage.counters import Amounts, Hold, Transaction, released, total
from orouter.usage.gates import on
from orouter.usage.records import Settlement

_Where = tuple[Any, ...]


def settle(connection: sa.Connection, settlements: Sequence[Settlement]) -> None:
    """Count what was really used, and end the reservations behind it.

    To be called once for each settlement that is stored, last in its transaction.
    """
    tx = on(connection)
    used = used_by(settlements)
    freed = _freed(tx, settlements)
    rows = [
        {
            **hold._asdict(),
            **_named("used", used.get(hold, Amounts())),
            **_named("reserved", back.negative()),
        }
        for hold in sorted(used.keys() | freed.keys())
        for back in [freed.get(hold, Amounts())]
    ]
    if rows:
        connection.execute(sa.text(sql.of(sql.ADD_USE, tx.backend)), rows)


def used_by(settlements: Iterable[Settlement]) -> dict[Hold, Amounts]:
    """What settlements add to the counters of their organizations and keys."""
    parts = (
        (
            (each.key_id, each.org_id, each.year, each.month),
            each.counted,
            each.prompt_tokens + each.completion_tokens,
            each.cost or 0,
        )
        for each in settlements
    )
    return total((_counters_of(*where), amounts) for where, amounts in _summed(parts))


def give_back_all(tx: Transaction, worker_id: str) -> int:
    """Give back what a worker has out and forget the worker; return the requests given back."""
    mine = {"worker_id": worker_id}
    rows = tx.run(sql.SEE_ALL_OUTSTANDING + tx.for_update, mine).fetchall()
    out = {Hold(*row[:3]): Amounts(*row[3:]) for row in rows}
    for hold in sorted(hold for hold, amounts in out.items() if amounts != Amounts()):
        tx.run(sql.RESERVE, {**hold._asdict(), **out[hold].negative()._asdict()})
    tx.run(sql.FORGET_OUTSTANDING, mine)
    tx.run(sql.FORGET_WORKER, mine)
    return max((amounts.requests for amounts in out.values()), default=0)


def beat(tx: Transaction, worker_id: str, node: str) -> None:
    """Say that a worker lives."""
    if not tx.run(sql.BEAT, {"id": worker_id}).rowcount:
        tx.run(sql.REGISTER, {"id": worker_id, "node": node})


@dataclass(frozen=True)
class Worker:
    """A worker as the database knows it. One that never registered has no node and beat -1."""

    id: str
    node: str
    beat: int


def workers(tx: Transaction) -> list[Worker]:
    """All workers that live or have reservations out."""
    return [Worker(*row) for row in tx.run(sql.SEE_WORKERS, {}).fetchall()]


@dataclass
class Watch:
    """Tells who is dead by watching beats stand still; nobody compares clocks.

    Times are seconds of any clock that only goes forward.
    """

    _since: dict[str, tuple[int, float]] = field(default_factory=dict)

    def still_for(self, seen: Iterable[Worker], now: float) -> dict[str, float]:
        """How long each worker's beat has stood still, as far as was watched."""
        before, self._since = self._since, {}
        for worker in seen:
            known_beat, since = before.get(worker.id, (None, now))
            self._since[worker.id] = (worker.beat, since if known_beat == worker.beat else now)
        return {worker_id: now - since for worker_id, (_, since) in self._since.items()}

    def forget(self) -> None:
        """Start anew: while the database was away nobody could beat."""
        self._since.clear()


def _counters_of(key_id: str, org_id: str, year: str, month: str) -> tuple[Hold, ...]:
    return tuple(
        Hold(scope, subject_id, period)
        for scope, subject_id in (("key", key_id), ("org", org_id))
        for period in (year, month)
        if subject_id and period
    )


def _freed(tx: Transaction, settlements: Iterable[Settlement]) -> dict[Hold, Amounts]:
    """Take what these settlements had reserved off their workers' rows."""
    reserved = (
        (
            (each.worker, each.key_id, each.org_id, each.holds),
            1,
            each.reserved_tokens,
            each.reserved_cost,
        )
        for each in settlements
        if each.worker
    )
    ended: defaultdict[str, list[tuple[list[Hold], Amounts]]] = defaultdict(list)
    for (worker_id, *where), amounts in _summed(reserved):
        ended[worker_id].append((_held(*where), amounts))
    parts = (
        ([hold], amounts)
        for worker_id in sorted(ended)
        for hold, amounts in released(tx, worker_id, total(ended[worker_id])).items()
    )
    return total(parts)


def _summed(parts: Iterable[tuple[_Where, int, int, int]]) -> Iterator[tuple[_Where, Amounts]]:
    """Requests, tokens and cost by where they count: a batch has few such places."""
    sums: dict[_Where, list[int]] = {}
    for where, requests, tokens, cost in parts:
        amounts = sums.get(where)
        if amounts is None:
            amounts = sums[where] = [0, 0, 0]
        amounts[0] += requests
        amounts[1] += tokens
        amounts[2] += cost
    return ((where, Amounts(*amounts)) for where, amounts in sums.items())


def _held(key_id: str, org_id: str, holds: Iterable[str]) -> list[Hold]:
    subjects = {"org": org_id, "key": key_id}
    named = (hold.split(":", 1) for hold in holds)
    return [Hold(scope, subjects[scope], key) for scope, key in named]


def _named(prefix: str, amounts: Amounts) -> dict[str, int]:
    return {f"{prefix}_{name}": value for name, value in amounts._asdict().items()}
