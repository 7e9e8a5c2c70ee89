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
    chunks,
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
        chunk({"content": "a"}).replace(b'"created":5', b'"created":"6"'),
        chunk({"content": "a"}).replace(b'"model":"m-1"', b'"model":"m-2"'),
        event({**IDENTITY, "delta": {"choices": []}}),
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


def test_the_role_is_not_said_again() -> None:
    again = chunk({"role": "assistant", "content": "a"})
    assert relay().take(again * 2) == chunk({"content": "a"}) * 2
    odd = chunk({"content": "a", "role": "assistant"})
    assert relay().take(odd) is None
    roles = [each["delta"].get("role") for each in choices(decoder().feed(FIRST + again + odd))]
    assert roles == ["assistant", None, None]


def test_openais_own_tool_calls_are_taken() -> None:
    call: dict[str, Any] = {"tool_calls": [{"index": 0, "function": {"arguments": "{"}}]}
    assert relay(openai=True).take(chunk(call)) == chunk(call)


def changing(n: int) -> bytes:
    """The n-th chunk of a server that gives each a fingerprint, padding and time of its own."""
    choice = {"index": 0, "delta": {"content": f"{n}"}, "finish_reason": None}
    return event(
        {
            **IDENTITY,
            "created": 5 + n // 3,
            "system_fingerprint": f"fpt_{n}",
            "choices": [choice],
            "usage": None,
            "obfuscation": "x" * n,
        }
    )


def test_fields_that_change_from_chunk_to_chunk_are_relayed_as_they_are() -> None:
    it = relay()
    taken = [it.take(changing(n)) for n in range(3)]
    assert taken == [changing(n).replace(b',"usage":null', b"") for n in range(3)]


def test_each_chunk_gets_the_streams_own_time() -> None:
    expected = changing(9).replace(b'"created":8', b'"created":5')
    assert relay(include_usage=True).take(changing(9) + changing(10)) == (
        expected + changing(10).replace(b'"created":8', b'"created":5')
    )


@given(st.data())
def test_relayed_or_read_a_stream_of_changing_chunks_says_the_same(data: st.DataObject) -> None:
    stream = FIRST + b"".join(changing(n) for n in range(8)) + chunk({}, "stop")
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=8)))
    it, out = decoder(), b""
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        out += it.feed(stream[start:end])
    relayed = chunks(out + it.close())
    read = [got for n in range(8) for got in chunks(first_of(changing(n)))]
    assert [{**each, "choices": 0} for each in relayed[1:9]] == [
        {**each, "choices": 0, "created": 5} for each in read
    ]
    assert text(out) == "01234567"
    assert it.finish == "stop"


def first_of(stream: bytes) -> bytes:
    """What a decoder makes of a chunk that it must read because nothing came before it."""
    return decoder().feed(stream)


def test_a_server_that_says_who_it_is_after_the_choice_teaches_nothing() -> None:
    it = Relay(openai=True, include_usage=False)
    choice = {"index": 0, "delta": {}, "finish_reason": None}
    it.learn(event({"choices": [choice], **IDENTITY})[len(b"data: ") : -2])
    it.learn(event({"x": {**IDENTITY}, "choices": [choice]})[len(b"data: ") : -2])
    assert not it.ready


def test_nothing_is_taken_before_a_chunk_was_seen() -> None:
    it = Relay(openai=True, include_usage=False)
    assert not it.ready
    assert it.take(chunk({"content": "a"})) is None
    it.learn(json.dumps({"choices": []}).encode())
    assert not it.ready
