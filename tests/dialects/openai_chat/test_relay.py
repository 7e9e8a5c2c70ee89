"""The fast path: never wrong about what it takes, whatever stands in the text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orouter.dialects.openai_chat.relay import Relay
from tests.dialects.openai_chat.wire import (
    IDENTITY,
    USAGE,
    choices,
    chunk,
    decoder,
    event,
    text,
)

FIRST = chunk({"role": "assistant", "content": ""})
LOOKS_LIKE_PROTOCOL = [
    '"usage":{"prompt_tokens":1}',
    ',"usage":null',
    '"error"',
    '{"finish_reason":"stop"}',
    "\n\ndata: [DONE]\n\n",
    'data: {"choices":[]}',
    '\\"error\\"',
    "\\",
    '"',
]


def relay(*, openai: bool = False, include_usage: bool = False) -> Relay:
    it = Relay(openai=openai, include_usage=include_usage)
    it.learn(FIRST[len(b"data: ") : -2])
    return it


@given(st.lists(st.sampled_from(LOOKS_LIKE_PROTOCOL) | st.text(max_size=20), max_size=6))
def test_text_that_looks_like_the_protocol_is_text(pieces: list[str]) -> None:
    it = decoder()
    out = it.feed(FIRST)
    out += it.feed(b"".join(chunk({"content": piece}) for piece in pieces))
    assert it.error is None
    assert text(out) == "".join(pieces)
    assert all(choice["finish_reason"] is None for choice in choices(out))


def test_a_block_in_order_is_taken_as_it_is() -> None:
    block = chunk({"content": "a"}) * 3
    it = relay()
    assert it.take(block) is block
    assert it.events == 3


@pytest.mark.parametrize(
    "odd",
    [
        chunk({}, "stop"),
        chunk({"content": "a"}, usage=USAGE),
        chunk({"content": "a"}, error={"message": "m"}),
        chunk({"content": "a"}, index=1),
        chunk({"reasoning_content": "a"}),
        chunk({"content": [{"type": "text", "text": "a"}]}),
        chunk({"tool_calls": [{"id": "a"}]}),
        chunk({"content": "a"}).replace(b"chatcmpl-1", b"chatcmpl-2"),
        chunk({"content": "a"}).replace(b'"created":5', b'"created":6'),
        event({**IDENTITY, "choices": []}),
        b": comment\n\n",
        b"event: error\n" + chunk({"content": "a"}),
        b"data: [DONE]\n\n",
        b"\n\n",
    ],
)
def test_what_must_be_read_is_not_taken(odd: bytes) -> None:
    fine = chunk({"content": "a"})
    for block in (odd, fine + odd, odd + fine, fine + odd + fine):
        it = relay()
        assert it.take(block) is None
        assert it.events == 0


def test_openais_own_tool_calls_are_taken() -> None:
    call: dict[str, Any] = {"tool_calls": [{"index": 0, "function": {"arguments": "{"}}]}
    assert relay(openai=True).take(chunk(call)) == chunk(call)


def test_nothing_is_taken_before_a_chunk_was_seen() -> None:
    it = Relay(openai=True, include_usage=False)
    assert not it.ready
    assert it.take(chunk({"content": "a"})) is None
    it.learn(json.dumps({"choices": []}).encode())
    assert not it.ready
