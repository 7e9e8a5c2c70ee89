"""Spans on their way to a collector that does not always answer."""

from collections.abc import Iterator
from functools import partial

import pytest

from orouter.telemetry import exporter as module
from orouter.telemetry.exporter import Exporter
from orouter.telemetry.spans import CLIENT, Span, export, new_context
from tests.live.gateway import free_port
from tests.telemetry.collector import Collector, collecting

ENCODE = partial(export, resource={"service.name": "orouter"}, version="1")


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as server:
        yield server


def span(name: str = "chat m") -> Span:
    return Span(name, CLIENT, new_context(sampled=True), "", 1, 2)


def to(collector: Collector) -> Exporter:
    return Exporter(f"{collector.url}/v1/traces", {"x-api-key": "secret"}, ENCODE)


def test_what_ended_is_sent_at_the_end_at_the_latest(collector: Collector) -> None:
    exporter = to(collector)
    exporter.start()
    for n in range(module.BATCH + 1):
        exporter.add(span(f"chat {n}"))
    exporter.stop()
    assert [each["name"] for each in collector.spans] == [
        f"chat {n}" for n in range(module.BATCH + 1)
    ]
    path, headers, _ = collector.requests[0]
    assert (path, headers["x-api-key"]) == ("/v1/traces", "secret")
    assert headers["content-type"] == "application/json"
    assert len(collector.requests) == 2


def test_a_collector_that_is_away_gets_them_later(collector: Collector) -> None:
    exporter = to(collector)
    collector.statuses = [503, 429]
    exporter.add(span("first"))
    exporter.add(span("second"))
    for _ in range(3):
        exporter._send_all()
    assert [each["name"] for each in collector.spans] == ["first", "second"]


@pytest.mark.parametrize("status", [400, 401, 302])
def test_what_is_refused_is_not_sent_again(collector: Collector, status: int) -> None:
    exporter = to(collector)
    collector.statuses = [status]
    exporter.add(span())
    exporter._send_all()
    exporter._send_all()
    assert collector.spans == []
    assert not exporter._spans


def test_nobody_there_bounds_what_waits() -> None:
    exporter = Exporter(f"http://127.0.0.1:{free_port()}/v1/traces", {}, ENCODE)
    for _ in range(module.MOST + 5):
        exporter.add(span())
    exporter._send_all()
    assert (len(exporter._spans), exporter.dropped) == (module.MOST, 5)
