"""``docs/parameters.md`` says what becomes of each parameter; here every cell of it is tried."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from orouter.dialects.base import Target
from orouter.errors import InvalidRequest, UnsupportedParameter
from orouter.providers.families import capabilities
from orouter.providers.registry import TYPES
from orouter.schemas.chat_reading import read_chat

JSON = dict[str, Any]

DOCUMENT = Path(__file__).parents[2] / "docs" / "parameters.md"
COLUMNS = {
    "GPT-4.1": ("openai", "gpt-4.1"),
    "GPT-5": ("openai", "gpt-5"),
    "Claude 5.5": ("anthropic", "claude-opus-5-5"),
    "Claude 4.5": ("anthropic", "claude-sonnet-4-5"),
    "Gemini 4": ("google", "gemini-4-argon"),
    "Gemini 3": ("google", "gemini-3.1-pro-preview"),
    "Gemini 2.5": ("google", "gemini-2.5-flash"),
    "OpenRouter": ("openrouter", "x-ai/grok-4"),
    "compatible": ("compatible", "llama"),
}

HI: JSON = {"messages": [{"role": "user", "content": "hi"}]}
SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}
FUNCTION = {"name": "f", "description": "d", "parameters": SCHEMA}
TOOLS = {"tools": [{"type": "function", "function": FUNCTION}]}
AS_SCHEMA = {
    "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA}}
}
AS_OBJECT = {"response_format": {"type": "json_object"}}
SEARCH: JSON = {"web_search_options": {}}
AUDIO = {"modalities": ["text", "audio"], "audio": {"voice": "Kore", "format": "wav"}}

# What the row adds to a request, and to what request where it is not a plain one.
ROWS: dict[str, tuple[JSON, JSON]] = {
    "`temperature`": ({"temperature": 0.5}, {}),
    "`temperature` above 1": ({"temperature": 1.5}, {}),
    "`top_p`": ({"top_p": 0.9}, {}),
    "`top_p` beside `temperature`": ({"top_p": 0.9}, {"temperature": 0.5}),
    "`top_k`": ({"top_k": 5}, {}),
    "`frequency_penalty`, `presence_penalty`": (
        {"frequency_penalty": 0.5, "presence_penalty": 0.5},
        {},
    ),
    "`seed`": ({"seed": 7}, {}),
    "`stop`": ({"stop": ["END"]}, {}),
    "`max_tokens`": ({"max_tokens": 500}, {}),
    "`max_completion_tokens`": ({"max_completion_tokens": 500}, {}),
    "`n` above 1": ({"n": 2}, {}),
    "`logprobs`, `top_logprobs`": ({"logprobs": True, "top_logprobs": 3}, {}),
    "`logit_bias`": ({"logit_bias": {"50256": -100}}, {}),
    "`reasoning_effort`": ({"reasoning_effort": "high"}, {}),
    "`reasoning.effort`": ({"reasoning": {"effort": "high"}}, {}),
    "`reasoning.max_tokens`": ({"reasoning": {"max_tokens": 2000}}, {}),
    "`verbosity`": ({"verbosity": "low"}, {}),
    "`tools` of functions": (TOOLS, {}),
    "`tools` of type `custom`": ({"tools": [{"type": "custom", "custom": {"name": "c"}}]}, {}),
    "`tool_choice` `required`": ({"tool_choice": "required"}, TOOLS),
    "`parallel_tool_calls` `false`": ({"parallel_tool_calls": False}, TOOLS),
    "`functions`": ({"functions": [FUNCTION]}, {}),
    "`response_format` `json_object`": (AS_OBJECT, {}),
    "`json_object` beside `tools`": (AS_OBJECT, TOOLS),
    "`response_format` `json_schema`": (AS_SCHEMA, {}),
    "`json_schema` beside `tools`": (AS_SCHEMA, TOOLS),
    "`json_schema` beside the provider's own tools": (
        AS_SCHEMA,
        {"tools": [{"type": "web_search"}]},
    ),
    "`web_search_options`": (SEARCH, {}),
    "`web_search_options` beside `tools`": (SEARCH, TOOLS),
    "`modalities` with `audio`": (AUDIO, {}),
    "`service_tier` `flex`": ({"service_tier": "flex"}, {}),
    "`service_tier` `default`": ({"service_tier": "default"}, {}),
    "`user`": ({"user": "u1"}, {}),
    "`safety_identifier`": ({"safety_identifier": "u1"}, {}),
    "`metadata`": ({"metadata": {"k": "v"}}, {}),
    "`store`": ({"store": False}, {}),
    "`prediction`": ({"prediction": {"type": "content", "content": "a"}}, {}),
    "`cache_control`": ({"cache_control": {"type": "ephemeral"}}, {}),
    "`prompt_cache_key`": ({"prompt_cache_key": "k"}, {}),
    "`provider`": ({"provider": {"order": ["x"]}}, {}),
    "`models`": ({"models": ["x/y"]}, {}),
    "`usage`, `transforms`": ({"usage": {"include": True}, "transforms": []}, {}),
    "a field that nobody knows": ({"guided_regex": "a+"}, {}),
}


def body(kind: str, model: str, fields: JSON) -> JSON:
    request = read_chat(msgspec.json.encode({"model": "m", **HI, **fields}))
    target = Target(provider=kind, kind=kind, model=model, capabilities=capabilities(kind, model))
    sent: JSON = msgspec.json.decode(TYPES[kind].dialect.encode_request(request, target).body)
    return sent


def outcome(kind: str, model: str, added: JSON, base: JSON) -> str:
    """What becomes of ``added`` in one word, as the document says it."""
    before = body(kind, model, base)
    try:
        after = body(kind, model, {**base, **added})
    except UnsupportedParameter:
        return "400"
    except InvalidRequest:
        return "invalid"
    if after == before:
        return "dropped"
    return "passed" if after == {**before, **added} else "changed"


def documented() -> dict[str, list[str]]:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return {row[0]: row[1:] for row in rows if not row[0].startswith("---")}


def test_the_columns_are_those_that_are_tried() -> None:
    assert documented()["parameter"] == list(COLUMNS)


def test_every_parameter_tried_is_documented_and_the_other_way_round() -> None:
    assert list(documented())[1:] == list(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_the_document_is_right_about(row: str) -> None:
    added, base = ROWS[row]
    found = [outcome(kind, model, added, base) for kind, model in COLUMNS.values()]
    assert documented()[row] == found
