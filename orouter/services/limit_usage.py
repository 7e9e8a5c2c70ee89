"""How far organizations have used up their limits, for the metrics: the fullest only."""

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from orouter.models.limit import Limit, LimitCounter
from orouter.models.organization import Organization
from orouter.usage.counters import DIMENSIONS
from orouter.usage.periods import PeriodKeys

MOST = 100
"""Organizations that are told: more labels than that help nobody."""


class LimitUse(NamedTuple):
    """``labels``: organization's id and name, period, dimension."""

    labels: tuple[str, str, str, str]
    ratio: float


def fullest(session: Session, periods: PeriodKeys) -> list[LimitUse]:
    """Every limit of the organizations that have used most of one, the fullest first."""
    uses: dict[str, list[LimitUse]] = {}
    for org_id, name, period, *amounts in session.connection().execute(_query(periods)):
        limits, used = amounts[:3], amounts[3:]
        for dimension, limit, spent in zip(DIMENSIONS, limits, used, strict=True):
            if limit is not None:
                ratio = (spent or 0) / limit if limit else 1.0
                use = LimitUse((org_id, name, period, dimension), ratio)
                uses.setdefault(org_id, []).append(use)
    ranked = sorted(uses.values(), key=lambda each: -max(use.ratio for use in each))
    return sorted((use for each in ranked[:MOST] for use in each), key=lambda use: -use.ratio)


def _query(periods: PeriodKeys) -> sa.Select[Any]:
    current = sa.case((col(Limit.period) == "month", periods.month), else_=periods.year)
    counter = sa.and_(
        col(LimitCounter.scope) == "org",
        col(LimitCounter.subject_id) == col(Limit.subject_id),
        col(LimitCounter.period_key) == current,
    )
    some = sa.or_(*(col(getattr(Limit, name)).is_not(None) for name in DIMENSIONS))
    return (
        sa.select(
            col(Organization.id),
            col(Organization.name),
            col(Limit.period),
            *(col(getattr(Limit, name)) for name in DIMENSIONS),
            *(col(getattr(LimitCounter, f"used_{name}")) for name in DIMENSIONS),
        )
        .join(Organization, col(Organization.id) == col(Limit.subject_id))
        .outerjoin(LimitCounter, counter)
        .where(col(Limit.scope) == "org", col(Organization.deleted_at).is_(None), some)
    )
