import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orouter.errors import InvalidRequest
from orouter.schemas.chat_reading import SMALL, read_chat

HI: dict[str, Any] = {"model": "demo/echo", "messages": [{"role": "user", "content": "hi"}]}


def body(**changes: Any) -> bytes:
    return json.dumps({**HI, **changes}).encode()


def test_the_request_and_its_bytes_are_kept() -> None:
    request = read_chat(body(temperature=0.5, future_field={"x": 1}))
    assert request.temperature == 0.5
    assert request.fields()["future_field"] == {"x": 1}


def nested(levels: int, kind: type) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value] if kind is list else {"a": value}
    return value


@pytest.mark.parametrize("kind", [list, dict])
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_levels_are_counted_wherever_they_are(kind: type, separators: tuple[str, str]) -> None:
    def places(levels: int) -> list[dict[str, Any]]:
        return [
            {"future_field": nested(levels - 1, kind)},
            {"messages": [{"role": "user", "content": "hi", "more": nested(levels - 3, kind)}]},
            {
                "messages": [
                    *HI["messages"],
                    {**HI["messages"][0], "more": nested(levels - 3, kind)},
                ]
            },
            {"metadata": {"a": nested(levels - 2, kind)}},
        ]

    for taken, refused in zip(places(64), places(65), strict=True):
        read_chat(json.dumps({**HI, **taken}, separators=separators).encode())
        with pytest.raises(InvalidRequest, match="64 levels"):
            read_chat(json.dumps({**HI, **refused}, separators=separators).encode())


REFUSED = {
    "empty": (b"", "ends too early"),
    "no object": (b"[]", "object"),
    "null": (b"null", "object"),
    "malformed": (b'{"model": "x",', "ends too early"),
    "trailing": (body() + b" x", "trailing"),
    "NaN": (body().replace(b'"hi"', b"NaN"), "invalid"),
    "infinity": (body(temperature=1).replace(b": 1}", b": 1e999}"), "temperature|range|number"),
    "not UTF-8": (body().replace(b"hi", b"\xff\xfe"), "UTF-8"),
    "byte order mark": (b"\xef\xbb\xbf" + body(), "invalid"),
    "lone surrogate": (body().replace(b"hi", b"\\ud800"), "JSON"),
    "duplicate key": (body()[:-1] + b', "model": "other"}', "'model' appears twice"),
    "duplicate before a blank": (body()[:-1] + b', "model" :"other"}', "'model' appears twice"),
    "duplicate behind a backslash": (
        body()[:-1] + rb', "a\\": 1, "model": "other"}',
        "'model' appears twice",
    ),
    "duplicate behind an escaped colon": (
        body()[:-1] + rb', "a": "\u003a", "model": "other"}',
        "'model' appears twice",
    ),
    "duplicate with colons": (body()[:-1] + b', "a": ": :", "a": "::"}', "'a' appears twice"),
    "duplicate inside": (body().replace(b'"role"', b'"role": "user", "role"'), "'role' appears"),
    "deep nesting": (body(x=1).replace(b": 1}", b": " + b"[" * 70 + b"]" * 70 + b"}"), "64 levels"),
    "very deep nesting": (b"[" * 100_000, "object|levels|early"),
    "no model": (b'{"messages": [{"role": "user", "content": "hi"}]}', "model"),
    "no messages": (b'{"model": "m", "messages": []}', "messages"),
    "unknown role": (body(messages=[{"role": "robot", "content": "hi"}]), r"messages\[0\].role"),
    "number as content": (
        body(messages=[{"role": "user", "content": 5}]),
        r"messages\[0\].content",
    ),
    "user without content": (body(messages=[{"role": "user"}]), r"messages\[0\].content"),
    "result without call": (body(messages=[{"role": "tool", "content": "x"}]), "tool_call_id"),
    "text part without text": (
        body(messages=[{"role": "user", "content": [{"type": "text"}]}]),
        "text",
    ),
    "temperature": (body(temperature=3), "temperature"),
    "temperature as text": (body(temperature="hot"), "temperature"),
    "top_p": (body(top_p=1.5), "top_p"),
    "max_tokens": (body(max_tokens=-1), "max_tokens"),
    "huge max_tokens": (body(max_tokens=10**30), "max_tokens"),
    "huge seed": (body(seed=2**70), "seed"),
    "n": (body(n=0), "n"),
    "stream": (body(stream="yes"), "stream"),
    "tools": (body(tools=[{"type": "function", "function": {"name": ""}}]), "name"),
    "required without tools": (body(tool_choice="required"), "tool_choice"),
    "effort": (body(reasoning_effort="enormous"), "reasoning_effort"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_valid_is_refused_with_its_reason(name: str) -> None:
    sent, reason = REFUSED[name]
    with pytest.raises(InvalidRequest, match=reason):
        read_chat(b" " * SMALL + sent)
    with pytest.raises(InvalidRequest, match=reason):
        read_chat(sent)


def test_the_field_at_fault_is_named() -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_chat(body(messages=[{"role": "user", "content": "a"}, {"role": "user", "content": 1}]))
    assert caught.value.param == "messages[1].content"


@pytest.mark.parametrize(
    "content",
    [
        ":) ",
        'say "a": 1',
        "\\",
        '{"a": {"a": 1}}',
        '":":":',
        "\x00",
        "日本語 😀",
        'ends with \\" : "',
    ],
)
def test_text_that_looks_like_keys_is_only_text(content: str) -> None:
    for spaced in (True, False):
        separators = (", ", " : ") if spaced else (",", ":")
        sent = json.dumps({**HI, "user": content}, separators=separators).encode()
        assert read_chat(sent).user == content


def test_null_is_absent() -> None:
    nothing = {"tools": None, "stop": None, "temperature": None, "stream": None}
    assert read_chat(body(**nothing)).tools is None


def test_a_parse_bomb_costs_little() -> None:
    began = time.perf_counter()
    for bomb in (
        b'{"a":' * 100_000,
        b"[" * 1_000_000,
        b'{"model":"' + b"\\u0000" * 200_000 + b'"}',
    ):
        with pytest.raises(InvalidRequest):
            read_chat(bomb)
    assert time.perf_counter() - began < 1.0


@given(st.binary(max_size=200))
def test_bytes_at_random_are_refused_and_never_break_it(sent: bytes) -> None:
    with pytest.raises(InvalidRequest):
        read_chat(sent)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(json_values)
def test_unknown_fields_of_any_shape_pass_unchanged(value: Any) -> None:
    assert read_chat(body(x_future=value)).fields()["x_future"] == value
