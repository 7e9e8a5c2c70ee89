"""What the rows of a list used this month: a few queries for a whole page, none for each row."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from orouter.ids import made_at
from orouter.models.api_key import ApiKey
from orouter.models.limit import Limit, LimitCounter, Scope
from orouter.models.organization import Organization
from orouter.models.usage_rollup import ORG_ROLLUPS, USAGE_ROLLUPS
from orouter.providers.prices import usd
from orouter.schemas.usage import FullestLimit, MonthUsage, OrganizationUsage
from orouter.services import standings
from orouter.services.standings import Present
from orouter.usage.counters import DIMENSIONS
from orouter.usage.periods import moment

_NOTHING = (0, 0, 0)


def of_keys(session: Session, ids: Sequence[str], now: Present) -> dict[str, MonthUsage]:
    """The usage of these keys, by id."""
    return {each: MonthUsage(**fields) for each, fields in _usage(session, "key", ids, now).items()}


def of_organizations(
    session: Session, ids: Sequence[str], now: Present
) -> dict[str, OrganizationUsage]:
    """The usage of these organizations, by id, with the number of their keys."""
    counts = _key_counts(session, ids, now)
    found = {}
    for each, fields in _usage(session, "org", ids, now).items():
        active, total = counts.get(each, (0, 0))
        found[each] = OrganizationUsage(**fields, keys_active=active, keys_total=total)
    return found


def _usage(
    session: Session, scope: Scope, ids: Sequence[str], now: Present
) -> dict[str, dict[str, Any]]:
    counters = _counters(session, scope, ids, now)
    unpriced = _unpriced(session, scope, ids, now)
    last = _last_used(session, scope, ids)
    limits = _fullest(session, scope, ids, now)
    return {
        each: {
            "month": now.keys.month,
            "requests": counters.get(each, _NOTHING)[0],
            "tokens": counters.get(each, _NOTHING)[1],
            "cost_usd": _cost(counters.get(each, _NOTHING)[2], unpriced.get(each, 0)),
            "unpriced": unpriced.get(each, 0),
            "last_used_at": last.get(each),
            "limit": limits.get(each),
        }
        for each in ids
    }


def _cost(cost: int, unpriced: int) -> str | None:
    return None if unpriced and not cost else usd(cost)


def _counters(
    session: Session, scope: Scope, ids: Sequence[str], now: Present
) -> dict[str, tuple[int, int, int]]:
    query = select(LimitCounter).where(
        col(LimitCounter.scope) == scope,
        col(LimitCounter.subject_id).in_(ids),
        col(LimitCounter.period_key) == now.keys.month,
    )
    return {
        row.subject_id: (row.used_requests, row.used_tokens, row.used_cost)
        for row in session.exec(query)
    }


def _unpriced(session: Session, scope: Scope, ids: Sequence[str], now: Present) -> dict[str, int]:
    table = (ORG_ROLLUPS if scope == "org" else USAGE_ROLLUPS).c
    owner = table.org_id if scope == "org" else table.key_id
    query = (
        sa.select(owner, sa.func.sum(table.unpriced))
        .where(owner.in_(ids), table.grain == "month", table.start == now.month_start)
        .group_by(owner)
    )
    return {owner_id: int(count) for owner_id, count in session.connection().execute(query)}


def _last_used(session: Session, scope: Scope, ids: Sequence[str]) -> dict[str, datetime]:
    owner = Organization if scope == "org" else ApiKey
    query = sa.select(col(owner.id), standings.last_request(scope, col(owner.id))).where(
        col(owner.id).in_(ids)
    )
    return {
        each: moment(made_at(last)) for each, last in session.connection().execute(query) if last
    }


def _fullest(
    session: Session, scope: Scope, ids: Sequence[str], now: Present
) -> dict[str, FullestLimit]:
    query = (
        select(Limit, LimitCounter)
        .outerjoin(LimitCounter, standings.counted(now))
        .where(col(Limit.scope) == scope, col(Limit.subject_id).in_(ids))
    )
    found: dict[str, FullestLimit] = {}
    for limit, counter in session.exec(query):
        for each in _shares(limit, counter):
            known = found.get(limit.subject_id)
            if known is None or each.percent > known.percent:
                found[limit.subject_id] = each
    return found


def _shares(limit: Limit, counter: LimitCounter | None) -> list[FullestLimit]:
    shares = []
    for dimension in DIMENSIONS:
        allowed = getattr(limit, dimension)
        used = getattr(counter, f"used_{dimension}") if counter else 0
        if allowed is not None:
            percent = round(100 * used / allowed, 1) if allowed else 100.0
            fields = {"period": limit.period, "dimension": dimension, "percent": percent}
            shares.append(FullestLimit.model_validate(fields))
    return shares


def _key_counts(
    session: Session, ids: Sequence[str], now: Present
) -> Mapping[str, tuple[int, int]]:
    unexpired = sa.or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > now.moment)
    active = sa.and_(col(ApiKey.enabled), col(Organization.enabled), unexpired)
    query = (
        sa.select(col(ApiKey.org_id), sa.func.sum(sa.case((active, 1), else_=0)), sa.func.count())
        .join(Organization, col(Organization.id) == col(ApiKey.org_id))
        .where(col(ApiKey.org_id).in_(ids), col(ApiKey.deleted_at).is_(None))
        .group_by(col(ApiKey.org_id))
    )
    rows = session.connection().execute(query)
    return {org_id: (int(usable), int(total)) for org_id, usable, total in rows}
