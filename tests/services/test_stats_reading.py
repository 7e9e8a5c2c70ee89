from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orouter.errors import InvalidRequest
from orouter.schemas.stats_requests import RequestsAsked, StatsAsked
from orouter.services import stats_reading
from orouter.usage.periods import Span, micros, moment
from orouter.usage.periods import span as period

UTC, SHANGHAI = ZoneInfo("UTC"), ZoneInfo("Asia/Shanghai")
NOW = 1_795_427_320_268_290  # 2026-11-23 09:48 UTC


def wanted(zone: ZoneInfo = UTC, **asked: Any) -> Span:
    return stats_reading.wanted(StatsAsked.model_validate(asked), zone, NOW).span


def test_without_a_range_it_is_this_month_on_the_reporting_calendar() -> None:
    assert wanted() == period("2026-11", UTC)
    assert wanted(SHANGHAI) == period("2026-11", SHANGHAI)


def test_a_callers_own_zone_moves_the_calendar() -> None:
    asked = StatsAsked.model_validate({"month": "last", "tz": "Asia/Shanghai"})
    query = stats_reading.wanted(asked, UTC, NOW)
    assert query.span == period("2026-10", SHANGHAI)
    assert (query.stored_zone, query.calendar) == (UTC, SHANGHAI)


def test_ranges_have_names_or_two_ends() -> None:
    assert wanted(year="2025") == period("2025", UTC)
    day = wanted(day="yesterday")
    assert moment(day.start).date().isoformat() == "2026-11-22"
    span = wanted(**{"from": "2026-11-01", "to": "2026-11-02"})
    assert span.end - span.start == 2 * 86_400_000_000
    assert wanted(**{"from": "90d"}).end == NOW


def test_two_ranges_at_once_are_refused() -> None:
    for asked in ({"month": "this", "year": "this"}, {"month": "this", "from": "2026-01-01"}):
        with pytest.raises(InvalidRequest):
            wanted(**asked)


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(InvalidRequest, match="Mars/Base"):
        wanted(tz="Mars/Base")


def test_groups_are_taken_once_and_filters_reach_the_requests() -> None:
    asked = StatsAsked.model_validate(
        {"group_by": ["model", "model", "day"], "org": ["org_1"], "model": ["demo/echo"]}
    )
    query = stats_reading.wanted(asked, UTC, NOW)
    assert query.group_by == ("model", "day")
    listing = stats_reading.requests_of(query)
    assert (listing.org, listing.model, listing.key) == (("org_1",), ("demo/echo",), ())


def test_the_least_cost_of_requests_is_in_dollars() -> None:
    asked = RequestsAsked.model_validate({"min_cost": "0.0125", "slower_than_ms": 3})
    listing = stats_reading.listed(asked, UTC, NOW)
    assert (listing.min_cost, listing.slower_than) == (12_500_000, 3000)


def test_microseconds_are_exact() -> None:
    assert micros(moment(NOW)) == NOW
