"""The unit of work: one session, one transaction, begun at the edge and ended there.

A service is a plain function ``verb(session, ...)``. The command line calls it in ``begin()``;
the server hands it to ``run()``, which repeats the whole transaction when the database says that
it lost a race.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from orouter.db.engine import Pool, Server
from orouter.db.faults import translated, worth_retrying
from orouter.errors import DatabaseUnavailable

if TYPE_CHECKING:  # the command line never needs it, and it takes its time
    from sqlmodel.ext.asyncio.session import AsyncSession

P = ParamSpec("P")
T = TypeVar("T")

_ATTEMPTS = 6
_DEADLINE_S = 10.0
"""Longer than any statement may take: only a server that hangs is given up on here."""


class Database:
    """The primary server, and the replica (the primary again if there is none) for statistics."""

    def __init__(
        self, url: str, *, replica_url: str | None = None, pool: Pool | None = None
    ) -> None:
        self.primary = Server(url, pool)
        self.replica = Server(replica_url, pool) if replica_url else self.primary

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction that may write: committed at the end, rolled back by an exception.

        Raises DatabaseUnavailable when the server does not answer.
        """
        with translated(self.primary.place), _session(self.primary, immediate=True) as session:
            yield session

    @contextmanager
    def read(self, *, replica: bool = False) -> Iterator[Session]:
        """A transaction that only reads, so that SQLite gives it no write lock."""
        server = self.replica if replica else self.primary
        with translated(server.place), _session(server, immediate=False) as session:
            yield session

    def call(
        self, verb: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """``verb(session, ...)`` in a transaction of its own, repeated after lost races."""
        with translated(self.primary.place):
            for pause in _pauses():
                try:
                    with _session(self.primary, immediate=True) as session:
                        return verb(session, *args, **kwargs)
                except DBAPIError as error:
                    if not worth_retrying(error):
                        raise
                time.sleep(pause)
        raise _too_busy()

    @asynccontextmanager
    async def abegin(self) -> AsyncIterator["AsyncSession"]:
        """The same as ``begin``, on the event loop."""
        with translated(self.primary.place):
            async with _async_session(self.primary, immediate=True) as session:
                yield session

    async def run(
        self, verb: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same as ``call``, on the event loop."""
        with translated(self.primary.place, OSError):
            for pause in _pauses():
                try:
                    async with (
                        asyncio.timeout(_DEADLINE_S),
                        _async_session(self.primary, immediate=True) as session,
                    ):
                        return await _apply(session, verb, *args, **kwargs)
                except DBAPIError as error:
                    if not worth_retrying(error):
                        raise
                await asyncio.sleep(pause)
        raise _too_busy()

    async def run_readonly(
        self, verb: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """``verb(session, ...)`` that only reads, on the primary."""
        return await _read(self.primary, verb, *args, **kwargs)

    async def run_on_replica(
        self, verb: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """``verb(session, ...)`` that only reads and may see a state of some seconds ago."""
        return await _read(self.replica, verb, *args, **kwargs)

    async def aclose(self) -> None:
        """Close the connections of the event loop's engines."""
        for server in {self.primary, self.replica}:
            if "async_engine" in vars(server):
                await server.async_engine.dispose()

    def close(self) -> None:
        """Close the connections of the plain engines."""
        for server in {self.primary, self.replica}:
            if "engine" in vars(server):
                server.engine.dispose()


def rehearsal(verb: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
    """A verb that answers as ``verb`` would, and of which nothing stays."""

    def rehearsed(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
        answer = verb(session, *args, **kwargs)
        session.rollback()
        return answer

    return rehearsed


async def _read(
    server: Server,
    verb: Callable[Concatenate[Session, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    with translated(server.place, OSError):
        async with asyncio.timeout(_DEADLINE_S), _async_session(server, immediate=False) as session:
            return await _apply(session, verb, *args, **kwargs)


async def _apply(
    session: "AsyncSession",
    verb: Callable[Concatenate[Session, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    return await session.run_sync(lambda _: verb(session.sync_session, *args, **kwargs))


@contextmanager
def _session(server: Server, *, immediate: bool) -> Iterator[Session]:
    engine = server.engine.execution_options(immediate=immediate)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@asynccontextmanager
async def _async_session(server: Server, *, immediate: bool) -> AsyncIterator["AsyncSession"]:
    from sqlmodel.ext.asyncio.session import AsyncSession  # noqa: PLC0415 - see TYPE_CHECKING

    engine = server.async_engine.execution_options(immediate=immediate)
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        yield session


def _pauses() -> Iterator[float]:
    """Seconds to wait after each attempt: full jitter under a doubling bound."""
    return (random.uniform(0, 0.02 * 2**attempt) for attempt in range(_ATTEMPTS))  # noqa: S311 - not a secret


def _too_busy() -> DatabaseUnavailable:
    return DatabaseUnavailable(
        "The database is too busy", hint="Many writers want the same rows; try again."
    )
