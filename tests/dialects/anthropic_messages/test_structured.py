"""response_format: natively where it can be said, else by a call that is the answer."""

from typing import Any

import pytest

from orouter.dialects.anthropic_messages.structured import ANSWER_TOOL, native_schema
from tests.dialects.anthropic_messages.exchange import BUDGET, FABLE, NEW, OLD, WEATHER, encode

CLOSED = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
OPEN = {"type": "object", "additionalProperties": {"type": "number"}}


def schema_format(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "json_schema",
        "json_schema": {"name": "out", "strict": True, "schema": schema},
    }


@pytest.mark.parametrize("model", [BUDGET, NEW])
def test_natively(model: str) -> None:
    body = encode(model, response_format=schema_format(CLOSED))
    assert body["output_config"] == {
        "format": {"type": "json_schema", "schema": {**CLOSED, "additionalProperties": False}}
    }
    assert "tools" not in body


@pytest.mark.parametrize(("model", "schema"), [(OLD, CLOSED), (NEW, OPEN)])
def test_by_a_forced_call(model: str, schema: dict[str, Any]) -> None:
    body = encode(model, response_format=schema_format(schema))
    (tool,) = body["tools"]
    assert (tool["name"], tool["input_schema"]) == (ANSWER_TOOL, schema)
    choice = {"type": "tool", "name": ANSWER_TOOL, "disable_parallel_tool_use": True}
    assert body["tool_choice"] == choice
    assert "output_config" not in body


def test_any_object_adds_nothing_to_the_prompt() -> None:
    body = encode(response_format={"type": "json_object"})
    assert "system" not in body
    assert body["tools"][0]["input_schema"] == {"type": "object", "additionalProperties": True}


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        ("auto", {"type": "any", "disable_parallel_tool_use": True}),
        ("none", {"type": "tool", "name": ANSWER_TOOL, "disable_parallel_tool_use": True}),
    ],
)
def test_beside_other_tools(choice: str, sent: dict[str, Any]) -> None:
    body = encode(response_format={"type": "json_object"}, tools=[WEATHER], tool_choice=choice)
    assert [tool["name"] for tool in body["tools"]] == ["weather", ANSWER_TOOL]
    assert body["tool_choice"] == sent


def test_a_forced_tool_of_the_caller_needs_no_answer() -> None:
    fields: dict[str, Any] = {"tools": [WEATHER], "tool_choice": "required"}
    body = encode(response_format={"type": "json_object"}, **fields)
    assert [tool["name"] for tool in body["tools"]] == ["weather"]


def test_a_model_that_cannot_be_forced_is_asked() -> None:
    body = encode(FABLE, response_format={"type": "json_object"})
    assert body["tool_choice"] == {"type": "auto", "disable_parallel_tool_use": True}


def test_text_asks_for_nothing() -> None:
    assert not {"tools", "output_config"} & set(encode(response_format={"type": "text"}))


@pytest.mark.parametrize(
    ("schema", "native"),
    [
        (
            {"type": "integer", "minimum": 1, "maximum": 9, "description": "A digit"},
            {"type": "integer", "description": "A digit\n\n{minimum: 1, maximum: 9}"},
        ),
        ({"type": "string", "format": "email"}, {"type": "string", "format": "email"}),
        (
            {"type": "string", "format": "phone"},
            {"type": "string", "description": "{format: phone}"},
        ),
        (
            {"type": "array", "items": CLOSED, "minItems": 1},
            {"type": "array", "items": {**CLOSED, "additionalProperties": False}, "minItems": 1},
        ),
        (
            {"type": "array", "minItems": 2},
            {"type": "array", "description": "{minItems: 2}"},
        ),
        (
            {"oneOf": [{"type": "null"}, CLOSED]},
            {"anyOf": [{"type": "null"}, {**CLOSED, "additionalProperties": False}]},
        ),
        (
            {"$ref": "#/$defs/a", "$defs": {"a": CLOSED}},
            {"$ref": "#/$defs/a", "$defs": {"a": {**CLOSED, "additionalProperties": False}}},
        ),
        ({"enum": ["a", 1], "type": ["string", "integer"]},) * 2,
        (OPEN, None),
        ({"type": "object", "additionalProperties": True, "properties": {}}, None),
        ({"type": "array", "items": OPEN}, None),
    ],
)
def test_schemas(schema: dict[str, Any], native: dict[str, Any] | None) -> None:
    assert native_schema(schema) == native


def test_a_property_may_be_named_like_a_keyword() -> None:
    schema = {"type": "object", "properties": {"minimum": {"type": "string"}}}
    assert native_schema(schema) == {**schema, "additionalProperties": False}
