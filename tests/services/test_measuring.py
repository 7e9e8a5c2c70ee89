"""A gateway's figures, put together for Prometheus."""

import asyncio
import time
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from orouter import settings as configuration
from orouter.db.session import Database
from orouter.ids import ulid
from orouter.models import KeyCreate, LimitSet, OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.schemas.chat_reading import read_chat
from orouter.services import chat, keys, limits, measuring, organizations, serving
from orouter.services.accounting import Arrival
from orouter.services.gateway import Gateway
from orouter.services.key_secrets import Presented
from orouter.settings.observing import Metrics
from orouter.telemetry import families
from orouter.upstream.breaker import FAILURES_IN_A_ROW
from tests.services.serving_parts import gateway as made_up
from tests.services.test_serving import settings_for
from tests.services.test_tally import record
from tests.upstream.scripted import ScriptedClient

ASK = b'{"model":"demo/echo","messages":[{"role":"user","content":"hello"}]}'
NOW = 1_795_000_000_000_000


def values(text: str) -> dict[str, float]:
    """The sum of each metric's series."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for each in family.samples:
            found[each.name] = found.get(each.name, 0) + each.value
    return found


async def serve(gateway: Gateway, database: Database) -> None:
    new = KeyCreate.model_validate({"name": "ci"})
    issued = await database.run(keys.issue, "acme", new, CLI, pepper=gateway.keys.pepper)
    caller = await gateway.keys.authenticate(Presented(str(issued.key)), NOW)
    call = chat.begin(gateway, caller, read_chat(ASK), Arrival(ulid(NOW), "req_1", NOW, 0))
    await chat.complete(gateway, call)
    gateway.tally.finish(record(), call.settlement)


async def test_a_request_is_in_the_text_at_once(async_database: Database, tmp_path: Path) -> None:
    org = await async_database.run(organizations.create, OrganizationCreate(name="acme"), CLI)
    await async_database.run(limits.put, "org", org.id, LimitSet(requests=4), CLI)
    async with serving.gateway(settings_for(async_database, tmp_path, "journal")) as gateway:
        with measuring.begun(gateway, Metrics()) as figures:
            assert figures is not None
            await serve(gateway, async_database)
            text = await figures.text()
    found = values(text)
    assert 'model="demo/echo"' in text
    assert found["orouter_requests_total"] == 1
    assert found["orouter_tokens_total"] > 0
    assert found["orouter_cost_usd_total"] > 0
    assert found["orouter_database_up"] == found["orouter_workers"] == 1
    assert found["orouter_tasks"] >= len(asyncio.all_tasks())
    assert found["orouter_upstream_breakers_open"] == 0
    assert found["process_resident_memory_bytes"] > 1 << 20
    assert 'org="acme",period="month",dimension="requests"' in text


async def test_workers_of_one_node_answer_for_each_other(tmp_path: Path) -> None:
    section = Metrics(directory=str(tmp_path))
    one, other = made_up(), made_up()
    one.tally.enabled = other.tally.enabled = True
    with measuring.begun(one, section) as first, measuring.begun(other, section) as second:
        assert first is not None
        assert second is not None
        other.tally.finish(record("/health"), None)
        other.tally.in_flight = 2
        assert "orouter_workers 2" in await _node(second)
        text = await _node(first)
        assert "orouter_requests_in_flight 2" in text
        assert 'orouter_http_requests_total{path="/health",status="2xx"} 1' in text


async def _node(figures: measuring.Figures) -> str:
    return measuring.exposition.text(measuring.merged(figures.measuring.node()))


def test_nothing_is_measured_where_it_is_switched_off() -> None:
    with measuring.begun(made_up(), Metrics(enabled=False)) as figures:
        assert figures is None
    off = configuration.load(None, {"metrics.enabled": False}, environ={})
    assert not off.metrics.enabled


def test_breakers_and_resting_keys_are_told_by_provider() -> None:
    of = made_up(up=ScriptedClient(), other=ScriptedClient())
    endpoint = of.plan.routes.endpoints["up"]
    [credential] = endpoint.credentials
    for _ in range(FAILURES_IN_A_ROW):
        endpoint.breaker(credential, "gpt-4").failed(time.monotonic())
    endpoint.credentials.rest(credential, time.monotonic() + 60)
    found = {(each.family, *each.labels): each.value for each in measuring.of_gateway(of)}
    for family in (families.BREAKERS_OPEN.name, families.KEYS_RESTING.name):
        assert (found[family, "up"], found[family, "other"]) == (1, 0)
