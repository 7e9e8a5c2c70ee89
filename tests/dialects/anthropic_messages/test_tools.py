"""Tools, every choice among them, and web search."""

from typing import Any

import pytest

from orouter.errors import InvalidRequest, UnsupportedParameter
from tests.dialects.anthropic_messages.exchange import (
    BUDGET,
    FABLE,
    HI,
    NEW,
    OLD,
    WEATHER,
    call,
    encode,
)

TIME = {"type": "function", "function": {"name": "time"}}
ALLOWED = {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [TIME]}}


def test_definitions() -> None:
    assert encode(tools=[WEATHER, TIME])["tools"] == [
        {
            "name": "weather",
            "description": "Tells the weather",
            "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}},
        },
        {"name": "time", "input_schema": {"type": "object", "properties": {}}},
    ]


def test_a_schema_without_a_type_is_an_object() -> None:
    bare = {"type": "function", "function": {"name": "f", "parameters": {"properties": {}}}}
    assert encode(tools=[bare])["tools"][0]["input_schema"]["type"] == "object"


@pytest.mark.parametrize(("model", "is_strict"), [(NEW, True), (BUDGET, True), (OLD, None)])
def test_strict(model: str, is_strict: bool | None) -> None:
    function = {**WEATHER["function"], "strict": True}
    (tool,) = encode(model, tools=[{"type": "function", "function": function}])["tools"]
    assert tool.get("strict") is is_strict
    assert ("additionalProperties" in tool["input_schema"]) is bool(is_strict)


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        (None, None),
        ("auto", {"type": "auto"}),
        ("none", {"type": "none"}),
        ("required", {"type": "any"}),
        ({"type": "function", "function": {"name": "time"}}, {"type": "tool", "name": "time"}),
        (ALLOWED, {"type": "any"}),
    ],
)
def test_choices(choice: Any, sent: Any) -> None:
    assert encode(tools=[WEATHER, TIME], tool_choice=choice).get("tool_choice") == sent


def test_allowed_tools_narrow_the_list() -> None:
    body = encode(tools=[WEATHER, TIME], tool_choice=ALLOWED)
    assert [tool["name"] for tool in body["tools"]] == ["time"]


def test_no_tool_is_allowed() -> None:
    nothing = {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}
    assert encode(tools=[WEATHER], tool_choice=nothing) == encode()


@pytest.mark.parametrize("choice", ["sometimes", {"type": "custom"}])
def test_an_unknown_choice_is_refused(choice: Any) -> None:
    with pytest.raises(InvalidRequest) as caught:
        encode(tools=[WEATHER], tool_choice=choice)
    assert caught.value.param == "tool_choice"


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        (None, {"type": "auto", "disable_parallel_tool_use": True}),
        ("required", {"type": "any", "disable_parallel_tool_use": True}),
        ("none", {"type": "none"}),
    ],
)
def test_one_call_at_a_time(choice: Any, sent: Any) -> None:
    body = encode(tools=[WEATHER], tool_choice=choice, parallel_tool_calls=False)
    assert body["tool_choice"] == sent


def test_a_choice_without_tools_is_dropped() -> None:
    body = encode(tool_choice="auto", parallel_tool_calls=False)
    assert "tool_choice" not in body
    assert "tools" not in body


def test_tools_that_only_the_history_knows_are_defined_but_not_offered() -> None:
    history = [
        *HI,
        {"role": "assistant", "tool_calls": [call("a"), call("b")]},
        {"role": "tool", "tool_call_id": "a", "content": "1"},
        {"role": "tool", "tool_call_id": "b", "content": "2"},
    ]
    body = encode(messages=history)
    assert body["tools"] == [{"name": "weather", "input_schema": {"type": "object"}}]
    assert body["tool_choice"] == {"type": "none"}


def test_a_model_that_cannot_be_forced() -> None:
    with pytest.raises(UnsupportedParameter) as caught:
        encode(FABLE, tools=[WEATHER], tool_choice="required")
    assert caught.value.param == "tool_choice"
    assert encode(FABLE, tools=[WEATHER], tool_choice="none")["tool_choice"] == {"type": "none"}


def test_a_forced_call_comes_before_a_budget() -> None:
    fields: dict[str, Any] = {"tools": [WEATHER], "tool_choice": "required"}
    assert "thinking" not in encode(BUDGET, reasoning_effort="low", **fields)
    assert encode(NEW, reasoning_effort="low", **fields)["thinking"]["type"] == "adaptive"


def test_other_kinds_of_tools_are_refused() -> None:
    with pytest.raises(UnsupportedParameter) as caught:
        encode(tools=[WEATHER, {"type": "custom", "custom": {"name": "sql"}}])
    assert caught.value.param == "tools[1].type"


def test_web_search_by_options() -> None:
    place = {"type": "approximate", "approximate": {"city": "Paris", "country": "FR", "x": 1}}
    (tool,) = encode(web_search_options={"user_location": place})["tools"]
    assert tool == {
        "type": "web_search_20250305",
        "name": "web_search",
        "user_location": {"type": "approximate", "city": "Paris", "country": "FR"},
    }


@pytest.mark.parametrize("kind", ["web_search", "web_search_preview", "openrouter:web_search"])
def test_web_search_as_a_tool(kind: str) -> None:
    (tool,) = encode(tools=[{"type": kind}], web_search_options={})["tools"]
    assert tool == {"type": "web_search_20250305", "name": "web_search"}
