"""Everything of a request that is neither message, tool, form nor thinking; and any request."""

from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orouter.dialects import anthropic_messages
from orouter.errors import InvalidRequest, UnsupportedParameter
from orouter.providers.anthropic import ANTHROPIC
from orouter.schemas.chat import ChatRequest
from tests.dialects.anthropic_messages.exchange import (
    ADAPTIVE,
    BUDGET,
    FABLE,
    HI,
    NEW,
    OLD,
    encode,
    target,
)
from tests.dialects.anthropic_messages.sdk_types import misfit

SAMPLED: dict[str, Any] = {"temperature": 1.5, "top_p": 0.9, "top_k": 5}


def sampling(model: str, **fields: Any) -> dict[str, Any]:
    body = encode(model, **fields)
    return {name: body[name] for name in SAMPLED if name in body}


def test_the_least_request() -> None:
    assert encode() == {
        "model": BUDGET,
        "max_tokens": 32_000,
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}],
    }


def test_the_version_is_pinned_where_sampling_is_legal() -> None:
    assert ANTHROPIC.headers["anthropic-version"] == "2023-06-01"


@pytest.mark.parametrize(
    ("model", "fields", "sent"),
    [
        (OLD, SAMPLED, {"temperature": 1.0, "top_p": 0.9, "top_k": 5}),
        (BUDGET, SAMPLED, {"temperature": 1.0, "top_k": 5}),
        (BUDGET, {"top_p": 0.9}, {"top_p": 0.9}),
        (BUDGET, {**SAMPLED, "reasoning_effort": "low"}, {}),
        (BUDGET, {"top_p": 0.99, "reasoning_effort": "low"}, {"top_p": 0.99}),
        (ADAPTIVE, {"temperature": 0, "reasoning_effort": "none"}, {"temperature": 0.0}),
        (NEW, SAMPLED, {}),
    ],
)
def test_sampling(model: str, fields: dict[str, Any], sent: dict[str, Any]) -> None:
    assert sampling(model, **fields) == sent


def test_settings() -> None:
    body = encode(
        stop=["END", " \n", ""],
        user="u-1",
        safety_identifier="s-1",
        service_tier="default",
        stream=True,
        max_completion_tokens=7,
        max_tokens=9,
    )
    assert body["stop_sequences"] == ["END"]
    assert body["metadata"] == {"user_id": "s-1"}
    assert body["service_tier"] == "standard_only"
    assert body["stream"] is True
    assert body["max_tokens"] == 7


@pytest.mark.parametrize(
    "fields",
    [
        {"seed": 1},
        {"frequency_penalty": 1, "presence_penalty": -1},
        {"logit_bias": {"5": 1}},
        {"n": 1, "logprobs": False, "top_logprobs": 0, "modalities": ["text"]},
        {"verbosity": "low", "store": True, "metadata": {"a": "b"}},
        {"service_tier": "flex", "stop": "\n", "stream": False},
        {"prompt_cache_options": {"mode": "auto"}, "surprise": 1, "user": ""},
    ],
)
def test_what_harmlessly_is_dropped(fields: dict[str, Any]) -> None:
    assert encode(**fields) == encode()


@pytest.mark.parametrize(
    ("param", "value"), [("n", 2), ("logprobs", True), ("modalities", ["text", "audio"])]
)
def test_what_would_change_the_answer_is_refused(param: str, value: Any) -> None:
    with pytest.raises(UnsupportedParameter, match=param) as caught:
        encode(**{param: value})
    assert caught.value.param == param


@pytest.mark.parametrize(
    "body",
    [
        {"model": "m", "messages": []},
        {"model": "m", "messages": [], "max_tokens": 1, "seed": 1},
        {"model": "m", "messages": [{"role": "user", "content": [{"type": "x"}]}], "max_tokens": 1},
        {"model": "m", "messages": [], "max_tokens": 1, "tool_choice": {"type": "required"}},
    ],
)
def test_the_check_against_the_sdk_bites(body: dict[str, Any]) -> None:
    assert misfit(body)


texts = st.sampled_from(["", " ", "hi", "\u00e9\U0001f600", "{", '{"a": 1}'])
calls = st.builds(
    lambda call_id, arguments: {
        "id": call_id,
        "type": "function",
        "function": {"name": "f", "arguments": arguments},
    },
    st.sampled_from(["a", "b:1", "\u00e9"]),
    texts,
)
details = st.fixed_dictionaries(
    {"type": st.sampled_from(["reasoning.text", "reasoning.encrypted", "other"])},
    optional={
        "text": texts,
        "signature": texts,
        "data": texts,
        "index": st.integers(0, 2),
        "format": st.sampled_from(["anthropic-claude-v1", "unknown", "google-gemini-v1", None]),
    },
)
urls = st.sampled_from(
    ["https://x.test/a", "data:image/png;base64,QQ==", "data:,", "data:application/pdf;base64,QQ"]
)
parts = st.one_of(
    texts.map(lambda text: {"type": "text", "text": text}),
    texts.map(lambda text: {"type": "refusal", "refusal": text}),
    urls.map(lambda url: {"type": "image_url", "image_url": {"url": url}}),
    urls.map(lambda url: {"type": "file", "file": {"file_data": url, "filename": "x"}}),
    st.just({"type": "input_audio", "input_audio": {"data": "", "format": "wav"}}),
)
messages = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["system", "developer", "user", "assistant", "tool", "function"]),
        "content": st.one_of(st.none(), texts, st.lists(parts, max_size=3)),
    },
    optional={
        "tool_calls": st.lists(calls, max_size=3),
        "tool_call_id": st.sampled_from(["a", "b:1"]),
        "function_call": st.just({"name": "f", "arguments": "{}"}),
        "reasoning_details": st.lists(details, max_size=4),
        "cache_control": st.just({"type": "ephemeral"}),
        "name": st.just("f"),
    },
)
tools = st.sampled_from(
    [
        {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}},
        {"type": "function", "function": {"name": "g", "strict": True}},
        {"type": "web_search_preview"},
        {"type": "custom"},
    ]
)
requests = st.fixed_dictionaries(
    {"model": st.just("x"), "messages": st.lists(messages, min_size=1, max_size=6)},
    optional={
        "tools": st.lists(tools, max_size=3),
        "tool_choice": st.sampled_from(["auto", "none", "required"]),
        "parallel_tool_calls": st.booleans(),
        "functions": st.just([{"name": "f"}]),
        "reasoning_effort": st.sampled_from(["none", "minimal", "low", "high", "max"]),
        "reasoning": st.fixed_dictionaries({}, optional={"max_tokens": st.integers(0, 10**9)}),
        "response_format": st.sampled_from(
            [
                {"type": "json_object"},
                {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}},
            ]
        ),
        "max_tokens": st.integers(0, 10**6),
        "temperature": st.floats(0, 2),
        "top_p": st.floats(0, 1),
        "stop": st.one_of(texts, st.lists(texts, max_size=2)),
        "n": st.integers(1, 2),
    },
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(requests, st.sampled_from([OLD, BUDGET, ADAPTIVE, NEW, FABLE]))
def test_any_request_is_encoded_legally_or_refused(body: Any, model: str) -> None:
    request = msgspec.convert(body, ChatRequest)
    sent: Any = None
    with suppress(InvalidRequest):
        sent = msgspec.json.decode(anthropic_messages.encode_request(request, target(model)).body)
    if sent is None:
        return
    assert misfit(sent) is None
    roles = [turn["role"] for turn in sent["messages"]]
    assert roles == [("user", "assistant")[n % 2] for n in range(len(roles))]
    assert all(turn["content"] for turn in sent["messages"])
    thinking = sent.get("thinking", {})
    assert thinking.get("budget_tokens", 0) < max(sent["max_tokens"], 1)


def test_the_request_itself_is_left_as_it_was() -> None:
    body = {"model": "x", "messages": [*HI, *HI], "functions": [{"name": "f"}]}
    request = msgspec.convert(body, ChatRequest)
    before = msgspec.json.encode(request)
    anthropic_messages.encode_request(request, target())
    assert msgspec.json.encode(request) == before
