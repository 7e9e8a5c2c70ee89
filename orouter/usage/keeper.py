"""What each worker does every few seconds for the limits: beat, look after the dead, warn.

Nobody compares clocks: a worker is dead when others, watching without a gap, saw its beat stand
still. Its reservations are given back once its journal is in the database; the journal of another
machine cannot be seen, so they are given back after a longer while. Usage that is ingested after
that counts all the same.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

from orouter.db.tasks import end
from orouter.errors import DatabaseUnavailable
from orouter.logs import get_logger
from orouter.usage import limit_sql as sql
from orouter.usage.admission import Admission
from orouter.usage.counters import DIMENSIONS, Hold, Transaction
from orouter.usage.gates import Gate
from orouter.usage.periods import PeriodKeys
from orouter.usage.reservations import Watch, Worker, beat, give_back_all, workers

log = get_logger(__name__)


@dataclass(frozen=True)
class Pace:
    """Seconds between beats, until a silent worker is dead, until its machine is given up."""

    beat_s: float = 5.0
    dead_s: float = 20.0
    gone_s: float = 45.0


@dataclass(frozen=True)
class Surroundings:
    """What a keeper must be told: the machine it is on, whose journals wait there, and the time."""

    node: str
    unread: Callable[[], Collection[str]]
    """Ids of the workers of this node that still have journal files."""
    periods: Callable[[], PeriodKeys]
    """The current month and year."""
    warn_at_percent: Callable[[], int]
    warned: Callable[[str, str], None] = lambda _scope, _dimension: None
    """Told of each limit that the log warns of."""


class Keeper:
    """Looks after the reservations of one worker and of those that died."""

    def __init__(
        self, gate: Gate, admission: Admission, around: Surroundings, pace: Pace | None = None
    ) -> None:
        self._gate = gate
        self._admission = admission
        self._around = around
        self._pace = pace or Pace()
        self._watch = Watch()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first beat is at once."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Give everything of this worker back. To be called once its requests are settled."""
        if self._task is not None:
            await end(self._task)
        try:
            await self._admission.tidy()
            await self._gate.run(lambda tx: give_back_all(tx, self._admission.worker_id))
        except DatabaseUnavailable:
            log.warning("reservations_left_to_others", worker=self._admission.worker_id)

    async def round(self) -> None:
        """Beat, give back what the dead had out, and warn. Raises DatabaseUnavailable."""
        own = self._admission.worker_id
        await self._gate.run(lambda tx: beat(tx, own, self._around.node))
        await self._admission.tidy()
        seen = [worker for worker in await self._gate.run(workers) if worker.id != own]
        unread = self._around.unread()
        still = self._watch.still_for(seen, monotonic())
        for worker in seen:
            if self._is_over(worker, still[worker.id], unread):
                await self._bury(worker)
        await self._warn()

    async def _run(self) -> None:
        while True:
            try:
                await self.round()
            except DatabaseUnavailable:
                self._watch.forget()
            except Exception:
                log.exception("reservations_not_looked_after")
                self._watch.forget()
            await asyncio.sleep(self._pace.beat_s)

    def _is_over(self, worker: Worker, still_s: float, unread: Collection[str]) -> bool:
        if still_s < self._pace.dead_s or worker.id in unread:
            return False
        return worker.node == self._around.node or still_s >= self._pace.gone_s

    async def _bury(self, worker: Worker) -> None:
        count = await self._gate.run(lambda tx: give_back_all(tx, worker.id))
        log.info("dead_workers_reservations_given_back", worker=worker.id, requests=count)

    async def _warn(self) -> None:
        percent = self._around.warn_at_percent()
        crossed = await self._gate.run(
            lambda tx: newly_crossed(tx, self._around.periods(), percent)
        )
        for crossing in crossed:
            log.warning(
                "limit_nearly_used_up",
                **crossing.hold._asdict(),
                dimension=crossing.dimension,
                used=crossing.used,
                limit=crossing.limit,
            )
            self._around.warned(crossing.hold.scope, crossing.dimension)


class Crossing(NamedTuple):
    """A limit that is nearly used up."""

    hold: Hold
    dimension: str
    used: int
    limit: int


def newly_crossed(tx: Transaction, periods: PeriodKeys, percent: int) -> list[Crossing]:
    """The limits that reached ``percent`` and that no worker has reported in their period."""
    found = []
    for row in tx.run(sql.SEE_CROSSED, {**periods._asdict(), "percent": percent}).fetchall():
        hold, used, limits = Hold(*row[:3]), row[4:7], row[7:]
        for index, dimension in enumerate(DIMENSIONS):
            near = limits[index] is not None and used[index] * 100 >= limits[index] * percent
            mark = {**hold._asdict(), "bit": 1 << index}
            if near and tx.run(sql.MARK_WARNED, mark).rowcount == 1:
                found.append(Crossing(hold, dimension, used[index], limits[index]))
    return found
