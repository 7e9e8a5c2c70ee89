"""Whether much state makes requests dearer: 100,000 keys, 10,000 organizations, 1,000 models.

python -m benchmarks.state [--starts N] [--rounds N] [--seconds S] [--keys 100000] [--models 1000]

Two gateways, one with hardly anything and one with all of it, are driven in turn in the same run;
the ratio of their CPU per request is what counts, and the memory that they have in the end. They
are started several times, now the one first and now the other: one process of the same program is
4 % dearer than the next, by where its memory came to lie. Then a key is changed, and the statements
are counted by which a worker learns of it; and one is looked up that was not read ahead, as its
first request does.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from hashlib import sha256
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from benchmarks.hotpath import PLAIN
from benchmarks.stand import contenders
from benchmarks.stand.contenders import OROUTER, Contender, configured, issue_key
from benchmarks.stand.driving import drive
from benchmarks.stand.processes import (
    SERVER_CORE,
    answers,
    free_port,
    memory_mb,
    running,
    wait_until,
)
from benchmarks.stand.results import keep, table
from orouter.db.session import Database
from orouter.models import ApiKey, KeyUpdate, Organization
from orouter.models.base import now
from orouter.schemas.actor import CLI
from orouter.services import credentials, keys
from orouter.services.key_ring import KeyRing
from orouter.services.watch import Watch

KEYS_OF_AN_ORG = 10


def fill(url: str, count: int) -> None:
    """Keys that nobody knows the secret of, ten to an organization."""
    orgs = [_organization(number) for number in range(max(count // KEYS_OF_AN_ORG, 1))]
    with closing(Database(url)) as database, database.begin() as session:
        session.connection().execute(sa.insert(Organization), orgs)
        for first in range(0, count, 5000):
            rows = [_key(each, orgs) for each in range(first, min(first + 5000, count))]
            session.connection().execute(sa.insert(ApiKey), rows)


def _organization(number: int) -> dict[str, Any]:
    made = Organization(name=f"org-{number}", name_key=f"org-{number}", version=1)
    return made.model_dump()


def _key(number: int, orgs: list[dict[str, Any]]) -> dict[str, Any]:
    owner = orgs[number % len(orgs)]["id"]
    said = {"name": f"key-{number}", "name_key": f"key-{number}", "org_id": owner, "version": 1}
    stored = {"digest": _digest(number), "pepper_id": "x", "prefix": "or-bench"}
    return ApiKey(**said, **stored, last4="0000").model_dump()


def _digest(number: int) -> str:
    return sha256(b"%d" % number).hexdigest()


@contextmanager
def gateway(
    name: str, work: Path, upstream: int, count: int, models: int
) -> Iterator[tuple[Contender, dict[str, Any]]]:
    """A gateway with so many keys and models; besides, what its start was."""
    work.mkdir()
    environment = configured(work, upstream)
    if count:
        path = work / "orouter.json"
        said = json.loads(path.read_text())
        said["models"] = {f"openai/made-{n}": {"input_per_mtok": 1} for n in range(models)}
        path.write_text(json.dumps(said))
    key = issue_key(work, environment)
    if count:
        fill(f"sqlite:///{work / 'orouter.db'}", count)
    port, began = free_port(), time.perf_counter()
    command: list[str | Path] = [OROUTER, "serve", "--port", str(port), "--workers", "1"]
    with running(command, SERVER_CORE, work / "serve.out", environment) as pid:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), "orouter", 120, pause=0.005)
        first = time.perf_counter() - began
        time.sleep(3)  # until keys have been read ahead
        yield (
            Contender(name, port, pid, key),
            {"state": name, "keys": count + 1, "first 200 s": first, "at start MB": memory_mb(pid)},
        )


def compared(
    rounds: int, seconds: float, sizes: Sequence[tuple[str, int]], models: int
) -> dict[str, dict[str, Any]]:
    """Gateways with so many keys, started in that order and driven in turn; by their names."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        work = Path(folder)
        mock = stack.enter_context(contenders.mock(work))
        pair = [
            stack.enter_context(gateway(name, work / name, mock.port, count, models))
            for name, count in sizes
        ]
        cost: dict[str, list[float]] = {contender.name: [] for contender, _ in pair}
        for contender, _ in pair:
            drive(PLAIN, contender, 0.5)
        for _ in range(rounds):
            for contender, _ in pair:
                done = drive(PLAIN, contender, seconds)
                cost[contender.name].append(done["cpu_us"] / done["good"])
        for contender, row in pair:
            row["cpu us/req"] = median(cost[contender.name])
            row["cpu min"] = min(cost[contender.name])
            row["in the end MB"] = memory_mb(contender.pid or 0)
        return {contender.name: row for contender, row in pair}


def learning(count: int) -> dict[str, Any]:
    """What a worker asks the database when a key has changed, and for one it does not know."""
    with TemporaryDirectory() as folder:
        work = Path(folder)
        issue_key(work, configured(work, 9))
        url = f"sqlite:///{work / 'orouter.db'}"
        fill(url, count)
        with closing(Database(url)) as database:
            return asyncio.run(_learned(database))


async def _learned(database: Database) -> dict[str, Any]:
    async def load(digests: list[str]) -> list[credentials.Credential]:
        return await database.run_readonly(credentials.load_credentials, digests)

    ring = KeyRing(b"p" * 32, load)
    watch = Watch(database, ring)
    await watch.look()
    began = time.perf_counter()
    await watch.warm_up()
    warm = time.perf_counter() - began
    statements: list[str] = []
    engine = database.primary.async_engine.sync_engine
    sa.event.listen(engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    with database.read() as session:
        some = session.scalars(sa.select(ApiKey.id).limit(1)).one()  # type: ignore[call-overload]  # SQLModel's columns
    database.call(keys.update, some, KeyUpdate(description=f"changed {now()}"), CLI)
    began = time.perf_counter()
    await watch.look()
    took = time.perf_counter() - began
    began = time.perf_counter()
    assert await load([_digest(0)])  # noqa: S101 - the oldest key, which is not read ahead
    unseen = time.perf_counter() - began
    await database.aclose()
    return {
        "keys in memory": len(ring),
        "warm-up s": warm,
        "statements for one change": len(statements),
        "ms": took * 1000,
        "ms for an unseen key": unseen * 1000,
    }


def main() -> None:
    """Measure, print the tables and keep the numbers."""
    parser = argparse.ArgumentParser(description="Whether much state makes requests dearer.")
    parser.add_argument("--starts", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--models", type=int, default=1000)
    said = parser.parse_args()
    rows: list[dict[str, Any]] = []
    more: list[float] = []
    sizes = [("little", 0), ("much", said.keys)]
    for start in range(said.starts):
        order = sizes if start % 2 == 0 else sizes[::-1]
        found = compared(said.rounds, said.seconds, order, said.models)
        little, much = found["little"], found["much"]
        more.append(100 * (much["cpu us/req"] / little["cpu us/req"] - 1))
        rows += [little, much]
    table(f"{PLAIN.name}, {said.models} models and {said.keys} keys against next to none", rows)
    each = ", ".join(f"{percent:.1f}" for percent in more)
    print(f"much state costs {mean(more):.1f} % more CPU per request ({each})")
    learned = learning(said.keys)
    table("a changed key", [learned])
    keep("state", {"gateways": rows, "learning": learned})


if __name__ == "__main__":
    main()
