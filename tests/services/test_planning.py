from typing import Any

import pytest

from orouter import settings as configuration
from orouter.errors import ModelNotFound
from orouter.schemas.chat_reading import read_chat
from orouter.services import planning
from orouter.services.gateway import Plan
from orouter.settings import Settings
from tests.upstream.scripted import ScriptedClient

HTTP, DEMO = ScriptedClient(), ScriptedClient()


def settings(**flags: Any) -> Settings:
    dotted = {name.replace("__", "."): value for name, value in flags.items()}
    return configuration.load(None, dotted, environ={})


def plan(**flags: Any) -> Plan:
    return planning.plan(settings(**flags), HTTP, DEMO)


def test_only_enabled_providers_are_reached() -> None:
    planned = plan(providers__openai__api_key="sk-test-key", providers__demo__enabled=True)
    assert set(planned.routes.endpoints) == {"openai", "demo"}
    assert planned.routes.endpoints["demo"].client is DEMO
    assert planned.routes.endpoints["openai"].client is HTTP


def test_an_endpoint_knows_its_address_key_and_headers() -> None:
    planned = plan(
        providers__anthropic__api_key="sk-ant-key",
        providers__anthropic__timeout_s=5,
        providers__anthropic__headers={"X-Team": "blue"},
    )
    found = planned.routes.endpoints["anthropic"]
    assert found.base_url == "https://api.anthropic.com"
    assert found.credentials.pick(0.0).secret == "sk-ant-key"
    assert found.headers["anthropic-version"] == "2023-06-01"
    assert found.headers["x-team"] == "blue"
    assert found.headers["accept-encoding"] == "identity"
    assert found.answer_timeout_s == 5


def test_an_operators_address_replaces_the_types_own() -> None:
    planned = plan(
        providers__openai__api_key="sk-test-key",
        providers__openai__base_url="http://127.0.0.1:1/v1",
    )
    assert planned.routes.endpoints["openai"].base_url == "http://127.0.0.1:1/v1"


def test_serving_follows_the_settings() -> None:
    planned = plan(
        server__max_body_mb=1,
        server__environment="development",
        server__cors_origins="https://app.example.com",
        routing__max_retries=1,
        routing__timeout_s=7,
    )
    assert planned.max_body == 1 << 20
    assert planned.show_detail
    assert planned.cors_origins == {b"https://app.example.com"}
    assert (planned.retries.max_retries, planned.retries.deadline_s) == (1, 7)


def test_without_providers_there_are_no_models() -> None:
    asked = read_chat(b'{"model":"openai/gpt-4","messages":[{"role":"user","content":"hi"}]}')
    with pytest.raises(ModelNotFound):
        plan().routes.candidates(asked)
