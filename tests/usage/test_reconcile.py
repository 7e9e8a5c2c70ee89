"""Counters are compared with usage, and set right."""

import asyncio
from contextlib import suppress
from time import time_ns

import msgspec
import sqlalchemy as sa
from sqlmodel import Session
from structlog.testing import capture_logs

from orouter.db.session import Database
from orouter.usage.admission import UNLIMITED
from orouter.usage.counters import Amounts, Hold
from orouter.usage.periods import Calendar, span
from orouter.usage.reconcile import COUNTERS, Drift, Standing, drifts, repair, report
from orouter.usage.reservations import settle
from orouter.usage.rollups import Buckets
from orouter.usage.store import store
from tests.usage.limited import (
    MONTH,
    ORG_MONTH,
    UTC,
    YEAR,
    admitting,
    counters,
    demand,
    limit,
    settlement,
)

AT = span(MONTH, UTC).start


def use(session: Session, *, counted: bool = True) -> None:
    """A request that is in the rollups, and in the counters too if ``counted``."""
    record = msgspec.structs.replace(settlement(UNLIMITED, tokens=10, cost=5), at=AT)
    fresh = store(session.connection(), [record], {}, Buckets(UTC))
    if counted:
        settle(session.connection(), fresh)


def test_agreement_is_no_drift(database: Database) -> None:
    with database.begin() as session:
        use(session)
        assert drifts(session.connection(), MONTH, UTC) == []
        assert drifts(session.connection(), YEAR, UTC) == []


async def test_reservations_in_flight_are_no_drift(async_database: Database) -> None:
    async with admitting(async_database, limit(5)) as made:
        await made.reserve(demand())
    with async_database.begin() as session:
        assert drifts(session.connection(), MONTH, UTC) == []


def test_what_was_not_counted_is_found_and_mended(database: Database) -> None:
    with database.begin() as session:
        use(session)
        use(session, counted=False)
        session.connection().execute(
            sa.update(COUNTERS).where(COUNTERS.c.scope == "org").values(reserved_requests=3)
        )
    right = Standing(Amounts(2, 20, 10), Amounts())
    with database.begin() as session:
        found = repair(session.connection(), MONTH, UTC)
    assert found == [
        Drift(Hold("key", "key_a", MONTH), Standing(Amounts(1, 10, 5), Amounts()), right),
        Drift(ORG_MONTH, Standing(Amounts(1, 10, 5), Amounts(3, 0, 0)), right),
    ]
    assert counters(database)[ORG_MONTH] == right
    with database.begin() as session:
        assert drifts(session.connection(), MONTH, UTC) == []


def test_counters_that_are_not_there_are_made(database: Database) -> None:
    with database.begin() as session:
        use(session, counted=False)
        repair(session.connection(), YEAR, UTC)
    right = (Amounts(1, 10, 5), Amounts())
    assert counters(database) == {
        Hold("key", "key_a", YEAR): right,
        Hold("org", "org_a", YEAR): right,
    }


async def test_drift_is_logged_in_the_background(async_database: Database) -> None:
    calendar = Calendar(UTC)
    with async_database.begin() as session:
        amounts = dict.fromkeys((c.name for c in COUNTERS.c if c.name[:4] in ("used", "rese")), 0)
        hold = Hold("org", "org_a", calendar.keys(time_ns() // 1000).month)
        row = {**hold._asdict(), **amounts, "used_requests": 7, "warned": 0}
        session.connection().execute(sa.insert(COUNTERS).values(row))
    with capture_logs() as logs, suppress(TimeoutError):
        async with asyncio.timeout(0.5):
            await report(async_database, calendar)
    (found,) = logs
    assert (found["event"], found["hold"]) == ("limit_counter_drifted", hold)
    assert found["counted"].used.requests == 7
