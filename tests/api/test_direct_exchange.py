"""An exchange on its connection: what reaches the wire, and when reading stops."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from uvicorn.protocols.http.flow_control import FlowControl

from orouter.api.data_plane import Route
from orouter.api.direct_exchange import DirectExchange
from orouter.api.exchange import ClientGone, Exchange
from orouter.api.heads import Head
from orouter.errors import BodyTooLarge, RequestTimeout
from orouter.services.chat import DONE
from orouter.services.gateway import Gateway


async def nothing(_: Gateway, __: Exchange) -> None: ...


class Wire:
    """A connection that remembers what was done to it."""

    def __init__(self) -> None:
        self.transport: Any = self
        self.flow = FlowControl(self.transport)
        self.loop = asyncio.get_running_loop()
        self.written: list[bytes] = []
        self.answers = 0
        self.closed = self.reads_no_more = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        self.reads_no_more = True

    def resume_reading(self) -> None:
        self.reads_no_more = False

    def default_head(self) -> bytes:
        return b"date: today\r\n"

    def on_response_complete(self) -> None:
        self.answers += 1


@pytest.fixture
async def wire() -> Wire:
    return Wire()


def asked(
    wire: Wire,
    method: str = "POST",
    *,
    keep_alive: bool = True,
    **headers: str,
) -> Any:
    named = {name.encode(): value.encode() for name, value in headers.items()}
    route = Route("POST", "/v1/chat/completions", nothing)
    return DirectExchange(wire, route, Head(method, route.path, named, keep_alive=keep_alive))


async def test_an_answer_is_one_write(wire: Wire) -> None:
    request = asked(wire)
    await request.json({"a": 1})
    [written] = wire.written
    head, _, body = written.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[:2] == [b"HTTP/1.1 200 OK", b"date: today"]
    assert b"content-length: 7" in lines
    assert body == b'{"a":1}'
    assert (wire.answers, wire.closed, request.response_complete) == (1, False, True)


async def test_head_gets_no_body(wire: Wire) -> None:
    await asked(wire, method="HEAD").json({"a": 1})
    assert wire.written[0].endswith(b"\r\n\r\n")


async def test_who_does_not_stay_is_told_and_closed(wire: Wire) -> None:
    await asked(wire, keep_alive=False).json(1)
    assert wire.written[0].count(b"connection: close\r\n") == 1
    assert wire.closed


async def test_an_error_that_ends_the_connection_ends_it(wire: Wire) -> None:
    await asked(wire).fail(RequestTimeout("Too slow."))
    assert wire.written[0].count(b"connection: close\r\n") == 1
    assert wire.closed


async def test_a_line_break_in_a_header_is_never_written(wire: Wire) -> None:
    request = asked(wire)
    request.answer_headers.append((b"x", b"a\r\nset-cookie: b"))
    with pytest.raises(ValueError, match="line break"):
        await request.json(1)
    assert wire.written == []


async def test_a_body_that_nobody_waits_for_is_not_read_on(wire: Wire) -> None:
    request = asked(wire)
    request.feed(bytes(70_000))
    assert wire.reads_no_more
    reading = asyncio.create_task(request.body(100_000))
    await asyncio.sleep(0)
    assert not wire.reads_no_more
    request.feed(b"more")
    request.fed()
    assert len(await reading) == 70_004


async def test_a_body_is_refused_as_soon_as_it_is_too_large(wire: Wire) -> None:
    request = asked(wire)
    reading = asyncio.create_task(request.body(5))
    for piece in (b"123", b"456"):
        await asyncio.sleep(0)
        request.feed(piece)
    with pytest.raises(BodyTooLarge):
        await reading


async def test_who_leaves_in_the_middle_of_a_body_is_gone(wire: Wire) -> None:
    request = asked(wire)
    request.feed(b"ha")
    reading = asyncio.create_task(request.body(5))
    await asyncio.sleep(0)
    request.lost()
    with pytest.raises(ClientGone):
        await reading


async def test_who_waits_to_be_told_to_go_on_is_told_once(wire: Wire) -> None:
    request = asked(wire, expect="100-continue")
    reading = asyncio.create_task(request.body(5))
    for piece in (b"1", b"2"):
        await asyncio.sleep(0)
        request.feed(piece)
    request.fed()
    assert await reading == b"12"
    assert wire.written == [b"HTTP/1.1 100 Continue\r\n\r\n"]


async def spoken(*blocks: bytes) -> AsyncGenerator[bytes, None]:
    for block in blocks:
        yield block


async def test_a_stream_is_chunked(wire: Wire) -> None:
    await asked(wire).stream(spoken(b"first", b"", b"second"), [])
    first, *rest = wire.written
    assert first.endswith(b"transfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n")
    assert rest == [b"6\r\nsecond\r\n", b"0\r\n\r\n"]


async def test_a_stream_without_blocks_is_whole_too(wire: Wire) -> None:
    await asked(wire).stream(spoken(), [])
    assert b"".join(wire.written).endswith(b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n")


async def test_who_has_read_the_last_event_has_the_whole_answer(wire: Wire) -> None:
    ended = asyncio.Event()

    async def lingering() -> AsyncGenerator[bytes, None]:
        yield b"first"
        yield DONE
        await ended.wait()

    request = asked(wire)
    streaming = asyncio.create_task(request.stream(lingering(), []))
    await asyncio.sleep(0.01)
    assert wire.written[1:] == [b"e\r\n" + DONE + b"\r\n0\r\n\r\n"]
    assert not request.response_complete
    ended.set()
    await streaming
    assert len(wire.written) == 2
    assert request.response_complete


async def test_a_stream_waits_for_its_reader(wire: Wire) -> None:
    wire.flow.pause_writing()
    streaming = asyncio.create_task(asked(wire).stream(spoken(b"first"), []))
    await asyncio.sleep(0.01)
    assert wire.written == []
    wire.flow.resume_writing()
    await streaming
    assert len(wire.written) == 2


@pytest.mark.parametrize("already", [False, True])
async def test_the_leaving_of_an_attended_caller_cancels(wire: Wire, *, already: bool) -> None:
    request = asked(wire)

    async def serve() -> None:
        request.attend()
        await asyncio.sleep(5)

    if already:
        request.lost()
    serving = asyncio.create_task(serve())
    await asyncio.sleep(0)
    if not already:
        request.lost()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert request.leave()


async def test_a_silent_stream_is_kept_alive(wire: Wire) -> None:
    comment = b"e\r\n: keep-alive\n\n\r\n"
    request = asked(wire)
    request.attend()
    for _ in range(9):
        request.look()
    assert wire.written == []
    for sent, looks, comments in [(1, 3, 0), (1, 1, 1), (1, 2, 1), (2, 3, 1), (2, 1, 2)]:
        request.blocks_sent = sent
        for _ in range(looks):
            request.look()
        assert wire.written == [comment] * comments
    wire.flow.pause_writing()
    for _ in range(9):
        request.look()
    assert not request.leave()
    wire.flow.resume_writing()
    for _ in range(9):
        request.look()
    assert wire.written == [comment] * 2
