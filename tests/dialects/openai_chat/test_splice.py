"""What is sent as the caller's own bytes, and what must not be."""

import json
from typing import Any

import pytest

from orouter.dialects.base import Capabilities, Target
from orouter.dialects.openai_chat.splice import spliced
from orouter.schemas.chat_reading import read_chat

HI = [{"role": "user", "content": 'say "model" twice'}]
TARGET = Target(provider="openai", kind="openai", model='gpt-"4"')


def sent(body: bytes, target: Target = TARGET) -> bytes | None:
    return spliced(read_chat(body), target)


def asking(**fields: Any) -> bytes:
    return json.dumps({"model": "openai/gpt-4", "messages": HI, **fields}).encode()


WRITTEN = b'"model": "openai/gpt-4"'


@pytest.mark.parametrize("form", [WRITTEN, b'"model":"openai/gpt-4"'])
def test_only_the_name_of_the_model_changes(form: bytes) -> None:
    body = asking(temperature=0.5).replace(WRITTEN, form)
    result = sent(body)
    assert result is not None
    assert json.loads(result) == {**json.loads(body), "model": 'gpt-"4"'}
    assert len(result) == len(body) - len(b'"openai/gpt-4"') + len(json.dumps('gpt-"4"'))


OTHERS: dict[str, bytes] = {
    "a field of others": asking(provider={"only": ["a"]}),
    "an unknown field": asking(top_k=3),
    "tools": asking(tools=[{"type": "function", "function": {"name": "f"}}]),
    "a stream": asking(stream=True),
    "a message with a mark": asking(messages=[{**HI[0], "cache_control": {}}]),
    "a list as content": asking(messages=[{"role": "user", "content": []}]),
    "another model further in": asking(metadata={"model": "x"}),
    "another model as a value": asking(user="model"),
    "a spelling that no client has": asking().replace(WRITTEN, b'"model" : "openai/gpt-4"'),
    "an escape in the name": asking().replace(WRITTEN, b'"model":"openai\\/gpt-4"'),
    "a name in disguise": asking(metadata={"model": "openai/gpt-4"}).replace(
        b'"model"', b'"\\u006dodel"', 1
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_anything_else_goes_the_long_way(name: str) -> None:
    assert sent(OTHERS[name]) is None


@pytest.mark.parametrize(
    "target",
    [
        Target(provider="a", kind="compatible", model="m"),
        Target(provider="a", kind="openai", model="o", capabilities=Capabilities(thinking="level")),
        Target(
            provider="a", kind="openai", model="o", capabilities=Capabilities(system_role=False)
        ),
    ],
)
def test_models_that_take_less_go_the_long_way(target: Target) -> None:
    assert sent(asking(), target) is None
