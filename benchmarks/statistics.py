"""How long statistics take over many usage records, on each database.

python -m benchmarks.statistics [--records 1000000,10000000] [--backends sqlite,mysql,postgresql]
python -m benchmarks.statistics --url sqlite:////tmp/year.db [--records 10000000]

Loads a year of requests of 1,000 keys in 50 organizations in bulk, with their rollups, checks that
their sum is the number of requests, and asks each question five times. ``--url`` names a database
that is kept: it is filled if it holds no requests, and asked. Ten million records need about 10 GB
of disk.
"""

import argparse
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from benchmarks.stand.loading import bulk
from benchmarks.stand.results import keep, table
from benchmarks.stand.year import COLUMNS, DAY, Owner, Year
from orouter.db.engine import Server
from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable
from orouter.models import KeyCreate, OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.schemas.requests import RequestListing
from orouter.services import keys, organizations, request_log, statistics
from orouter.services.statistics import StatsQuery
from orouter.usage.periods import Span, period_keys, span
from orouter.usage.rollups import Buckets
from orouter.usage.store import RECORDS
from tests.databases import BACKENDS, migrated, new_database

ZONE = ZoneInfo("UTC")
KEYS, ORGS = 1000, 50
HOUR = DAY // 24
Question = Callable[[Session], object]


def owners(session: Session) -> list[Owner]:
    """Make the organizations and their keys."""
    named = [OrganizationCreate(name=f"org-{number:02}") for number in range(ORGS)]
    orgs = [organizations.create(session, new, CLI).id for new in named]
    found = []
    for number in range(KEYS):
        new, org = KeyCreate(name=f"key-{number:04}"), orgs[number % ORGS]
        found.append((org, keys.issue(session, org, new, CLI, pepper=b"p" * 32).id))
    return found


def fill(url: str, count: int) -> None:
    """A year that ended with the last whole hour."""
    end = time.time_ns() // 1000 // HOUR * HOUR
    with closing(Database(url)) as database:
        year = Year(database.call(owners), Span(end - 365 * DAY, end), Buckets(ZONE))
    with bulk(Server(url), COLUMNS) as load:
        for day in year.days(count):
            for name, rows in day.items():
                load(name, COLUMNS[name], rows)


def last_request(database: Database) -> int:
    """When the youngest request was made; 0 without any."""
    with database.read() as session:
        newest = sa.select(RECORDS.c.at).order_by(RECORDS.c.id.desc()).limit(1)
        return session.connection().scalar(newest) or 0


def questions(database: Database) -> dict[str, Question]:
    """What is asked: verbs of the services, as the API and the command line call them."""
    end = last_request(database) + 1
    this = span(period_keys(end, ZONE).month, ZONE)
    month = span(period_keys(this.start - 1, ZONE).month, ZONE)
    rolling, quarter = Span(end - 364 * DAY - HOUR, end), Span(end - 90 * DAY, end)
    ragged = Span(end - 350 * DAY, month.start + 14 * DAY + 12 * HOUR)
    with database.read() as session:
        newest = request_log.page(session, RequestListing(limit=1), CLI).items[0]

    def ask(span: Span, *by: Any, key: str = "") -> Question:
        wanted = StatsQuery(span=span, stored_zone=ZONE, group_by=by, key=key)
        return lambda session: statistics.query(session, wanted, CLI)

    def log(**wanted: Any) -> Question:
        listing = RequestListing(**wanted)
        return lambda session: request_log.page(session, listing, CLI)

    deep = request_log.first_id(end - 300 * DAY)
    return {
        "month by model": ask(month, "model"),
        "year by organization": ask(span(period_keys(end, ZONE).year, ZONE), "org"),
        "one key, 90 days": ask(quarter, "day", key=newest.key_id),
        "month by key": ask(month, "key"),
        "last 365 days by model": ask(rolling, "model"),
        "ragged range by organization": ask(ragged, "org"),
        "ragged range by key": ask(ragged, "key"),
        "month by hour of day": ask(month, "hour_of_day"),
        "year by weekday": ask(rolling, "weekday"),
        "log, first page": log(),
        "log, deep page": log(before=deep),
        "log of an organization, deep": log(org=newest.org_id, before=deep),
        "log of a key, deep": log(key=newest.key_id, before=deep),
        "log of errors, deep": log(errors=True, before=deep),
    }


def timed(database: Database, ask: Question) -> dict[str, float]:
    """Milliseconds, the best and the median of five after one that warms the caches."""
    took: list[float] = []
    for _ in range(6):
        with database.read() as session:
            began = time.perf_counter()
            ask(session)
            took.append((time.perf_counter() - began) * 1000)
    warm = sorted(took[1:])
    return {"best ms": warm[0], "median ms": warm[2]}


def measure(url: str, count: int) -> list[dict[str, Any]]:
    """Build a database where there are no requests yet, and ask it everything."""
    database, began = Database(migrated(url)), time.perf_counter()
    backend = database.primary.backend
    if not last_request(database):
        database.close()
        fill(url, count)
        print(f"{backend}: {count} records built in {time.perf_counter() - began:.0f} s")
        database = Database(url)
    with database.read() as session:
        kept = session.connection().scalar(sa.select(sa.func.count()).select_from(RECORDS))
        whole = StatsQuery(span=Span(0, 2**62 // 1000), stored_zone=ZONE)
        counted = statistics.query(session, whole, CLI).totals.requests
        assert counted == kept, (counted, kept)  # noqa: S101 - or the times mean nothing
    asked = {question: timed(database, ask) for question, ask in questions(database).items()}
    database.close()
    return [
        {"question": question, "database": backend, "records": kept} | found
        for question, found in asked.items()
    ]


def main() -> None:
    """Measure, print the table and keep the numbers."""
    parser = argparse.ArgumentParser(description="How long statistics take.")
    parser.add_argument("--records", default="1000000")
    parser.add_argument("--backends", default=",".join(BACKENDS))
    parser.add_argument("--url", help="a database to fill, if it is empty, and to keep")
    said = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for count in map(int, said.records.split(",")):
        if said.url:
            rows += measure(said.url, count)
        for backend in () if said.url else said.backends.split(","):
            with (
                suppress(DatabaseUnavailable),
                TemporaryDirectory() as folder,
                new_database(backend, Path(folder)) as url,
            ):
                rows += measure(url, count)
    table("statistics", rows)
    keep("statistics", rows)


if __name__ == "__main__":
    main()
