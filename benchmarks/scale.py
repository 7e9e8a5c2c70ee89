"""Whether a large installation serves as a small one does.

    python -m benchmarks.scale [--keys N] [--orgs N] [--models N] [--rounds N] [--seconds S]

Two gateways in one run: one with a single key, and one with so many keys, organizations and
configured models. Driven in turn over 64 connections, they are compared by CPU a request, memory
and the time until the first 200; then a key of the large one is disabled, and what the server
spends in the seconds around that is told beside what it spends at rest.
"""

import argparse
import json
import secrets
import sqlite3
import subprocess
import time
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.stand import contenders
from benchmarks.stand.contenders import OROUTER, Contender
from benchmarks.stand.driving import Scenario, in_turn, per
from benchmarks.stand.processes import (
    SERVER_CORE,
    answers,
    cpu_seconds,
    free_port,
    memory_mb,
    running,
    wait_until,
)
from benchmarks.stand.results import keep, table
from benchmarks.startup import start_serve
from orouter.ids import prefixed

PLAIN = Scenario("plain, 64 connections", 64)
WATCHED_S = 3.0


def filled(work: Path, keys: int, orgs: int) -> None:
    """Copies of the one organization and the one key that are there, straight into the tables."""
    with closing(sqlite3.connect(work / "orouter.db")) as database, database:
        database.row_factory = sqlite3.Row
        org, key = (
            dict(database.execute(f"SELECT * FROM {name} LIMIT 1").fetchone())  # noqa: S608 - our names
            for name in ("organizations", "api_keys")
        )
        owners = [prefixed("org") for _ in range(orgs)]
        _insert(database, "organizations", org, [{"id": one, "name_key": one} for one in owners])
        _insert(database, "api_keys", key, [_another(owners[n % orgs]) for n in range(keys)])


def _another(owner: str) -> dict[str, str]:
    one = prefixed("key")
    return {"id": one, "name_key": one, "digest": secrets.token_hex(32), "org_id": owner}


def _insert(
    database: sqlite3.Connection, name: str, like: dict[str, Any], rows: list[dict[str, str]]
) -> None:
    marks = ", ".join(f":{column}" for column in like)
    statement = f"INSERT INTO {name} ({', '.join(like)}) VALUES ({marks})"  # noqa: S608 - our names
    database.executemany(statement, [{**like, **row} for row in rows])


def with_models(work: Path, models: int) -> None:
    """Adds so many models to the configuration."""
    path = work / "orouter.json"
    configuration = json.loads(path.read_text(encoding="utf-8"))
    configuration["models"] = {
        f"openai/model-{n}": {"context": 128_000, "input_per_mtok": 1} for n in range(models)
    }
    path.write_text(json.dumps(configuration), encoding="utf-8")


def served(
    stack: ExitStack, name: str, work: Path, environment: dict[str, str], key: str
) -> tuple[Contender, float]:
    """A gateway, and the median of how many seconds three starts took to the first 200."""
    started = median(start_serve(work, environment).seconds for _ in range(3))
    port = free_port()
    command: list[str | Path] = [OROUTER, "serve", "--port", str(port)]
    pid = stack.enter_context(running(command, SERVER_CORE, work / "serve.out", environment))
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), "orouter")
    return Contender(name, port, pid, key), started


def changed(environment: dict[str, str], pid: int) -> dict[str, float]:
    """CPU milliseconds of the server within 3 s: at rest, and with a key disabled in them."""
    rest = _spent(pid, [])
    key = json.loads(_orouter(environment, "-o", "json", "key", "list"))[0]["id"]
    return {
        "at rest ms": rest,
        "one key disabled ms": _spent(pid, ["key", "disable", key], environment),
    }


def _spent(pid: int, words: list[str], environment: dict[str, str] | None = None) -> float:
    before, began = cpu_seconds(pid), time.perf_counter()
    if words and environment:
        _orouter(environment, *words)
    time.sleep(max(WATCHED_S - (time.perf_counter() - began), 0))
    return (cpu_seconds(pid) - before) * 1000


def _orouter(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [OROUTER, *words], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def main() -> None:
    """Measure, print the tables and keep the numbers."""
    parser = argparse.ArgumentParser(description="Whether a large installation serves as a small.")
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--orgs", type=int, default=10_000)
    parser.add_argument("--models", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1)
    given = parser.parse_args()
    with TemporaryDirectory() as folder, ExitStack() as stack:
        mock = stack.enter_context(contenders.mock(Path(folder)))
        field, started, environments = [], {}, {}
        for name in ("small", "large"):
            work = Path(folder) / name
            work.mkdir()
            environment = environments[name] = contenders.configured(work, mock.port)
            key = contenders.issue_key(work, environment)
            if name == "large":
                filled(work, given.keys, given.orgs)
                with_models(work, given.models)
            contender, started[name] = served(stack, name, work, environment, key)
            field.append(contender)
        taken = in_turn(PLAIN, field, given.rounds, given.seconds)
        rows = [
            {
                "installation": each.name,
                "first 200 ms": started[each.name] * 1000,
                "cpu us/req": per(taken[each.name], "good"),
                "req/s": median(r["rps"] for r in taken[each.name]),
                "memory MB": memory_mb(each.pid or 0),
            }
            for each in field
        ]
        table("a small and a large installation", rows)
        change = changed(environments["large"], field[1].pid or 0)
        table("a key is changed in the large one", [change])
    keep("scale", {"serving": rows, "change": change})


if __name__ == "__main__":
    main()
