from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orouter.models.usage_rollup import BOUNDS, MEASURES
from orouter.usage.periods import micros, moment
from orouter.usage.rollups import Buckets, summed
from tests.usage.made import KOLKATA, settlement

ZONES = [
    "UTC",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Apia",
]


def at(text: str, zone: str = "UTC") -> int:
    return micros(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def local(instant: int, zone: str) -> str:
    return moment(instant).astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")


@pytest.mark.parametrize("zone", ZONES)
def test_buckets_begin_where_the_local_calendar_says(zone: str) -> None:
    buckets = Buckets(ZoneInfo(zone))
    step = timedelta(minutes=15)
    instant = datetime(2026, 1, 1, tzinfo=UTC)
    while instant < datetime(2027, 1, 2, tzinfo=UTC):
        here = instant.astimezone(ZoneInfo(zone))
        starts = [moment(s).astimezone(ZoneInfo(zone)) for s in buckets.starts(micros(instant))]
        assert all(start.astimezone(UTC) <= instant for start in starts)
        hour, day, month, year = starts
        assert (day.date(), month.date(), year.date()) == (
            here.date(),
            here.date().replace(day=1),
            here.date().replace(month=1, day=1),
        )
        assert hour.hour == here.hour
        before = day.astimezone(UTC) - timedelta(microseconds=1)
        assert before.astimezone(ZoneInfo(zone)).date() != here.date()
        instant += 7 * step


@pytest.mark.parametrize("zone", ZONES)
def test_the_hour_that_happens_twice_is_two_or_one_long_bucket_but_never_lost(zone: str) -> None:
    buckets = Buckets(ZoneInfo(zone))
    first = at("2026-01-01", zone)
    quarters = range(first, first + 366 * 86_400_000_000, 900_000_000)
    starts = [buckets.starts(quarter)[0] for quarter in quarters]
    assert all(before <= after for before, after in pairwise(starts))


def test_a_request_belongs_to_the_buckets_of_its_admission() -> None:
    before, after = (settlement(at=at(t, "Asia/Kolkata")) for t in
                     ("2026-12-31T23:59:59.999999", "2027-01-01T00:00:00"))  # fmt: skip
    rows = summed([before, after], Buckets(KOLKATA)).by_key
    assert {(key.grain, local(key.start, "Asia/Kolkata")[:16]) for key in rows} == {
        ("hour", "2026-12-31T23:00"),
        ("day", "2026-12-31T00:00"),
        ("month", "2026-12-01T00:00"),
        ("year", "2026-01-01T00:00"),
        ("hour", "2027-01-01T00:00"),
        ("day", "2027-01-01T00:00"),
        ("month", "2027-01-01T00:00"),
        ("year", "2027-01-01T00:00"),
    }


def values_of(**fields: Any) -> dict[str, int]:
    (row, *_) = summed([settlement(**fields)], Buckets(KOLKATA)).by_key.values()
    return {name: value for name, value in zip(MEASURES, row, strict=True) if value}


def test_every_figure_of_a_request_is_added() -> None:
    full = values_of(
        stream=True,
        prompt_tokens=1,
        completion_tokens=2,
        cached_tokens=3,
        cache_write_tokens=4,
        reasoning_tokens=5,
        cost=6,
        latency=BOUNDS[2],
        ttft=BOUNDS[-1] + 1,
    )
    assert full == {
        "requests": 1,
        "counted": 1,
        "streams": 1,
        "input_tokens": 1,
        "output_tokens": 2,
        "cached_tokens": 3,
        "cache_write_tokens": 4,
        "reasoning_tokens": 5,
        "cost": 6,
        "latency_sum": BOUNDS[2],
        "ttft_sum": BOUNDS[-1] + 1,
        "latency_2": 1,
        f"ttft_{len(BOUNDS)}": 1,
    }


def test_an_unknown_price_is_counted_as_unknown_unless_nothing_was_used() -> None:
    assert values_of(cost=None)["unpriced"] == 1
    assert "unpriced" not in values_of(cost=None, source="none")


def test_failures_do_not_enter_the_distribution_of_durations() -> None:
    failed = values_of(code="upstream_error", status=502)
    assert failed["errors"] == 1
    assert not any(name.startswith(("latency", "ttft")) for name in failed)


def test_what_nobody_was_asked_about_is_no_model() -> None:
    refused = settlement(model="made/up", provider="", status=404)
    rows = summed([refused], Buckets(KOLKATA)).by_key
    assert {(key.model, key.status) for key in rows} == {("", 404)}
