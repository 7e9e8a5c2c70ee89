"""Models, aliases and fallbacks over HTTP, as the models page needs them."""

from typing import Any

import httpx
import pytest

from orouter.errors import ModelNotFound
from tests.api.edge import Edge, until

GPT = "/models/openai/gpt-4o"


async def page(served: Edge, query: str) -> dict[str, Any]:
    answer = await served.operate("GET", f"/models?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_models_are_listed_filtered_and_paged(served_once: Edge) -> None:
    every = await page(served_once, "page_size=200")
    assert every["total"] > 100
    demo = await page(served_once, "provider=demo&page_size=2&page=2")
    assert [item["id"] for item in demo["items"]] == ["demo/error-500", "demo/lorem"]
    assert demo["total"] == 6
    assert (await page(served_once, "enabled=true"))["total"] == 6
    assert (await page(served_once, "enabled=false"))["total"] == every["total"] - 6
    found = await page(served_once, "search=/GPT-4O&provider=openai&sort=-id")
    assert [item["id"] for item in found["items"]][-1] == "openai/gpt-4o"
    assert all(
        item["price_origin"] == "none"
        for item in (await page(served_once, "unpriced=true"))["items"]
    )


async def test_a_model_is_told_whole(served_once: Edge) -> None:
    found = (await served_once.operate("GET", GPT)).json()
    assert (found["provider"], found["upstream"], found["origin"]) == (
        "openai",
        "gpt-4o",
        "shipped",
    )
    assert (found["price_origin"], found["stored"]) == ("catalogue", [])
    assert (found["enabled"], found["provider_enabled"]) == (True, False)
    assert set(found["prices"]) == {
        *("input_per_mtok", "output_per_mtok", "cached_input_per_mtok", "cache_write_per_mtok")
    }
    assert (await served_once.operate("GET", "/models/openai/gpt-4o-nonsense")).status_code == 404


async def test_prices_are_sorted_as_numbers_and_the_unknown_comes_last(served_once: Edge) -> None:
    body = {"id": "demo/mine"}
    assert (await served_once.operate("POST", "/models", json=body)).status_code == 201
    for price in ("9", "10"):
        name = f"demo/at-{price}"
        body = {"id": name, "input_per_mtok": price, "output_per_mtok": 1}
        made = (await served_once.operate("POST", "/models", json=body)).json()
        assert made["prices"]["input_per_mtok"] == price
    for sort, ids in (("", ["demo/at-9", "demo/at-10"]), ("-", ["demo/at-10", "demo/at-9"])):
        found = await page(served_once, f"search=demo/at&sort={sort}input_per_mtok")
        assert [item["id"] for item in found["items"]] == ids


async def test_a_correction_holds_and_is_taken_back(served: Edge) -> None:
    change = {"input_per_mtok": "0.10", "output_per_mtok": 7.5, "context": 1000, "enabled": False}
    found = (await served.operate("PATCH", GPT, json=change)).json()
    assert (found["prices"]["input_per_mtok"], found["prices"]["output_per_mtok"]) == ("0.1", "7.5")
    assert (found["context"], found["enabled"], found["price_origin"]) == (1000, False, "stored")
    assert sorted(found["stored"]) == sorted(change)
    found = (await served.operate("PATCH", GPT, json={"context": None, "enabled": True})).json()
    assert found["context"] > 1000
    assert sorted(found["stored"]) == ["enabled", "input_per_mtok", "output_per_mtok"]
    assert (await served.operate("DELETE", GPT)).status_code == 204
    assert (await served.operate("GET", GPT)).json()["stored"] == []
    assert (await served.operate("DELETE", GPT)).status_code == 404


async def test_a_switch_holds_on_the_data_plane(served_once: Edge) -> None:
    await served_once.operate("PATCH", "/models/demo/echo", json={"enabled": False})

    async def refused() -> bool:
        try:
            served_once.plan.routes.catalogue.resolve("demo/echo")
        except ModelNotFound:
            return True
        return False

    await until(refused)


async def test_an_added_model_goes_with_its_override(served_once: Edge) -> None:
    body = {"id": "demo/mine", "upstream": "echo", "context": 9}
    made = (await served_once.operate("POST", "/models", json=body)).json()
    assert (made["upstream"], made["origin"], made["context"]) == ("echo", "config", 9)
    assert (await served_once.operate("POST", "/models", json=body)).status_code == 409
    assert (await served_once.operate("DELETE", "/models/demo/mine")).status_code == 204
    assert (await served_once.operate("GET", "/models/demo/mine")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PATCH", GPT, {}, 400),
        ("PATCH", GPT, {"input_per_mtok": -1}, 422),
        ("PATCH", GPT, {"input_per_mtok": "NaN"}, 422),
        ("PATCH", GPT, {"capabilities": {}}, 422),
        ("PATCH", GPT, {"context": 0}, 422),
        ("POST", "/models", {"id": "openai/own", "output_per_mtok": 1}, 422),
        ("PATCH", "/models/nobody/gpt", {"context": 5}, 404),
        ("PATCH", "/models/openai/gpt-4o%00", {"context": 5}, 404),
        ("POST", "/models", {"id": "nobody/gpt"}, 422),
        ("POST", "/models", {"id": "gpt-4o"}, 422),
        ("POST", "/models", {"id": "openrouter/a\x00b"}, 422),
        ("GET", "/models?sort=nonsense", None, 400),
        ("GET", "/models?nonsense=1", None, 422),
        ("PUT", "/aliases/fast", {"model": "openai/nonsense"}, 404),
        ("PUT", "/aliases/fa%07st", {"model": "demo/echo"}, 400),
        ("DELETE", "/aliases/fast", None, 404),
        ("PUT", "/fallbacks/demo/echo", {"models": []}, 422),
        ("PUT", "/fallbacks/demo/echo", {"models": ["demo/echo"]}, 400),
        ("PUT", "/fallbacks/demo/echo", {"models": ["demo/lorem", "demo/lorem"]}, 400),
        ("PUT", "/fallbacks/demo/none", {"models": ["demo/lorem"]}, 404),
        ("DELETE", "/fallbacks/demo/echo", None, 404),
    ],
)
async def test_what_cannot_be_is_refused(
    served_once: Edge, method: str, path: str, body: Any, status: int
) -> None:
    answer = await served_once.operate(method, path, json=body)
    assert answer.status_code == status, answer.text


async def test_aliases_and_fallbacks(served: Edge) -> None:
    put = await served.operate("PUT", "/aliases/gpt/4.1", json={"model": "demo/echo"})
    told = {"name": "gpt/4.1", "model": "demo/echo", "origin": "stored", "editable": True}
    assert put.json()["items"] == [told]
    assert (await served.operate("GET", "/aliases")).json()["items"] == [told]
    assert (await served.operate("GET", "/models/gpt/4.1")).json()["aliases"] == ["gpt/4.1"]
    chained = await served.operate("PUT", "/aliases/other", json={"model": "gpt/4.1"})
    assert chained.status_code == 400

    body = {"models": ["demo/lorem", "demo/slow"]}
    put = await served.operate("PUT", "/fallbacks/demo/error-500", json=body)
    [told] = put.json()["items"]
    assert (told["model"], told["models"], told["origin"]) == (
        "demo/error-500",
        *body.values(),
        "stored",
    )
    key = await served.issue("ci")

    async def helped() -> bool:
        return (await served.chat(key, model="demo/error-500")).status_code == 200

    await until(helped)
    for path in ("/aliases/gpt/4.1", "/fallbacks/demo/error-500"):
        assert (await served.operate("DELETE", path)).status_code == 204
    assert (await served.operate("GET", "/fallbacks")).json()["items"] == []


async def test_use_is_counted_where_it_is_asked_for(served: Edge) -> None:
    key = await served.issue("ci")
    await served.chat(key)

    async def counted() -> bool:
        found = await page(served, "include=usage&sort=-requests_30d&page_size=2")
        first, second = found["items"]
        return bool(first["requests_30d"] == 1 and second["requests_30d"] == 0)

    await until(counted)
    assert (await page(served, "provider=demo"))["items"][0]["requests_30d"] is None


async def test_keys_may_look_and_change_nothing(served_once: Edge) -> None:
    admin = await served_once.issue("admin", "admin")

    async def asked(method: str, path: str, body: Any = None) -> httpx.Response:
        return await served_once.ask(method, f"/api/v1{path}", admin, json=body)

    for path in ("/models", GPT, "/aliases", "/fallbacks"):
        assert (await asked("GET", path)).status_code == 200
    for method, path, body in (
        ("POST", "/models", {"id": "demo/mine"}),
        ("PATCH", GPT, {"enabled": False}),
        ("DELETE", GPT, None),
        ("PUT", "/aliases/fast", {"model": "demo/echo"}),
        ("DELETE", "/aliases/fast", None),
        ("PUT", "/fallbacks/demo/echo", {"models": ["demo/lorem"]}),
        ("DELETE", "/fallbacks/demo/echo", None),
    ):
        assert (await asked(method, path, body)).status_code == 403, (method, path)
    assert (await served_once.client.get("/api/v1/models")).status_code == 401
