"""What becomes of limits and accounting when things break: the figures of docs/guarantees.md.

python -m benchmarks.faults [--backends sqlite,mysql,postgresql] [--kills 20] [--outage 20]
                           [--only PART_OF_A_NAME]

Two nodes (one on SQLite) of two workers on one database, a provider that writes down what it
serves, clients that write down what they were answered. Then all is compared with the database:
rows, rollups, counters. It fails if anything was lost, doubled or drifted.
"""

import argparse
import asyncio
import logging
import random
import time
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.stand.results import keep, table
from orouter.errors import DatabaseUnavailable
from tests.databases import BACKENDS, migrated, new_database
from tests.live import books
from tests.live.clients import Answer, Load, caller
from tests.live.cluster import Cluster, Customer, behave, cluster
from tests.live.upstream import Upstream

CLIENTS = 30
DRAINED_S = 120
Measured = dict[str, Any]


async def exact_limit(site: Cluster) -> Measured:
    """60 clients ask 500 times for 100 requests."""
    customer = await known(site, requests=100)
    async with caller(site.urls, customer.key) as client:
        free = asyncio.Semaphore(60)

        async def one(number: int) -> Answer:
            async with free:
                return await client.ask(f"exact-{number}")

        answers = await asyncio.gather(*map(one, range(500)))
    return {"limit": 100, "used": sum(each.whole for each in answers)} | await audited(
        site, customer, answers
    )


def overshoot(dimension: str, limit: int) -> Callable[[Cluster], Any]:
    """Clients that go on until a limit on tokens or cost is used up."""

    async def measure(site: Cluster) -> Measured:
        amount = limit if dimension == "tokens" else Decimal(limit) / 10**9
        customer = await known(site, **{dimension: amount})

        def used() -> int:
            return int(getattr(books.counter(site.database, customer.org_id).used, dimension))

        async with caller(site.urls, customer.key) as client:
            load = Load(client.ask, CLIENTS, dimension)
            await asyncio.to_thread(books.seconds_until, lambda: used() >= limit, 120)
            answers = await load.stop()
        found = await audited(site, customer, answers)
        over = 100 * (used() - limit) / limit
        return {"limit": limit, "used": used(), "over %": over} | found

    return measure


def greedy(estimates: str, dimension: str, limit: int) -> Callable[[Cluster], Any]:
    """Clients without ``max_tokens`` of a provider that counts bytes and writes all it may."""

    async def measure(site: Cluster) -> Measured:
        site.estimates(estimates)
        amount = limit if dimension == "tokens" else Decimal(limit) / 10**9
        customer = await known(site, **{dimension: amount})
        async with caller(site.urls, customer.key) as client:

            async def ask(marker: str) -> Answer:
                return await client.ask(marker, "local/greedy", max_tokens=None)

            load = Load(ask, CLIENTS, f"{estimates}-{dimension}")

            def refused() -> bool:
                return len(load.answers) > CLIENTS and not any(
                    each.whole for each in load.answers[-3 * CLIENTS :]
                )

            await asyncio.to_thread(books.seconds_until, refused, 120)
            answers = await load.stop()
        found = await audited(site, customer, answers)
        site.estimates("balanced")
        used = int(getattr(books.counter(site.database, customer.org_id).used, dimension))
        over = max(0.0, 100 * (used - limit) / limit)
        return {"estimates": estimates, "limit": limit, "used": used, "over %": over} | found

    return measure


def kills(count: int) -> Callable[[Cluster], Any]:
    """``kill -9`` of random workers under load."""

    async def measure(site: Cluster) -> Measured:
        customer = await known(site, requests=10_000_000)
        replaced = []
        async with caller(site.urls, customer.key) as client:

            async def ask(marker: str) -> Answer:
                return await client.ask(marker, stream=random.random() < 0.5)  # noqa: S311 - not a secret

            load = Load(ask, CLIENTS, "kill")
            for _ in range(count):
                await asyncio.sleep(random.uniform(0.5, 1.5))  # noqa: S311 - the same
                victim = random.choice(site.workers())  # noqa: S311 - the same
                workers = len(site.workers())
                site.kill(victim)

                def whole(gone: int = victim, wanted: int = workers) -> bool:
                    return gone not in site.workers() and len(site.workers()) == wanted

                replaced.append(await asyncio.to_thread(books.seconds_until, whole, 30))
            answers = await load.stop()
        found = await audited(site, customer, answers)
        return {"killed": count, "replaced s": max(replaced)} | found

    return measure


def outage(seconds: float) -> Callable[[Cluster], Any]:
    """The database away under load, of an organization without limits and of one with."""

    async def measure(site: Cluster) -> Measured | None:
        if site.gate is None:
            return None
        free, limited = await known(site), await known(site, requests=10_000_000)
        async with caller(site.urls, free.key) as one, caller(site.urls, limited.key) as two:
            await asyncio.gather(*[each.ask(f"warm-{n}") for each in (one, two) for n in range(16)])
            loads = Load(one.ask, 8, "free"), Load(two.ask, 8, "limited")
            await asyncio.sleep(1)
            site.gate.shut()
            await asyncio.sleep(1)
            begun = [len(load.answers) for load in loads]
            await asyncio.sleep(seconds)
            away = [load.answers[count:] for load, count in zip(loads, begun, strict=True)]
            site.gate.open()
            healed = await asyncio.to_thread(
                books.seconds_until, lambda: loads[1].answers[-1].whole, DRAINED_S
            )
            answers = [*await loads[0].stop(), *await loads[1].stop()]
        found = await audited(site, free, [a for a in answers if a.marker.startswith("free")])
        found_limited = await audited(site, limited, loads[1].answers)
        return {
            "away s": seconds,
            "free served %": 100 * sum(each.whole for each in away[0]) / len(away[0]),
            "limited 503 %": 100 * sum(each.status == 503 for each in away[1]) / len(away[1]),
            "healed s": healed,
        } | {name: max(found[name], found_limited[name]) for name in found}

    return measure


async def known(site: Cluster, **amounts: Any) -> Customer:
    """A new customer, once every worker knows it; the provider forgets earlier ones."""
    site.upstream.served.clear()
    customer = site.customer(**amounts)
    await asyncio.sleep(1)
    return customer


async def audited(site: Cluster, customer: Customer, answers: list[Answer]) -> Measured:
    """Wait until everything is stored, then compare; AssertionError for anything that is wrong."""
    own = {each.marker for each in answers}
    served = [each for each in site.upstream.served if books.marker_of(each) in own]
    reached = {books.marker_of(each) for each in served} | {a.marker for a in answers if a.status}

    def settled() -> bool:
        rows = {row.request_id for row in books.rows_of(site.database, customer.org_id)}
        standing = books.counter(site.database, customer.org_id)
        return reached <= rows and not any(standing.reserved)

    drained = await asyncio.to_thread(books.seconds_until, settled, DRAINED_S)
    found = books.audit(site.database, customer.org_id, answers, served)
    assert not found.faults, found  # noqa: S101 - a figure that is wrong is not printed
    names = ("served", "acknowledged", "rows", "unresolved", "lost", "doubled")
    return {name: getattr(found, name) for name in names} | {
        "drift": found.counters_wrong,
        "drained s": drained,
    }


async def measure(backend: str, count: int, away_s: float, only: str) -> dict[str, Measured]:
    """Every experiment on one database. Raises DatabaseUnavailable without a server."""
    upstream = Upstream()
    upstream.start()
    upstream.answers(behave)
    experiments = {
        "limit of requests": exact_limit,
        "limit of tokens": overshoot("tokens", 2000),
        "limit of cost (nano-USD)": overshoot("cost", 1_000_000_000),
        **{
            f"{estimates} estimates of {dimension}": greedy(estimates, dimension, limit)
            for estimates in ("balanced", "strict")
            for dimension, limit in (("tokens", 1_000_000), ("cost", 1000 * 10**9))
        },
        "kill -9": kills(count),
        "database away": outage(away_s),
    }
    results: dict[str, Measured] = {}
    try:
        with (
            TemporaryDirectory() as place,
            new_database(backend, Path(place)) as url,
            cluster(migrated(url), upstream, Path(place)) as site,
        ):
            for name, experiment in experiments.items():
                if only not in name:
                    continue
                began = time.monotonic()
                if (measured := await experiment(site)) is not None:
                    results[name] = {"database": backend} | measured
                    print(f"{backend}: {name}: {time.monotonic() - began:.0f} s", flush=True)
    finally:
        upstream.stop()
    return results


def main() -> None:
    """Break things on each database that answers, print a table for each experiment."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--backends", default=",".join(BACKENDS))
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--only", default="", help="experiments whose name holds this")
    options.add_argument("--outage", type=float, default=20, help="seconds")
    said = options.parse_args()
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # the provider's killed callers
    rows: dict[str, list[Measured]] = {}
    for backend in said.backends.split(","):
        with suppress(DatabaseUnavailable):
            for name, row in asyncio.run(
                measure(backend, said.kills, said.outage, said.only)
            ).items():
                rows.setdefault(name, []).append(row)
    for name, found in rows.items():
        table(name, found)
    keep("faults", rows)


if __name__ == "__main__":
    main()
