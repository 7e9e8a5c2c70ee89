"""Cutting a stream after its last whole event."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orouter.dialects.openai_chat.events import Boundary
from orouter.dialects.sse import MAX_EVENT_BYTES
from orouter.errors import UpstreamError

STREAM = "data: ü1\r\n\r\ndata: 2\n\n: c\r\rdata: 3\r\n\r\ndata: rest".encode()
WHOLE = "data: ü1\n\ndata: 2\n\n: c\n\ndata: 3\n\n".encode()


@given(st.sets(st.integers(0, len(STREAM))))
def test_any_cut_gives_whole_events_with_line_feeds(cuts: set[int]) -> None:
    boundary, out = Boundary(), b""
    ends = [*sorted(cuts), len(STREAM)]
    for start, end in zip([0, *ends], ends, strict=False):
        whole = boundary.feed(STREAM[start:end])
        assert not whole or whole.endswith(b"\n\n")
        out += whole
    assert out == WHOLE
    assert boundary.close() == b"data: rest"


def test_a_block_of_whole_events_is_not_copied() -> None:
    block = b"data: 1\n\ndata: 2\n\n"
    assert Boundary().feed(block) is block


def test_an_event_without_an_end_is_refused() -> None:
    boundary = Boundary()
    boundary.feed(b"x" * MAX_EVENT_BYTES)
    with pytest.raises(UpstreamError, match="16 MB"):
        boundary.feed(b"x")
