"""Nodes on one database, with workers that can be killed and a database that can go away."""

import asyncio
import json
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from orouter.db.session import Database
from orouter.ids import ulid
from orouter.models import KeyCreate, LimitSet, OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import keys, limits, organizations, stored_settings
from orouter.services.key_secrets import pepper
from orouter.settings import Settings
from tests.live.gateway import SECRET_KEY, Gateway
from tests.live.outage import TcpGate
from tests.live.upstream import Reply, Served, Upstream, chunk, completion, plain, streamed

WORKERS = 2
PORTS = {"mysql": 3306, "postgresql": 5432}
PRICE = {"input_per_mtok": 100, "output_per_mtok": 1000}
"""USD: one token out is 0.001 USD."""
EVENTS = {"content-type": "text/event-stream"}
MODELS = ("ok", "greedy", "fails", "refuses", "hangs", "cuts", "slow")


async def behave(served: Served) -> Reply:
    """The upstream: each model is good at one thing. 7 tokens in, 3 out."""
    model, stream = served.body["model"], served.body.get("stream")
    if model == "fails":
        return plain({"error": {"message": "broken"}}, 500)
    if model == "refuses":
        return plain({"error": {"message": "no", "type": "invalid_request_error"}}, 400)
    if model == "hangs":
        await asyncio.sleep(5)
    if model == "cuts":
        return _cut()
    if model == "greedy":
        return plain(greedy(served.body))
    if model == "slow":
        return _slow() if stream else await _late()
    await asyncio.sleep(random.uniform(0.002, 0.02))  # noqa: S311 - not a secret
    return streamed("one", "two", "three") if stream else plain(completion("one two three"))


def greedy(body: Mapping[str, Any]) -> dict[str, Any]:
    """A completion with the most tokens there can be: each byte one, and a long answer."""
    prompt, answer = len(json.dumps(body, separators=(",", ":"))), body.get("max_tokens") or 8000
    used = {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
    return completion("one two three") | {"usage": used}


def _cut() -> Reply:
    async def blocks() -> AsyncIterator[bytes]:
        yield _event({"role": "assistant", "content": ""})
        yield _event({"content": "word " * 20})
        await asyncio.sleep(0.2)  # what a reset overtakes was not delivered

    return Reply(200, blocks(), EVENTS, cut=True)


def _slow() -> Reply:
    async def blocks() -> AsyncIterator[bytes]:
        yield _event({"role": "assistant", "content": ""})
        for _ in range(20):
            await asyncio.sleep(0.05)
            yield _event({"content": "word " * 4})
        yield _event({}, "stop") + b"data: [DONE]\n\n"

    return Reply(200, blocks(), EVENTS)


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    return b"data: " + json.dumps(chunk(delta, finish)).encode() + b"\n\n"


async def _late() -> Reply:
    await asyncio.sleep(0.6)
    return plain(completion("one two three"))


@dataclass(frozen=True)
class Customer:
    """An organization and a key of it."""

    org_id: str
    key: str


def customer(database: Database, **amounts: Any) -> Customer:
    """A new organization in this database, with these limits of the month."""
    new = OrganizationCreate(name=f"customer-{ulid()}")
    org_id = database.call(organizations.create, new, CLI).id
    issued = database.call(
        keys.issue, org_id, KeyCreate(name="app"), CLI, pepper=pepper(SECRET_KEY)
    )
    if amounts:
        database.call(limits.put, "org", org_id, LimitSet(**amounts), CLI)
    assert issued.key is not None
    return Customer(org_id, issued.key)


@dataclass
class Cluster:
    """Running nodes. ``gate`` is in front of the database; SQLite has none."""

    nodes: list[Gateway]
    upstream: Upstream
    database: Database
    """Not through the gate: the oracle always sees."""
    gate: TcpGate | None

    @property
    def urls(self) -> list[str]:
        return [node.url for node in self.nodes]

    def customer(self, **amounts: Any) -> Customer:
        """A new organization, with these limits, known to every worker within a second."""
        return customer(self.database, **amounts)

    def limit(self, org_id: str, **amounts: Any) -> None:
        """Set limits of this month."""
        self.database.call(limits.put, "org", org_id, LimitSet(**amounts), CLI)

    def estimates(self, kind: str) -> None:
        """Reserve ``balanced`` or ``strict`` estimates, in force within a second."""
        wanted = {"limits.estimates": kind}
        self.database.call(stored_settings.set_values, wanted, CLI, Settings())

    def workers(self) -> list[int]:
        """Process ids of every node's workers."""
        return [pid for node in self.nodes for pid in node.workers()]

    def kill(self, pid: int) -> None:
        """As the kernel does when memory is short."""
        os.kill(pid, signal.SIGKILL)


@contextmanager
def cluster(url: str, upstream: Upstream, folder: Path, **settings: Any) -> Iterator[Cluster]:
    """Two nodes, or one on SQLite, with two workers each."""
    with ExitStack() as stack:
        database = Database(url)
        stack.callback(database.close)
        seen, gate = url, None
        if database.primary.backend != "sqlite":
            there = sa.make_url(url)
            gate = TcpGate(there.host or "127.0.0.1", there.port or PORTS[there.drivername])
            stack.callback(gate.close)
            seen = there.set(host="127.0.0.1", port=gate.port).render_as_string(hide_password=False)
        nodes = []
        for number in range(1 if gate is None else 2):
            place = folder / f"node{number}"
            place.mkdir()
            nodes.append(Gateway(place, seen, **_configuration(upstream, settings)))
            stack.callback(nodes[-1].stop)
            nodes[-1].start("--workers", str(WORKERS))
        yield Cluster(nodes, upstream, database, gate)


def _configuration(upstream: Upstream, settings: dict[str, Any]) -> dict[str, Any]:
    local = {
        "type": "compatible",
        "base_url": f"{upstream.url}/v1",
        "allow_unlisted_models": True,
    }
    return {
        "providers": {"local": local},
        "models": {f"local/{name}": PRICE for name in MODELS},
        "routing": {"max_retries": 1, "timeout_s": 2},
        **settings,
    }
