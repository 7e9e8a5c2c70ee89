"""Do the counters of limits agree with what was used? They must, exactly, at every moment.

Usage (its rollups) and counters are written in one transaction and compared in one statement, so
that a difference is a fault even under load. What is reserved must be what the workers have out.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable
from time import time_ns
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from orouter.db.session import Database
from orouter.errors import OrouterError
from orouter.logs import get_logger
from orouter.models.limit import LimitCounter, OutstandingReservation
from orouter.models.usage_rollup import USAGE_ROLLUPS
from orouter.usage.counters import Amounts, Hold
from orouter.usage.periods import Calendar, period_of, span
from orouter.usage.store import table_of

COUNTERS = table_of(LimitCounter)
OUT = table_of(OutstandingReservation)

log = get_logger(__name__)


class Standing(NamedTuple):
    """Used and reserved amounts of one counter."""

    used: Amounts
    reserved: Amounts


class Drift(NamedTuple):
    """A counter that is not what it should be."""

    hold: Hold
    counted: Standing
    expected: Standing


def drifts(connection: sa.Connection, period_key: str, zone: ZoneInfo) -> list[Drift]:
    """The counters of a period that disagree with usage or with the workers; none, if all is well.

    The rollups must be on the calendar of ``zone``.
    """
    counted: defaultdict[Hold, Standing] = defaultdict(lambda: Standing(Amounts(), Amounts()))
    expected = counted.copy()
    for source, scope, subject_id, *values in connection.execute(_everything(period_key, zone)):
        into = counted if source == "counter" else expected
        hold = Hold(scope, subject_id, period_key)
        numbers = [int(value or 0) for value in values]
        before = into[hold]
        into[hold] = Standing(
            before.used.plus(Amounts(*numbers[:3])), before.reserved.plus(Amounts(*numbers[3:]))
        )
    return [
        Drift(hold, counted[hold], expected[hold])
        for hold in sorted(counted.keys() | expected.keys())
        if counted[hold] != expected[hold]
    ]


async def report(database: Database, calendar: Calendar, *, every_s: float = 3600) -> None:
    """For ever: log what drifted in the current month and year. It is left to people to mend it."""
    while True:
        keys = calendar.keys(time_ns() // 1000)
        try:
            found = await database.run_readonly(_drifts_of_all, keys, calendar.zone)
        except (OrouterError, TimeoutError) as error:
            log.warning("limit_counters_not_checked", reason=str(error))
        else:
            for drift in found:
                log.error("limit_counter_drifted", **drift._asdict())
        await asyncio.sleep(every_s)


def _drifts_of_all(session: Session, keys: Iterable[str], zone: ZoneInfo) -> list[Drift]:
    return [each for key in keys for each in drifts(session.connection(), key, zone)]


def repair(connection: sa.Connection, period_key: str, zone: ZoneInfo) -> list[Drift]:
    """Set the counters that drifted to what they should be; return how they were."""
    suspects = [drift.hold for drift in drifts(connection, period_key, zone)]
    _lock(connection, suspects)
    # Looked at again under lock: nothing that is counted can be committed on these rows meanwhile.
    found = [each for each in drifts(connection, period_key, zone) if each.hold in suspects]
    for drift in found:
        used, reserved = drift.expected
        connection.execute(
            sa.update(COUNTERS).where(_is(drift.hold)).values(**_columns(used, reserved))
        )
    return found


def _lock(connection: sa.Connection, holds: Collection[Hold]) -> None:
    for hold in sorted(holds):
        row = connection.execute(sa.select(COUNTERS.c.scope).where(_is(hold)).with_for_update())
        if row.first() is None:
            nothing = _columns(Amounts(), Amounts())
            connection.execute(sa.insert(COUNTERS).values(**hold._asdict(), **nothing, warned=0))


def _everything(period_key: str, zone: ZoneInfo) -> sa.CompoundSelect[Any]:
    """Counters, usage by organization and by key, and what is out: one statement, one snapshot."""
    c, zeros = COUNTERS.c, (sa.literal(0), sa.literal(0), sa.literal(0))
    counters = sa.select(
        sa.literal("counter"), c.scope, c.subject_id, *_in(c, "used_"), *_in(c, "reserved_")
    ).where(c.period_key == period_key)
    out = (
        sa.select(sa.literal("out"), OUT.c.scope, OUT.c.subject_id, *zeros, *_sums(_in(OUT.c)))
        .where(OUT.c.period_key == period_key)
        .group_by(OUT.c.scope, OUT.c.subject_id)
    )
    used = (_used_by(column, period_key, zone, zeros) for column in ("org_id", "key_id"))
    return sa.union_all(counters, out, *used)


def _used_by(
    column: str, period_key: str, zone: ZoneInfo, zeros: tuple[sa.ColumnElement[int], ...]
) -> sa.Select[Any]:
    r = USAGE_ROLLUPS.c
    amounts = (r.counted, r.input_tokens + r.output_tokens, r.cost)
    return (
        sa.select(
            sa.literal("usage"),
            sa.literal(column.removesuffix("_id")),
            r[column],
            *_sums(amounts),
            *zeros,
        )
        .where(
            r.grain == period_of(period_key),
            r.start == span(period_key, zone).start,
            r[column] != "",
        )
        .group_by(r[column])
    )


def _in(columns: Any, prefix: str = "") -> tuple[Any, ...]:
    return tuple(columns[prefix + name] for name in Amounts._fields)


def _sums(columns: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(sa.func.sum(column) for column in columns)


def _is(hold: Hold) -> sa.ColumnElement[bool]:
    return sa.and_(*(COUNTERS.c[name] == value for name, value in hold._asdict().items()))


def _columns(used: Amounts, reserved: Amounts) -> dict[str, int]:
    return {f"used_{name}": value for name, value in used._asdict().items()} | {
        f"reserved_{name}": value for name, value in reserved._asdict().items()
    }
