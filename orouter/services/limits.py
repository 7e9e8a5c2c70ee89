"""What can be done with the limits of organizations and keys.

Whoever may see an organization may see its limits; only operators change them. ``at`` is the
present, in microseconds since the epoch, and ``zone`` the reporting zone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from orouter.errors import InvalidRequest
from orouter.models.api_key import ApiKey
from orouter.models.limit import (
    DimensionReport,
    Limit,
    LimitCounter,
    LimitReport,
    LimitSet,
    Period,
    PeriodReport,
    Scope,
)
from orouter.providers.prices import nano, usd
from orouter.schemas.actor import Actor
from orouter.services import audit, changes, keys, organizations
from orouter.services.audit import Target
from orouter.usage.counters import DIMENSIONS, Amounts, Dimension
from orouter.usage.periods import PERIODS, Span, moment, period_keys, span
from orouter.usage.reconcile import Drift, drifts, repair


class Subject(NamedTuple):
    """An organization or key that can have limits."""

    scope: Scope
    id: str
    name: str


class Nearing(SQLModel):
    """A limit that is used to some percentage or more; amounts of cost are USD."""

    scope: str
    subject_id: str
    name: str
    period: Period
    dimension: Dimension
    limit: int | str
    used: int | str
    percent: float
    resets_at: datetime


def organization(session: Session, ref: str, actor: Actor) -> Subject:
    """The organization of that id or name. Raises NotFound."""
    found = organizations.get(session, ref, actor)
    return Subject("org", found.id, found.name)


def key(session: Session, ref: str, actor: Actor) -> Subject:
    """The key of that id or name. Raises NotFound."""
    found = keys.get(session, ref, actor)
    return Subject("key", found.id, found.name)


def report(
    session: Session, scope: Scope, ref: str, actor: Actor, at: int, zone: ZoneInfo
) -> LimitReport:
    """How the organization or key of that id or name stands. Raises NotFound."""
    return show(session, _FIND[scope](session, ref, actor), at, zone)


def put(session: Session, scope: Scope, ref: str, change: LimitSet, actor: Actor) -> None:
    """`set_limits` for the organization or key of that id or name. Raises NotFound."""
    set_limits(session, _FIND[scope](session, ref, actor), change, actor)


def remove(session: Session, scope: Scope, ref: str, period: Period | None, actor: Actor) -> None:
    """`clear` for the organization or key of that id or name. Raises NotFound."""
    clear(session, _FIND[scope](session, ref, actor), period, actor)


def set_limits(session: Session, subject: Subject, change: LimitSet, actor: Actor) -> None:
    """Set the dimensions that are named, within a second everywhere; the others stay.

    Raises InvalidRequest if none is named.
    """
    actor.require("limits.write")
    named = change.model_dump(exclude_unset=True, exclude={"period"})
    if not named:
        raise InvalidRequest("Name a limit: requests, tokens or cost.")
    if named.get("cost") is not None:
        named["cost"] = nano(named["cost"])
    version = changes.bump(session)
    row = session.get(Limit, (subject.scope, subject.id, change.period)) or Limit(
        scope=subject.scope, subject_id=subject.id, period=change.period, version=version
    )
    before = _told(row)
    row.sqlmodel_update({**named, "version": version})
    session.add(row)
    audit.record(session, actor, "limits.set", _target(session, subject), before, _told(row))
    _warn_anew(session, subject)


def clear(session: Session, subject: Subject, period: Period | None, actor: Actor) -> bool:
    """Take the limits of one period or of both away; return whether there were any."""
    actor.require("limits.write")
    version = changes.bump(session)
    rows = [row for row in _limits(session, subject) if period in (None, row.period)]
    target = _target(session, subject)
    for row in rows:
        before = _told(row)
        row.sqlmodel_update({"requests": None, "tokens": None, "cost": None, "version": version})
        session.add(row)
        audit.record(session, actor, "limits.clear", target, before, _told(row))
    _warn_anew(session, subject)
    return bool(rows)


def show(session: Session, subject: Subject, at: int, zone: ZoneInfo) -> LimitReport:
    """How a subject stands in this month and this year."""
    limits = {row.period: row for row in _limits(session, subject)}
    keys = period_keys(at, zone)

    def nothing(period: Period) -> Limit:
        return Limit(scope=subject.scope, subject_id=subject.id, period=period, version=0)

    def counter(period: Period) -> LimitCounter | None:
        return session.get(LimitCounter, (subject.scope, subject.id, keys.of(period)))

    return LimitReport(
        scope=subject.scope,
        subject_id=subject.id,
        name=subject.name,
        limited=bool(limits),
        periods=[
            period_report(limits.get(period) or nothing(period), counter(period), at, zone)
            for period in PERIODS
        ],
    )


def drift(session: Session, at: int, zone: ZoneInfo, *, mend: bool = False) -> list[Drift]:
    """The counters of this month and year that disagree with usage; ``mend`` sets them right."""
    look = repair if mend else drifts
    return [
        each
        for period_key in sorted(period_keys(at, zone))
        for each in look(session.connection(), period_key, zone)
    ]


def changed_since(session: Session, version: int) -> Sequence[Limit]:
    """Limits newer than the version, cleared ones too; all of them for -1."""
    return session.exec(select(Limit).where(col(Limit.version) > version)).all()


_FIND = {"org": organization, "key": key}


def _limits(session: Session, subject: Subject) -> list[Limit]:
    query = select(Limit).where(Limit.scope == subject.scope, Limit.subject_id == subject.id)
    return [row for row in session.exec(query) if _amounts(row) != (None, None, None)]


def _amounts(row: Limit) -> tuple[int | None, int | None, int | None]:
    return row.requests, row.tokens, row.cost


def _told(row: Limit) -> dict[str, object]:
    """The limits of a period as the audit log tells them: ``month.cost`` in USD."""
    amounts = {"requests": row.requests, "tokens": row.tokens}
    cost = None if row.cost is None else usd(row.cost)
    return {f"{row.period}.{name}": value for name, value in (amounts | {"cost": cost}).items()}


def _target(session: Session, subject: Subject) -> Target:
    owner = session.get_one(ApiKey, subject.id).org_id if subject.scope == "key" else subject.id
    return Target(subject.scope, subject.id, subject.name, owner)


def _warn_anew(session: Session, subject: Subject) -> None:
    session.exec(
        sa.update(LimitCounter)
        .where(col(LimitCounter.scope) == subject.scope, col(LimitCounter.subject_id) == subject.id)
        .values(warned=0)
        .execution_options(synchronize_session=False)
    )


def period_report(
    row: Limit, counter: LimitCounter | None, at: int, zone: ZoneInfo
) -> PeriodReport:
    """How a subject stands by its limit for the month or year of ``at``, and what was counted."""
    period: Period = "month" if row.period == "month" else "year"
    period_key = period_keys(at, zone).of(period)
    bounds = span(period_key, zone)
    used, reserved = _standing(counter)
    passed = (at - bounds.start) / (bounds.end - bounds.start)
    parts = zip(DIMENSIONS, _amounts(row), used, reserved, strict=True)
    return PeriodReport(
        period=period,
        key=period_key,
        starts_at=_local(bounds, zone)[0],
        resets_at=_local(bounds, zone)[1],
        **{name: _dimension(name, values, passed) for name, *values in parts},
    )


def _standing(counter: LimitCounter | None) -> tuple[Amounts, Amounts]:
    if counter is None:
        return Amounts(), Amounts()
    used = Amounts(counter.used_requests, counter.used_tokens, counter.used_cost)
    reserved = (counter.reserved_requests, counter.reserved_tokens, counter.reserved_cost)
    return used, Amounts(*reserved)


def _dimension(name: Dimension, values: Sequence[int | None], passed: float) -> DimensionReport:
    limit, used, reserved = values[0], values[1] or 0, values[2] or 0
    show_as = usd if name == "cost" else int
    return DimensionReport(
        limit=None if limit is None else show_as(limit),
        used=show_as(used),
        reserved=show_as(reserved),
        remaining=None if limit is None else show_as(max(limit - used - reserved, 0)),
        percent=None if limit is None else _percent(used, limit),
        projected=show_as(round(used / passed) if passed else used),
    )


def _percent(used: int, limit: int) -> float:
    return round(100 * used / limit, 1) if limit else 100.0


def _local(bounds: Span, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return moment(bounds.start).astimezone(zone), moment(bounds.end).astimezone(zone)
