"""Statistics, from rollups only: what a query costs does not grow with the number of requests.

Verbs take the session of a transaction (the replica will do) and the actor: a key below the
permission ``admin`` sees itself, an actor of some organizations sees those.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from orouter.errors import InvalidRequest
from orouter.models.usage_rollup import (
    COUNTERS,
    LATENCY,
    MEASURES,
    ORG_ROLLUPS,
    TTFT,
    USAGE_ROLLUPS,
    Grain,
)
from orouter.providers.prices import usd
from orouter.schemas.actor import Actor
from orouter.schemas.filters import Chosen
from orouter.schemas.statistics import Figures, GroupBy, Measure, StatsReport, StatsRow
from orouter.services.filters import matching, values_of
from orouter.services.histograms import distribution
from orouter.services.owner_names import names_of
from orouter.usage.periods import Span, moment
from orouter.usage.rollups import Buckets, first_instant
from orouter.usage.tiles import Tile, tiles, whole_hours

_COLUMNS: dict[GroupBy, str] = {
    "org": "org_id",
    "key": "key_id",
    "provider": "provider",
    "model": "model",
    "status": "status",
}
_TIMES: dict[GroupBy, tuple[Grain, Callable[[datetime], str | int]]] = {
    "hour": ("hour", lambda local: local.strftime("%Y-%m-%dT%H")),
    "day": ("day", lambda local: local.date().isoformat()),
    "week": ("day", lambda local: _week(local.date())),
    "month": ("month", lambda local: local.strftime("%Y-%m")),
    "year": ("year", lambda local: local.strftime("%Y")),
    "hour_of_day": ("hour", lambda local: local.hour),
    "weekday": ("day", lambda local: local.isoweekday()),
}
_FINENESS: tuple[Grain, ...] = ("hour", "day", "month", "year")
_PERIODS: tuple[GroupBy, ...] = ("hour", "day", "week", "month", "year")


@dataclass(frozen=True)
class StatsQuery:
    """What to sum up. Filters take one value or any of several, empty ones everything.

    ``org`` and ``key`` are ids.

    ``zone`` is the calendar of the answer, ``stored_zone`` that of the rollups. Where they differ,
    hours are regrouped: exactly if the zones are whole hours apart.
    """

    span: Span
    stored_zone: ZoneInfo
    zone: ZoneInfo | None = None
    group_by: tuple[GroupBy, ...] = ()
    org: Chosen = ""
    key: Chosen = ""
    provider: Chosen = ""
    model: Chosen = ""
    durations: bool = field(default=True, kw_only=True)
    """Also compute latency and time to first token, which costs as much again."""

    @property
    def calendar(self) -> ZoneInfo:
        """The zone of the answer."""
        return self.zone or self.stored_zone


Group = tuple[str | int, ...]
"""The values of a row's groups, in the order of ``group_by``."""


def query(session: Session, wanted: StatsQuery, actor: Actor) -> StatsReport:
    """Sum up; rows are sorted by their groups.

    Raises InvalidRequest for groups that exclude each other and for filters that are no ids.
    """
    return _report(session, wanted, _sums(session, wanted, actor))


def top(
    session: Session,
    wanted: StatsQuery,
    actor: Actor,
    *,
    measure: Measure = "cost",
    limit: int = 10,
) -> StatsReport:
    """The ``limit`` groups with the most of ``measure``, most first; totals are of all groups."""
    sums = _sums(session, wanted, actor)
    most = sorted(sums.items(), key=lambda item: (-_measure(item[1], measure), item[0]))
    totals = _figures(_added(sums.values()), durations=wanted.durations)
    return _report(session, wanted, dict(most[:limit])).model_copy(update={"totals": totals})


def as_export(wanted: StatsQuery) -> StatsQuery:
    """The same range by period, organization, key, provider and model."""
    period: GroupBy = next((group for group in wanted.group_by if group in _PERIODS), "month")
    by: tuple[GroupBy, ...] = (period, "org", "key", "provider", "model")
    return replace(wanted, group_by=by, durations=False)


def groups(session: Session, wanted: StatsQuery, actor: Actor) -> Iterator[StatsRow]:
    """The rows of `query` one by one; grouped by a period first, one period in memory at a time."""
    for part in _parts(wanted):
        sums = _sums(session, part, actor)
        names = _names(session, part, sums)
        yield from (_row(part, group, values, names) for group, values in sums.items())


def _parts(wanted: StatsQuery) -> Iterator[StatsQuery]:
    first = wanted.group_by[0] if wanted.group_by else None
    if first not in _PERIODS:
        yield wanted
        return
    start = wanted.span.start
    while start < wanted.span.end:
        end = min(_end_of(first, start, wanted.calendar), wanted.span.end)
        yield replace(wanted, span=Span(start, end))
        start = end


def _end_of(period: GroupBy, at: int, zone: ZoneInfo) -> int:
    """When the period that ``at`` lies in is over; hours are taken a day at a time."""
    day = moment(at).astimezone(zone).date()
    following = {
        "week": day + timedelta(days=7 - day.weekday()),
        "month": date(day.year + day.month // 12, day.month % 12 + 1, 1),
        "year": date(day.year + 1, 1, 1),
    }
    return first_instant(following.get(period, day + timedelta(days=1)), zone)


def _report(session: Session, wanted: StatsQuery, sums: dict[Group, list[int]]) -> StatsReport:
    names = _names(session, wanted, sums)
    covered = whole_hours(wanted.span, Buckets(wanted.calendar))
    return StatsReport(
        start=moment(covered.start).astimezone(wanted.calendar).isoformat(),
        end=moment(covered.end).astimezone(wanted.calendar).isoformat(),
        timezone=wanted.calendar.key,
        group_by=list(wanted.group_by),
        rows=[_row(wanted, group, sums[group], names) for group in sums],
        totals=_figures(_added(sums.values()), durations=wanted.durations),
    )


def _sums(session: Session, wanted: StatsQuery, actor: Actor) -> dict[Group, list[int]]:
    wanted = _within(wanted, actor)
    labels = _labels(wanted)
    sums: dict[Group, list[int]] = {}
    covering = tiles(wanted.span, Buckets(wanted.calendar), _coarsest(wanted))
    if not covering:
        return sums
    # One statement, so that all of it is of one moment: what is taken off was also put on.
    statement = sa.union_all(*(_statement(wanted, tile) for tile in covering))
    for row in session.connection().execute(statement):
        sign = row[0]
        values = [sign * int(value) for value in row[len(labels) + 2 :]]
        group = tuple(label(row) for label in labels)
        known = sums.get(group)
        sums[group] = values if known is None else [*map(int.__add__, known, values)]
    return {group: values for group, values in sorted(sums.items()) if _value(values, "requests")}


def _within(wanted: StatsQuery, actor: Actor) -> StatsQuery:
    if sum(group in _PERIODS for group in wanted.group_by) > 1:
        raise InvalidRequest("Group by one of hour, day, week, month, year", param="group_by")
    for name in ("org", "key"):
        if not all(value.isascii() for value in values_of(getattr(wanted, name))):
            raise InvalidRequest(f"{name} is not an id", param=name)
    if actor.sees_only_itself:
        wanted = replace(wanted, key=actor.id)
    return wanted if actor.orgs is None else _inside(wanted, actor.orgs)


def _inside(wanted: StatsQuery, orgs: frozenset[str]) -> StatsQuery:
    # An organization of others is not found rather than forbidden: the range becomes empty.
    asked = values_of(wanted.org)
    within = tuple(sorted(orgs.intersection(asked) if asked else orgs))
    if not within:
        return replace(wanted, span=Span(wanted.span.start, wanted.span.start))
    return replace(wanted, org=within)


def _coarsest(wanted: StatsQuery) -> Grain:
    if wanted.calendar.key != wanted.stored_zone.key:
        return "hour"
    grains = [_TIMES[group][0] for group in wanted.group_by if group in _TIMES]
    return min(grains, key=_FINENESS.index, default="year")


def _statement(wanted: StatsQuery, tile: Tile) -> sa.Select[Any]:
    t = (USAGE_ROLLUPS if wanted.key or "key" in wanted.group_by else ORG_ROLLUPS).c
    by = [t[_COLUMNS[group]] for group in wanted.group_by if group in _COLUMNS]
    timed = any(group in _TIMES for group in wanted.group_by)
    start = t.start if timed else sa.literal_column("0").label("start")
    sign: sa.Label[int] = sa.literal_column(str(tile.sign)).label("sign")
    measures = MEASURES if wanted.durations else COUNTERS
    filters = [(t.org_id, wanted.org), (t.provider, wanted.provider), (t.model, wanted.model)]
    if wanted.key:
        filters.append((t.key_id, wanted.key))
    return (
        sa.select(sign, start, *_placed(wanted, by), *(sa.func.sum(t[name]) for name in measures))
        .where(t.grain == tile.grain, t.start >= tile.start, t.start < tile.end)
        .where(*matching(*filters))
        .group_by(*([t.start] if timed else []), *by)
        .having(sa.func.count() > 0)
    )


def _placed(wanted: StatsQuery, by: Sequence[sa.Column[Any]]) -> list[sa.ColumnElement[Any]]:
    """One column for each group, so that a row's values begin at the same place for all."""
    columns = iter(by)
    return [
        next(columns) if group in _COLUMNS else sa.literal_column("0") for group in wanted.group_by
    ]


def _labels(wanted: StatsQuery) -> list[Callable[[Sequence[Any]], str | int]]:
    return [
        _time_label(group, wanted.calendar) if group in _TIMES else _column_label(place)
        for place, group in enumerate(wanted.group_by, start=2)
    ]


def _column_label(place: int) -> Callable[[Sequence[Any]], str | int]:
    return lambda found: found[place]


def _time_label(group: GroupBy, zone: ZoneInfo) -> Callable[[Sequence[Any]], str | int]:
    known: dict[int, str | int] = {}
    label_of = _TIMES[group][1]

    def label(found: Sequence[Any]) -> str | int:
        start = found[1]
        if start not in known:
            known[start] = label_of(moment(start).astimezone(zone))
        return known[start]

    return label


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def _measure(values: list[int], measure: Measure) -> int:
    if measure == "tokens":
        return _value(values, "input_tokens") + _value(values, "output_tokens")
    return _value(values, measure)


def _value(values: Sequence[int], name: str) -> int:
    return values[COUNTERS.index(name)]


def _added(sums: Iterable[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*sums, strict=True)] or [0] * len(MEASURES)


Names = tuple[dict[str, str], dict[str, str]]


def _names(session: Session, wanted: StatsQuery, sums: Iterable[Group]) -> Names:
    def ids(group: GroupBy) -> set[str]:
        if group not in wanted.group_by:
            return set()
        place = wanted.group_by.index(group)
        return {str(values[place]) for values in sums}

    return names_of(session, orgs=ids("org"), keys=ids("key"))


def _row(wanted: StatsQuery, group: Group, values: list[int], names: Names) -> StatsRow:
    shown: dict[str, Any] = {}
    for name, value in zip(wanted.group_by, group, strict=True):
        if name in _PERIODS:
            shown["period"] = value
        else:
            shown[_COLUMNS.get(name, name)] = value
    orgs, keys = names
    if "org_id" in shown:
        shown["org"] = orgs.get(shown["org_id"], "")
    if "key_id" in shown:
        shown["key"] = keys.get(shown["key_id"], "")
    return StatsRow(**shown, **_figures(values, durations=wanted.durations).model_dump())


def _figures(values: Sequence[int], *, durations: bool) -> Figures:
    of = dict(zip(COUNTERS, values, strict=False))
    unknown = of["unpriced"] > 0 and of["cost"] == 0
    first = len(COUNTERS)
    latency = values[first : first + len(LATENCY)] if durations else ()
    ttft = values[first + len(LATENCY) :][: len(TTFT)] if durations else ()
    return Figures(
        **{name: of[name] for name in Figures.model_fields if name in of},
        total_tokens=of["input_tokens"] + of["output_tokens"],
        cost_usd=None if unknown else usd(of["cost"]),
        latency_ms=distribution(latency, of["latency_sum"]),
        ttft_ms=distribution(ttft, of["ttft_sum"]),
    )
