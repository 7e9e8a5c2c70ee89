"""Limits, demands and counters for the tests of admission."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from sqlmodel import select

from orouter.db.session import Database
from orouter.ids import ulid
from orouter.models.limit import Limit, LimitCounter, OutstandingReservation
from orouter.usage.admission import Admission, Reservation
from orouter.usage.counters import Amounts, Hold
from orouter.usage.gates import Gate, open_gate
from orouter.usage.limit_table import Demand
from orouter.usage.periods import Calendar
from orouter.usage.records import Settlement
from orouter.usage.reservations import settle

MONTH, YEAR = "2026-11", "2026"
UTC = ZoneInfo("UTC")
ORG_MONTH = Hold("org", "org_a", MONTH)


def limit(
    requests: int | None = None,
    tokens: int | None = None,
    cost: int | None = None,
    *,
    scope: str = "org",
    subject_id: str = "org_a",
    period: str = "month",
) -> Limit:
    return Limit(
        scope=scope,
        subject_id=subject_id,
        period=period,
        requests=requests,
        tokens=tokens,
        cost=cost,
        version=1,
    )


def store(database: Database, *limits: Limit) -> None:
    with database.begin() as session:
        for each in limits:
            session.merge(each)


def demand(tokens: int = 100, cost: int | None = 50, *, strict: bool = False) -> Demand:
    return Demand("org_a", "key_a", tokens, cost, MONTH, YEAR, strict)


@asynccontextmanager
async def gate_to(database: Database) -> AsyncIterator[Gate]:
    gate = open_gate(database.primary)
    try:
        yield gate
    finally:
        await gate.close()


def admission(gate: Gate, *limits: Limit, worker: str = "w1") -> Admission:
    made = Admission(gate, worker, Calendar(UTC))
    made.limits.learn(limits)
    return made


@asynccontextmanager
async def admitting(database: Database, *limits: Limit) -> AsyncIterator[Admission]:
    """Admission for one worker, to a database that holds these limits."""
    store(database, *limits)
    async with gate_to(database) as gate:
        made = admission(gate, *limits)
        yield made
        await made.tidy()


def settlement(
    reservation: Reservation, tokens: int = 10, cost: int | None = 5, *, counted: bool = True
) -> Settlement:
    return Settlement(
        id=ulid(),
        at=1,
        request_id="r",
        org_id="org_a",
        key_id="key_a",
        model="demo/echo",
        month=MONTH,
        year=YEAR,
        prompt_tokens=tokens if counted else 0,
        cost=cost if counted else 0,
        counted=counted,
        limited=reservation.limited,
        worker=reservation.worker_id,
        holds=reservation.holds,
        reserved_tokens=reservation.tokens,
        reserved_cost=reservation.cost,
    )


def settled(database: Database, settlements: Iterable[Settlement]) -> None:
    database.call(lambda session: settle(session.connection(), list(settlements)))


def counters(database: Database) -> dict[Hold, tuple[Amounts, Amounts]]:
    """Used and reserved of every counter."""
    with database.read() as session:
        return {
            Hold(row.scope, row.subject_id, row.period_key): (
                Amounts(row.used_requests, row.used_tokens, row.used_cost),
                Amounts(row.reserved_requests, row.reserved_tokens, row.reserved_cost),
            )
            for row in session.exec(select(LimitCounter))
        }


def used(database: Database, hold: Hold = ORG_MONTH) -> Amounts:
    return counters(database)[hold][0]


def reserved(database: Database, hold: Hold = ORG_MONTH) -> Amounts:
    return counters(database)[hold][1]


def out(database: Database) -> dict[tuple[str, Hold], Amounts]:
    """What each worker has out on each counter."""
    with database.read() as session:
        return {
            (row.worker_id, Hold(row.scope, row.subject_id, row.period_key)): Amounts(
                row.requests, row.tokens, row.cost
            )
            for row in session.exec(select(OutstandingReservation))
        }
