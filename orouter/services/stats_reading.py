"""From what HTTP callers ask to what statistics and the request log answer."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from orouter.errors import InvalidRequest
from orouter.providers.prices import NANO
from orouter.schemas.actor import Actor
from orouter.schemas.requests import LoggedRequest, RequestListing, RequestLogPage, RequestPage
from orouter.schemas.statistics import StatsReport
from orouter.schemas.stats_requests import (
    ExportAsked,
    RequestsAsked,
    RequestsExported,
    RequestsWanted,
    StatsAsked,
    TopAsked,
)
from orouter.services import exports, request_log, statistics, time_ranges
from orouter.services.statistics import StatsQuery
from orouter.usage.periods import Span

EARLIEST = "1970-01-02"
_HOUR = 3_600_000_000
_FILTERS = ("org", "key", "provider", "model")
_SAME = {"status", "errors", "search"}


def wanted(asked: StatsAsked, zone: ZoneInfo, at: int) -> StatsQuery:
    """The query behind a request; ``zone`` is the reporting zone. Raises InvalidRequest."""
    calendar = _zone(asked.tz) or zone
    said = asked.model_dump(include={"since", "until", "day", "week", "month", "year"})
    return StatsQuery(
        span=time_ranges.chosen_span(said, calendar, at),
        stored_zone=zone,
        zone=calendar,
        group_by=tuple(dict.fromkeys(asked.group_by)),
        durations=asked.durations,
        **_filters(asked),
    )


def report(
    session: Session, asked: StatsAsked, actor: Actor, zone: ZoneInfo, at: int
) -> StatsReport:
    """Sum usage up, by any of the groups."""
    return statistics.query(session, wanted(asked, zone, at), actor)


def top(session: Session, asked: TopAsked, actor: Actor, zone: ZoneInfo, at: int) -> StatsReport:
    """The groups with the most of a measure, most first."""
    query = wanted(asked, zone, at)
    return statistics.top(session, query, actor, measure=asked.measure, limit=asked.limit)


def exported(
    session: Session, asked: ExportAsked, actor: Actor, zone: ZoneInfo, at: int
) -> Iterator[bytes]:
    """An export, piece by piece while the session lasts."""
    query = wanted(asked, zone, at)
    if not asked.detail:
        return exports.summary(session, query, actor, asked.format)
    listing = requests_of(query)
    return exports.detail(session, listing, query, actor, asked.format)


def requests_of(query: StatsQuery) -> RequestListing:
    """The requests that a query sums up."""
    return RequestListing(org=query.org, key=query.key, provider=query.provider, model=query.model)


def page(
    session: Session, asked: RequestsAsked, actor: Actor, zone: ZoneInfo, at: int
) -> RequestLogPage:
    """A page of the request log. ``total`` is read from rollups, where they can tell."""
    found = requests(session, asked, actor, zone, at)
    return RequestLogPage(
        items=found.items,
        next=found.next,
        total=_total(session, asked, actor, zone, at),
        page=asked.page,
        page_size=asked.page_size,
    )


def requests(
    session: Session, asked: RequestsAsked, actor: Actor, zone: ZoneInfo, at: int
) -> RequestPage:
    """The same without the total, for one who reads on."""
    pages = {"before": asked.before, "after": asked.after, "limit": asked.page_size}
    listing = listed(asked, zone, at).model_copy(update=pages)
    skip = (asked.page - 1) * asked.page_size
    return request_log.page(session, listing, actor, _zone(asked.tz) or zone, skip=skip)


def exported_requests(
    session: Session, asked: RequestsExported, actor: Actor, zone: ZoneInfo, at: int
) -> Iterator[bytes]:
    """All of them, piece by piece while the session lasts."""
    listing = listed(asked, zone, at)
    return exports.requests(session, listing, actor, _zone(asked.tz) or zone, asked.format)


def request(
    session: Session, request: str, actor: Actor, zone: ZoneInfo, tz: str = ""
) -> LoggedRequest:
    """One request with every attempt. Raises NotFound."""
    return request_log.get(session, request, actor, _zone(tz) or zone)


def listed(asked: RequestsWanted, zone: ZoneInfo, at: int) -> RequestListing:
    """Which requests are asked for. Raises InvalidRequest."""
    span = _range(asked, _zone(asked.tz) or zone, at)
    return RequestListing(
        **asked.model_dump(include=_SAME),
        **_filters(asked),
        slower_than=None if asked.slower_than_ms is None else asked.slower_than_ms * 1000,
        min_cost=None if asked.min_cost is None else int(asked.min_cost * NANO),
        since=span.start if span else None,
        until=span.end if span else None,
    )


def _filters(asked: StatsAsked | RequestsWanted) -> dict[str, Any]:
    return {name: tuple(getattr(asked, name)) for name in _FILTERS}


def _range(asked: RequestsWanted, zone: ZoneInfo, at: int) -> Span | None:
    if not (asked.created_after or asked.created_before):
        return None
    since = asked.created_after or EARLIEST
    return time_ranges.custom_span(since, asked.created_before, zone, at)


def _total(
    session: Session, asked: RequestsAsked, actor: Actor, zone: ZoneInfo, at: int
) -> int | None:
    """How many requests there are in all, within whole hours; None if rollups do not know."""
    narrow = (asked.slower_than_ms, asked.status, asked.min_cost, asked.search or None)
    if any(each is not None for each in narrow):
        return None
    span = _range(asked, _zone(asked.tz) or zone, at) or Span(0, at + _HOUR)
    query = StatsQuery(
        span=span,
        stored_zone=zone,
        durations=False,
        **_filters(asked),
    )
    totals = statistics.query(session, query, actor).totals
    return totals.errors if asked.errors else totals.requests


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, LookupError):
        raise InvalidRequest(f"'{name}' is not an IANA time zone.", param="tz") from None
