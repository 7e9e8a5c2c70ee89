"""Settings over HTTP: told with their origin, changed at once, validated as a whole."""

from typing import Any

import pytest

from tests.api.edge import Edge, until


async def listed(served: Edge) -> dict[str, dict[str, Any]]:
    answer = await served.operate("GET", "/settings")
    assert answer.status_code == 200
    return {item["path"]: item for item in answer.json()["items"]}


async def test_every_setting_is_told_with_its_origin(served_once: Edge) -> None:
    found = await listed(served_once)
    retries = found["routing.max_retries"]
    assert (retries["value"], retries["default"], retries["origin"]) == (3, 3, "default")
    assert (retries["kind"], retries["minimum"], retries["maximum"]) == ("integer", 0, 3)
    assert retries["editable"]
    assert not retries["restart_needed"]
    assert found["database.url"]["origin"] == "flag"
    assert found["server.port"]["restart_needed"]
    assert not found["server.port"]["editable"]
    assert found["logging.level"]["choices"] == ["DEBUG", "INFO", "WARNING", "ERROR"]
    assert all(item["description"] for item in found.values())


async def test_secrets_are_masked(served_once: Edge) -> None:
    answer = await served_once.operate("GET", "/settings")
    assert "a-secret-key" not in answer.text
    assert (await listed(served_once))["secret_key"]["value"] == "***"


async def test_a_change_is_in_force_at_once_and_can_be_taken_back(served: Edge) -> None:
    body = {"values": {"routing.max_retries": 1, "server.cors_origins": ["https://a.example"]}}
    answer = await served.operate("PATCH", "/settings", json=body)
    assert answer.status_code == 200
    found = await listed(served)
    assert (found["routing.max_retries"]["value"], found["routing.max_retries"]["origin"]) == (
        1,
        "stored",
    )

    async def followed() -> bool:
        return served.plan.retries.max_retries == 1

    await until(followed)
    assert served.plan.cors_origins == {b"https://a.example"}
    await served.operate("DELETE", "/settings/routing.max_retries")
    forgotten = {"values": {"server.cors_origins": None}}
    await served.operate("PATCH", "/settings", json=forgotten)
    found = await listed(served)
    assert found["routing.max_retries"]["value"] == 3
    assert found["server.cors_origins"]["value"] == []


@pytest.mark.parametrize(
    ("values", "status", "param"),
    [
        ({"routing.max_retries": 9}, 422, "routing.max_retries"),
        ({"routing.max_retries": "many"}, 422, "routing.max_retries"),
        ({"server.cors_origins": ["nonsense"]}, 422, "server.cors_origins.0"),
        ({"server.port": 9}, 400, "server.port"),
        ({"secret_key": "x" * 40}, 400, "secret_key"),
        ({"routing.nonsense": 1}, 404, "routing.nonsense"),
        ({"providers.demo.enabled": False}, 404, "providers.demo.enabled"),
        ({"routing.timeout_s": {"a": 1}}, 422, "values.routing.timeout_s.str"),
        ({}, 422, "values"),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    served_once: Edge, values: dict[str, Any], status: int, param: str
) -> None:
    change = {"values": {**values, **({"logging.level": "DEBUG"} if values else {})}}
    answer = await served_once.operate("PATCH", "/settings", json=change)
    assert (answer.status_code, answer.json()["error"]["param"]) == (status, param)
    assert (await listed(served_once))["logging.level"]["value"] == "INFO"


async def test_there_must_be_something_to_reset(served_once: Edge) -> None:
    for path in ("logging.level", "nonsense"):
        answer = await served_once.operate("DELETE", f"/settings/{path}")
        assert answer.status_code == 404


async def test_keys_may_not(served_once: Edge) -> None:
    admin = await served_once.issue("admin", "admin")
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", "/logging.level")):
        body = {"json": {"values": {"logging.level": "DEBUG"}}} if method == "PATCH" else {}
        answer = await served_once.ask(method, f"/api/v1/settings{path}", admin, **body)
        assert answer.status_code == 403
