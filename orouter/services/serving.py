"""A worker's life: opens everything the data plane needs, in order, and closes it in reverse."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from orouter.db.engine import Pool
from orouter.db.session import Database
from orouter.errors import OrouterError
from orouter.services import continuations_store, credentials, key_secrets, planning, schema
from orouter.services.continuations import Continuations
from orouter.services.gateway import Gateway, PeriodClock, Recorder
from orouter.services.key_ring import KeyRing
from orouter.services.watch import Watch
from orouter.settings.schema import Settings
from orouter.upstream.aiohttp_client import AiohttpClient
from orouter.upstream.demo_client import DemoClient
from orouter.usage.direct import DirectJournal
from orouter.usage.inbox import Inbox
from orouter.usage.ingest import Ingester
from orouter.usage.journal import Journal

FORGET_EVERY_S = 3600.0

log = structlog.get_logger(__name__)


def database_of(settings: Settings) -> Database:
    """The database of these settings; nothing is connected yet."""
    replica = settings.database.replica_url
    return Database(
        settings.database.url.get_secret_value(),
        replica_url=replica.get_secret_value() if replica else None,
        pool=Pool(size=settings.database.pool_size, recycle_s=settings.database.pool_recycle_s),
    )


@asynccontextmanager
async def gateway(settings: Settings) -> AsyncIterator[Gateway]:
    """A gateway that serves until the context ends; then everything is written out and closed.

    Raises SchemaBehind, ConfigurationError or DatabaseUnavailable.
    """
    async with AsyncExitStack() as stack:
        database = database_of(settings)
        stack.push_async_callback(database.aclose)
        await database.run_readonly(schema.check)
        http, demo = AiohttpClient(), DemoClient()
        stack.push_async_callback(http.aclose)
        continuations = _continuations(database)
        opened = Gateway(
            plan=planning.plan(settings, http, demo),
            keys=_key_ring(settings, database),
            recorder=_recorder(settings, database, stack),
            periods=PeriodClock(ZoneInfo(settings.reporting_timezone)),
            continuations=continuations,
        )
        watch = Watch(database, opened.keys)
        opened.healthy = lambda: watch.healthy
        await watch.look()
        await stack.enter_async_context(_background(_keep(database, continuations)))
        for work in (watch.run(), watch.warm_up()):
            stack.push_async_callback(asyncio.wait_for, asyncio.create_task(work), None)
        stack.callback(watch.stop)
        yield opened


def _key_ring(settings: Settings, database: Database) -> KeyRing:
    async def load(digests: list[str]) -> list[credentials.Credential]:
        return await database.run_readonly(credentials.load_credentials, digests)

    secret = settings.require_secret_key().get_secret_value()
    return KeyRing(key_secrets.pepper(secret), load)


def _continuations(database: Database) -> Continuations:
    return Continuations(lambda keys: database.run_readonly(continuations_store.load, keys))


def _recorder(settings: Settings, database: Database, stack: AsyncExitStack) -> Recorder:
    """The journal and the thread that brings it into the database; closed in that order."""
    zone = ZoneInfo(settings.reporting_timezone)
    if settings.usage.mode == "direct":
        direct = DirectJournal()
        ingester = Ingester(database, None, zone=zone, own=direct.inbox())
        stack.callback(ingester.stop)
        ingester.start()
        return direct
    directory = Path(settings.usage.journal_dir)
    journal = Journal(directory, node=socket.gethostname())
    ingester = Ingester(database, directory, zone=zone, own=Inbox(journal.writer, {}))
    stack.callback(ingester.stop)
    stack.callback(journal.close)
    ingester.start()
    return journal


@asynccontextmanager
async def _background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep(database: Database, continuations: Continuations) -> None:
    """Writes remembered reasoning down as soon as there is some, and forgets the old."""
    forget_at = 0.0
    while True:
        await continuations.to_save.wait()
        kept, now = continuations.take_unsaved(), time.time_ns() // 1000
        try:
            await database.run(continuations_store.save, kept, now)
            if time.monotonic() >= forget_at:
                await database.run(continuations_store.forget, now)
                forget_at = time.monotonic() + FORGET_EVERY_S
        except (OrouterError, TimeoutError) as e:
            log.warning("continuations_not_kept", count=len(kept), error=str(e))
