"""The listener's bounds, on a real socket, with times that a test can wait for."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from orouter.api.protocol import BoundedHttpProtocol

HEAD = b"POST / HTTP/1.1\r\nhost: test\r\n"


class Impatient(BoundedHttpProtocol):
    head_seconds = 0.2
    body_seconds = 0.3
    unread_seconds = 0.3
    linger_seconds = 0.4
    check_seconds = 0.05


class Application:
    """Reads the whole body, then answers ``answer`` and so many more blocks of 64 KiB."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.blocks = 0
        self.done = asyncio.Event()

    async def __call__(self, _scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.done.set()
                return
            body += message.get("body", b"")
            more = message["more_body"]
        self.bodies.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(self.blocks):
            await send({"type": "http.response.body", "body": bytes(65536), "more_body": True})
        await send({"type": "http.response.body", "body": b"answer", "more_body": False})
        self.done.set()


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
async def port(application: Application) -> AsyncIterator[int]:
    config = uvicorn.Config(application, http=Impatient, lifespan="off", log_config=None)
    config.load()
    state = ServerState()

    def connected() -> Impatient:
        return Impatient(config=config, server_state=state, app_state={})

    server = await asyncio.get_running_loop().create_server(connected, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for connection in list(state.connections):
        connection.transport.abort()


async def talk(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Everything that comes back until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


def code_of(answer: bytes) -> tuple[int, str]:
    """The status and the code in the promised error body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"connection: close" in head
    error = json.loads(body)["error"]
    assert error["request_id"].startswith("req_")
    return int(head.split(b" ")[1]), error["code"]


async def test_a_good_request_passes(port: int, application: Application) -> None:
    answer = await talk(port, HEAD + b"connection: close\r\ncontent-length: 4\r\n\r\nbody")
    assert answer.endswith(b"answer\r\n0\r\n\r\n")
    assert application.bodies == [b"body"]


OVERSIZED = {
    "one field": HEAD + b"a: " + b"a" * 70_000 + b"\r\n\r\n",
    "one endless field": HEAD + b"a: " + b"a" * 4_000_000,
    "101 fields": HEAD + b"".join(b"x-%d: 1\r\n" % n for n in range(101)) + b"\r\n",
    "many fields without an end": HEAD + b"a: b\r\n" * 200_000,
    "an endless address": b"GET /" + b"a" * 4_000_000,
    "fields that fit one by one": HEAD + (b"a: " + b"a" * 1000 + b"\r\n") * 80 + b"\r\n",
}


@pytest.mark.parametrize("name", OVERSIZED)
async def test_a_head_over_the_bounds_is_refused(
    port: int, application: Application, name: str
) -> None:
    answer = await talk(port, OVERSIZED[name])
    assert code_of(answer) == (431, "headers_too_large")
    assert application.bodies == []


async def test_endless_trailers_are_refused(port: int) -> None:
    head = HEAD + b"transfer-encoding: chunked\r\n\r\n0\r\n"
    answer = await talk(port, head, b"".join(b"x-%d: 1\r\n" % n for n in range(101)))
    assert code_of(answer) == (431, "headers_too_large")


SLOW = {
    "connects only": [],
    "sends half a head": [HEAD],
    "trickles its head": [HEAD, *[b"a: b\r\n"] * 20],
    "sends half a body": [HEAD + b"content-length: 100\r\n\r\nhalf"],
    "trickles its body": [HEAD + b"content-length: 100\r\n\r\n", *[b"b"] * 20],
    "trickles a chunked body": [
        HEAD + b"transfer-encoding: chunked\r\n\r\n",
        *[b"1\r\nb\r\n"] * 20,
    ],
}


@pytest.mark.parametrize("name", SLOW)
async def test_who_sends_too_slowly_is_told_and_closed(
    port: int, application: Application, name: str
) -> None:
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def send() -> None:
        for piece in SLOW[name]:
            writer.write(piece)
            await asyncio.sleep(0.04)

    sending = asyncio.create_task(send())
    answer = await asyncio.wait_for(reader.read(), 5)
    assert 0.15 < time.monotonic() - began < 1.0
    assert code_of(answer) == (408, "request_timeout")
    assert application.bodies == []
    sending.cancel()
    writer.close()


async def go_on(writer: asyncio.StreamWriter) -> None:
    """Sends until the connection is cut."""
    while True:
        writer.write(b"more")
        await writer.drain()
        await asyncio.sleep(0.02)


async def test_who_sends_on_reads_the_refusal_and_is_then_closed(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    began = time.monotonic()
    writer.write(OVERSIZED["one field"])
    assert code_of(await reader.read()) == (431, "headers_too_large")
    with pytest.raises(ConnectionError):
        await go_on(writer)
    assert 0.4 < time.monotonic() - began < 1.5


async def test_a_large_body_that_keeps_coming_has_the_time_it_needs(
    port: int, application: Application
) -> None:
    pieces = [b"b" * 8192] * 12
    head = HEAD + b"connection: close\r\ncontent-length: %d\r\n\r\n" % sum(map(len, pieces))
    answer = await talk(port, head, *pieces, pause=0.04)
    assert answer.startswith(b"HTTP/1.1 200")
    assert len(application.bodies[0]) == 12 * 8192


async def test_a_caller_that_reads_nothing_is_cut_off(port: int, application: Application) -> None:
    application.blocks = 2000
    _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(HEAD + b"content-length: 0\r\n\r\n")
    await asyncio.wait_for(application.done.wait(), 5)
    writer.close()


async def test_requests_one_behind_the_other_are_answered_in_order(
    port: int, application: Application
) -> None:
    bodies = [b"one", b"two", b"three"]
    requests = [HEAD + b"content-length: %d\r\n\r\n%s" % (len(b), b) for b in bodies]
    requests[-1] = requests[-1].replace(b"host", b"connection: close\r\nhost")
    answer = await talk(port, b"".join(requests))
    assert answer.count(b"HTTP/1.1 200") == 3
    assert application.bodies == bodies


async def test_a_connection_is_used_again_after_a_pause(
    port: int, application: Application
) -> None:
    request = HEAD + b"content-length: 0\r\n\r\n"
    last = request.replace(b"host", b"connection: close\r\nhost")
    answer = await talk(port, request, request, last, pause=0.25)
    assert answer.count(b"HTTP/1.1 200") == 3


AMBIGUOUS = {
    "a length and chunks": b"content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"content-length: 4\r\ncontent-length: 0\r\n\r\nbody",
    "a length that is no number": b"content-length: four\r\n\r\nbody",
    "an enormous length": b"content-length: 99999999999999999999999\r\n\r\n",
    "an unknown transfer encoding": b"transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a blank before the colon": b"transfer-encoding : chunked\r\n\r\n0\r\n\r\n",
    "a chunk without a size": b"transfer-encoding: chunked\r\n\r\nzz\r\nbody\r\n0\r\n\r\n",
    "a zero byte in a field": b"a: b\x00c\r\n\r\n",
    "a folded field": b"a: b\r\n c\r\n\r\n",
}


@pytest.mark.parametrize("name", AMBIGUOUS)
async def test_what_two_servers_could_read_differently_is_refused(
    port: int, application: Application, name: str
) -> None:
    answer = await talk(port, HEAD + AMBIGUOUS[name])
    assert code_of(answer) == (400, "invalid_request")
    assert application.bodies == []


@pytest.mark.parametrize(
    "sent",
    [
        HEAD.replace(b"\r\n", b"\n") + b"\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
    ],
)
async def test_what_is_not_http_is_refused(port: int, sent: bytes) -> None:
    assert code_of(await talk(port, sent)) == (400, "invalid_request")


async def test_nothing_is_written_behind_a_finished_answer(port: int) -> None:
    request = HEAD + b"content-length: 0\r\n\r\n"
    answer = await talk(port, request, HEAD + b"half: ", pause=0.05)
    first, second = answer.split(b"answer\r\n0\r\n\r\n")
    assert first.startswith(b"HTTP/1.1 200")
    assert code_of(second) == (408, "request_timeout")
