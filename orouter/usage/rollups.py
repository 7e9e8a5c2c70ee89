"""Rollups: sums per hour, day, month and year, so that no statistic reads single requests.

A row of the table stands for one bucket of time on the reporting zone's calendar and one
combination of organization, key, provider, model and status. A request belongs to the bucket of its
admission. Its buckets start at UTC instants, so hours that daylight saving repeats stay apart and
days are exact in every zone. Durations are those of requests that succeeded.
"""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
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


_Hours = dict[tuple[tuple[int, int, int, int], str, str, str, str, int], list[int]]
"""Values by the starts of an hour's buckets and by the dimensions."""


class RollupKey(NamedTuple):
    """What a rollup row is about; its fields are `DIMENSIONS`."""

    grain: Grain
    start: int
    org_id: str
    key_id: str
    provider: str
    model: str
    status: int


class Buckets:
    """The starts of the buckets an instant falls into, on one zone's calendar.

    Answers are remembered by quarter of an hour, which no zone's offset divides.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._known: dict[int, tuple[int, int, int, int]] = {}

    def starts(self, at: int) -> tuple[int, int, int, int]:
        """The starts of the hour, day, month and year of ``at``; all in microseconds."""
        quarter = at // _QUARTER_HOUR
        known = self._known.get(quarter)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[quarter] = self._compute(at)
        return known

    def _compute(self, at: int) -> tuple[int, int, int, int]:
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


def summed(settlements: Iterable[Settlement], buckets: Buckets) -> dict[RollupKey, list[int]]:
    """What these requests add to each rollup row: values in the order of `MEASURES`."""
    hours: _Hours = {}
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
        values = hours.get(what)
        if values is None:
            values = hours[what] = [0] * len(MEASURES)
        _add(values, settlement)
    return _spread(hours)


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


def _spread(hours: _Hours) -> dict[RollupKey, list[int]]:
    rows: dict[RollupKey, list[int]] = {}
    for (starts, org, key, provider, model, status), values in hours.items():
        for grain, start in zip(GRAINS, starts, strict=True):
            row = RollupKey(grain, start, org, key, provider, model, status)
            known = rows.get(row)
            rows[row] = values if known is None else [*map(int.__add__, known, values)]
    return rows
