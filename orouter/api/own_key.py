"""``GET /v1/key``: what the calling key is, and how far its limits are used."""

from typing import Any

from sqlmodel import Session

from orouter.api.exchange import Exchange
from orouter.models.limit import LimitReport
from orouter.schemas.actor import Actor, of_key
from orouter.services import keys, limits
from orouter.services.gateway import Gateway
from orouter.services.key_ring import Caller
from orouter.services.limits import Subject
from orouter.usage.periods import Calendar


async def show(gateway: Gateway, exchange: Exchange) -> None:
    """The endpoint; any permission will do, the database must answer."""
    caller = exchange.caller = await gateway.keys.authenticate(exchange.head.bearer, exchange.at_us)
    shown = await gateway.database.run_readonly(
        _described, caller, exchange.at_us, gateway.calendar
    )
    await exchange.json(shown)


def _described(session: Session, caller: Caller, at_us: int, calendar: Calendar) -> dict[str, Any]:
    key = keys.get(session, caller.key_id, actor_of(caller))
    own = limits.show(session, Subject("key", key.id, key.name), at_us, calendar.zone)
    shared = limits.show(
        session, Subject("org", caller.org_id, caller.org_name), at_us, calendar.zone
    )
    return {
        "id": key.id,
        "name": key.name,
        "permission": key.permission,
        "status": key.status,
        "expires_at": key.expires_at,
        "created_at": key.created_at,
        "limits": _periods(own),
        "organization": {
            "id": caller.org_id,
            "name": caller.org_name,
            "limits": _periods(shared),
        },
    }


def _periods(report: LimitReport) -> list[dict[str, Any]]:
    return [period.model_dump(mode="json") for period in report.periods]


def actor_of(caller: Caller) -> Actor:
    """The calling key as services know it: its reach ends with its organization."""
    return of_key(caller.key_id, caller.org_id, caller.permission)
