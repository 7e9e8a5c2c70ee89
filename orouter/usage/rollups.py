"""Rollups: sums per hour, day, month and year, so that no statistic reads single requests.

A row stands for one bucket of time on the reporting zone's calendar and one combination of
organization, key (in one of the two tables), provider, model and status. A request belongs to the
bucket of its admission. Its buckets start at UTC instants, so hours that daylight saving repeats
stay apart and days are exact in every zone. Durations are those of requests that succeeded.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from orouter.models.usage_rollup import (
    BOUNDS,
    COUNTERS,
    GRAINS,
    LATENCY,
    MEASURES,
    Grain,
)
from orouter.usage.periods import micros, moment
from orouter.usage.records import Settlement

_FIRST_LATENCY = len(COUNTERS)
_FIRST_TTFT = _FIRST_LATENCY + len(LATENCY)
_QUARTER_HOUR = 900_000_000
_REMEMBERED = 4096
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
    by_key: dict[tuple[Any, ...], list[int]] = {}
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
        values = by_key.get(what)
        if values is None:
            values = by_key[what] = [0] * len(MEASURES)
        _add(values, settlement)
    by_org: dict[tuple[Any, ...], list[int]] = {}
    for (starts, org, _, *rest), values in by_key.items():
        _put(by_org, (starts, org, *rest), values)
    return Sums(_spread(by_key, RollupKey), _spread(by_org, OrgRollupKey))


def _add(values: list[int], settlement: Settlement) -> None:
    values[0] += 1
    values[1] += settlement.code != ""
    values[2] += settlement.counted
    values[3] += settlement.stream
    values[5] += settlement.prompt_tokens
    values[6] += settlement.completion_tokens
    values[7] += settlement.cached_tokens
    values[8] += settlement.cache_write_tokens
    values[9] += settlement.reasoning_tokens
    if settlement.cost is not None:
        values[10] += settlement.cost
    elif settlement.source != "none":
        values[4] += 1
    if settlement.code:
        return
    values[11] += settlement.latency
    values[_FIRST_LATENCY + bisect_left(BOUNDS, settlement.latency)] += 1
    if settlement.ttft is not None:
        values[12] += settlement.ttft
        values[_FIRST_TTFT + bisect_left(BOUNDS, settlement.ttft)] += 1


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
