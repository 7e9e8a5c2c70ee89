"""What a limit costs: admissions per second on each database, and how far limits are overrun.

python -m benchmarks.admission [--seconds N]

``added p50`` is the time that a request of a limited organization waits before it is sent. Callers
that wait at the same time share a transaction, so with one caller each admission stands alone.
The second table drives a token limit to its end: real use is drawn around the estimate, up to
four times of it, while 32 requests are in flight.
"""

import argparse
import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.stand.results import keep, table
from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable, LimitExceeded
from orouter.ids import ulid
from orouter.models.limit import Limit, LimitCounter
from orouter.usage.admission import Admission, Reservation
from orouter.usage.gates import open_gate
from orouter.usage.limit_table import Demand
from orouter.usage.periods import Calendar
from orouter.usage.records import Settlement
from orouter.usage.reservations import settle
from tests.databases import BACKENDS, migrated, new_database

CALLERS = (1, 8, 32, 128)
IN_FLIGHT = 32
TOKENS = 1_000_000
ESTIMATE = 1000


@contextmanager
def databases(backend: str) -> Iterator[Database]:
    """A migrated database, dropped at the end. Raises DatabaseUnavailable without a server."""
    with TemporaryDirectory() as folder, new_database(backend, Path(folder)) as url:
        database = Database(migrated(url))
        yield database
        database.close()


@asynccontextmanager
async def limited(database: Database, org: str, **amounts: int) -> AsyncIterator[Admission]:
    """Admission for an organization with a monthly limit."""
    with database.begin() as session:
        limit = Limit(scope="org", subject_id=org, period="month", version=1, **amounts)
        session.add(limit)
    gate = open_gate(database.primary)
    admission = Admission(gate, "bench", Calendar(ZoneInfo("UTC")))
    admission.limits.learn([limit])
    yield admission
    await admission.tidy()
    await gate.close()
    await database.aclose()


def demand(org: str, *, strict: bool = False) -> Demand:
    """A request of `ESTIMATE` tokens."""
    return Demand(org, "key_b", ESTIMATE, 1000, "2026-11", "2026", strict)


async def admissions(database: Database, callers: int, seconds: float) -> dict[str, Any]:
    """How many admissions a number of callers get, each asking again at once."""
    waited: list[float] = []
    async with limited(database, f"org_{callers}", requests=10**12) as admission:
        wanted = demand(f"org_{callers}")
        await admission.reserve(wanted)
        began, cpu = time.perf_counter(), time.process_time()

        async def ask() -> None:
            while (asked := time.perf_counter()) < began + seconds:
                await admission.reserve(wanted)
                waited.append(time.perf_counter() - asked)

        await asyncio.gather(*(ask() for _ in range(callers)))
        spent = time.process_time() - cpu
        passed = time.perf_counter() - began
    waited.sort()
    return {
        "callers": callers,
        "admissions/s": len(waited) / passed,
        "added p50 ms": waited[len(waited) // 2] * 1000,
        "added p99 ms": waited[len(waited) * 99 // 100] * 1000,
        "cpu us": spent / len(waited) * 1e6,
    }


async def overshoot(database: Database, most: int, *, strict: bool) -> dict[str, Any]:
    """Use up a token limit; requests really use up to ``most`` times the estimate."""
    org = f"org_{most}_{strict}"
    chance = random.Random(most)  # noqa: S311 - repeatable, not secret
    async with limited(database, org, tokens=TOKENS) as admission:

        async def serve() -> None:
            with suppress(LimitExceeded):
                while True:
                    reservation = await admission.reserve(demand(org, strict=strict))
                    await asyncio.sleep(chance.uniform(0, 0.002))
                    used = chance.randint(1, most * ESTIMATE)
                    done = settlement(org, reservation, used)
                    await asyncio.to_thread(settled, database, done)

        await asyncio.gather(*(serve() for _ in range(IN_FLIGHT)))
    with database.read() as session:
        counter = session.get(LimitCounter, ("org", org, "2026-11"))
        assert counter is not None  # noqa: S101 - requests were counted on it
        over = counter.used_tokens - TOKENS
        return {
            "estimates": "strict" if strict else "balanced",
            "real use up to": f"{most} x",
            "limit": TOKENS,
            "over": over,
            "over %": 100 * over / TOKENS,
            "left reserved": counter.reserved_tokens,
        }


def settled(database: Database, done: Settlement) -> None:
    """As the ingester does it."""
    database.call(lambda session: settle(session.connection(), [done]))


def settlement(org: str, reservation: Reservation, used: int) -> Settlement:
    """What became of a request."""
    return Settlement(
        id=ulid(),
        at=1,
        request_id="",
        org_id=org,
        key_id="key_b",
        model="demo/echo",
        month="2026-11",
        year="2026",
        prompt_tokens=used,
        counted=True,
        worker=reservation.worker_id,
        holds=reservation.holds,
        reserved_tokens=reservation.tokens,
        reserved_cost=reservation.cost,
    )


def measured(backend: str, seconds: float) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Both tables' rows for one database."""
    with databases(backend) as database:
        speed = [asyncio.run(admissions(database, callers, seconds)) for callers in CALLERS]
        runs = ((1, True), (1, False), (4, False))
        far = [asyncio.run(overshoot(database, most, strict=strict)) for most, strict in runs]
    name = {"database": backend}
    return [name | each for each in speed], [name | each for each in far]


def main() -> None:
    """Measure every database that answers, print the tables and keep the numbers."""
    parser = argparse.ArgumentParser(description="What a limit costs.")
    parser.add_argument("--seconds", type=float, default=2.0)
    seconds = parser.parse_args().seconds
    speed: list[dict[str, Any]] = []
    far: list[dict[str, Any]] = []
    for backend in BACKENDS:
        try:
            faster, farther = measured(backend, seconds)
        except DatabaseUnavailable:
            print(f"{backend}: no server answers, left out")
            continue
        speed += faster
        far += farther
    table("admission of a limited organization", speed)
    table(f"overshoot of a token limit, {IN_FLIGHT} requests in flight", far)
    keep("admission", speed + far)


if __name__ == "__main__":
    main()
