"""Answers in Redis: every worker repeats them, and none fails when Redis is killed."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import which
from subprocess import DEVNULL, Popen
from typing import Any

import httpx
import pytest
from redis import Redis
from redis.exceptions import RedisError

from orouter.db.session import Database
from tests.conftest import UrlOf
from tests.live import books
from tests.live.cluster import customer
from tests.live.gateway import Gateway, free_port

ASK = {"model": "demo/echo", "temperature": 0, "messages": [{"role": "user", "content": "again"}]}
SLOWEST_S = 1.0

pytestmark = [
    pytest.mark.skipif(which("redis-server") is None, reason="redis-server is not installed"),
    pytest.mark.timeout(150),
]


class RedisServer:
    """A server of our own, which can be killed."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._options = ["--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), *self._options]
        self._process = Popen(command, stdout=DEVNULL)  # noqa: S603 - our own server
        with closing(Redis(port=self.port)) as client:
            books.seconds_until(lambda: _answers(client), 10)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def gateway(tmp_path: Path, url_of: UrlOf, redis_server: RedisServer) -> Iterator[Gateway]:
    running = Gateway(
        tmp_path,
        url_of("sqlite"),
        providers={"demo": {"type": "demo"}},
        redis_url=f"redis://127.0.0.1:{redis_server.port}/0",
        cache={"enabled": True, "backend": "redis"},
    )
    running.start("--workers", "2")
    yield running
    running.stop()


@pytest.fixture
def client(gateway: Gateway) -> Iterator[httpx.Client]:
    """Each request has a connection of its own, so any worker answers it."""
    limits = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(base_url=gateway.url, limits=limits, timeout=20) as one_by_one:
        yield one_by_one


def ask(client: httpx.Client, key: str, **fields: Any) -> str:
    """Whether it was a hit; it was answered, and soon."""
    headers = {"authorization": f"Bearer {key}", "x-orouter-cache": "on"}
    began = time.monotonic()
    answer = client.post("/v1/chat/completions", json={**ASK, **fields}, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["choices"][0]["message"]["content"] == "again"
    assert time.monotonic() - began < SLOWEST_S
    return answer.headers["x-orouter-cache"]


def test_workers_share_answers_organizations_do_not_and_redis_may_die(
    gateway: Gateway, client: httpx.Client, redis_server: RedisServer, url_of: UrlOf
) -> None:
    with closing(Database(url_of("sqlite"))) as database:
        ours, theirs = customer(database, requests=3), customer(database)
        assert ask(client, ours.key) == "miss"
        books.seconds_until(lambda: ask(client, ours.key) == "hit", 5)
        assert [ask(client, ours.key) for _ in range(20)] == ["hit"] * 20  # beyond the limit of 3
        assert ask(client, theirs.key) == "miss"
        redis_server.kill()
        assert {ask(client, theirs.key) for _ in range(50)} == {"miss"}
        redis_server.start()
        books.seconds_until(lambda: ask(client, theirs.key) == "hit", 10)
        with closing(Redis(port=redis_server.port)) as redis:
            redis.flushall()
        assert ask(client, theirs.key) == "miss"
        books.seconds_until(lambda: _hits(database, ours.org_id) >= 20, 10)
        costs = {row.cost for row in books.rows_of(database, ours.org_id) if row.source == "cache"}
        assert costs == {0}
        assert books.counter(database, ours.org_id).used.requests <= 3
    metrics = client.get("/metrics").text
    assert 'orouter_cache_requests_total{result="hit"}' in metrics


def _hits(database: Database, org_id: str) -> int:
    return sum(row.source == "cache" for row in books.rows_of(database, org_id))
