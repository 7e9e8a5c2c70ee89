"""The splitter: every cut of a stream gives the same events, within bounded memory."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orouter.dialects.sse import MAX_EVENT_BYTES, Event, Splitter
from orouter.errors import UpstreamError


def split(*blocks: bytes) -> list[Event]:
    splitter = Splitter()
    return [event for block in blocks for event in splitter.feed(block)] + splitter.close()


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_endings(end: bytes) -> None:
    stream = b"event: ping\ndata: 1\n\ndata: 2\n\n".replace(b"\n", end)
    assert split(stream) == [("ping", b"1"), ("", b"2")]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b": OPENROUTER PROCESSING\n\ndata: 1\n\n", [("", b"1")]),
        (b": note\ndata: 1\n\n", [("", b"1")]),
        (b"data: a\ndata: b\n\n", [("", b"a\nb")]),
        (b"data:a\n\n", [("", b"a")]),
        (b"data:  a\n\n", [("", b" a")]),
        (b"event: x\nid: 7\nretry: 10\ndata: a\n\n", [("x", b"a")]),
        (b"\n\n\n\ndata: a\n\n\n", [("", b"a")]),
        (b"event: lonely\n\n", []),
        (b"data: \n\n", [("", b"")]),
        (b"data\n\ndata: a\n\n", [("", b""), ("", b"a")]),
        (b"data: unterminated", [("", b"unterminated")]),
        (b"event: e\ndata: unterminated\n", [("e", b"unterminated")]),
        (b"", []),
    ],
)
def test_grammar(stream: bytes, events: list[tuple[str, bytes]]) -> None:
    assert split(stream) == events


def test_events_come_as_soon_as_they_are_whole() -> None:
    splitter = Splitter()
    assert splitter.feed(b"data: 1\n\ndata: 2") == [("", b"1")]
    assert splitter.feed(b"\n") == []
    assert splitter.feed(b"\n") == [("", b"2")]
    assert splitter.feed(b"data: 3\r\n\r") == [("", b"3")]
    assert splitter.feed(b"") == []
    assert splitter.feed(b"\ndata: 4\n\n") == [("", b"4")]


lines = st.sampled_from(
    [
        b"data: x",
        "data: \u00e9\U0001f600".encode(),
        b": c",
        b"event: n",
        b"",
        b"data: {}",
    ]
)


@given(
    st.lists(st.tuples(lines, st.sampled_from([b"\n", b"\r\n", b"\r"]))),
    st.lists(st.integers(0, 400)),
)
def test_any_cut_gives_the_same_events(parts: list[tuple[bytes, bytes]], cuts: list[int]) -> None:
    stream = b"".join(line + end for line, end in parts)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    blocks = [stream[a:b] for a, b in pairwise(edges)]
    assert split(*blocks) == split(stream)


@pytest.mark.parametrize("head", [b"data: ", b"", b"event: x\ndata: "])
def test_an_endless_event_is_refused(head: bytes) -> None:
    endless = [head, *[b"x" * 65536] * (MAX_EVENT_BYTES // 65536 + 1)]
    with pytest.raises(UpstreamError, match="16 MB"):
        split(*endless)
