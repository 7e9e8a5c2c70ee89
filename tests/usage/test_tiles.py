from zoneinfo import ZoneInfo

import pytest

from orouter.models.usage_rollup import GRAINS, Grain
from orouter.usage.periods import Span
from orouter.usage.rollups import Buckets, RollupKey, summed
from orouter.usage.tiles import tiles, whole_hours
from tests.usage.made import KOLKATA, settlement
from tests.usage.test_rollups import ZONES, at, local


def counted(rows: dict[RollupKey, list[int]], span: Span, coarsest: Grain, zone: str) -> int:
    covering = tiles(span, Buckets(ZoneInfo(zone)), coarsest)
    return sum(
        tile.sign * values[0]
        for key, values in rows.items()
        for tile in covering
        if key.grain == tile.grain and tile.start <= key.start < tile.end
    )


@pytest.mark.parametrize("coarsest", GRAINS)
@pytest.mark.parametrize("zone", ZONES)
def test_tiles_hold_each_request_of_a_span_exactly_once(zone: str, coarsest: Grain) -> None:
    first = at("2025-11-20T07:00", zone)
    instants = [first + hour * 3_600_000_000 + 60_000_000 for hour in range(0, 500 * 24, 13)]
    buckets = Buckets(ZoneInfo(zone))
    rows = summed([settlement(at=instant) for instant in instants], buckets).by_key
    spans = [
        Span(at("2026-01-01", zone), at("2027-01-01", zone)),
        Span(at("2025-12-31T22:00", zone), at("2026-11-02T03:00", zone)),
        Span(at("2026-01-09T05:00", zone), at("2026-11-25T23:30", zone)),
        Span(at("2026-03-29T01:00", zone), at("2026-03-29T05:00", zone)),
        Span(at("2026-10-25", zone), at("2026-10-26", zone)),
        Span(at("2026-05-05T05:00", zone), at("2026-05-05T05:00", zone)),
    ]
    for span in spans:
        inside = [instant for instant in instants if span.start <= instant < span.end]
        assert counted(rows, span, coarsest, zone) == len(inside)


def test_a_year_is_one_tile_and_a_ragged_range_few() -> None:
    buckets = Buckets(KOLKATA)
    zone = KOLKATA.key
    year = Span(at("2026-01-01", zone), at("2027-01-01", zone))
    assert [tile.grain for tile in tiles(year, buckets)] == ["year"]
    ragged = Span(at("2026-02-27T22:00", zone), at("2026-07-02T01:00", zone))
    assert [(tile.grain, tile.sign) for tile in tiles(ragged, buckets)] == [
        *(("hour", 1), ("day", 1), ("month", 1), ("day", 1), ("hour", 1))
    ]


def test_what_is_nearly_whole_is_the_whole_less_the_rest() -> None:
    zone = KOLKATA.key
    nearly = Span(at("2026-01-01T03:00", zone), at("2026-11-25T23:00", zone))
    assert [(tile.grain, tile.sign) for tile in tiles(nearly, Buckets(KOLKATA))] == [
        *(("hour", -1), ("year", 1), ("hour", -1), ("day", -1), ("month", -1))
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_a_range_is_told_in_whole_hours(zone: str) -> None:
    buckets = Buckets(ZoneInfo(zone))
    ragged = Span(at("2026-06-01T10:20", zone), at("2026-06-01T12:40", zone))
    covered = whole_hours(ragged, buckets)
    assert local(covered.start, zone)[:16] == "2026-06-01T10:00"
    assert local(covered.end, zone)[:16] == "2026-06-01T13:00"
    assert whole_hours(covered, buckets) == covered
