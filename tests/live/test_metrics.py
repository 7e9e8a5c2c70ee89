"""``/metrics`` of a node with two workers: any of them answers for both, also for the killed."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from orouter.db.session import Database
from tests.conftest import UrlOf
from tests.live.cluster import customer
from tests.live.gateway import Gateway

ECHO = {"model": "demo/echo", "messages": [{"role": "user", "content": "one two three"}]}
STREAM = {**ECHO, "stream": True}
BROKEN = {**ECHO, "model": "demo/error-500"}

pytestmark = pytest.mark.timeout(150)


@pytest.fixture
def gateway(tmp_path: Path, url_of: UrlOf) -> Iterator[Gateway]:
    running = Gateway(tmp_path, url_of("sqlite"), providers={"demo": {"type": "demo"}})
    running.start("--workers", "2")
    yield running
    running.stop()


@pytest.fixture
def client(gateway: Gateway, url_of: UrlOf) -> Iterator[httpx.Client]:
    """A caller with limits; each request has a connection of its own, so any worker answers it."""
    with closing(Database(url_of("sqlite"))) as database:
        headers = {"authorization": f"Bearer {customer(database, requests=10_000).key}"}
    limits = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(
        base_url=gateway.url, headers=headers, limits=limits, timeout=20
    ) as one_by_one:
        yield one_by_one


def figures(client: httpx.Client, gateway: Gateway) -> dict[str, float]:
    """The sum of each metric."""
    found: dict[str, float] = {}
    answer = client.get("/metrics")
    assert answer.status_code == 200, gateway.logged[-3000:]
    for family in text_string_to_metric_families(answer.text):
        for each in family.samples:
            found[each.name] = found.get(each.name, 0) + each.value
    return found


def test_every_worker_tells_the_same_and_nothing_goes_backwards(
    gateway: Gateway, client: httpx.Client
) -> None:
    for body in [ECHO, STREAM] * 20 + [BROKEN]:
        client.post("/v1/chat/completions", json=body)
    time.sleep(1.2)  # what is not published yet, others do not know, and it dies with its worker
    told = [figures(client, gateway) for _ in range(10)]
    assert {each["orouter_requests_total"] for each in told} == {41}
    assert {each["orouter_workers"] for each in told} == {2}
    assert told[0]["orouter_time_to_first_token_seconds_count"] == 20
    assert told[0]["orouter_errors_total"] == 1
    assert told[0]["orouter_upstream_attempts_total"] == 44  # three retries
    assert told[0]["orouter_limit_used_ratio"] > 0
    victim, *_ = gateway.workers()
    os.kill(victim, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while (now := figures(client, gateway))["orouter_workers"] != 2 or victim in gateway.workers():
        assert now["orouter_requests_total"] == 41
        assert time.monotonic() < deadline
    assert now["orouter_requests_total"] == 41
    assert now["process_cpu_seconds_total"] >= told[0]["process_cpu_seconds_total"]
