"""Providers over HTTP: kept sealed, bound to their address, and shown without their keys."""

from collections.abc import Iterator
from typing import Any

import pytest

from orouter.services import stored_settings
from tests.api.edge import Edge, until
from tests.provider_lists import GOOD_KEY, listing_provider

CANARY = "canary-of-a-provider-key-7777"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with listing_provider() as url:
        yield url


async def added(served: Edge, **fields: Any) -> dict[str, Any]:
    body = {"name": "mine", "type": "compatible", "base_url": "http://localhost:1/v1", **fields}
    answer = await served.operate("POST", "/providers", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def named(served: Edge, name: str) -> dict[str, Any]:
    answer = await served.operate("GET", f"/providers/{name}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_the_life_of_a_stored_provider(served: Edge) -> None:
    made = await added(served, api_keys=[CANARY], headers={"x-team": CANARY}, timeout_s=7)
    assert made["keys"] == [{"last4": "7777"}]
    assert (made["origin"], made["editable"], made["enabled"]) == ("stored", True, True)
    assert (made["headers"], made["timeout_s"], made["problem"]) == (["x-team"], 7, None)
    assert made["stats_1h"] == {"requests": 0, "errors": 0, "p50_ms": None, "p95_ms": None}
    listed = (await served.operate("GET", "/providers")).json()["items"]
    assert [item["name"] for item in listed][:5] == [
        *("demo", "openai", "anthropic", "google", "openrouter")
    ]
    assert made in listed

    changed = {"timeout_s": None, "allow_unlisted_models": True}
    answer = await served.operate("PATCH", "/providers/mine", json=changed)
    assert answer.json()["timeout_s"] is None
    assert answer.json()["keys"] == [{"last4": "7777"}]
    off = await served.operate("PATCH", "/providers/mine", json={"enabled": False})
    assert (off.json()["enabled"], off.json()["allow_unlisted_models"]) == (False, True)
    assert (await served.operate("DELETE", "/providers/mine")).status_code == 204
    assert (await served.operate("GET", "/providers/mine")).status_code == 404


async def test_no_key_leaves_or_lies_open_in_the_database(served_once: Edge) -> None:
    await added(served_once, api_keys=[CANARY], headers={"x-team": CANARY})
    shown = await served_once.operate("GET", "/providers")
    stored = await served_once.database.run_readonly(stored_settings.all_values)
    assert CANARY not in shown.text
    assert CANARY not in str(stored)
    wrong = {"name": "other", "type": "openai", "api_keys": [CANARY], "nonsense": CANARY}
    assert CANARY not in (await served_once.operate("POST", "/providers", json=wrong)).text


async def test_another_address_wants_the_keys_again(served_once: Edge) -> None:
    await added(served_once, api_keys=[CANARY], headers={"x-team": "blue"})
    elsewhere = {"base_url": "https://elsewhere.example/v1"}
    answer = await served_once.operate("PATCH", "/providers/mine", json=elsewhere)
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, "api_keys")
    answer = await served_once.operate(
        "PATCH", "/providers/mine", json={**elsewhere, "api_keys": [CANARY]}
    )
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, "headers")
    every = {**elsewhere, "api_keys": ["another-key-9999"], "headers": {}}
    answer = await served_once.operate("PATCH", "/providers/mine", json=every)
    assert answer.json()["keys"] == [{"last4": "9999"}]
    assert answer.json()["headers"] == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": "Mine"}, 422),
        ({"name": "a.b"}, 422),
        ({"name": "demo", "type": "openai"}, 409),
        ({"type": "nonsense"}, 422),
        ({"base_url": ""}, 422),
        ({"base_url": "http://public.example"}, 422),
        ({"base_url": "https://user:pw@host.example"}, 422),
        ({"base_url": "http://169.254.169.254/latest"}, 422),
        ({"base_url": "http://2852039166"}, 422),
        ({"base_url": "http://[::ffff:169.254.169.254]/"}, 422),
        ({"base_url": "http://metadata.google.internal"}, 422),
        ({"base_url": "https://100.100.100.200"}, 422),
        ({"headers": {"bad header": "x"}}, 422),
        ({"headers": {"x-team": "a\r\nb"}}, 422),
        ({"type": "openai", "base_url": "", "enabled": True}, 422),
    ],
)
async def test_what_cannot_be_a_provider_is_refused(
    served_once: Edge, fields: dict[str, Any], status: int
) -> None:
    body = {"name": "mine", "type": "compatible", "base_url": "https://host.example", **fields}
    answer = await served_once.operate("POST", "/providers", json=body)
    assert answer.status_code == status, answer.text
    assert await served_once.database.run_readonly(stored_settings.all_values) == {}


async def test_a_name_is_taken_once(served_once: Edge) -> None:
    await added(served_once)
    body = {"name": "mine", "type": "openai", "api_keys": [CANARY]}
    assert (await served_once.operate("POST", "/providers", json=body)).status_code == 409


async def test_a_built_in_provider_gets_its_key_here(served_once: Edge) -> None:
    assert (await named(served_once, "openai"))["origin"] == "built-in"
    body = {"api_keys": [CANARY]}
    answer = await served_once.operate("PATCH", "/providers/openai", json=body)
    assert (answer.json()["origin"], answer.json()["enabled"]) == ("stored", True)
    assert answer.json()["base_url"] == "https://api.openai.com/v1"
    await served_once.operate("DELETE", "/providers/openai")
    assert (await named(served_once, "openai"))["enabled"] is False


async def test_a_stored_provider_serves_within_a_second(served_once: Edge) -> None:
    await added(served_once, allow_unlisted_models=True)

    async def served() -> bool:
        return "mine" in served_once.plan.routes.endpoints

    await until(served)


async def test_the_last_hour_is_told(served: Edge) -> None:
    key = await served.issue("ci")
    await served.chat(key)
    await served.chat(key, model="demo/error-500")

    async def counted() -> bool:
        return bool((await named(served, "demo"))["stats_1h"]["requests"] == 2)

    await until(counted)
    demo = await named(served, "demo")
    assert demo["stats_1h"]["errors"] == 1
    assert demo["stats_1h"]["p50_ms"] > 0
    assert demo["last_error"]["message"]


async def test_a_provider_is_tried(served_once: Edge, address: str) -> None:
    await added(served_once, type="openai", base_url=address, api_keys=[GOOD_KEY, CANARY])
    tried = (await served_once.operate("POST", "/providers/mine/test")).json()
    assert [key["ok"] for key in tried["keys"]] == [True, False]
    assert tried["models"] > 0
    assert "Incorrect API key" in tried["error"]
    assert CANARY not in str(tried)
    assert not tried["ok"]
    assert (await served_once.operate("POST", "/providers/demo/test")).json()["ok"]
    assert (await served_once.operate("POST", "/providers/nobody/test")).status_code == 404


async def test_keys_may_not(served_once: Edge) -> None:
    admin = await served_once.issue("admin", "admin")
    body = {"name": "mine", "type": "openai", "api_keys": [CANARY]}
    for method, path, sent in (
        ("GET", "", None),
        ("GET", "/demo", None),
        ("POST", "", body),
        ("PATCH", "/demo", {"enabled": False}),
        ("DELETE", "/demo", None),
        ("POST", "/demo/test", None),
    ):
        answer = await served_once.ask(method, f"/api/v1/providers{path}", admin, json=sent)
        assert answer.status_code == 403, (method, path)
