"""Providers as the admin pages show them: what they are, and how they did in the last hour."""

from time import time_ns
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from orouter.models.usage_record import UsageRecord
from orouter.providers.registry import TYPES
from orouter.schemas.actor import Actor
from orouter.schemas.providers import KeyTail, ProviderFailure, ProviderHour, ProviderPublic
from orouter.schemas.statistics import StatsRow
from orouter.services import models, providers, request_log, statistics, stored_settings
from orouter.services.providers import origin_of
from orouter.services.statistics import StatsQuery
from orouter.services.stored_providers import SEALED, tail
from orouter.settings import Provider, Settings
from orouter.usage.periods import Span, moment

_HOUR = 3_600_000_000
_MOST_FAILURES = 500
_QUIET = ProviderHour(requests=0, errors=0, p50_ms=None, p95_ms=None)


def listing(
    session: Session, actor: Actor, settings: Settings, zone: ZoneInfo
) -> list[ProviderPublic]:
    """Every provider; ``zone`` is the reporting zone."""
    actor.require("providers.read")
    at = time_ns() // 1000
    stored = stored_settings.all_values(session)
    hours = _hours(session, actor, at, zone)
    failures = _failures(session, at, zone)
    counts = models.counts(settings)
    return [
        ProviderPublic(
            name=name,
            **_identity(settings, name, provider, stored.get(f"providers.{name}", {})),
            models=counts.get(name, 0),
            stats_1h=hours.get(name, _QUIET),
            last_error=failures.get(name),
        )
        for name, provider in settings.providers.items()
    ]


def get(
    session: Session, name: str, actor: Actor, settings: Settings, zone: ZoneInfo
) -> ProviderPublic:
    """One of them. Raises NotFound with the nearest name."""
    found = {each.name: each for each in listing(session, actor, settings, zone)}
    if name not in found:
        providers.find(settings, name)
    return found[name]


def _identity(
    settings: Settings, name: str, provider: Provider, stored: dict[str, Any]
) -> dict[str, Any]:
    same = provider.model_dump(include=_SAME)
    origin = origin_of(settings, name)
    closed = stored.get(SEALED, {}) if name in settings.left_out and origin == "stored" else {}
    tails = closed.get("last4") or [tail(key.get_secret_value()) for key in provider.keys]
    return {
        **same,
        "base_url": provider.base_url or TYPES[provider.type].base_url,
        "origin": origin,
        "editable": origin in ("stored", "built-in"),
        "keys": [KeyTail(last4=each) for each in tails],
        "headers": closed.get("headers") or sorted(provider.headers),
        "problem": settings.left_out.get(name),
    }


_SAME = {
    *("type", "enabled", "allow_http", "timeout_s", "connect_timeout_s", "allow_unlisted_models"),
}


def _hours(session: Session, actor: Actor, at: int, zone: ZoneInfo) -> dict[str, ProviderHour]:
    last_hour = Span(at - _HOUR, at)
    wanted = StatsQuery(span=last_hour, stored_zone=zone, group_by=("provider",))
    rows = statistics.query(session, wanted, actor).rows
    return {row.provider or "": _hour(row) for row in rows}


def _hour(row: StatsRow) -> ProviderHour:
    latency = row.latency_ms
    return ProviderHour(
        requests=row.requests,
        errors=row.errors,
        p50_ms=latency.p50 if latency else None,
        p95_ms=latency.p95 if latency else None,
    )


def _failures(session: Session, at: int, zone: ZoneInfo) -> dict[str, ProviderFailure]:
    """The last failure by provider, among the latest ones of the last hour."""
    record = UsageRecord
    since = request_log.first_id(at - _HOUR)
    latest = (
        select(record.provider, record.at, record.code, record.error)
        .where(col(record.failed).is_(True), col(record.id) >= since)
        .order_by(col(record.id).desc())
        .limit(_MOST_FAILURES)
    )
    return {
        provider: ProviderFailure(
            at=moment(when).astimezone(zone).isoformat(timespec="milliseconds"),
            code=code,
            message=error,
        )
        for provider, when, code, error in reversed(session.exec(latest).all())
    }
