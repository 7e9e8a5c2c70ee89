"""The ingester: a thread of each worker that brings what was journalled into the database.

It reads its own worker's journal and those of dead workers, whose lock it can take. A batch is one
transaction and is tried until it succeeds: through deadlocks, outages and full disks. Only a row
that the database refuses for what it holds is set aside, logged and counted.
"""

import itertools
import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError

from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable, OrouterError
from orouter.logs import get_logger
from orouter.usage.inbox import BATCH, Batch, Inbox
from orouter.usage.records import Settlement
from orouter.usage.rollups import Buckets
from orouter.usage.segments import Writer, writers
from orouter.usage.store import SEGMENTS, store

POLL_SECONDS = 0.25
ADOPT_SECONDS = 2.0
BUSY_SECONDS = 0.005
"""Between full batches: the event loop of the same process wants its turn."""
LONGEST_PAUSE = 5.0
LAST_ATTEMPTS = 5

SettleHook = Callable[[sa.Connection, Sequence[Settlement]], None]
"""Called with the rows that are new, last before the commit: what it locks is locked briefly."""

log = get_logger(__name__)


class Source(Protocol):
    """Where batches come from: an `Inbox`, or the memory of ``usage.mode: direct``."""

    def read(self, *, final: bool) -> Batch:
        """What is new; falsy if nothing is."""
        ...

    def forget(self, batch: Batch) -> None:
        """The batch is in the database."""
        ...

    def restart(self) -> None:
        """Read again what was read and not stored."""
        ...

    def close(self) -> None:
        """No more reading."""
        ...


class Ingested(msgspec.Struct):
    """What an ingester did since it started, for metrics."""

    rows: int = 0
    batches: int = 0
    retries: int = 0
    adopted: int = 0
    corrupt: int = 0
    unresolved: int = 0
    refused: int = 0
    oldest_us: int = 0
    """When the first of what is being stored was settled; 0 while nothing is."""

    def lag_s(self) -> float:
        """How long that has been waiting by now."""
        return max(time.time() - self.oldest_us / 1e6, 0.0) if self.oldest_us else 0.0


class _Stopped(Exception):
    """The owner wants the thread to end while the database is away."""


class _Refused(Exception):
    """The database does not take a value of the batch."""


class Ingester:
    """One worker's ingestion; ``directory`` None when there are no files to adopt."""

    def __init__(
        self,
        database: Database,
        directory: Path | None,
        *,
        zone: ZoneInfo,
        own: Source | None = None,
        hook: SettleHook | None = None,
    ) -> None:
        self.ingested = Ingested()
        self._database = database
        self._directory = directory
        self._own = own
        self._hook = hook
        self._buckets = Buckets(zone)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ingester", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Store what is left and end; to be called once the own journal is closed.

        What cannot be stored, because the database is away, stays in the journal.
        """
        self._stopping.set()
        self._thread.join(timeout)

    def drain(self) -> None:
        """Store everything there is to read now, in the caller's thread, and adopt orphans."""
        while self._own is not None and self._forward(self._own, final=False):
            pass
        self._adopt_orphans()

    def _run(self) -> None:
        adopt_at = 0.0
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                full = self._own is not None and self._forward(self._own, final=False)
                pause = BUSY_SECONDS if full else POLL_SECONDS
                if time.monotonic() >= adopt_at:
                    self._adopt_orphans()
                    adopt_at = time.monotonic() + ADOPT_SECONDS
            except _Stopped:
                break
            except DatabaseUnavailable as error:
                log.warning("orphans_not_adopted_yet", reason=str(error))
                pause = 1.0
            except Exception:
                log.exception("ingestion_interrupted")
                self._start_over()
                pause = 1.0
        self._finish()

    def _start_over(self) -> None:
        if self._own is not None:
            self._own.restart()

    def _finish(self) -> None:
        try:
            if self._own is not None:
                while self._forward(self._own, final=False):
                    pass
                self._own.close()
            self._adopt_orphans()
        except (_Stopped, OrouterError, OSError) as error:
            log.warning("usage_left_in_journal", reason=str(error))

    def _forward(self, source: Source, *, final: bool) -> bool:
        """Store one batch; return whether there may be more of it at once."""
        batch = source.read(final=final)
        if not batch:
            return False
        self.ingested.corrupt += batch.corrupt
        first = batch.settlements[0] if batch.settlements else None
        self.ingested.oldest_us = first.at + first.latency if first else 0
        self._store(batch)
        source.forget(batch)
        self.ingested.oldest_us = 0
        self._drop_positions([path.name for path in batch.finished])
        return final or len(batch.settlements) >= BATCH

    def _store(self, batch: Batch) -> None:
        try:
            self._commit(batch.settlements, batch.positions)
        except _Refused:
            for settlement in batch.settlements:
                self._store_alone(settlement)
            self._commit([], batch.positions)

    def _store_alone(self, settlement: Settlement) -> None:
        try:
            self._commit([settlement], {})
        except _Refused as error:
            self.ingested.refused += 1
            record = msgspec.json.encode(settlement)
            log.error("usage_row_refused", record=record.decode(), reason=str(error.__cause__))  # noqa: TRY400 - the record matters
            if self._directory is not None:
                (self._directory / f"{settlement.id}.refused").write_bytes(record)

    def _commit(self, settlements: list[Settlement], positions: dict[str, int]) -> None:
        """One transaction, until it succeeds.

        Raises _Refused if the database does not take the values, _Stopped at the owner's wish.
        """
        for attempt in itertools.count():
            try:
                fresh = self._transaction(settlements, positions, ask=attempt > 0)
                break
            except _Refused:
                raise
            except Exception as error:  # noqa: BLE001 - a batch is never dropped
                if attempt == 0 and isinstance(error, IntegrityError):
                    continue  # some of it is there already
                self.ingested.retries += 1
                log.warning("usage_not_stored_yet", attempt=attempt, reason=str(error)[:200])
            if self._stopping.is_set() and attempt >= LAST_ATTEMPTS:
                raise _Stopped
            self._stopping.wait(random.uniform(0.01, min(LONGEST_PAUSE, 0.05 * 2**attempt)))  # noqa: S311 - not a secret
        self.ingested.batches += 1
        self.ingested.rows += len(fresh)
        self.ingested.unresolved += sum(each.source == "unresolved" for each in fresh)

    def _transaction(
        self, settlements: list[Settlement], positions: dict[str, int], *, ask: bool
    ) -> list[Settlement]:
        with self._database.begin() as session:
            connection = session.connection()
            try:
                fresh = store(connection, settlements, positions, self._buckets, ask=ask)
            except (DataError, OverflowError, ValueError) as error:
                raise _Refused from error
            if self._hook is not None and fresh:
                self._hook(connection, fresh)
        return fresh

    def _adopt_orphans(self) -> None:
        for writer in writers(self._directory) if self._directory is not None else ():
            lock = writer.lock()
            if lock is None:
                continue
            try:
                self._adopt(writer)
            finally:
                os.close(lock)

    def _adopt(self, writer: Writer) -> None:
        # Without segments, somebody else was faster and only its lock file was made anew.
        self.ingested.adopted += bool(writer.segments())
        with closing(Inbox(writer, self._positions(writer))) as inbox:
            while self._forward(inbox, final=True):
                pass
        writer.lock_path.unlink(missing_ok=True)

    def _positions(self, writer: Writer) -> dict[str, int]:
        name = SEGMENTS.c.name
        query = sa.select(name, SEGMENTS.c.position).where(name.startswith(writer.stem))
        with self._database.read() as session:
            return {row.name: row.position for row in session.connection().execute(query)}

    def _drop_positions(self, names: list[str]) -> None:
        # A position that stays behind names a segment that is gone, and does no harm.
        if names:
            with suppress(OrouterError), self._database.begin() as session:
                session.connection().execute(sa.delete(SEGMENTS).where(SEGMENTS.c.name.in_(names)))
