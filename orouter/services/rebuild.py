"""Rebuilding rollups from single requests, after rows were changed or restored by hand.

A day is replaced in one transaction that keeps ingesters out; months and years are then added up
from their days. Doing it again changes nothing. Rollups reach further back than requests are kept:
days whose requests are gone, also in part, are left as they are.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from orouter.db.session import Database
from orouter.models.usage_rollup import (
    DIMENSIONS,
    MEASURES,
    ORG_DIMENSIONS,
    ORG_ROLLUPS,
    USAGE_ROLLUPS,
    Grain,
)
from orouter.services.request_log import first_id
from orouter.usage.periods import Span, moment, period_keys, span
from orouter.usage.records import Settlement
from orouter.usage.rollups import Buckets, first_instant
from orouter.usage.store import RECORDS, add_rollups

_AT_ONCE = 1000
_DRIFT = 60_000_000
_TABLES = ((USAGE_ROLLUPS, DIMENSIONS), (ORG_ROLLUPS, ORG_DIMENSIONS))
_FIELDS = [name for name in Settlement.__struct_fields__ if name in RECORDS.c]


class Day(NamedTuple):
    """A day that was looked at; ``requests`` None if it was left alone."""

    name: str
    requests: int | None


def rebuild(database: Database, zone: ZoneInfo, wanted: Span | None = None) -> Iterator[Day]:
    """Rebuild day by day, telling each, from the first request that is kept (or in ``wanted``)."""
    buckets = Buckets(zone)
    with database.read() as session:
        edges = sa.select(sa.func.min(RECORDS.c.at), sa.func.max(RECORDS.c.at))
        first, last = session.connection().execute(edges).one()
    if first is None:
        return
    if wanted is not None:
        first, last = max(first, wanted.start), min(last, wanted.end - 1)
    periods: set[str] = set()
    for day in _days(first, last, buckets):
        periods |= set(period_keys(day.start, zone))
        name = moment(day.start).astimezone(zone).date().isoformat()
        yield Day(name, database.call(_rebuild_day, day, buckets))
    for period in sorted(periods, key=len, reverse=True):
        grain: Grain = "month" if "-" in period else "year"
        database.call(_add_up, grain, span(period, zone))


def _days(first: int, last: int, buckets: Buckets) -> Iterator[Span]:
    start = buckets.starts(first)[1]
    while start <= last:
        day = moment(start).astimezone(buckets.zone).date()
        end = first_instant(day + timedelta(days=1), buckets.zone)
        yield Span(start, end)
        start = end


def _rebuild_day(session: Session, day: Span, buckets: Buckets) -> int | None:
    connection = _exclusive(session)
    finest = {each: _starting_in(day, each, "hour", "day") for each, _ in _TABLES}
    if connection.dialect.name == "mysql":
        # Locked before anything is read, which settles what requests this transaction sees.
        for of_day in finest.values():
            connection.execute(sa.select(sa.func.count()).where(of_day).with_for_update())
    total = sa.select(sa.func.coalesce(sa.func.sum(USAGE_ROLLUPS.c.requests), 0))
    known = connection.scalar(total.where(_starting_in(day, USAGE_ROLLUPS, "day"))) or 0
    kept = connection.scalar(sa.select(sa.func.count()).where(*_requests_of(day))) or 0
    if kept < known:
        return None
    for table, of_day in finest.items():
        connection.execute(sa.delete(table).where(of_day))
    for settlements in _settlements(connection, day):
        add_rollups(connection, settlements, buckets, ("hour", "day"))
    return kept


def _starting_in(span: Span, table: sa.Table, *grains: Grain) -> sa.ColumnElement[bool]:
    t = table.c
    return sa.and_(t.grain.in_(grains), t.start >= span.start, t.start < span.end)


def _exclusive(session: Session) -> sa.Connection:
    """Begin a transaction during which nobody else adds to rollups of the rows it deletes."""
    backend = session.get_bind().dialect.name
    if backend == "mysql":  # gap locks keep new rows out of a deleted range
        return session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    connection = session.connection()
    if backend == "postgresql":
        connection.execute(
            sa.text("LOCK TABLE usage_rollups, org_rollups IN SHARE ROW EXCLUSIVE MODE")
        )
    return connection


def _settlements(connection: sa.Connection, day: Span) -> Iterator[list[Settlement]]:
    after = ""
    columns = [RECORDS.c[name] for name in _FIELDS]
    query = sa.select(*columns).where(*_requests_of(day)).order_by(RECORDS.c.id).limit(_AT_ONCE)
    while rows := connection.execute(query.where(RECORDS.c.id > after)).mappings().all():
        yield [Settlement(**row) for row in rows]
        after = rows[-1]["id"]


def _requests_of(day: Span) -> tuple[sa.ColumnElement[bool], ...]:
    id_, at = RECORDS.c.id, RECORDS.c.at
    return (
        id_ >= first_id(day.start - _DRIFT),
        id_ < first_id(day.end + _DRIFT),
        at >= day.start,
        at < day.end,
    )


def _add_up(session: Session, grain: Grain, period: Span) -> None:
    connection = _exclusive(session)
    for table, dimensions in _TABLES:
        t = table.c
        connection.execute(sa.delete(table).where(_starting_in(period, table, grain)))
        rest = [t[name] for name in dimensions[2:]]
        sums = sa.select(
            sa.literal(grain).label("grain"),
            sa.literal(period.start).label("start"),
            *rest,
            *(sa.func.sum(t[name]) for name in MEASURES),
        )
        days = sums.where(_starting_in(period, table, "day")).group_by(*rest)
        connection.execute(sa.insert(table).from_select([*dimensions, *MEASURES], days))
