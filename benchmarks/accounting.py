"""What accounting costs: microseconds of the journal, rows per second into each database.

python -m benchmarks.accounting [--rows N]

``keys`` is over how many keys the rows are spread: the more, the fewer of a batch share a rollup
row. CPU is that of the ingesting thread alone; the servers' own is not in it.
"""

import argparse
import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.stand.results import keep, table
from orouter.db.session import Database
from orouter.errors import DatabaseUnavailable
from orouter.ids import ulid
from orouter.usage.ingest import Ingester
from orouter.usage.journal import Journal
from orouter.usage.records import Intent, Settlement
from tests.databases import BACKENDS, migrated, new_database

KEYS = (1, 20, 1000)
ZONE = ZoneInfo("UTC")


def made(keys: int) -> tuple[Intent, Settlement]:
    """One request of one of the keys, with figures of a usual size."""
    chance = random.Random()  # noqa: S311 - spreads load, hides nothing
    same: dict[str, Any] = {"id": ulid(), "at": time.time_ns() // 1000, "request_id": ulid()}
    same |= {"org_id": "org_01K9ZJ0000000000000000000", "provider": "openai"}
    same |= {"key_id": f"key_01K9ZJ00000000000000{chance.randrange(keys):06}"}
    same |= {"model": f"openai/gpt-{chance.randrange(3)}", "month": "2026-11", "year": "2026"}
    intent = Intent(**same, estimated_prompt_tokens=900, estimated_completion_tokens=4096)
    used: dict[str, Any] = {
        "prompt_tokens": 850,
        "completion_tokens": 300,
        "cost": 5_125_000,
        "counted": True,
    }
    return intent, Settlement(**same, **used, latency=1_830_000, finish="stop", attempts=1)


def journalled(rows: int) -> list[dict[str, Any]]:
    """Microseconds of one call, the best of five rounds."""
    intent, settlement = made(1)
    with TemporaryDirectory() as folder:
        journal = Journal(Path(folder))
        measured = [
            {"call": "intend", "us": best(lambda: journal.intend(intent), rows)},
            {"call": "settle", "us": best(lambda: journal.settle(settlement), rows)},
        ]
        journal.close()
    return measured


def best(call: Callable[[], None], times: int) -> float:
    """Wall clock of one call in microseconds."""
    rounds = []
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(times):
            call()
        rounds.append(time.perf_counter() - began)
    return min(rounds) / times * 1e6


def ingested(backend: str, rows: int, keys: int) -> dict[str, Any]:
    """Bring a journal of that many rows into an empty database."""
    with TemporaryDirectory() as folder, new_database(backend, Path(folder)) as url:
        database = Database(migrated(url))
        journal = Journal(Path(folder) / "journal")
        for _ in range(rows):
            intent, settlement = made(keys)
            journal.intend(intent)
            journal.settle(settlement)
        journal.close()
        ingester = Ingester(database, Path(folder) / "journal", zone=ZONE)
        began, spent = time.perf_counter(), time.thread_time()
        ingester.drain()
        took, spent = time.perf_counter() - began, time.thread_time() - spent
        database.close()
    rate = ingester.ingested.rows / took
    return {"database": backend, "keys": keys, "rows/s": rate, "cpu us/row": spent / rows * 1e6}


def main() -> None:
    """Measure, print the tables and keep the numbers."""
    parser = argparse.ArgumentParser(description="What accounting costs.")
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args().rows
    calls = journalled(rows)
    table("journal, one call", calls)
    rates = []
    for backend in BACKENDS:
        with suppress(DatabaseUnavailable):
            rates += [ingested(backend, rows, keys) for keys in KEYS]
    table("ingestion", rates)
    keep("accounting", {"journal": calls, "ingestion": rates})


if __name__ == "__main__":
    main()
