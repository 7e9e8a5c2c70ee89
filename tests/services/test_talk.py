"""What a stream says, in pieces and at the end, and the errors that stand in it."""

import pytest

from orouter.errors import UpstreamError
from orouter.services import talk

STREAM = (
    b'data: {"model":"m","choices":[{"delta":{"role":"assistant","content":""}}]}\n\n'
    b'data: {"model":"m","choices":[{"delta":{"content":"Hel"}}]}\n\n: comment\n\n'
    b'data: {"model":"m","choices":[{"delta":{"content":"lo"},"finish_reason":"stop"}]}\n\n'
    b'data: {"model":"m","choices":[],"usage":{"prompt_tokens":1}}\n\ndata: [DONE]\n\n'
)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_reply_is_said_as_it_comes(size: int) -> None:
    said: list[str] = []
    reply = talk.Reply(said.append)
    for start in range(0, len(STREAM), size):
        reply.feed(STREAM[start : start + size])
    assert "".join(said) == reply.content == "Hello"
    assert (reply.model, reply.finish, reply.usage) == ("m", "stop", {"prompt_tokens": 1})


def test_an_error_in_the_stream_is_raised() -> None:
    with pytest.raises(UpstreamError, match="gone"):
        talk.Reply(print).feed(b'data: {"error":{"code":"upstream_error","message":"gone"}}\n\n')
