"""Both ways to stream, cut anywhere."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orouter.dialects.google_generate.framing import Framing, Objects
from orouter.dialects.sse import MAX_EVENT_BYTES, Splitter
from orouter.errors import UpstreamError

VALUES = [{"text": 'é "quoted" \\ {brace} ]'}, {"a": [{"b": {}}]}, {"text": "\n\n"}]
EVENTS = b"".join(b"data: " + json.dumps(each).encode() + b"\r\n\r\n" for each in VALUES)
UNIX_EVENTS = EVENTS.replace(b"\r\n", b"\n")
ARRAY = b"[" + b"\n,\r\n".join(json.dumps(each, indent=2).encode() for each in VALUES) + b"\n]\n"
OBJECTS = b"\n".join(json.dumps(each, ensure_ascii=False).encode() for each in VALUES)


@pytest.mark.parametrize("stream", [EVENTS, UNIX_EVENTS, ARRAY, OBJECTS, b"\n " + ARRAY])
@given(data=st.data())
def test_any_cut_gives_the_same(stream, data) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=12))
    edges = sorted({0, len(stream), *cuts})
    framing, found = Framing(), []
    for start, end in pairwise(edges):
        found += framing.feed(stream[start:end])
    found += framing.close()
    assert [json.loads(each) for each in found] == VALUES


def test_a_last_event_without_its_empty_line_counts() -> None:
    framing = Framing()
    assert framing.feed(b'data: {"a": 1}') == []
    assert framing.close() == [b'{"a": 1}']
    assert Framing().close() == []


def test_whole_events_in_blocks_of_their_own() -> None:
    framing = Framing()
    found = [framing.feed(block + b"\r\n\r\n") for block in EVENTS.split(b"\r\n\r\n")[:-1]]
    assert [json.loads(each) for (each,) in found] == VALUES


def test_an_object_without_end_is_bounded() -> None:
    objects = Objects()
    block = b'{"a": "' + b"x" * (MAX_EVENT_BYTES // 4)
    for _ in range(3):
        objects.feed(block)
    with pytest.raises(UpstreamError, match="16 MB"):
        objects.feed(block)


def test_noise_between_objects_is_not_kept() -> None:
    objects = Objects()
    assert objects.feed(b"]]}}," * 1000) == []
    assert objects.feed(b'{"a":1}},') == [b'{"a":1}']
    assert len(objects._pending) == 0


@given(data=st.data())
def test_events_of_several_lines_and_comments_between_whole_blocks(data: st.DataObject) -> None:
    odd = b": comment\r\n\r\nevent: x\r\ndata: 1\r\n\r\ndata:2\r\n\r\ndata: [3,\r\ndata: 4]\r\n\r\n"
    events = data.draw(st.lists(st.sampled_from([EVENTS, odd, UNIX_EVENTS]), max_size=4))
    whole, framing = b"".join(events), Framing()
    expected = [event.data for event in Splitter().feed(whole)]
    found = [each for block in events for each in framing.feed(block)]
    assert found + framing.close() == expected
    assert Framing().feed(whole) == expected
