"""Deprecated functions said with tools; requests that use none stay what they are."""

from typing import Any

import msgspec

from orouter.dialects.legacy import with_tools
from orouter.schemas.chat import ChatRequest

HI = {"role": "user", "content": "hi"}


def modern(**fields: Any) -> dict[str, Any]:
    request = msgspec.convert({"model": "m", "messages": [HI], **fields}, ChatRequest)
    sent = msgspec.to_builtins(with_tools(request))
    return {name: value for name, value in sent.items() if value is not None}


def calling(name: str) -> dict[str, Any]:
    return {"role": "assistant", "function_call": {"name": name, "arguments": "{}"}}


def test_a_request_without_functions_is_itself() -> None:
    request = msgspec.convert({"model": "m", "messages": [HI]}, ChatRequest)
    assert with_tools(request) is request


def test_definitions_and_choice() -> None:
    sent = modern(functions=[{"name": "f"}], function_call={"name": "f"})
    assert [tool["function"]["name"] for tool in sent["tools"]] == ["f"]
    assert sent["tool_choice"]["function"] == {"name": "f"}
    assert sent["parallel_tool_calls"] is False
    assert not {"functions", "function_call"} & set(sent)


def test_a_choice_by_name_only() -> None:
    assert modern(functions=[{"name": "f"}], function_call="none")["tool_choice"] == "none"


def test_results_answer_the_latest_call_of_their_name() -> None:
    sent = modern(
        messages=[
            HI,
            calling("f"),
            {"role": "function", "name": "f", "content": "1"},
            calling("g"),
            {"role": "function", "name": "g", "content": "2"},
            calling("f"),
            {"role": "function", "name": "f", "content": "3"},
        ]
    )["messages"]
    calls = [message["tool_calls"][0]["id"] for message in sent[1::2]]
    assert calls == [message["tool_call_id"] for message in sent[2::2]]
    assert len(set(calls)) == 3
    assert {message["role"] for message in sent[2::2]} == {"tool"}
