"""Rollups: sums per hour, day, month and year, so that no statistic reads single requests.

A row stands for one bucket of time on the reporting zone's calendar and one combination of
organization, key (in one of the two tables), provider, model and status. A request belongs to the
bucket of its admission. Its buckets start at UTC instants, so hours that daylight saving repeats
stay apart and days are exact in every zone. Durations are those of requests that succeeded.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter, sub
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from orouter.models.usage_rollup import BOUNDS, GRAINS, Grain
from orouter.usage.periods import micros, moment
from orouter.usage.records import Settlement

_QUARTER_HOUR = 900_000_000
_REMEMBERED = 4096
_sums_of = attrgetter(
    *("counted", "stream", "prompt_tokens", "completion_tokens"),
    *("cached_tokens", "cache_write_tokens", "reasoning_tokens"),
)
_Row = TypeVar("_Row")


Starts = tuple[int, int, int, int]
"""When an hour, a day, a month and a year begin."""


class RollupKey(NamedTuple):
    """What a rollup row is about; its fields are `DIMENSIONS`."""

    grain: Grain
    start: int
    org_id: str
    key_id: str
    provider: str
    model: str
    status: int


class OrgRollupKey(NamedTuple):
    """The same over all keys; its fields are `ORG_DIMENSIONS`."""

    grain: Grain
    start: int
    org_id: str
    provider: str
    model: str
    status: int


class Sums(NamedTuple):
    """What requests add to each rollup row: values in the order of `MEASURES`."""

    by_key: dict[RollupKey, list[int]]
    by_org: dict[OrgRollupKey, list[int]]


class Buckets:
    """The starts of the buckets an instant falls into, on one zone's calendar.

    Answers are remembered by quarter of an hour, which no zone's offset divides.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._known: dict[int, Starts] = {}

    def starts(self, at: int) -> Starts:
        """The starts of the hour, day, month and year of ``at``; all in microseconds."""
        quarter = at // _QUARTER_HOUR
        known = self._known.get(quarter)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[quarter] = self._compute(at)
        return known

    def _compute(self, at: int) -> Starts:
        local = moment(at).astimezone(self.zone)
        hour = micros(local.replace(minute=0, second=0, microsecond=0))
        today = local.date()
        return (
            hour,
            first_instant(today, self.zone),
            first_instant(today.replace(day=1), self.zone),
            first_instant(today.replace(month=1, day=1), self.zone),
        )


def first_instant(day: date, zone: ZoneInfo) -> int:
    """When that day begins in the zone; a midnight that is skipped or repeated counts once."""
    return micros(datetime(day.year, day.month, day.day, tzinfo=zone))


def summed(settlements: Iterable[Settlement], buckets: Buckets) -> Sums:
    """What these requests add up to, by key and by organization."""
    alike: dict[tuple[Any, ...], list[Settlement]] = {}
    for settlement in settlements:
        # A name that nobody was asked about is the caller's text, not a model of ours.
        model = settlement.model if settlement.provider else ""
        what = (
            buckets.starts(settlement.at),
            settlement.org_id,
            settlement.key_id,
            settlement.provider,
            model,
            settlement.status,
        )
        known = alike.get(what)
        if known is None:
            alike[what] = [settlement]
        else:
            known.append(settlement)
    by_key = {what: _measures(those) for what, those in alike.items()}
    by_org: dict[tuple[Any, ...], list[int]] = {}
    for (starts, org, _, *rest), values in by_key.items():
        _put(by_org, (starts, org, *rest), values)
    return Sums(_spread(by_key, RollupKey), _spread(by_org, OrgRollupKey))


def _measures(settlements: Sequence[Settlement]) -> list[int]:
    """What they add up to, in the order of `MEASURES`; by column, which costs half."""
    counted, streams, *tokens = zip(*map(_sums_of, settlements), strict=True)
    served = [each for each in settlements if not each.code]
    latencies = [each.latency for each in served]
    ttfts = [each.ttft for each in served if each.ttft is not None]
    return [
        len(settlements),
        len(settlements) - len(served),
        sum(counted),
        sum(streams),
        sum(each.cost is None and each.source != "none" for each in settlements),
        *map(sum, tokens),
        sum(each.cost or 0 for each in settlements),
        sum(latencies),
        sum(ttfts),
        *_histogram(latencies),
        *_histogram(ttfts),
    ]


def _histogram(durations: Iterable[int]) -> Iterable[int]:
    """How many are up to each of `BOUNDS`, and how many are longer."""
    ordered = sorted(durations)
    up_to = [*(bisect_right(ordered, bound) for bound in BOUNDS), len(ordered)]
    return map(sub, up_to, [0, *up_to])


def _put(sums: dict[_Row, list[int]], row: _Row, values: list[int]) -> None:
    known = sums.get(row)
    sums[row] = values if known is None else [*map(int.__add__, known, values)]


def _spread(
    hours: Mapping[tuple[Any, ...], list[int]], row: Callable[..., _Row]
) -> dict[_Row, list[int]]:
    """The hours and what they add up to by day, month and year."""
    sums: dict[_Row, list[int]] = {}
    for (starts, *what), values in hours.items():
        for grain, start in zip(GRAINS, starts, strict=True):
            _put(sums, row(grain, start, *what), values)
    return sums
