"""How organizations and keys stand this month, as SQL: what lists are sorted and filtered by.

Every column is a subquery that finds its row by a primary key or the end of an index, so that a
list costs what its rows cost, whatever was used.
"""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col

from orouter.models.limit import Limit, LimitCounter, Scope
from orouter.models.usage_record import UsageRecord
from orouter.usage.counters import DIMENSIONS
from orouter.usage.periods import PERIODS, PeriodKeys, moment, period_keys, span

Id = sa.SQLColumnExpression[Any]
UNLIMITED = -1
"""The percentage of what has no limit, so that it is the least of all."""


class Present(NamedTuple):
    """The month and the year that it is now, in the reporting zone."""

    keys: PeriodKeys
    zone: ZoneInfo
    at: int

    @property
    def moment(self) -> datetime:
        """The instant itself."""
        return moment(self.at)

    @property
    def month_start(self) -> int:
        """When the month began, in microseconds since the epoch."""
        return span(self.keys.month, self.zone).start


def present(at: int, zone: ZoneInfo) -> Present:
    """The month and year of ``at``, microseconds since the epoch."""
    return Present(period_keys(at, zone), zone, at)


def used(scope: Scope, subject_id: Id, dimension: str, now: Present) -> sa.ColumnElement[int]:
    """What a subject used of requests, tokens or cost (nano-USD) this month."""
    counter = (
        sa.select(col(getattr(LimitCounter, f"used_{dimension}")))
        .where(col(LimitCounter.scope) == scope, col(LimitCounter.subject_id) == subject_id)
        .where(col(LimitCounter.period_key) == now.keys.month)
    )
    return sa.func.coalesce(counter.scalar_subquery(), 0)


def last_request(scope: Scope, subject_id: Id) -> sa.ColumnElement[str | None]:
    """The id of a subject's last request; ids begin with their moment."""
    owner = UsageRecord.org_id if scope == "org" else UsageRecord.key_id
    return (
        sa.select(sa.func.max(col(UsageRecord.id)))
        .where(col(owner) == subject_id)
        .scalar_subquery()
    )


def limit_percent(scope: Scope, subject_id: Id, now: Present) -> sa.ColumnElement[Any]:
    """How much of a subject's fullest limit is used; ``UNLIMITED`` without any."""
    fullest = (
        sa.select(sa.func.max(percent()))
        .select_from(Limit)
        .outerjoin(LimitCounter, counted(now))
        .where(col(Limit.scope) == scope, col(Limit.subject_id) == subject_id)
    )
    return sa.func.coalesce(fullest.scalar_subquery(), UNLIMITED)


def counted(now: Present) -> sa.ColumnElement[bool]:
    """Joins a limit with the counter of its current period."""
    of_period = [
        sa.and_(col(Limit.period) == period, col(LimitCounter.period_key) == now.keys.of(period))
        for period in PERIODS
    ]
    return sa.and_(
        col(LimitCounter.scope) == col(Limit.scope),
        col(LimitCounter.subject_id) == col(Limit.subject_id),
        sa.or_(*of_period),
    )


def percent() -> sa.ColumnElement[Any]:
    """How much of the fullest dimension of a limit is used; ``UNLIMITED`` where none is set."""
    first, *others = (_percent(dimension) for dimension in DIMENSIONS)
    for other in others:
        first = sa.case((first >= other, first), else_=other)
    return first


def _percent(dimension: str) -> sa.ColumnElement[Any]:
    limit = col(getattr(Limit, dimension))
    used = sa.func.coalesce(col(getattr(LimitCounter, f"used_{dimension}")), 0)
    return sa.case(
        (limit.is_(None), sa.literal(UNLIMITED)),
        (limit == 0, sa.literal(100)),
        else_=100.0 * used / limit,
    )
