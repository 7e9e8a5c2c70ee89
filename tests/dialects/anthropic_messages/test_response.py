"""Whole answers: content, reasoning, calls, citations, refusals, finish reasons, usage."""

import json
from typing import Any

import pytest

from orouter.dialects.anthropic_messages.structured import ANSWER_TOOL
from orouter.dialects.base import Recalled, Usage
from orouter.errors import (
    ContextLengthExceeded,
    OrouterError,
    UpstreamError,
    UpstreamRateLimited,
    UpstreamUnavailable,
)
from tests.dialects.anthropic_messages.exchange import answer, decode

THINKING = {"type": "thinking", "thinking": "Hm.", "signature": "sig"}
CALL = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Paris"}}


def text(said: str, *citations: dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": said, "citations": list(citations) or None}


def message(*content: dict[str, Any], **fields: Any) -> dict[str, Any]:
    said: dict[str, Any] = answer(*content, **fields).completion["choices"][0]["message"]
    return said


def test_a_plain_answer() -> None:
    decoded = answer(text("Hello"), text(" there"))
    assert decoded.completion == {
        "id": "msg_1",
        "object": "chat.completion",
        "created": 7,
        "model": "claude-sonnet-4-5-20250929",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hello there", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {
            "prompt_tokens": 10,
            "completion_tokens": 5,
            "total_tokens": 15,
            "prompt_tokens_details": {
                "cached_tokens": 0,
                "cache_write_tokens": 0,
                "audio_tokens": 0,
            },
            "completion_tokens_details": {
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        },
    }
    assert (decoded.finish, decoded.recalled) == ("stop", ())


@pytest.mark.parametrize(
    ("stop_reason", "finish"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("pause_turn", "stop"),
        ("compaction", "stop"),
        ("of_tomorrow", "stop"),
        (None, "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("refusal", "content_filter"),
    ],
)
def test_finish_reasons(stop_reason: Any, finish: str) -> None:
    assert answer(text("x"), stop_reason=stop_reason).finish == finish


def test_calls() -> None:
    decoded = answer(CALL, {**CALL, "id": "toolu_2"}, stop_reason="tool_use")
    said = decoded.completion["choices"][0]["message"]
    assert decoded.finish == "tool_calls"
    assert said["content"] is None
    assert [(call["id"], call["function"]["name"]) for call in said["tool_calls"]] == [
        ("toolu_1", "weather"),
        ("toolu_2", "weather"),
    ]
    assert json.loads(said["tool_calls"][0]["function"]["arguments"]) == {"city": "Paris"}


def test_a_caller_of_functions_gets_a_function_call() -> None:
    body = {"content": [CALL], "stop_reason": "tool_use"}
    decoded = decode(json.dumps(body).encode(), functions=True)
    (said,) = decoded.completion["choices"]
    assert said["finish_reason"] == "function_call"
    assert said["message"]["function_call"]["name"] == "weather"


def test_the_providers_own_tools_are_no_calls() -> None:
    said = message(
        text("Let me search."),
        {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {"query": "x"}},
        {"type": "web_search_tool_result", "tool_use_id": "srv_1", "content": []},
        {"type": "mcp_tool_use", "id": "m", "name": "x", "server_name": "y", "input": {}},
        {"type": "mcp_tool_result", "tool_use_id": "m", "content": "z"},
        {"type": "compaction", "content": "x"},
        {"type": "of_tomorrow", "surprise": 1},
        text(" Found."),
    )
    assert said == {"role": "assistant", "content": "Let me search. Found.", "refusal": None}


def test_reasoning_and_what_must_come_back() -> None:
    hidden = {"type": "redacted_thinking", "data": "secret"}
    decoded = answer(THINKING, hidden, CALL, stop_reason="tool_use")
    said = decoded.completion["choices"][0]["message"]
    details = [
        {
            "type": "reasoning.text",
            "text": "Hm.",
            "signature": "sig",
            "format": "anthropic-claude-v1",
            "index": 0,
        },
        {
            "type": "reasoning.encrypted",
            "data": "secret",
            "format": "anthropic-claude-v1",
            "index": 1,
        },
    ]
    assert (said["reasoning"], said["reasoning_details"]) == ("Hm.", details)
    assert decoded.recalled == (Recalled(call_id="toolu_1", details=tuple(details)),)


def test_thoughts_without_text_keep_their_signature() -> None:
    said = message({"type": "thinking", "thinking": "", "signature": "sig"}, text("x"))
    assert "reasoning" not in said
    assert said["reasoning_details"][0]["signature"] == "sig"


def test_unsigned_thoughts_need_not_come_back() -> None:
    unsigned = {"type": "thinking", "thinking": "Hm."}
    assert answer(unsigned, CALL, stop_reason="tool_use").recalled == ()


def test_a_refusal_says_why() -> None:
    details = {"type": "refusal", "category": "cyber", "explanation": "Too dangerous."}
    said = message(stop_reason="refusal", stop_details=details)
    assert (said["content"], said["refusal"]) == (None, "Too dangerous.")


def test_an_answer_by_call_is_content() -> None:
    by_call = {"type": "tool_use", "id": "t", "name": ANSWER_TOOL, "input": {"name": "Rex"}}
    decoded = answer(by_call, stop_reason="tool_use")
    said = decoded.completion["choices"][0]["message"]
    assert decoded.finish == "stop"
    assert json.loads(said["content"]) == {"name": "Rex"}
    assert "tool_calls" not in said


@pytest.mark.parametrize(
    ("citation", "url", "title"),
    [
        (
            {"type": "web_search_result_location", "url": "https://x.test", "title": "X"},
            "https://x.test",
            "X",
        ),
        (
            {"type": "search_result_location", "source": "https://y.test", "title": None},
            "https://y.test",
            "",
        ),
        (
            {"type": "page_location", "document_title": "a.pdf", "start_page_number": 3},
            "a.pdf#page=3",
            "a.pdf",
        ),
        (
            {
                "type": "char_location",
                "document_index": 2,
                "document_title": None,
                "start_char_index": 1,
                "end_char_index": 9,
            },
            "document-2#char=1,9",
            "",
        ),
        ({"type": "content_block_location", "document_title": "T"}, "T", "T"),
    ],
)
def test_citations_stand_at_their_place_in_the_whole(
    citation: dict[str, Any], url: str, title: str
) -> None:
    said = message(text("\U0001f600 A. "), text("B.", {**citation, "cited_text": "b"}), text(" C."))
    assert said["annotations"] == [
        {
            "type": "url_citation",
            "url_citation": {
                "url": url,
                "title": title,
                "start_index": 5,
                "end_index": 7,
                "content": "b",
            },
        }
    ]


def test_usage_counts_as_openai_does() -> None:
    usage = answer(
        text("x"),
        usage={
            "input_tokens": 10,
            "cache_creation_input_tokens": 100,
            "cache_read_input_tokens": 1000,
            "cache_creation": {"ephemeral_5m_input_tokens": 60, "ephemeral_1h_input_tokens": 40},
            "output_tokens": 50,
            "output_tokens_details": {"thinking_tokens": 30},
            "server_tool_use": {"web_search_requests": 2},
            "service_tier": "standard",
        },
    ).usage
    assert usage == Usage(
        prompt_tokens=1110,
        completion_tokens=50,
        cached_tokens=1000,
        cache_write_tokens=100,
        cache_write_1h_tokens=40,
        reasoning_tokens=30,
        web_searches=2,
    )


@pytest.mark.parametrize("figure", [-5, 1e30, "12", True, [], {}])
@pytest.mark.parametrize("name", ["input_tokens", "output_tokens", "cache_read_input_tokens"])
def test_implausible_usage_is_flagged_never_fatal(name: str, figure: object) -> None:
    usage = answer(text("x"), usage={name: figure}).usage
    assert usage == Usage(flawed=True)


@pytest.mark.parametrize("usage", [b"NaN", b"[1]", b'"many"', b'{"input_tokens": 1e999}'])
def test_usage_that_is_hardly_json(usage: bytes) -> None:
    found = decode(b'{"type":"message","content":[],"usage":' + usage + b"}").usage
    assert found == Usage(flawed=True)


def test_no_usage_is_none() -> None:
    decoded = answer(text("x"), usage=None)
    assert decoded.usage is None
    assert "usage" not in decoded.completion


def test_ids_are_minted_where_they_are_missing() -> None:
    decoded = decode(b'{"content":[{"type":"tool_use","name":"f"}],"stop_reason":"tool_use"}')
    (call,) = decoded.completion["choices"][0]["message"]["tool_calls"]
    assert call["id"].startswith("call_")
    assert call["function"]["arguments"] == "{}"
    assert decoded.completion["id"].startswith("chatcmpl-")
    assert decoded.completion["model"] == "claude-sonnet-4-5"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
            UpstreamUnavailable,
        ),
        (
            {"type": "error", "error": {"type": "rate_limit_error", "message": "slow"}},
            UpstreamRateLimited,
        ),
        (
            {
                "error": {
                    "type": "invalid_request_error",
                    "message": "prompt is too long: 300000 tokens > 200000 maximum",
                }
            },
            ContextLengthExceeded,
        ),
        ({"error": "broken"}, UpstreamError),
        ({"type": "message"}, UpstreamError),
        ([], UpstreamError),
        ("<html>", UpstreamError),
    ],
)
def test_a_200_that_is_no_answer(body: object, error: type[OrouterError]) -> None:
    with pytest.raises(error) as caught:
        decode(json.dumps(body).encode())
    assert type(caught.value) is error
