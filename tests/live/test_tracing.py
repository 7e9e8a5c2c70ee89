"""Spans of a served node reach a collector, and providers get the context."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from orouter.db.session import Database
from tests.conftest import UrlOf
from tests.live import books
from tests.live.cluster import customer
from tests.live.gateway import Gateway
from tests.live.upstream import Upstream
from tests.telemetry.collector import Collector, collecting

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
ASK = {"model": "local/m", "messages": [{"role": "user", "content": "canary-of-a-prompt"}]}

pytestmark = pytest.mark.timeout(150)


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as server:
        yield server


@pytest.fixture
def gateway(
    tmp_path: Path, url_of: UrlOf, provider: Upstream, collector: Collector
) -> Iterator[Gateway]:
    provider.forget()
    local = {"type": "compatible", "base_url": f"{provider.url}/v1", "allow_unlisted_models": True}
    tracing = {"endpoint": f"{collector.url}/v1/traces", "headers": {"x-key": "canary-of-a-key"}}
    running = Gateway(tmp_path, url_of("sqlite"), providers={"local": local}, tracing=tracing)
    running.start()
    yield running
    running.stop()


def test_a_collector_gets_the_spans_and_the_provider_the_context(
    gateway: Gateway, collector: Collector, provider: Upstream, url_of: UrlOf
) -> None:
    with closing(Database(url_of("sqlite"))) as database:
        key = customer(database).key
    headers = {"authorization": f"Bearer {key}", "traceparent": f"00-{TRACE}-{PARENT}-01"}
    with httpx.Client(base_url=gateway.url, headers=headers, timeout=20) as client:
        for stream in (False, True):
            answer = client.post("/v1/chat/completions", json={**ASK, "stream": stream})
            assert answer.status_code == 200
    books.seconds_until(lambda: len(collector.spans) == 4, 10)
    assert {span["traceId"] for span in collector.spans} == {TRACE}
    requests = [span for span in collector.spans if span["kind"] == 2]
    attempts = {span["spanId"]: span for span in collector.spans if span["kind"] == 3}
    assert {span["parentSpanId"] for span in requests} == {PARENT}
    told = [served.headers["traceparent"] for served in provider.served]
    assert told == [f"00-{TRACE}-{span_id}-01" for span_id in attempts]
    assert {span["attributes"]["server.port"] for span in attempts.values()} == {str(provider.port)}
    path, sent, body = collector.requests[0]
    assert (path, sent["x-key"]) == ("/v1/traces", "canary-of-a-key")
    assert "canary-of-a-prompt" not in str(body)
    assert "canary-of-a-key" not in gateway.logged
