"""All limits within somebody's reach and how full they are, one query for a page of them."""

from collections.abc import Iterable, Iterator
from typing import Any, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from orouter.db.paging import contains
from orouter.models import ApiKey, Limit, LimitCounter, LimitListing, LimitStanding, Organization
from orouter.schemas.actor import Actor
from orouter.schemas.pages import Page
from orouter.services import limits, organizations, standings
from orouter.services.limits import Nearing
from orouter.services.standings import Present
from orouter.usage.counters import DIMENSIONS

Found = Select[Limit, LimitCounter | None, ApiKey | None, Organization]
"""Limits, their counters, the key if it is a key's, and the organization that it belongs to."""


def listing(
    session: Session, asked: LimitListing, actor: Actor, at: int, zone: ZoneInfo
) -> Page[LimitStanding]:
    """A page of the limits within the actor's reach; ``at`` is now, ``zone`` the reporting one."""
    actor.require("limits.read")
    now = standings.present(at, zone)
    query = _narrowed(_full(_within(actor, now), asked.at_least), asked)
    if asked.org is not None:
        owner = organizations.get(session, asked.org, actor).id
        query = query.where(col(Organization.id) == owner)
    total = session.exec(
        select(sa.func.count()).select_from(query.with_only_columns(col(Limit.period)).subquery())
    ).one()
    first = (asked.page - 1) * asked.page_size
    page = query.order_by(*_order(asked.sort)).limit(asked.page_size).offset(first)
    items = [_standing(row, now) for row in session.exec(page)]
    return Page(items=items, total=total, page=asked.page, page_size=asked.page_size)


def near(found: Iterable[LimitStanding], threshold: float) -> list[Nearing]:
    """The limits of which ``threshold`` percent or more are used, the fullest first."""
    full = [each for standing in found for each in _near(standing, threshold)]
    return sorted(full, key=lambda near: (-near.percent, near.name))


def _within(actor: Actor, now: Present) -> Found:
    """Every limit of a living organization or key within reach, with all that is shown of it."""
    reach = organizations.within(actor).with_only_columns(col(Organization.id))
    of_key = sa.and_(col(Limit.scope) == "key", col(ApiKey.id) == col(Limit.subject_id))
    owner = sa.case((col(Limit.scope) == "org", col(Limit.subject_id)), else_=col(ApiKey.org_id))
    return cast(
        "Found",
        select(Limit, LimitCounter, ApiKey, Organization)
        .outerjoin(LimitCounter, standings.counted(now))
        .outerjoin(ApiKey, sa.and_(of_key, col(ApiKey.deleted_at).is_(None)))
        .join(Organization, col(Organization.id) == owner)
        .where(col(Organization.id).in_(reach), col(Organization.deleted_at).is_(None)),
    )


def _name() -> sa.ColumnElement[str]:
    return sa.case((col(Limit.scope) == "org", col(Organization.name)), else_=col(ApiKey.name))


def _full(query: Found, at_least: float) -> Found:
    """Without a bound: every limit that there is; rows of cleared ones are empty."""
    return query.where(standings.percent() >= max(at_least, 0))


def _narrowed(query: Found, asked: LimitListing) -> Found:
    if asked.scope is not None:
        query = query.where(col(Limit.scope) == asked.scope)
    if asked.period is not None:
        query = query.where(col(Limit.period) == asked.period)
    if asked.search:
        query = query.where(contains(asked.search, _name()))
    return query


def _order(sort: str) -> list[Any]:
    by = _name() if sort.endswith("name") else standings.percent()
    first = by.desc() if sort.startswith("-") else by.asc()
    return [first, col(Limit.subject_id), col(Limit.period)]


def _standing(
    row: tuple[Limit, LimitCounter | None, ApiKey | None, Organization], now: Present
) -> LimitStanding:
    limit, counter, key, org = row
    report = limits.period_report(limit, counter, now.at, now.zone)
    subject = key or org
    percents = [getattr(report, dimension).percent for dimension in DIMENSIONS]
    return LimitStanding.model_validate(
        {
            **dict(report),
            "scope": limit.scope,
            "id": subject.id,
            "name": subject.name,
            "org_id": org.id,
            "org_name": org.name,
            "percent": max(percent for percent in percents if percent is not None),
        }
    )


def _near(standing: LimitStanding, threshold: float) -> Iterator[Nearing]:
    for dimension in DIMENSIONS:
        report = getattr(standing, dimension)
        if (report.percent or 0) >= threshold > 0:
            yield Nearing(
                scope=standing.scope,
                subject_id=standing.id,
                name=standing.name,
                period=standing.period,
                dimension=dimension,
                resets_at=standing.resets_at,
                **report.model_dump(include={"limit", "used", "percent"}),
            )
