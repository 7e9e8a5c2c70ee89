"""A worker's life: opens everything the data plane needs, in order, and closes it in reverse."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from orouter.db.engine import Pool
from orouter.db.session import Database
from orouter.db.tasks import end
from orouter.departures import Departures
from orouter.errors import OrouterError
from orouter.logs import get_logger
from orouter.services import (
    continuations_store,
    credentials,
    key_secrets,
    limits,
    planning,
    recording,
    reloading,
    schema,
    tidying,
)
from orouter.services.answer_stores import AnswerCache, open_cache
from orouter.services.continuations import Continuations
from orouter.services.gateway import Gateway
from orouter.services.key_ring import Credential, KeyRing
from orouter.services.recording import Recording, node_name
from orouter.services.reloading import Reloading
from orouter.services.tally import Tally
from orouter.services.watch import Watch
from orouter.settings.schema import Settings
from orouter.upstream.demo_client import DemoClient
from orouter.upstream.opening import open_client
from orouter.usage import reconcile
from orouter.usage.admission import Admission
from orouter.usage.gates import open_gate
from orouter.usage.keeper import Keeper, Surroundings
from orouter.usage.periods import Calendar

FORGET_EVERY_S = 3600.0

log = get_logger(__name__)


def database_of(settings: Settings) -> Database:
    """The database of these settings; nothing is connected yet."""
    replica = settings.database.replica_url
    return Database(
        settings.database.url.get_secret_value(),
        replica_url=replica.get_secret_value() if replica else None,
        pool=Pool(size=settings.database.pool_size, recycle_s=settings.database.pool_recycle_s),
    )


@asynccontextmanager
async def gateway(
    settings: Settings, departures: Departures | None = None
) -> AsyncIterator[Gateway]:
    """A gateway that serves until the context ends; then everything is written out and closed.

    Its answers must leave with ``departures``. Raises SchemaBehind, ConfigurationError or
    DatabaseUnavailable.
    """
    departures = departures or Departures()
    async with AsyncExitStack() as stack:
        database = database_of(settings)
        stack.callback(database.close)
        stack.push_async_callback(database.aclose)
        await database.run_readonly(schema.check_to_serve)
        http = open_client(settings.routing.http_client, departures)
        stack.push_async_callback(http.aclose)
        build = partial(planning.plan, http=http, demo=DemoClient())
        live = await reloading.begin(settings, database, build)
        calendar = Calendar(ZoneInfo(settings.reporting_timezone))
        tally = Tally(enabled=settings.metrics.enabled)
        admission, recorded = await _accounts(live, database, departures, tally, calendar, stack)
        opened = Gateway(
            plan=live.plan,
            keys=_key_ring(settings, database),
            recorder=recorded.recorder,
            calendar=calendar,
            continuations=_continuations(database),
            admission=admission,
            database=database,
            with_stored=live.with_stored,
            tally=tally,
            ingested=recorded.ingested,
            answers=_answers(live.settings, stack),
        )
        await _watch(opened, live, stack)
        await stack.enter_async_context(_background(live.follow_file(opened)))
        for work in (
            _keep(database, opened.continuations),
            reconcile.report(database, calendar),
            tidying.keep_tidy(database, lambda: live.settings.usage),
        ):
            await stack.enter_async_context(_background(work))
        yield opened


def _key_ring(settings: Settings, database: Database) -> KeyRing:
    async def load(digests: list[str]) -> list[Credential]:
        return await database.run_readonly(credentials.load_credentials, digests)

    secret = settings.require_secret_key().get_secret_value()
    return KeyRing(key_secrets.pepper(secret), load, settings.server.warm_keys)


def _answers(settings: Settings, stack: AsyncExitStack) -> AnswerCache | None:
    cache = open_cache(settings)
    if cache is not None:
        stack.push_async_callback(cache.store.aclose)
    return cache


def _continuations(database: Database) -> Continuations:
    return Continuations(lambda keys: database.run_readonly(continuations_store.load, keys))


async def _accounts(
    live: Reloading,
    database: Database,
    departures: Departures,
    tally: Tally,
    calendar: Calendar,
    stack: AsyncExitStack,
) -> tuple[Admission, Recording]:
    """Admission and recording. At the end: usage stored first, then reservations given back."""
    gate = open_gate(database.primary)
    stack.push_async_callback(gate.close)
    recorded = recording.begin(live.settings, database, departures)
    serve = live.settings.limits.when_database_is_down == "serve"
    admission = Admission(gate, recorded.worker_id, calendar, serve_when_down=serve)
    around = Surroundings(
        node=node_name(),
        unread=recorded.unread,
        periods=lambda: calendar.keys(time.time_ns() // 1000),
        warn_at_percent=lambda: live.settings.limits.warn_at_percent,
        warned=tally.warned,
    )
    keeper = Keeper(gate, admission, around)
    stack.push_async_callback(keeper.stop)
    stack.push_async_callback(asyncio.to_thread, recorded.close)
    keeper.start()
    return admission, recorded


async def _watch(opened: Gateway, live: Reloading, stack: AsyncExitStack) -> None:
    """Follows what changes in the database; the first look is over when this returns."""

    async def learn_limits(since: int) -> None:
        rows = await opened.database.run_readonly(limits.changed_since, since)
        opened.admission.limits.learn(rows, anew=since < 0)

    watch = Watch(opened.database, opened.keys, [learn_limits, partial(live.learn, opened)])
    opened.healthy = lambda: watch.healthy
    await watch.look()
    for work in (watch.run(), watch.warm_up()):
        stack.push_async_callback(asyncio.wait, [asyncio.create_task(work)])
    stack.callback(watch.stop)


@asynccontextmanager
async def _background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        await end(task)


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
