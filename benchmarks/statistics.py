"""How long statistics take over many usage records, on each database.

python -m benchmarks.statistics [--records 1000000,10000000] [--backends sqlite,mysql,postgresql]

Builds a year of requests of 1,000 keys in 50 organizations by bulk loading, adds the rollups up in
SQL, checks that their sum is the number of requests, and asks each question five times. Ten
million records need about 10 GB of disk and, without a server's usual caches, patience.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from benchmarks.stand.results import keep, table
from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable
from orouter.ids import ulid
from orouter.models.usage_rollup import DIMENSIONS, MEASURES, USAGE_ROLLUPS, Grain
from orouter.schemas.actor import CLI
from orouter.schemas.requests import RequestListing
from orouter.services import request_log, statistics
from orouter.services.statistics import StatsQuery
from orouter.usage.periods import Span, span
from orouter.usage.store import RECORDS
from tests.databases import BACKENDS, migrated, new_database

ZONE = ZoneInfo("UTC")
KEYS, ORGS, MODELS = 1000, 50, 5
YEAR = span("2026", ZONE)
MONTHS = [span(f"2026-{month:02}", ZONE) for month in range(1, 13)]
HOUR, DAY = 3_600_000_000, 86_400_000_000
COLUMNS = [column.name for column in RECORDS.columns]
AT_ONCE = 5000


def key_id(number: int) -> str:
    """The id of one of the keys."""
    return f"key_01K9ZJ00000000000000{number:06}"


def requests(count: int) -> Iterator[tuple[Any, ...]]:
    """Rows of usage_records in the order of time; each key uses three models of its own."""
    chance = random.Random(count)  # noqa: S311 - the same database every time
    blank: dict[str, Any] = dict.fromkeys(COLUMNS, "")
    blank |= dict.fromkeys(("stream", "failed", "limited"), False)
    numbers = ("status", "cached_tokens", "cache_write_tokens", "reasoning_tokens")
    blank |= dict.fromkeys((*numbers, "attempts", "reserved_tokens", "reserved_cost"), 0)
    blank |= {"provider": "openai", "status": 200, "source": "provider", "counted": True}
    for place in range(count):
        at = YEAR.start + (YEAR.end - YEAR.start) * place // count
        key = chance.randrange(KEYS)
        row = blank | {"id": ulid(at), "at": at, "key_id": key_id(key)}
        row |= {"org_id": f"org_01K9ZJ00000000000000{key % ORGS:06}", "ttft": None}
        row |= {"model": f"openai/gpt-{(key + chance.randrange(3)) % MODELS}", "cost": 5_125_000}
        row |= {"prompt_tokens": 850, "completion_tokens": 300, "latency": 1_830_000}
        yield tuple(row.values())


def load(database: Database, count: int) -> None:
    """Fill the table in bulk."""
    rows = requests(count)
    names = ", ".join(COLUMNS)
    engine = database.primary.migration_engine()
    with engine.begin() as connection:
        if database.primary.backend == "postgresql":
            cursor: Any = connection.connection.cursor()
            with cursor.copy(f"COPY usage_records ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        mark = "?" if database.primary.backend == "sqlite" else "%s"
        marks = ", ".join([mark] * len(COLUMNS))
        insert = f"INSERT INTO usage_records ({names}) VALUES ({marks})"  # noqa: S608 - our names
        while batch := list(islice(rows, AT_ONCE)):
            connection.exec_driver_sql(insert, batch)


def roll_up(database: Database) -> None:
    """Add requests up to hours, those to days, those to months, those to a year."""
    engine = database.primary.migration_engine()
    with engine.begin() as connection:
        connection.execute(_into_rollups(_hours()))
        t = USAGE_ROLLUPS.c
        days = _coarser("day", t.start - t.start % DAY, "hour", YEAR)
        connection.execute(_into_rollups(days))
        for month in MONTHS:
            connection.execute(
                _into_rollups(_coarser("month", sa.literal(month.start), "day", month))
            )
        year = _coarser("year", sa.literal(YEAR.start), "month", YEAR)
        connection.execute(_into_rollups(year))
        connection.commit()
    if database.primary.backend != "sqlite":  # as their own maintenance does by and by
        verb = "ANALYZE TABLE" if database.primary.backend == "mysql" else "ANALYZE"
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(f"{verb} usage_rollups")


def _into_rollups(rows: sa.Select[Any]) -> sa.Insert:
    return sa.insert(USAGE_ROLLUPS).from_select([*DIMENSIONS, *MEASURES], rows)


def _hours() -> sa.Select[Any]:
    r = RECORDS.c
    start = (r.at - r.at % HOUR).label("start")
    counted = sa.func.count()
    sums: dict[str, sa.ColumnElement[Any]] = dict.fromkeys(MEASURES, sa.literal(0))
    sums |= {"requests": counted, "counted": counted, "latency_6": counted}
    sums |= {"input_tokens": sa.func.sum(r.prompt_tokens), "cost": sa.func.sum(r.cost)}
    sums |= {"output_tokens": sa.func.sum(r.completion_tokens)}
    sums |= {"latency_sum": sa.func.sum(r.latency)}
    by = (r.org_id, r.key_id, r.provider, r.model, r.status)
    return sa.select(
        sa.literal("hour").label("grain"),
        start,
        *by,
        *(sums[name].label(name) for name in MEASURES),
    ).group_by(sa.text("start"), *by)


def _coarser(
    grain: Grain, start: sa.ColumnElement[Any], finer: Grain, within: Span
) -> sa.Select[Any]:
    t = USAGE_ROLLUPS.c
    by = (t.org_id, t.key_id, t.provider, t.model, t.status)
    return (
        sa.select(
            sa.literal(grain).label("grain"),
            start.label("bucket"),
            *by,
            *(sa.func.sum(t[name]) for name in MEASURES),
        )
        .where(t.grain == finer, t.start >= within.start, t.start < within.end)
        .group_by(sa.text("bucket"), *by)
    )


def questions() -> dict[str, Callable[[Session], object]]:
    """What is asked: verbs of the services, as the API and the command line call them."""
    november, quarter = MONTHS[10], Span(MONTHS[10].end - 90 * DAY, MONTHS[10].end)
    ragged = Span(YEAR.start + 5 * DAY + HOUR, YEAR.end - 3 * DAY)

    def ask(span: Span, *by: Any, key: str = "") -> Callable[[Session], object]:
        wanted = StatsQuery(span=span, stored_zone=ZONE, group_by=by, key=key)
        return lambda session: statistics.query(session, wanted, CLI)

    deep = RequestListing(before=request_log.first_id(MONTHS[1].start))
    return {
        "month by model": ask(november, "model"),
        "year by organization": ask(YEAR, "org"),
        "one key, 90 days": ask(quarter, "day", key=key_id(7)),
        "month by key": ask(november, "key"),
        "ragged year by model": ask(ragged, "model"),
        "log, first page": lambda s: request_log.page(s, RequestListing(), CLI),
        "log, deep page": lambda s: request_log.page(s, deep, CLI),
    }


def timed(database: Database, ask: Callable[[Session], object]) -> float:
    """Milliseconds, the median of five after one that warms the caches."""
    took: list[float] = []
    for _ in range(6):
        with database.read() as session:
            began = time.perf_counter()
            ask(session)
            took.append((time.perf_counter() - began) * 1000)
    return sorted(took[1:])[2]


def measure(backend: str, count: int) -> list[dict[str, Any]]:
    """Build a database and ask it everything. Raises DatabaseUnavailable without a server."""
    with TemporaryDirectory() as folder, new_database(backend, Path(folder)) as url:
        database = Database(migrated(url))
        began = time.perf_counter()
        load(database, count)
        roll_up(database)
        print(f"{backend}: {count} records built in {time.perf_counter() - began:.0f} s")
        with database.read() as session:
            whole = StatsQuery(span=YEAR, stored_zone=ZONE)
            assert statistics.query(session, whole, CLI).totals.requests == count  # noqa: S101 - or the times mean nothing
        asked = {question: timed(database, ask) for question, ask in questions().items()}
        database.close()
    return [
        {"question": question, "database": backend, "records": count, "ms": ms}
        for question, ms in asked.items()
    ]


def main() -> None:
    """Measure, print the table and keep the numbers."""
    parser = argparse.ArgumentParser(description="How long statistics take.")
    parser.add_argument("--records", default="1000000")
    parser.add_argument("--backends", default=",".join(BACKENDS))
    said = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for backend in said.backends.split(","):
        for count in said.records.split(","):
            with suppress(DatabaseUnavailable):
                rows += measure(backend, int(count))
    table("statistics", rows)
    keep("statistics", rows)


if __name__ == "__main__":
    main()
