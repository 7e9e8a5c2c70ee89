"""Months and years begin at the zone's midnight, whatever daylight saving does to it."""

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from orouter.usage.periods import (
    Calendar,
    PeriodKeys,
    micros,
    moment,
    months_of,
    period_keys,
    span,
)


def at(text: str) -> int:
    return micros(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("instant", "zone", "keys"),
    [
        ("2026-11-30T23:59:59.999999+00:00", "UTC", ("2026-11", "2026")),
        ("2026-12-31T16:00:00+00:00", "Asia/Shanghai", ("2027-01", "2027")),
        ("2026-12-31T15:59:59.999999+00:00", "Asia/Shanghai", ("2026-12", "2026")),
        ("2027-01-01T04:59:59+00:00", "America/New_York", ("2026-12", "2026")),
        ("2027-01-01T05:00:00+00:00", "America/New_York", ("2027-01", "2027")),
    ],
)
def test_an_instant_belongs_to_the_zones_month(
    instant: str, zone: str, keys: tuple[str, str]
) -> None:
    assert period_keys(at(instant), ZoneInfo(zone)) == keys


@pytest.mark.parametrize(
    ("key", "zone", "start", "end"),
    [
        (
            "2026-03",
            "Europe/Berlin",
            "2026-02-28T23:00+00:00",
            "2026-03-31T22:00+00:00",
        ),
        (
            "2026-10",
            "Europe/Berlin",
            "2026-09-30T22:00+00:00",
            "2026-10-31T23:00+00:00",
        ),
        ("2026", "Europe/Berlin", "2025-12-31T23:00+00:00", "2026-12-31T23:00+00:00"),
        # Daylight saving began on the first of the month at midnight: that midnight never was.
        (
            "2017-10",
            "America/Asuncion",
            "2017-10-01T04:00+00:00",
            "2017-11-01T03:00+00:00",
        ),
        # It ended on the first of the month at 01:00: that midnight came twice.
        (
            "2020-11",
            "America/Havana",
            "2020-11-01T04:00+00:00",
            "2020-12-01T05:00+00:00",
        ),
    ],
)
def test_a_period_runs_from_midnight_to_midnight(key: str, zone: str, start: str, end: str) -> None:
    assert span(key, ZoneInfo(zone)) == (at(start), at(end))


def test_every_zone_has_seamless_months_this_decade() -> None:
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for key in months_of("2026") + months_of("2027"):
            bounds = span(key, zone)
            assert period_keys(bounds.start, zone).month == key
            assert period_keys(bounds.end - 1, zone).month == key
            assert period_keys(bounds.end, zone).month != key


def test_the_calendar_agrees_with_the_plain_function_across_new_year() -> None:
    zone = ZoneInfo("Europe/Berlin")
    calendar = Calendar(zone)
    midnight = at("2026-12-31T23:00+00:00")
    instants = [midnight - 1, midnight, midnight - 1, midnight + 40 * 86_400_000_000]
    assert [calendar.keys(i) for i in instants] == [period_keys(i, zone) for i in instants]


def test_keys_give_one_period_by_name() -> None:
    keys = PeriodKeys("2026-11", "2026")
    assert (keys.of("month"), keys.of("year")) == ("2026-11", "2026")


def test_a_year_is_twelve_months() -> None:
    assert months_of("2026-11") == ["2026-11"]
    assert months_of("2026")[0] == "2026-01"
    assert months_of("2026")[-1] == "2026-12"


@pytest.mark.parametrize("key", ["", "26-11", "2026-xx", "november"])
def test_a_strange_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        span(key, ZoneInfo("UTC"))


def test_instants_survive_the_way_to_datetime_and_back() -> None:
    assert micros(moment(1_780_000_000_123_457)) == 1_780_000_000_123_457
