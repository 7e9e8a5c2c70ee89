"""Whole answers: exactly OpenAI's shape, whoever sent them."""

import json
from typing import Any

import pytest
from openai.types.chat import ChatCompletion

from orouter.dialects.base import Answer, Usage
from orouter.dialects.openai_chat import decode_response
from orouter.errors import InvalidRequest, UpstreamError, UpstreamUnavailable
from tests.dialects.openai_chat.wire import CREATED, USAGE, decode_context

ENVELOPE = {"id": "c-1", "object": "chat.completion", "created": 5, "model": "m-1"}


def body(message: Any, finish: Any = "stop", usage: Any = USAGE, **more: Any) -> bytes:
    choice = {"index": 0, "message": message, "finish_reason": finish, "logprobs": None}
    return json.dumps({**ENVELOPE, "choices": [choice], "usage": usage, **more}).encode()


def decode(raw: bytes, kind: str = "compatible") -> Answer:
    """The answer, after the SDK's own types accepted it strictly."""
    answer = decode_response(raw, decode_context(kind))
    ChatCompletion.model_validate(answer.completion, strict=True)
    return answer


def message_of(answer: Answer) -> dict[str, Any]:
    message: dict[str, Any] = answer.completion["choices"][0]["message"]
    return message


def test_openais_own_answer_keeps_all_it_has() -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
    message = {"role": "assistant", "content": None, "refusal": None, "tool_calls": [call]}
    raw = body(message, "tool_calls", system_fingerprint="fp", service_tier="default")
    answer = decode(raw, "openai")
    assert message_of(answer) == message
    assert answer.finish == "tool_calls"
    assert answer.completion["system_fingerprint"] == "fp"
    assert answer.usage == Usage(prompt_tokens=3, completion_tokens=2, total_tokens=5)


def test_usage_is_completed_with_zeros_and_vendor_figures_stay() -> None:
    usage = decode(body({"content": "a"}, usage={**USAGE, "queue_time": 0.1})).completion["usage"]
    assert usage["prompt_tokens_details"] == {"cached_tokens": 0, "audio_tokens": 0}
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 0
    assert usage["queue_time"] == 0.1


def test_a_total_that_is_no_sum_is_the_providers_own() -> None:
    given = {"prompt_tokens": 35, "completion_tokens": 12, "total_tokens": 109}
    assert decode(body({"content": "a"}, usage=given)).completion["usage"]["total_tokens"] == 109


def test_the_envelope_is_completed() -> None:
    raw = b'{"id": "", "created": null, "choices": [{"message": {"content": "a"}}]}'
    completion = decode(raw).completion
    assert completion["id"] == "chatcmpl-minted1"
    assert completion["created"] == CREATED
    assert completion["model"] == "m"
    assert completion["object"] == "chat.completion"
    assert completion["choices"][0]["finish_reason"] == "stop"
    assert "usage" not in completion


@pytest.mark.parametrize(
    ("kind", "given", "called", "expected"),
    [
        ("compatible", "eos", False, "stop"),
        ("compatible", "MAX_TOKENS", False, "length"),
        ("compatible", "anything", False, "stop"),
        ("compatible", None, False, "stop"),
        ("compatible", "stop", True, "tool_calls"),
        ("openai", "stop", True, "stop"),
        ("openai", "content_filter", False, "content_filter"),
        ("openai", "function_call", False, "function_call"),
    ],
)
def test_finish_reasons_are_openais_five(
    kind: str, given: Any, expected: str, *, called: bool
) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    message = {"content": None, "tool_calls": [call] if called else []}
    assert decode(body(message, given), kind).finish == expected


def test_call_ids_are_minted_where_missing_or_doubled_and_arguments_are_text() -> None:
    calls = [
        {"id": "", "function": {"name": "f", "arguments": {"a": 1}}},
        {"id": "x", "function": {"name": "f", "arguments": '{"a":1}'}},
        {"id": "x", "function": {"name": "f", "arguments": None}},
    ]
    got = message_of(decode(body({"content": None, "tool_calls": calls})))["tool_calls"]
    assert [call["id"] for call in got] == ["call_minted1", "x", "call_minted2"]
    assert [call["function"]["arguments"] for call in got] == ['{"a":1}', '{"a":1}', ""]
    assert {call["type"] for call in got} == {"function"}


def test_reasoning_has_one_name() -> None:
    message = message_of(decode(body({"content": "a", "reasoning_content": "hm"})))
    assert message["reasoning"] == message["reasoning_content"] == "hm"


def test_content_in_parts_becomes_text_and_reasoning() -> None:
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": "12"},
        {"type": "text", "text": "34"},
    ]
    message = message_of(decode(body({"content": parts})))
    assert (message["content"], message["reasoning"]) == ("1234", "hm")


def test_perplexitys_sources_are_annotations_and_its_cost_an_amount() -> None:
    url = "https://example.com/a"
    cost = {"input_tokens_cost": 0.00001, "total_cost": 0.00502}
    answer = decode(
        body(
            {"content": "a"},
            usage={**USAGE, "cost": cost},
            citations=[url],
            search_results=[{"url": url, "title": "A"}],
        )
    )
    citation = {"url": url, "title": "A", "start_index": 0, "end_index": 0}
    assert message_of(answer)["annotations"] == [{"type": "url_citation", "url_citation": citation}]
    assert answer.usage is not None
    assert answer.usage.cost_nano == 5_020_000
    assert answer.completion["usage"]["cost_details"] == cost


def test_openrouters_cost_and_reasoning_are_kept() -> None:
    details = [{"type": "reasoning.text", "text": "hm", "signature": "s", "index": 0}]
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    message = {"content": None, "tool_calls": [call], "reasoning_details": details}
    answer = decode(body(message, usage={**USAGE, "cost": 0.0145476}), "openrouter")
    assert answer.usage is not None
    assert answer.usage.cost_nano == 14_547_600
    assert [(each.call_id, each.details) for each in answer.recalled] == [("c1", tuple(details))]


def test_a_compatible_servers_cost_is_not_believed() -> None:
    answer = decode(body({"content": "a"}, usage={**USAGE, "cost": 7}))
    assert answer.usage is not None
    assert answer.usage.cost_nano is None


@pytest.mark.parametrize("figure", [-5, 1e30, "12", True, [1]])
def test_impossible_figures_are_clamped_and_marked(figure: Any) -> None:
    answer = decode(body({"content": "a"}, usage={**USAGE, "completion_tokens": figure}))
    assert answer.usage is not None
    assert answer.usage.flawed
    assert answer.usage.completion_tokens == 0


def test_a_200_with_an_error_is_an_error() -> None:
    with pytest.raises(InvalidRequest, match="Token limit reached"):
        decode(b'{"error": {"code": 400, "message": "Token limit reached"}}')


def test_a_choice_broken_off_is_an_error() -> None:
    choice = {"finish_reason": "error", "error": {"code": 502, "message": "gone"}, "message": {}}
    with pytest.raises(UpstreamUnavailable, match="gone"):
        decode(json.dumps({"choices": [choice]}).encode(), "openrouter")
    with pytest.raises(UpstreamError, match="broke the answer off"):
        decode(body({"content": ""}, "error"), "openrouter")


@pytest.mark.parametrize(
    "raw",
    [b"", b"<html><body>Bad sk-abcdef123456</body></html>", b"[]", b'{"choices": []}', b"\xff\xfe"],
)
def test_what_is_no_answer_is_502_without_a_key(raw: bytes) -> None:
    with pytest.raises(UpstreamError) as caught:
        decode(raw)
    assert caught.value.status == 502
    assert "abcdef123456" not in caught.value.message


def test_half_a_surrogate_and_nan_do_not_break_an_answer() -> None:
    raw = (
        b'{"choices": [{"message": {"content": "a\\ud83d"}, "score": NaN}],'
        b' "usage": {"prompt_tokens": NaN}}'
    )
    answer = decode(raw)
    assert message_of(answer)["content"] == "a\ufffd"


def test_a_caller_of_functions_gets_a_function_call() -> None:
    function = {"name": "f", "arguments": "{}"}
    calls = [{"id": "call_1", "type": "function", "function": function}]
    raw = body({"content": None, "tool_calls": calls}, "tool_calls")
    answer = decode_response(raw, decode_context("openrouter", functions=True))
    assert answer.finish == answer.completion["choices"][0]["finish_reason"] == "function_call"
    assert message_of(answer)["function_call"] == function
    assert "tool_calls" not in message_of(answer)
