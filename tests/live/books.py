"""The oracle: what was served and acknowledged, against what the database says of it.

Every request carries a marker, as its content and as its request id, so that one request is found
again at the provider, in the answers its caller had, and in the rows.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from orouter.db.session import Database
from orouter.models.limit import LimitCounter
from orouter.models.usage_rollup import (
    DIMENSIONS,
    ORG_DIMENSIONS,
    ORG_ROLLUPS,
    USAGE_ROLLUPS,
)
from orouter.services import backup, limits
from orouter.usage.counters import Amounts
from orouter.usage.periods import period_keys
from orouter.usage.reconcile import Standing
from orouter.usage.records import Settlement
from orouter.usage.rollups import Buckets, summed
from orouter.usage.store import RECORDS
from tests.live.clients import Answer
from tests.live.upstream import Served
from tests.usage import made

UTC = ZoneInfo("UTC")
_FIELDS = [name for name in Settlement.__struct_fields__ if name in RECORDS.c]


@dataclass(frozen=True)
class Findings:
    """How many requests; the second half are faults and must be 0."""

    sent: int
    served: int
    acknowledged: int
    rows: int
    unresolved: int
    lost: int
    """Acknowledged, and not in the rows as served."""
    doubled: int
    unbooked: int
    """Reached the provider and left no row at all."""
    rollups_wrong: int
    counters_wrong: int

    @property
    def faults(self) -> dict[str, int]:
        names = ("lost", "doubled", "unbooked", "rollups_wrong", "counters_wrong")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def audit(
    database: Database, org_id: str, answers: Iterable[Answer], served: Iterable[Served]
) -> Findings:
    """Compare everything that is known of an organization's requests."""
    answered = list(answers)
    acknowledged = {each.marker for each in answered if each.whole}
    reached = {marker_of(each) for each in served}
    rows = rows_of(database, org_id)
    times = Counter(row.request_id for row in rows)
    good = {row.request_id for row in rows if row.code == ""}
    return Findings(
        sent=len(answered),
        served=len(reached),
        acknowledged=len(acknowledged),
        rows=len(rows),
        unresolved=sum(row.source == "unresolved" for row in rows),
        lost=len(acknowledged - good),
        doubled=sum(count - 1 for count in times.values()),
        unbooked=len(reached - times.keys()),
        rollups_wrong=rollups_wrong(database),
        counters_wrong=len(drifted(database)),
    )


def marker_of(served: Served) -> str:
    """The marker that the provider was sent."""
    return str(served.body["messages"][-1]["content"])


def rows_of(database: Database, org_id: str) -> list[Any]:
    """The usage rows of an organization."""
    with database.read() as session:
        wanted = sa.select(RECORDS).where(RECORDS.c.org_id == org_id)
        return list(session.connection().execute(wanted))


def rollups_wrong(database: Database) -> int:
    """Rollups that are not the sum of their rows, at one moment."""
    with backup.snapshot(database.primary) as connection:
        found = connection.execute(sa.select(*(RECORDS.c[name] for name in _FIELDS)))
        settlements = [Settlement(**row) for row in found.mappings()]
        by_key = made.rows_of(connection, USAGE_ROLLUPS, DIMENSIONS)
        by_org = made.rows_of(connection, ORG_ROLLUPS, ORG_DIMENSIONS)
    expected = summed(settlements, Buckets(UTC))
    return _different(by_key, expected.by_key) + _different(by_org, expected.by_org)


def _different(counted: Mapping[Any, list[int]], expected: Mapping[Any, list[int]]) -> int:
    return sum(counted.get(key) != expected.get(key) for key in expected.keys() | counted.keys())


def drifted(database: Database) -> list[Any]:
    """Counters that disagree with usage or with what workers have out."""
    with database.read() as session:
        return list(limits.drift(session, time.time_ns() // 1000, UTC))


def counter(database: Database, org_id: str) -> Standing:
    """The organization's counter of this month."""
    with database.read() as session:
        month = period_keys(time.time_ns() // 1000, UTC).month
        row = session.get(LimitCounter, ("org", org_id, month))
    if row is None:
        return Standing(Amounts(), Amounts())
    return Standing(
        Amounts(row.used_requests, row.used_tokens, row.used_cost),
        Amounts(row.reserved_requests, row.reserved_tokens, row.reserved_cost),
    )


def seconds_until(true: Callable[[], bool], within_s: float) -> float:
    """How long it took until it was true; an AssertionError after ``within_s``."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within_s, f"not within {within_s} s"
        time.sleep(0.1)
    return time.monotonic() - began
