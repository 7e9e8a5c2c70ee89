"""Streams: exact chunks from events, the same for any cut, and a clean error for broken ones."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orouter.dialects.anthropic_messages.structured import ANSWER_TOOL
from orouter.dialects.base import Recalled, Usage
from orouter.errors import UpstreamError, UpstreamUnavailable
from tests.dialects.anthropic_messages.exchange import (
    answer,
    block,
    chunks,
    decoder,
    deltas,
    end,
    sse,
    start,
)

TEXT = {"type": "text", "text": ""}
THINKING = {"type": "thinking", "thinking": "", "signature": ""}
PING = {"type": "ping"}
ROLE = {"role": "assistant", "content": "", "refusal": None}
FORMAT = {"format": "anthropic-claude-v1"}
CITED = {"type": "web_search_result_location", "url": "https://x.test", "title": "X"}


def use(name: str = "weather", call_id: str = "toolu_1") -> dict[str, Any]:
    return {"type": "tool_use", "id": call_id, "name": name, "input": {}}


def says(text: str) -> dict[str, Any]:
    return {"type": "text_delta", "text": text}


def thinks(text: str) -> dict[str, Any]:
    return {"type": "thinking_delta", "thinking": text}


def signs(signature: str) -> dict[str, Any]:
    return {"type": "signature_delta", "signature": signature}


def argues(fragment: str) -> dict[str, Any]:
    return {"type": "input_json_delta", "partial_json": fragment}


EVERYTHING = [
    start(output_tokens=1),
    PING,
    *block(0, THINKING, thinks("H"), thinks("m\u00e9."), signs("s"), signs("ig")),
    *block(1, {"type": "redacted_thinking", "data": "secret"}),
    *block(2, TEXT, says("Let me "), says("look \U0001f600.")),
    *block(3, {"type": "server_tool_use", "id": "s", "name": "web_search"}, argues('{"q":1}')),
    *block(4, {"type": "web_search_tool_result", "tool_use_id": "s", "content": []}),
    *block(5, TEXT, {"type": "citations_delta", "citation": CITED}, says("Found.")),
    {"type": "of_tomorrow", "surprise": 1},
    *block(6, use(), argues(""), argues('{"city":'), argues('"Paris"}')),
    *block(7, use("time", "toolu_2"), argues("")),
    *end("tool_use"),
]


def test_a_stream_of_text() -> None:
    stream = decoder()
    out = stream.feed(sse(start(), *block(0, TEXT, says("Hel"), says("lo")), *end()))
    assert stream.ended
    found = chunks(out + stream.close())
    envelope = {"id": "msg_1", "object": "chat.completion.chunk", "created": 7, "model": "claude"}
    assert all({name: one[name] for name in envelope} == envelope for one in found)
    choices = [one["choices"] for one in found]
    silent: dict[str, Any] = {"index": 0, "logprobs": None, "finish_reason": None}
    assert choices == [
        [{**silent, "delta": ROLE}],
        [{**silent, "delta": {"content": "Hel"}}],
        [{**silent, "delta": {"content": "lo"}}],
        [{**silent, "delta": {}, "finish_reason": "stop"}],
        [],
    ]
    assert [one["usage"] for one in found[:-1]] == [None] * 4
    usage = found[-1]["usage"]
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["cost"]) == (10, 5, 0.005)
    assert stream.usage == Usage(prompt_tokens=10, completion_tokens=5)
    assert stream.finish == "stop"


def test_usage_only_if_asked() -> None:
    stream = decoder(include_usage=False)
    out = stream.feed(sse(start(), *block(0, TEXT, says("x")), *end())) + stream.close()
    assert all("usage" not in one for one in chunks(out))
    assert stream.usage == Usage(prompt_tokens=10, completion_tokens=5)


def test_calls_are_numbered_among_themselves() -> None:
    fragments = [one["tool_calls"][0] for one in deltas(*EVERYTHING) if "tool_calls" in one]
    opening = {"type": "function", "function": {"name": "weather", "arguments": ""}}
    second = {"type": "function", "function": {"name": "time", "arguments": ""}}
    assert fragments == [
        {"index": 0, "id": "toolu_1", **opening},
        {"index": 0, "function": {"arguments": '{"city":'}},
        {"index": 0, "function": {"arguments": '"Paris"}'}},
        {"index": 1, "id": "toolu_2", **second},
        {"index": 1, "function": {"arguments": "{}"}},
    ]


def test_a_caller_of_functions_gets_a_function_call() -> None:
    stream = decoder(functions=True, include_usage=False)
    events = [start(), *block(0, use(), argues('{"a":1}')), *end("tool_use")]
    found = [one["choices"][0] for one in chunks(stream.feed(sse(*events)) + stream.close())]
    assert [one["delta"].get("function_call") for one in found] == [
        None,
        {"name": "weather", "arguments": ""},
        {"arguments": '{"a":1}'},
        None,
    ]
    assert found[-1]["finish_reason"] == "function_call"


def test_input_that_comes_whole() -> None:
    found = deltas(start(), *block(0, {**use(), "input": {"a": 1}}), *end("tool_use"))
    assert found[0]["content"] is None
    assert json.loads(found[2]["tool_calls"][0]["function"]["arguments"]) == {"a": 1}


def test_reasoning_comes_in_fragments_of_one_index() -> None:
    found = [one for one in deltas(*EVERYTHING) if "reasoning_details" in one]
    text = {"type": "reasoning.text", **FORMAT, "index": 0}
    assert found == [
        {"reasoning": "H", "reasoning_details": [{**text, "text": "H"}]},
        {"reasoning": "m\u00e9.", "reasoning_details": [{**text, "text": "m\u00e9."}]},
        {"reasoning_details": [{**text, "signature": "s"}]},
        {"reasoning_details": [{**text, "signature": "ig"}]},
        {
            "reasoning_details": [
                {"type": "reasoning.encrypted", "data": "secret", **FORMAT, "index": 1}
            ]
        },
    ]


def test_what_must_come_back_is_what_a_whole_answer_says() -> None:
    stream = decoder()
    stream.feed(sse(*EVERYTHING))
    thought = {"type": "thinking", "thinking": "Hm\u00e9.", "signature": "sig"}
    hidden = {"type": "redacted_thinking", "data": "secret"}
    whole = answer(thought, hidden, use(), stop_reason="tool_use")
    assert stream.recalled == whole.recalled
    assert isinstance(stream.recalled[0], Recalled)


@pytest.mark.parametrize(
    "endless",
    [
        block(0, THINKING, thinks("x" * 100_000)),
        block(0, THINKING, signs("x" * 100_000)),
        block(0, {"type": "redacted_thinking", "data": "x" * 100_000}),
        block(0, TEXT, {"type": "citations_delta", "citation": {"url": "x" * 100_000}}),
        [{"type": "content_block_start", "index": n, "content_block": TEXT} for n in range(2000)],
    ],
)
def test_what_is_remembered_of_an_endless_stream_is_bounded(endless: list[dict[str, Any]]) -> None:
    stream = decoder()
    stream.feed(sse(start()))
    raw = sse(*endless)
    for _ in range(100):
        stream.feed(raw)
    assert isinstance(stream.error, UpstreamError)


def test_citations_follow_their_text() -> None:
    (found,) = (one["annotations"] for one in deltas(*EVERYTHING) if "annotations" in one)
    cited = {"url": "https://x.test", "title": "X", "start_index": 14, "end_index": 20}
    assert found == [{"type": "url_citation", "url_citation": cited}]


def test_a_refusal_says_why() -> None:
    stream = decoder()
    details = {"type": "refusal", "explanation": "Too dangerous."}
    out = stream.feed(sse(start(), *end("refusal", stop_details=details))) + stream.close()
    found = [one["choices"][0] for one in chunks(out) if one["choices"]]
    assert [one["delta"] for one in found] == [ROLE, {"refusal": "Too dangerous."}, {}]
    assert found[-1]["finish_reason"] == "content_filter"


def test_an_answer_by_call_is_content() -> None:
    stream = decoder()
    events = [start(), *block(0, use(ANSWER_TOOL), argues('{"a"'), argues(":1}")), *end("tool_use")]
    found = chunks(stream.feed(sse(*events)) + stream.close())
    assert [one["choices"][0]["delta"] for one in found[:-1]] == [
        ROLE,
        {"content": '{"a"'},
        {"content": ":1}"},
        {},
    ]
    assert stream.finish == "stop"


def test_usage_is_cumulative() -> None:
    stream = decoder()
    late = {"input_tokens": 30, "cache_read_input_tokens": 4, "output_tokens": 9, "cache": None}
    delta = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": late}
    stream.feed(sse(start(cache_read_input_tokens=2, output_tokens=3), delta))
    assert stream.usage == Usage(prompt_tokens=34, completion_tokens=9, cached_tokens=4)


def test_broken_usage_does_not_break_the_stream() -> None:
    stream = decoder()
    delta = (
        b'event: message_delta\ndata: {"type":"message_delta","usage":{"output_tokens":NaN}}\n\n'
    )
    stream.feed(sse(start(input_tokens=-1)) + delta + sse({"type": "message_stop"}))
    assert stream.error is None
    assert stream.usage == Usage(flawed=True)


@given(st.lists(st.integers(0, len(sse(*EVERYTHING)))))
def test_any_cut_gives_the_same_chunks(cuts: list[int]) -> None:
    raw = sse(*EVERYTHING)
    whole, cut = decoder(), decoder()
    edges = sorted({0, len(raw), *cuts})
    pieces = [cut.feed(raw[a:b]) for a, b in pairwise(edges)]
    assert b"".join(pieces) + cut.close() == whole.feed(raw) + whole.close()
    assert (cut.usage, cut.finish, cut.recalled) == (whole.usage, whole.finish, whole.recalled)
    assert cut.delivered_tokens == whole.delivered_tokens


@given(st.integers(0, len(sse(*EVERYTHING)) - len(sse({"type": "message_stop"})) - 1))
def test_a_stream_that_breaks_off_is_an_error(length: int) -> None:
    stream = decoder()
    stream.feed(sse(*EVERYTHING)[:length])
    assert b"[DONE]" not in stream.close()
    assert isinstance(stream.error, UpstreamError)
    assert stream.recalled == ()


def test_an_error_in_the_middle() -> None:
    stream = decoder()
    overloaded = {"type": "overloaded_error", "message": "Overloaded"}
    error = {"type": "error", "error": overloaded}
    out = stream.feed(sse(start(), *block(0, TEXT, says("Hel")), error, *block(1, TEXT, says("x"))))
    assert b"Hel" in out
    assert out.count(b"data:") == 2
    assert isinstance(stream.error, UpstreamUnavailable)
    assert "Overloaded" in stream.error.message
    assert stream.close() == b""
    assert isinstance(stream.error, UpstreamUnavailable)


@pytest.mark.parametrize(
    "broken",
    [b"data: <html>\n\n", b"data: {\n\n", b"data: []\n\n", b'data: {"index":"x"}\n\n'],
)
def test_events_that_cannot_be_read(broken: bytes) -> None:
    stream = decoder()
    stream.feed(sse(start()) + broken)
    assert isinstance(stream.error, UpstreamError)


def test_an_endless_line() -> None:
    stream = decoder()
    for _ in range(300):
        stream.feed(b"x" * 65536)
    assert isinstance(stream.error, UpstreamError)


@pytest.mark.parametrize(
    "stray",
    [
        {"type": "content_block_delta", "index": 9, "delta": says("lost")},
        {"type": "content_block_stop", "index": 9},
        {"type": "content_block_start", "index": 1},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "of_tomorrow"}},
        {"type": "content_block_delta", "index": 0, "delta": signs("on text")},
        {"type": "message_start", "message": {"id": "msg_2", "model": "other"}},
    ],
)
def test_strays_are_ignored(stray: dict[str, Any]) -> None:
    opening, *rest = block(0, TEXT, says("x"))
    assert deltas(start(), opening, stray, *rest, *end()) == [ROLE, {"content": "x"}, {}]


def test_after_the_end_nothing_counts() -> None:
    stream = decoder()
    stream.feed(sse(start(), *end()))
    assert stream.feed(sse(*block(0, TEXT, says("late")))) == b""
    assert stream.close() == b"data: [DONE]\n\n"


def test_a_stream_without_its_start_still_has_an_id() -> None:
    stream = decoder()
    found = chunks(stream.feed(sse(*block(0, TEXT, says("x")), *end())) + stream.close())
    assert {one["id"] for one in found} == {"chatcmpl-0"}


def test_delivered_tokens_are_estimated_until_they_are_known() -> None:
    stream = decoder()
    stream.feed(sse(start(output_tokens=1), *block(0, TEXT, says("x" * 39))))
    assert stream.delivered_tokens == 10
    assert stream.usage == Usage(prompt_tokens=10, completion_tokens=10)
    stream.feed(sse({"type": "message_delta", "delta": {}, "usage": {"output_tokens": 12}}))
    assert stream.delivered_tokens == 12
    assert stream.usage == Usage(prompt_tokens=10, completion_tokens=12)
