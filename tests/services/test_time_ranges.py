from zoneinfo import ZoneInfo

import pytest

from orouter.errors import InvalidRequest
from orouter.services.time_ranges import custom_span, day_span, month_span, week_span, year_span
from tests.services.owned_usage import ZONE, at, between

NOW = at("2026-11-23T10:00")  # a Monday


def test_named_periods() -> None:
    assert month_span("this", ZONE, NOW) == between("2026-11-01", "2026-12-01")
    assert month_span("last", ZONE, NOW) == between("2026-10-01", "2026-11-01")
    assert month_span("2025-12", ZONE, NOW) == between("2025-12-01", "2026-01-01")
    assert year_span("this", ZONE, NOW) == between("2026-01-01", "2027-01-01")
    assert year_span("last", ZONE, NOW) == between("2025-01-01", "2026-01-01")
    assert day_span("yesterday", ZONE, NOW) == between("2026-11-22", "2026-11-23")
    assert day_span("2026-02-28", ZONE, NOW) == between("2026-02-28", "2026-03-01")
    assert week_span("this", ZONE, NOW) == between("2026-11-23", "2026-11-30")
    assert week_span("2026-W01", ZONE, NOW) == between("2025-12-29", "2026-01-05")


def test_a_day_on_which_clocks_change_is_as_long_as_it_is() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    hours = [
        (span.end - span.start) // 3_600_000_000
        for span in (day_span(day, berlin, NOW) for day in ("2026-03-29", "2026-10-25"))
    ]
    assert hours == [23, 25]


def test_custom_ranges() -> None:
    assert custom_span("", "", ZONE, NOW) == (at("2026-11-01"), NOW)
    assert custom_span("90d", "", ZONE, NOW) == (at("2026-08-25T10:00"), NOW)
    assert custom_span("2026-10-01", "2026-10-31", ZONE, NOW) == between("2026-10-01", "2026-11-01")
    exact = custom_span("2026-10-01T10:00", "2026-10-01T04:45Z", ZONE, NOW)
    assert exact == between("2026-10-01T10:00", "2026-10-01T10:15")


@pytest.mark.parametrize(
    "text", ["2026-13", "26-01", "soon", "", "²026-01", "9999-12", "2026-1", "2026-01-01"]
)
def test_months_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="is not a month"):
        month_span(text, ZONE, NOW)


@pytest.mark.parametrize("text", ["0001-01-01", "2026-02-30", "99999h9", "2026-10-01T25:00", "x"])
def test_times_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="is not a time"):
        custom_span(text, "", ZONE, NOW)


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="ends before it begins"):
        custom_span("2026-11-23", "2026-11-22", ZONE, NOW)
