"""OpenAI's values as its own SDK reads them, strictly."""

import json
from typing import Any

import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from orouter.dialects.base import Usage
from orouter.dialects.openai_shapes import (
    ChunkWriter,
    call_arguments,
    call_opening,
    choice,
    completion,
    estimated_tokens,
    tool_call,
    url_citation,
    usage_object,
)

LOGPROBS = {"content": [{"token": "a", "logprob": -0.1, "bytes": None, "top_logprobs": []}]}


def chunks(stream: bytes) -> list[dict[str, Any]]:
    *events, end = stream.decode().split("\n\n")
    assert not end
    bodies = [event.removeprefix("data: ") for event in events]
    for body in bodies:
        ChatCompletionChunk.model_validate_json(body, strict=True)
    return [json.loads(body) for body in bodies]


def writer(*, include_usage: bool = True) -> ChunkWriter:
    return ChunkWriter("id", "model", 7, include_usage=include_usage)


def test_a_completion() -> None:
    message = {
        "content": None,
        "tool_calls": [tool_call("a", "f", "{}")],
        "annotations": [url_citation("https://x.test", "X", (1, 2), "quote")],
    }
    value = completion("id", "model", 7, [choice(message, "tool_calls")], Usage(prompt_tokens=3))
    ChatCompletion.model_validate_json(json.dumps(value), strict=True)
    assert value["choices"][0]["message"]["role"] == "assistant"
    assert value["usage"]["prompt_tokens"] == 3


def test_the_role_comes_once_for_each_choice() -> None:
    out = writer()
    found = chunks(out.text("a") + out.text("b", 1) + out.text("c") + out.finish("stop", 1))
    assert [(one["choices"][0]["index"], one["choices"][0]["delta"]) for one in found] == [
        (0, {"role": "assistant", "content": "", "refusal": None}),
        (0, {"content": "a"}),
        (1, {"role": "assistant", "content": "", "refusal": None}),
        (1, {"content": "b"}),
        (0, {"content": "c"}),
        (1, {}),
    ]


def test_the_role_before_calls_has_no_content() -> None:
    out = writer()
    found = chunks(out.delta(call_opening(0, "a", "f")) + out.delta(call_arguments(0, "{}")))
    deltas = [one["choices"][0]["delta"] for one in found]
    assert deltas[0]["content"] is None
    assert deltas[2] == {"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]}


def test_a_caller_of_functions_gets_a_function_call() -> None:
    message = {"content": None, "tool_calls": [tool_call("a", "f", "{}")]}
    answer = [choice(message, "tool_calls")]
    value = completion("id", "model", 7, answer, None, functions=True)
    ChatCompletion.model_validate_json(json.dumps(value), strict=True)
    (only,) = value["choices"]
    assert only["finish_reason"] == "function_call"
    assert only["message"]["function_call"] == {"name": "f", "arguments": "{}"}
    assert "tool_calls" not in only["message"]


def test_a_caller_of_functions_gets_its_fragments() -> None:
    out = ChunkWriter("id", "model", 7, include_usage=False, functions=True)
    fragments = [call_opening(0, "a", "f"), call_arguments(0, "{}"), call_opening(1, "b", "g")]
    found = chunks(b"".join(out.delta(one) for one in fragments) + out.finish("tool_calls"))
    assert [one["choices"][0]["delta"] for one in found] == [
        {"role": "assistant", "content": None, "refusal": None},
        {"function_call": {"name": "f", "arguments": ""}},
        {"function_call": {"arguments": "{}"}},
        {},
        {},
    ]
    assert found[-1]["choices"][0]["finish_reason"] == "function_call"


def test_logprobs_stand_beside_their_delta() -> None:
    found = chunks(writer().delta({"content": "a"}, 0, LOGPROBS))
    assert [one["choices"][0]["logprobs"] for one in found] == [None, LOGPROBS]


def test_nothing_was_said() -> None:
    found = chunks(writer().finish("stop"))
    assert [one["choices"][0]["finish_reason"] for one in found] == [None, "stop"]


@pytest.mark.parametrize("include_usage", [True, False])
def test_usage_only_if_asked(include_usage: bool) -> None:
    out = writer(include_usage=include_usage)
    found = chunks(out.text("a") + out.usage(Usage(prompt_tokens=3), 0.5))
    assert [one.get("usage", "absent") for one in found[:2]] == (
        [None, None] if include_usage else ["absent", "absent"]
    )
    assert len(found) == 2 + include_usage
    if include_usage:
        assert found[2]["choices"] == []
        assert found[2]["usage"]["cost"] == 0.5


def test_unknown_usage_is_not_sent() -> None:
    assert writer().usage(None, None) == b""


def test_a_total_of_the_provider_is_kept() -> None:
    counted = Usage(prompt_tokens=3, completion_tokens=4)
    assert usage_object(counted)["total_tokens"] == 7
    given = Usage(prompt_tokens=3, completion_tokens=4, total_tokens=9, web_searches=2)
    assert usage_object(given)["total_tokens"] == 9
    assert usage_object(given)["server_tool_use"] == {"web_search_requests": 2}
    assert "cost" not in usage_object(given)


@pytest.mark.parametrize(("characters", "tokens"), [(0, 0), (1, 1), (4, 1), (5, 2)])
def test_an_estimate(characters: int, tokens: int) -> None:
    assert estimated_tokens(characters) == tokens
