"""Where admissions queue: one transaction at a time, and all that wait go into the next one."""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import count

from msgspec import Struct

from orouter.deadlines import Deadlines
from orouter.errors import DatabaseUnavailable
from orouter.usage.counters import (
    Amounts,
    Ask,
    Claim,
    Hold,
    Refusal,
    Totals,
    Transaction,
    give_back,
    last_batch,
    share_out,
    take,
    total,
)
from orouter.usage.gates import Gate, NoRoom

PATIENCE_S = 2.0
"""How long a request waits for the database before it is told to come back."""
BATCH = 256


class Lane:
    """A queue of asks and the one transaction that is under way for them."""

    def __init__(self, gate: Gate, worker_id: str, numbers: "count[int]") -> None:
        self._gate = gate
        self._worker_id = worker_id
        self._numbers = numbers
        self._waiting: list[_Wait] = []
        self._unanswered: set[_Wait] = set()
        self._deadlines = Deadlines(self._unanswered)
        self._returns: list[tuple[tuple[Hold, ...], Amounts]] = []
        self._undos: list[_Undo] = []
        self._task: asyncio.Task[None] | None = None
        # Remembered while the task works: asking asyncio for it is a system call on Python 3.11.
        self._loop: asyncio.AbstractEventLoop

    async def admit(self, ask: Ask) -> Amounts | Refusal:
        """What was reserved, or why not. Raises DatabaseUnavailable or TimeoutError."""
        self._wake()
        wait = _Wait(self._loop.time() + PATIENCE_S, ask, self._loop.create_future())
        self._waiting.append(wait)
        self._unanswered.add(wait)
        self._deadlines.expect(wait.until)
        answer = wait.answer
        try:
            return await answer
        except BaseException:
            # The answer may have come in the very moment in which the caller was cancelled.
            if answer.done() and not answer.cancelled() and answer.exception() is None:
                self._take_back(ask, answer.result())
            raise
        finally:
            self._unanswered.discard(wait)

    def _take_back(self, ask: Ask, answer: Amounts | Refusal) -> None:
        if isinstance(answer, Amounts):
            self.give_back(ask.holds, answer)

    def give_back(self, holds: tuple[Hold, ...], amounts: Amounts) -> None:
        """Queue a return."""
        self._returns.append((holds, amounts))
        self._wake()

    async def emptied(self) -> None:
        """Wait until nothing is queued or under way; what the database refuses stays queued."""
        self._wake()
        if self._task is not None:
            await self._task

    def _wake(self) -> None:
        if self._task is None or self._task.done():
            self._loop = asyncio.get_running_loop()
            self._task = self._loop.create_task(self._work())

    async def _work(self) -> None:
        try:
            while self._waiting or self._returns or self._undos:
                await self._tidy()
                await self._admit()
        except DatabaseUnavailable as error:
            self._fail(self._waiting, error)
            self._waiting = []

    async def _tidy(self) -> None:
        """Undo what was lost or left; both are rare."""
        if self._returns:
            totals, self._returns = total(self._returns), []
            self._undos.append(_Undo(self._claim(), totals))
        while self._undos:
            await self._gate.run(self._undos[0].run)
            del self._undos[0]

    def _claim(self) -> Claim:
        return Claim(self._worker_id, next(self._numbers))

    async def _admit(self) -> None:
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        batch = [wait for wait in batch if not wait.answer.done()]
        if not batch:
            return
        attempt = _Attempt(self._claim(), [wait.ask for wait in batch])
        try:
            answers = await self._decide(attempt)
        except DatabaseUnavailable as error:
            if attempt.taken:
                self._undos.append(_Undo(self._claim(), attempt.taken, attempt.claim))
            self._fail(batch, error)
            raise
        for wait, answer in zip(batch, answers, strict=True):
            if not wait.answer.done():
                wait.answer.set_result(answer)
            else:
                self._take_back(wait.ask, answer)

    async def _decide(self, attempt: "_Attempt") -> Sequence[Amounts | Refusal]:
        try:
            return await self._gate.run(attempt.take_all)
        except NoRoom:
            return await self._gate.run(attempt.share_out)

    def _fail(self, batch: Iterable["_Wait"], error: DatabaseUnavailable) -> None:
        for wait in batch:
            wait.fail(error)


class _Wait(Struct, eq=False):
    """An ask, and the request that waits for its answer."""

    until: float
    ask: Ask
    answer: asyncio.Future[Amounts | Refusal]

    def overdue(self) -> None:
        self.fail(TimeoutError())

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


class _Attempt:
    """One transaction for a batch. ``taken`` is what it reserves, if it is committed."""

    def __init__(self, claim: Claim, asks: Sequence[Ask]) -> None:
        self.claim = claim
        self.asks = asks
        self.taken: Totals = {}

    def take_all(self, tx: Transaction) -> list[Amounts | Refusal]:
        self.taken = total((ask.holds, ask.amounts) for ask in self.asks)
        if not take(tx, self.claim, self.taken):
            self.taken = {}
            raise NoRoom
        return [ask.amounts for ask in self.asks]

    def share_out(self, tx: Transaction) -> list[Amounts | Refusal]:
        answers = share_out(tx, self.claim, self.asks)
        self.taken = total(
            (ask.holds, answer)
            for ask, answer in zip(self.asks, answers, strict=True)
            if isinstance(answer, Amounts)
        )
        return answers


class _Undo:
    """Gives back what a transaction took; only if it was committed, where that is in doubt."""

    def __init__(self, claim: Claim, taken: Totals, doubtful: Claim | None = None) -> None:
        self.claim = claim
        self.taken = taken
        self.doubtful = doubtful

    def run(self, tx: Transaction) -> None:
        if self.doubtful is not None:
            done = last_batch(tx, self.claim.worker_id, max(self.taken))
            if done != self.doubtful.batch:
                return
        give_back(tx, self.claim, self.taken)
