"""Where admissions meet the database: short transactions, as cheap as each driver allows.

SQLite is driven directly, from one thread: 4 statements cost 30 us there, against 400 us through
SQLAlchemy and aiosqlite, and a thread, not the event loop, waits for the write lock. MySQL and
PostgreSQL are reached through the engine's pool.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from queue import SimpleQueue
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orouter.db.engine import Server
from orouter.db.faults import worth_retrying
from orouter.errors import DatabaseUnavailable
from orouter.logs import get_logger
from orouter.usage.counters import Result, Transaction

T = TypeVar("T")

ATTEMPTS = 5
"""Of a transaction that deadlocks; the server has undone it each time."""
BUSY_S = 5.0
LOOK_AGAIN_S = 0.0003
DEADLINE_S = 5.0


class NoRoom(Exception):
    """Raised by work to roll its transaction back; nothing is wrong with the connection."""


log = get_logger(__name__)


class Gate(Protocol):
    """Runs work in a transaction that writes, and commits it unless the work raises."""

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """The work's result. Raises DatabaseUnavailable; whether it had been committed is open."""

    async def close(self) -> None:
        """Let go of connections of its own."""


def open_gate(server: Server) -> Gate:
    """The gate to a server."""
    if server.backend == "sqlite":
        return FileGate(str(server.url.database))
    return ServerGate(server.async_engine)


class ServerGate:
    """To MySQL, MariaDB and PostgreSQL.

    Connections stay checked out between transactions: the pool's ping and reset would be half of
    the round trips. One that broke meanwhile is replaced, if that shows before any statement.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._idle: list[AsyncConnection] = []

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """As in the protocol; deadlocks and connections that broke while idle are tried again."""
        for attempt in range(ATTEMPTS):
            try:
                async with asyncio.timeout(DEADLINE_S):
                    return await self._transact(work)
            except _Stale:
                while self._idle:
                    await _drop(self._idle.pop())
            except (SQLAlchemyError, OSError) as error:
                if not worth_retrying(error) or attempt == ATTEMPTS - 1:
                    raise unavailable(error) from error
        raise unavailable(TimeoutError())

    async def close(self) -> None:
        """Return the connections to the pool."""
        while self._idle:
            await self._idle.pop().close()

    async def _transact(self, work: Callable[[Transaction], T]) -> T:
        reused = bool(self._idle)
        connection = self._idle.pop() if reused else await self._engine.connect()
        try:
            result = await connection.run_sync(lambda plain: work(on(plain)))
        except NoRoom:
            await connection.rollback()
            self._idle.append(connection)
            raise
        except BaseException as error:
            await _drop(connection)
            if reused and isinstance(error, DBAPIError) and error.connection_invalidated:
                raise _Stale from error
            raise
        try:
            await connection.commit()
        except BaseException:
            await _drop(connection)
            raise
        self._idle.append(connection)
        return result


class _Stale(Exception):
    """A connection broke while nobody used it, so nothing was done on it."""


async def _drop(connection: AsyncConnection) -> None:
    with suppress(SQLAlchemyError, OSError):
        await connection.invalidate()
    with suppress(SQLAlchemyError, OSError):
        await connection.close()


class FileGate:
    """To SQLite. ``busy_s``: how long it waits for another who writes."""

    def __init__(self, path: str, *, busy_s: float = BUSY_S) -> None:
        self._path = path
        self._busy_s = busy_s
        self._jobs: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="admission", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """As in the protocol."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, loop, answer))
        return await answer

    async def close(self) -> None:
        """Finish what is queued and end the thread."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        connection: sqlite3.Connection | None = None
        while (job := self._jobs.get()) is not None:
            try:
                connection = connection or _connect(self._path)
                result = self._transact(connection, job.work)
            except Exception as error:  # noqa: BLE001 - whoever waits gets it
                job.fail(unavailable(error) if isinstance(error, sqlite3.Error) else error)
            else:
                job.succeed(result)
        if connection is not None:
            connection.close()

    def _transact(self, connection: sqlite3.Connection, work: Callable[[Transaction], T]) -> T:
        self._begin(connection)
        try:
            result = work(Transaction(connection.execute, "sqlite"))
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def _begin(self, connection: sqlite3.Connection) -> None:
        """Waits for its turn, as SQLite would, but looks more often than after 1, 2, 5, 10 ms."""
        until = time.monotonic() + self._busy_s
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(LOOK_AGAIN_S)
            else:
                return


class _Job(Generic[T]):
    """Work for the thread, and the future on the event loop that waits for it."""

    def __init__(
        self,
        work: Callable[[Transaction], T],
        loop: asyncio.AbstractEventLoop,
        answer: "asyncio.Future[T]",
    ) -> None:
        self.work = work
        self._loop = loop
        self._answer = answer

    def succeed(self, result: T) -> None:
        self._loop.call_soon_threadsafe(self._unless_gone, self._answer.set_result, result)

    def fail(self, error: Exception) -> None:
        self._loop.call_soon_threadsafe(self._unless_gone, self._answer.set_exception, error)

    def _unless_gone(self, deliver: Callable[[Any], None], value: object) -> None:
        if not self._answer.done():
            deliver(value)


def on(connection: Connection) -> Transaction:
    """A transaction under way on a SQLAlchemy connection."""

    def run(sql: str, values: Mapping[str, object]) -> Result:
        return connection.execute(_statement(sql), values)

    return Transaction(run, connection.dialect.name)


def unavailable(error: BaseException) -> DatabaseUnavailable:
    """What callers are told of a driver's error; its text may hold a password."""
    log.warning("admission_database_error", error=type(error).__name__)
    return DatabaseUnavailable(
        "The database that keeps the limits does not answer; try again shortly",
        headers={"retry-after": "2"},
    )


@cache
def _statement(sql: str) -> TextClause:
    return text(sql)


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA busy_timeout = 0")
    return connection
