"""Which rollup rows make up a stretch of time: as few and as coarse ones as possible."""

from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from orouter.models.usage_rollup import GRAINS, Grain
from orouter.usage.periods import Span, moment
from orouter.usage.rollups import Buckets, first_instant

_HOUR = 3_600_000_000


class Tile(NamedTuple):
    """The rows of one grain with ``start <= row.start < end``; a ``sign`` of -1 takes them off."""

    grain: Grain
    start: int
    end: int
    sign: int = 1


def tiles(span: Span, buckets: Buckets, coarsest: Grain = "year") -> list[Tile]:
    """Cover the span, in the order of time: a month but for its last days is a month less days.

    An hour that the span cuts is taken whole.
    """
    start = buckets.starts(span.start)[0]
    found = _cover(Tile(coarsest, start, span.end), buckets)
    return sorted(found, key=lambda tile: tile.start)


def _cover(wanted: Tile, buckets: Buckets) -> list[Tile]:
    """The wanted stretch in tiles of its grain and, at its ends, of finer ones."""
    grain, start, end, sign = wanted
    if start >= end:
        return []
    level = GRAINS.index(grain)
    if level == 0:
        return [wanted]
    finer = GRAINS[level - 1]
    first, last = _nearest(start, buckets, level), _nearest(end, buckets, level)
    if first >= last:
        return _cover(Tile(finer, start, end, sign), buckets)
    return [
        *_cover(Tile(finer, start, first, sign), buckets),
        *_cover(Tile(finer, first, start, -sign), buckets),
        Tile(grain, first, last, sign),
        *_cover(Tile(finer, last, end, sign), buckets),
        *_cover(Tile(finer, end, last, -sign), buckets),
    ]


def _nearest(at: int, buckets: Buckets, level: int) -> int:
    """The edge of a bucket of that level that is next to ``at`` on either side."""
    floor = buckets.starts(at)[level]
    if floor == at:
        return at
    following = _following(floor, buckets.zone, level)
    return floor if at - floor <= following - at else following


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
