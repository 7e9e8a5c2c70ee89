"""Limits of organizations and keys over HTTP. A reference in a path is an id, or the exact name.

``app.state.calendar`` is set when the application starts: it knows the reporting zone.
"""

from dataclasses import dataclass
from time import time_ns
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request

from orouter.api.access import Caller, Db
from orouter.api.in_force import Now, Zone
from orouter.models.limit import LimitListing, LimitReport, LimitSet, LimitStanding, Period, Scope
from orouter.schemas.pages import Page
from orouter.services import limit_overview, limits

router = APIRouter(prefix="/api/v1", tags=["limits"])

_SCOPES: dict[str, Scope] = {"orgs": "org", "keys": "key"}


@dataclass
class Owner:
    """Whose limits a path is about, and the zone they are counted in."""

    scope: Scope
    ref: str
    zone: ZoneInfo


def _owner(owners: Literal["orgs", "keys"], ref: str, request: Request) -> Owner:
    return Owner(_SCOPES[owners], ref, request.app.state.calendar.zone)


@router.get("/limits")
async def list_limits(
    asked: Annotated[LimitListing, Query()], actor: Caller, database: Db, now: Now, zone: Zone
) -> Page[LimitStanding]:
    """List all limits within the caller's reach, the fullest first."""
    return await database.run_readonly(limit_overview.listing, asked, actor, now, zone)


@router.get("/{owners}/{ref}/limits")
async def show_limits(
    owner: Annotated[Owner, Depends(_owner)], actor: Caller, database: Db
) -> LimitReport:
    """Show limits, what was used of them this month and year, and when they reset."""
    return await database.run_readonly(
        limits.report, owner.scope, owner.ref, actor, time_ns() // 1000, owner.zone
    )


@router.put("/{owners}/{ref}/limits")
async def set_limits(
    change: LimitSet, owner: Annotated[Owner, Depends(_owner)], actor: Caller, database: Db
) -> LimitReport:
    """Set the limits that the body names; null takes one away."""
    await database.run(limits.put, owner.scope, owner.ref, change, actor)
    return await show_limits(owner, actor, database)


@router.delete("/{owners}/{ref}/limits")
async def clear_limits(
    owner: Annotated[Owner, Depends(_owner)],
    actor: Caller,
    database: Db,
    period: Period | None = None,
) -> LimitReport:
    """Take the limits of one period, or all, away."""
    await database.run(limits.remove, owner.scope, owner.ref, period, actor)
    return await show_limits(owner, actor, database)
