"""Which rollup rows make up a stretch of time: as few and as coarse ones as possible."""

from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from orouter.models.usage_rollup import GRAINS, Grain
from orouter.usage.periods import Span, moment
from orouter.usage.rollups import Buckets, first_instant

_HOUR = 3_600_000_000


class Tile(NamedTuple):
    """The rows of one grain with ``start <= row.start < end``."""

    grain: Grain
    start: int
    end: int


def tiles(span: Span, buckets: Buckets, coarsest: Grain = "year") -> list[Tile]:
    """Cover the span without overlap, in the order of time.

    An hour that the span cuts is taken whole.
    """
    start = buckets.starts(span.start)[0]
    return sorted(_cover(start, span.end, buckets, GRAINS.index(coarsest)), key=lambda t: t.start)


def _cover(start: int, end: int, buckets: Buckets, level: int) -> list[Tile]:
    if start >= end:
        return []
    if level == 0:
        return [Tile("hour", start, end)]
    first = _ceiling(start, buckets, level)
    last = buckets.starts(end)[level]
    if first >= last:
        return _cover(start, end, buckets, level - 1)
    return [
        *_cover(start, first, buckets, level - 1),
        Tile(GRAINS[level], first, last),
        *_cover(last, end, buckets, level - 1),
    ]


def _ceiling(at: int, buckets: Buckets, level: int) -> int:
    """The first bucket of that level that begins at ``at`` or later."""
    floor = buckets.starts(at)[level]
    return at if floor == at else _following(floor, buckets.zone, level)


def _following(floor: int, zone: ZoneInfo, level: int) -> int:
    day = moment(floor).astimezone(zone).date()
    nexts = (
        day + timedelta(days=1),
        date(day.year + day.month // 12, day.month % 12 + 1, 1),
        date(day.year + 1, 1, 1),
    )
    return first_instant(nexts[level - 1], zone)


def whole_hours(span: Span, buckets: Buckets) -> Span:
    """The span that `tiles` covers: from the beginning of its first hour to the end of its last."""
    start = buckets.starts(span.start)[0]
    end = buckets.starts(span.end)[0]
    while end < span.end:
        end = _hour_after(end, buckets)
    return Span(start, end)


def _hour_after(hour: int, buckets: Buckets) -> int:
    at = hour + _HOUR
    while buckets.starts(at)[0] == hour:  # an hour in which clocks are put back lasts longer
        at += _HOUR // 2
    return buckets.starts(at)[0]
