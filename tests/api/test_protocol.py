"""The listener's bounds, on a real socket, with times that a test can wait for."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable
from itertools import chain, repeat
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.server import ServerState

from orouter.api.data_plane import Route
from orouter.api.direct_exchange import DirectExchange
from orouter.api.heads import Head
from orouter.api.protocol import BoundedHttpProtocol
from orouter.departures import Departures

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


class Forgetful(BoundedHttpProtocol):
    most_strange = 0


class Listening:
    """An application that notes what its data plane is asked, and answers."""

    def __init__(self) -> None:
        self.data_plane = self
        self.departures = Departures()
        self.heads: list[Head] = []
        self.asked: list[tuple[Any, ...]] = []

    async def serve(self, route: Route, exchange: DirectExchange) -> None:
        head = exchange.head
        body = await exchange.body(1 << 20)
        for _ in range(len(body) % 5):
            await asyncio.sleep(0)
        said = {name: value for name, value in head.headers.items() if name != b"content-length"}
        self.heads.append(head)
        self.asked.append((route.path, head.method, head.bearer.secret, said, body))
        await exchange.answer(200, body)

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        self.asked.append((scope["path"], scope["method"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


class Pipe(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = bytearray()
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def can_write_eof(self) -> bool:
        return False

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


async def heard(
    kind: type[BoundedHttpProtocol], blocks: list[bytes], pauses: Iterable[bool] = repeat(True)
) -> Listening:
    """What the data plane was asked by a connection on which these arrive one after the other.

    After some of them comes a pause in which they can be answered.
    """
    application = Listening()
    options: Any = {"lifespan": "off", "log_config": None, "proxy_headers": False}
    config = uvicorn.Config(application, http=kind, **options)
    config.load()
    connection = kind(config=config, server_state=ServerState(), app_state={})
    connection.connection_made(Pipe())
    for block, pause in zip([*blocks, b""], chain(pauses, repeat(True)), strict=False):
        connection.data_received(block)
        for _ in range(50 * pause):
            await asyncio.sleep(0)
    connection.connection_lost(None)
    return application


CHAT = b"POST /v1/chat/completions HTTP/1.1\r\nAuthorization: Bearer %b\r\n"


def chat(body: bytes, key: bytes = b"one", more: bytes = b"") -> bytes:
    return CHAT % key + more + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


async def test_a_head_that_comes_again_is_not_read_again() -> None:
    bodies = [b"a", b"bb", b"x" * 1000, b"", b"{}"]
    application = await heard(BoundedHttpProtocol, [chat(body) for body in bodies])
    assert [asked[-1] for asked in application.asked] == bodies
    assert [head is application.heads[1] for head in application.heads] == [False, *[True] * 4]


async def test_another_key_is_another_head() -> None:
    keys = [b"one", b"one", b"one", b"two", b"two", b"one"]
    application = await heard(BoundedHttpProtocol, [chat(b"{}", key) for key in keys])
    assert [head.bearer.secret.encode() for head in application.heads] == keys


async def test_a_connection_of_many_callers_stops_remembering() -> None:
    blocks = [chat(b"{}", b"%d" % n) for n in range(20)]
    application = await heard(BoundedHttpProtocol, [*blocks, chat(b"{}"), chat(b"{}")])
    assert application.heads[-1] is not application.heads[-2]
    assert application.heads[-1].bearer.secret == "one"


REQUESTS = [
    chat(b'{"a":1}'),
    chat(b"{}"),
    chat(b""),
    chat(b"{}", b"two"),
    chat(b"{}", more=b"X-Request-Id: mine\r\n"),
    chat(b"{}", more=b"Connection: close\r\n"),
    chat(b"{}", more=b"Upgrade: h2c\r\nConnection: upgrade\r\n"),
    chat(b"{}", more=b"Expect: 100-continue\r\n"),
    CHAT % b"one" + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    CHAT % b"one" + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    chat(chat(b"inner")),
    b"GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /elsewhere HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
    CHAT % b"one" + b"X: ",
    CHAT % b"one" + b"Content-Length: 130\r\n\r\n",
    b"\r\n",
]


@st.composite
def arrivals(draw: st.DrawFn) -> list[bytes]:
    """Requests in blocks that do or do not keep to their borders."""
    parts = draw(st.lists(st.sampled_from(REQUESTS), min_size=1, max_size=8))
    blocks = [REQUESTS[0], REQUESTS[0]]
    for part in parts:
        cut = draw(st.sampled_from([0, 0, 0, 1, len(part) // 2, len(part) - 1]))
        if draw(st.booleans()) and draw(st.booleans()):
            blocks[-1] += part[:cut]
        elif cut:
            blocks.append(part[:cut])
        blocks.append(part[cut:])
    return blocks


@given(arrivals(), st.lists(st.sampled_from([True, True, False]), max_size=10))
def test_what_is_remembered_changes_nothing(blocks: list[bytes], pauses: list[bool]) -> None:
    """Also where a message ends within a block, or comes before the last one is answered."""
    known = asyncio.run(heard(BoundedHttpProtocol, blocks, pauses))
    read = asyncio.run(heard(Forgetful, blocks, pauses))
    assert known.asked == read.asked
