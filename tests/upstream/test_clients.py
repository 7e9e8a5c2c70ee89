"""What both upstream clients do with every answer that a provider, or an attacker, can give."""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping

import pytest

from orouter.upstream.aiohttp_client import AiohttpClient
from orouter.upstream.client import (
    AnswerTooLarge,
    ConnectFailed,
    ConnectionCut,
    HttpCall,
    HttpClient,
    NoAnswer,
    StreamStalled,
)
from orouter.upstream.direct.client import DirectClient
from tests.upstream.wire import (
    CHUNKED,
    HELLO,
    OK,
    Authority,
    Peer,
    answering,
    answering_once,
    serving,
)

KINDS: dict[str, Callable[..., HttpClient]] = {"direct": DirectClient, "aiohttp": AiohttpClient}
MiB = 1 << 20
# aiohttp warns of bodies over 1 MiB, and sends them.
pytestmark = pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def client(kind: str) -> AsyncIterator[HttpClient]:
    client = KINDS[kind]()
    yield client
    await client.aclose()


async def ask(client: HttpClient, call: HttpCall) -> tuple[int, bytes]:
    async with asyncio.timeout(10):
        answer = await client.send(call)
        try:
            return answer.status, await answer.read(MiB)
        finally:
            answer.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - it is the other side that changes
            await asyncio.sleep(0.005)


def both(cases: Iterable[str], but_in_aiohttp: Mapping[str, str]) -> pytest.MarkDecorator:
    """Parametrises with both clients. aiohttp is spared some cases, each for the reason given."""
    pairs = [(kind, name) for name in cases for kind in KINDS]
    return pytest.mark.parametrize(
        ("kind", "name"),
        [pair for pair in pairs if pair[0] != "aiohttp" or pair[1] not in but_in_aiohttp],
    )


# What is sent.


async def test_a_request_is_said_as_http_says_it(client: HttpClient) -> None:
    async with serving(answering(HELLO)) as wire:
        assert await ask(client, wire.call(b'{"a": 1}')) == (200, b"hello")
        head, _, body = wire.peers[0].requests[0].partition(b"\r\n\r\n")
        first, *rest = head.decode().split("\r\n")
        fields = {name.lower(): value for name, value in (line.split(": ") for line in rest)}
        assert first == "POST /v1/chat/completions?a=b HTTP/1.1"
        assert body == b'{"a": 1}'
        assert fields == {
            "host": f"127.0.0.1:{wire.port}",
            "content-type": "application/json",
            "authorization": "Bearer sk-1",
            "content-length": "8",
        }


@pytest.mark.parametrize(
    "changed",
    [
        {"headers": {"x-a": "b\r\nx-c: d"}},
        {"headers": {"x-a": "b\nc"}},
        {"headers": {"x-a\r\nx-b": "c"}},
        {"url": "ftp://127.0.0.1/"},
        {"url": "http:///path"},
        {"url": "http://127.0.0.1:port/"},
        {"url": ""},
    ],
)
async def test_what_cannot_be_sent_is_refused(client: HttpClient, changed: dict) -> None:
    async with serving(answering(HELLO)) as wire:
        with pytest.raises(ConnectFailed):
            await client.send(wire.call(**changed))
        assert [peer.requests for peer in wire.peers] in ([], [[]])


# Framing.

BODIES = {
    "content-length": HELLO,
    "chunked": CHUNKED + b"2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nx-trailer: t\r\n\r\n",
    "until close": OK + b"\r\nhello",
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\nhello",
    "HTTP/1.0 kept alive": b"HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n"
    b"content-length: 5\r\n\r\nhello",
    "after interim answers": b"HTTP/1.1 100 Continue\r\n\r\n"
    b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + HELLO,
    "connection: close": OK + b"connection: close\r\ncontent-length: 5\r\n\r\nhello",
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("pieces", ["whole", "bytes"])
async def test_every_framing_is_read(client: HttpClient, body: str, pieces: str) -> None:
    answer = BODIES[body]
    blocks = [answer] if pieces == "whole" else [answer[i : i + 1] for i in range(len(answer))]
    async with serving(answering_once(*blocks)) as wire:
        assert await ask(client, wire.call()) == (200, b"hello")


@pytest.mark.parametrize(("head", "status"), [(b"204 No Content", 204), (b"304 Not Modified", 304)])
async def test_answers_without_a_body(client: HttpClient, head: bytes, status: int) -> None:
    async with serving(answering(b"HTTP/1.1 " + head + b"\r\n\r\n")) as wire:
        assert await ask(client, wire.call()) == (status, b"")
        assert await ask(client, wire.call()) == (status, b"")


async def test_header_names_are_lower_case_and_values_as_sent(client: HttpClient) -> None:
    named = (
        b"HTTP/1.1 429 Slow down\r\nRetry-After:  7 \r\nX-Odd: \xe4\r\nContent-Length: 0\r\n\r\n"
    )
    async with serving(answering(named)) as wire:
        answer = await client.send(wire.call())
        assert (answer.status, answer.headers["retry-after"]) == (429, "7")
        assert await answer.read(MiB) == b""
        answer.close()


@pytest.mark.parametrize("body", ["content-length", "chunked"])
async def test_an_answer_cut_anywhere_is_never_taken_for_whole(
    client: HttpClient, body: str
) -> None:
    answer = BODIES[body]
    head = answer.index(b"\r\n\r\n") + 4
    for cut in range(len(answer)):
        # One connection for each cut: a used one may be retried.
        async with serving(answering_once(answer[:cut])) as wire:
            with pytest.raises(ConnectFailed if cut < head else ConnectionCut):
                await ask(client, wire.call())
            assert len(wire.peers) == 1


MALFORMED = {
    "not HTTP": b"SSH-2.0-OpenSSH\r\n\r\n",
    "two lengths": OK + b"content-length: 5\r\ncontent-length: 6\r\n\r\nhello!",
    "a list of lengths": OK + b"content-length: 5, 6\r\n\r\nhello!",
    "length and chunked": OK + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked and length": OK + b"transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
    "negative length": OK + b"content-length: -5\r\n\r\nhello",
    "length with a sign": OK + b"content-length: +5\r\n\r\nhello",
    "length that overflows": OK + b"content-length: 99999999999999999999999\r\n\r\nhello",
    "space before the colon": OK + b"content-length : 5\r\n\r\nhello",
    "a bare CR in a value": OK + b"x-a: b\rc\r\ncontent-length: 0\r\n\r\n",
    "a NUL in a value": OK + b"x-a: b\0c\r\ncontent-length: 0\r\n\r\n",
    "status of letters": b"HTTP/1.1 OK OK\r\ncontent-length: 0\r\n\r\n",
}


@both(
    MALFORMED,
    but_in_aiohttp={"space before the colon": "is forgiven: old servers send it"},
)
async def test_a_malformed_head_is_no_answer(client: HttpClient, name: str) -> None:
    async with serving(answering(MALFORMED[name])) as wire:
        with pytest.raises(ConnectFailed):
            await ask(client, wire.call())
        await until(wire.peers[0].gone.is_set)


BAD_CHUNKS = {
    "no size": b"\r\nhello\r\n0\r\n\r\n",
    "not hex": b"5g\r\nhello\r\n0\r\n\r\n",
    "size that overflows": b"ffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
    "more than its size": b"2\r\nhello\r\n0\r\n\r\n",
    "negative": b"-5\r\nhello\r\n0\r\n\r\n",
}


@both(BAD_CHUNKS, but_in_aiohttp={})
async def test_malformed_chunks_cut_the_answer(client: HttpClient, kind: str, name: str) -> None:
    async with serving(answering_once(CHUNKED, BAD_CHUNKS[name])) as wire:
        # aiohttp does not tell: on uvloop it waits, or, with the head in the same read, it
        # refuses the whole answer.
        others = (ConnectFailed, StreamStalled) if kind == "aiohttp" else ()
        with pytest.raises((ConnectionCut, *others)):
            await ask(client, wire.call(timeout_s=0.3))


ENDLESS = {
    "header lines": (OK, b"x-a: b\r\n"),
    "one header line": (OK + b"x-a: ", b"b" * 1000),
    "one header name": (OK, b"b" * 1000),
    "the reason": (b"HTTP/1.1 200 ", b"b" * 1000),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a chunk's extension": (CHUNKED + b"1;", b"b" * 1000),
    "a trailer": (CHUNKED + b"0\r\nx-a: ", b"b" * 1000),
}


@both(
    ENDLESS,
    but_in_aiohttp={
        "interim answers": "are skipped for ever; each is small",
        "a chunk's extension": "is skipped for ever, and not kept",
        "a trailer": "is refused, but on uvloop nobody is told",
    },
)
async def test_nothing_is_endless(client: HttpClient, name: str) -> None:
    begin, again = ENDLESS[name]

    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(begin)
        while True:
            await peer.send(again * 100)

    async with serving(script) as wire, asyncio.timeout(5):
        with pytest.raises((ConnectFailed, ConnectionCut)):
            await ask(client, wire.call())


async def test_a_body_over_the_limit_is_not_read_on(client: HttpClient) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(OK + b"\r\n")
        while True:
            await peer.send(b"x" * 65536)

    async with serving(script) as wire:
        answer = await client.send(wire.call())
        with pytest.raises(AnswerTooLarge, match="1 MiB"):
            await answer.read(MiB)
        await until(wire.peers[0].gone.is_set)


# Time.


async def test_silence_is_no_answer(client: HttpClient) -> None:
    async with serving(Peer.hung_up) as wire:
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            await client.send(wire.call(timeout_s=0.1))
        assert 0.09 <= time.monotonic() - began < 1
        await until(wire.peers[0].gone.is_set)


async def test_a_body_that_stops_coming_has_stalled(client: HttpClient) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(CHUNKED + b"5\r\nhello\r\n")
        await peer.hung_up()

    async with serving(script) as wire:
        answer = await client.send(wire.call(timeout_s=0.1))
        assert await answer.next() == b"hello"
        with pytest.raises(StreamStalled):
            await answer.next()
        answer.close()
        await until(wire.peers[0].gone.is_set)


async def test_time_begins_anew_with_each_read(client: HttpClient) -> None:
    blocks = [CHUNKED, *[b"1\r\nx\r\n"] * 8, b"0\r\n\r\n"]
    async with serving(answering(*blocks, pause=0.05)) as wire:
        assert await ask(client, wire.call(timeout_s=0.2)) == (200, b"x" * 8)


async def test_a_slow_reader_is_not_a_slow_provider(client: HttpClient) -> None:
    async with serving(answering(CHUNKED + b"5\r\nhello\r\n", b"0\r\n\r\n", pause=0.05)) as wire:
        answer = await client.send(wire.call(timeout_s=0.1))
        await asyncio.sleep(0.3)
        assert await answer.read(MiB) == b"hello"
        answer.close()


# Connections.


async def test_a_connection_is_used_again(client: HttpClient) -> None:
    for body in ("content-length", "chunked", "HTTP/1.0 kept alive"):
        async with serving(answering(BODIES[body])) as wire:
            for _ in range(3):
                await ask(client, wire.call())
            assert len(wire.peers) == 1, body


@pytest.mark.parametrize("body", ["until close", "HTTP/1.0", "connection: close"])
async def test_a_connection_that_is_not_kept_is_closed(client: HttpClient, body: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(BODIES[body])
        if "close" not in body or body == "until close":
            return
        await peer.hung_up()

    async with serving(script) as wire:
        for _ in range(2):
            assert await ask(client, wire.call()) == (200, b"hello")
        assert len(wire.peers) == 2
        await until(wire.peers[0].gone.is_set)


FOLLOWING = {
    "garbage": b"garbage",
    "another answer": HELLO,
    "half an answer": b"HTTP/1.1 200 OK\r\n",
}


@both(
    FOLLOWING,
    but_in_aiohttp={
        "garbage": "makes it refuse the answer before it too",
        "half an answer": "makes it wait for the other half",
    },
)
async def test_what_follows_an_answer_is_never_the_next_one(client: HttpClient, name: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(HELLO + FOLLOWING[name])
        await peer.hung_up()

    async with serving(script) as wire:
        for _ in range(2):
            assert await ask(client, wire.call()) == (200, b"hello")
        assert len(wire.peers) == 2


@pytest.mark.parametrize("kind", ["direct"])  # aiohttp does not end it while it rests
async def test_bytes_on_a_resting_connection_end_it(client: HttpClient) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(HELLO, pause=0.05)
        await peer.send(HELLO)
        await peer.hung_up()

    async with serving(script) as wire:
        assert await ask(client, wire.call()) == (200, b"hello")
        await until(wire.peers[0].gone.is_set)
        assert await ask(client, wire.call()) == (200, b"hello")
        assert len(wire.peers) == 2


async def test_a_connection_closed_at_rest_costs_nothing(client: HttpClient) -> None:
    async with serving(answering_once(HELLO)) as wire:
        for _ in range(3):
            assert await ask(client, wire.call()) == (200, b"hello")
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("kind", ["direct"])  # aiohttp repeats no POST: our attempts then do
async def test_a_resting_connection_that_turns_out_closed_is_replaced(client: HttpClient) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(HELLO)
        if peer is wire.peers[0]:
            await peer.request()
            peer.reset()
        await peer.hung_up()

    async with serving(script) as wire:
        for _ in range(2):
            assert await ask(client, wire.call()) == (200, b"hello")
        assert [len(peer.requests) for peer in wire.peers] == [2, 1]


async def test_a_request_is_not_repeated_on_a_fresh_connection(client: HttpClient) -> None:
    async with serving(answering_once()) as wire:
        with pytest.raises(ConnectFailed, match="closed without an answer"):
            await client.send(wire.call())
        assert len(wire.peers) == 1


async def test_a_request_is_not_repeated_after_a_byte_of_an_answer(client: HttpClient) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(HELLO)
        await peer.request()
        await peer.send(b"H")

    async with serving(script) as wire:
        assert await ask(client, wire.call()) == (200, b"hello")
        with pytest.raises(ConnectFailed):
            await client.send(wire.call())
        assert len(wire.peers) == 1


async def test_closing_an_unfinished_answer_tells_the_provider(client: HttpClient) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(CHUNKED + b"5\r\nhello\r\n")
        await peer.hung_up()

    async with serving(script) as wire:
        answer = await client.send(wire.call())
        assert await answer.next() == b"hello"
        answer.close()
        answer.close()
        await until(wire.peers[0].gone.is_set)


async def test_closing_an_answer_does_not_touch_the_exchange_after_it(client: HttpClient) -> None:
    async with serving(answering(HELLO)) as wire:
        first = await client.send(wire.call())
        assert await first.read(MiB) == b"hello"
        second = await client.send(wire.call())
        first.close()
        assert await second.read(MiB) == b"hello"
        assert await second.next() == b""
        assert len(wire.peers) == 1


async def test_hundreds_at_a_time(client: HttpClient) -> None:
    async def script(peer: Peer) -> None:
        while True:
            sent = await peer.request()
            await asyncio.sleep(0.2)
            await peer.send(OK + b"content-length: 3\r\n\r\n" + sent[-3:])

    async def one(n: int) -> bool:
        # Each with a body of its own: no answer goes to another's request.
        body = b"%03d" % n
        return await ask(client, wire.call(body, timeout_s=20)) == (200, body)

    async with serving(script) as wire:
        for _ in range(2):
            began = time.monotonic()
            assert all(await asyncio.gather(*[one(n) for n in range(500)]))
            assert time.monotonic() - began < 8
        assert len(wire.peers) == 500


# Cancellation.


async def cancelled(work: asyncio.Task[object]) -> None:
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work


async def test_cancelled_before_an_answer(client: HttpClient) -> None:
    async with serving(Peer.hung_up) as wire:
        sending = asyncio.create_task(client.send(wire.call()))
        await until(lambda: bool(wire.peers))
        await cancelled(sending)
        await until(wire.peers[0].gone.is_set)


async def test_cancelled_while_reading(client: HttpClient) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(CHUNKED + b"5\r\nhello\r\n")
        if len(wire.peers) > 1:
            await peer.send(b"0\r\n\r\n")
        await peer.hung_up()

    async with serving(script) as wire:
        answer = await client.send(wire.call())
        assert await answer.next() == b"hello"
        reading = asyncio.create_task(answer.next())
        await asyncio.sleep(0.01)
        await cancelled(reading)
        answer.close()
        assert await ask(client, wire.call()) == (200, b"hello")
        assert len(wire.peers) == 2
        await until(wire.peers[0].gone.is_set)


async def test_cancelled_at_any_turn_of_the_loop(client: HttpClient) -> None:
    async with serving(answering(CHUNKED, b"5\r\nhello\r\n", b"0\r\n\r\n")) as wire:
        for turns in range(40):
            work = asyncio.create_task(ask(client, wire.call()))
            for _ in range(turns):
                await asyncio.sleep(0)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            assert await ask(client, wire.call()) == (200, b"hello")


async def test_cancelled_in_a_tls_handshake(client: HttpClient) -> None:
    async with serving(Peer.hung_up) as wire:
        sending = asyncio.create_task(client.send(wire.call(url=wire.secure)))
        await until(lambda: bool(wire.peers))
        await asyncio.sleep(0.02)
        await cancelled(sending)
        await until(wire.peers[0].gone.is_set)


async def test_a_client_that_is_closed_leaves_nothing_open(client: HttpClient) -> None:
    async with serving(answering(HELLO)) as wire:
        answer = await client.send(wire.call())
        await ask(client, wire.call())
        await client.aclose()
        await until(lambda: all(peer.gone.is_set() for peer in wire.peers))
        answer.close()


# The other side's pace.


async def test_a_slow_reader_makes_the_provider_wait(client: HttpClient) -> None:
    sent = 0

    async def script(peer: Peer) -> None:
        nonlocal sent
        # Small buffers of the operating system, so that ours are what is measured.
        peer.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        await peer.request()
        await peer.send(OK + b"content-length: %d\r\n\r\n" % (64 * MiB))
        for _ in range(64 * 16):
            await peer.send(b"x" * 65536)
            sent += 65536

    async with serving(script) as wire:
        answer = await client.send(wire.call())
        await asyncio.sleep(0.3)
        assert sent < 16 * MiB
        size = 0
        while block := await answer.next():
            size += len(block)
            assert len(block) <= MiB
        assert size == sent == 64 * MiB
        answer.close()


async def test_a_large_request_against_a_server_that_reads_slowly(client: HttpClient) -> None:
    body = bytes(range(256)) * (8 * MiB // 256)

    async def script(peer: Peer) -> None:
        for _ in range(10):
            await asyncio.sleep(0.02)
            await peer.reader.readuntil(b"\r\n\r\n") if not peer.requests else None
            peer.requests.append(await peer.reader.read(65536))
        left = len(body) - sum(map(len, peer.requests))
        peer.requests.append(await peer.reader.readexactly(left))
        await peer.send(HELLO)
        await peer.hung_up()

    async with serving(script) as wire:
        assert await ask(client, wire.call(body)) == (200, b"hello")
        assert b"".join(wire.peers[0].requests) == body


@pytest.mark.parametrize("kind", ["direct"])  # aiohttp's clock starts when all is written
async def test_a_request_that_nobody_reads_is_given_up(client: HttpClient) -> None:
    async with serving(lambda _: asyncio.sleep(5)) as wire:
        with pytest.raises(NoAnswer):
            await client.send(wire.call(bytes(32 * MiB), timeout_s=0.2))


async def test_an_answer_before_the_request_was_read(client: HttpClient) -> None:
    async def script(peer: Peer) -> None:
        await peer.reader.readuntil(b"\r\n\r\n")
        await peer.send(b"HTTP/1.1 413 Too large\r\ncontent-length: 3\r\n\r\nbig", pause=0.3)

    async with serving(script) as wire:
        assert await ask(client, wire.call(bytes(32 * MiB))) == (413, b"big")


# Getting there.


async def test_a_refused_connection(client: HttpClient) -> None:
    async with serving(answering(HELLO)) as wire:
        call = wire.call()
    with pytest.raises(ConnectFailed, match="refused"):
        await client.send(call)


async def test_a_name_that_does_not_exist(client: HttpClient) -> None:
    async with serving(answering(HELLO)) as wire:
        with pytest.raises(ConnectFailed, match="name could not be resolved"):
            await client.send(wire.call(url="http://nobody.invalid/"))


async def test_an_address_of_version_6(client: HttpClient) -> None:
    async with serving(answering(HELLO), host="::1") as wire:
        assert await ask(client, wire.call(url=f"http://[::1]:{wire.port}/")) == (200, b"hello")
        assert f"[::1]:{wire.port}".encode() in wire.peers[0].requests[0]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def trusting(
    kind: str, authority: Authority, client: HttpClient
) -> AsyncIterator[HttpClient]:
    trusting = KINDS[kind](tls=authority.trust())
    yield trusting
    await trusting.aclose()


async def test_tls_with_a_certificate_that_is_trusted(
    trusting: HttpClient, authority: Authority
) -> None:
    big = bytes(3 * MiB)

    async def script(peer: Peer) -> None:
        while True:
            sent = await peer.request()
            await peer.send(OK + b"content-length: %d\r\n\r\n" % len(sent), sent)

    async with serving(script, tls=authority.server()) as wire:
        for _ in range(2):
            answer = await trusting.send(wire.call(big, url=wire.secure))
            assert (await answer.read(9 * MiB)).endswith(big)
            answer.close()
        assert len(wire.peers) == 1


async def test_tls_that_stalls_and_is_cut(trusting: HttpClient, authority: Authority) -> None:
    async def script(peer: Peer) -> None:
        await peer.request()
        await peer.send(CHUNKED + b"5\r\nhello\r\n", pause=0.2)
        peer.reset()

    async with serving(script, tls=authority.server()) as wire:
        with pytest.raises(ConnectionCut):
            await ask(trusting, wire.call(url=wire.secure))
        with pytest.raises(StreamStalled):
            await ask(trusting, wire.call(url=wire.secure, timeout_s=0.05))


@pytest.mark.parametrize(
    "certificate", [{"name": "elsewhere.test"}, {"days": -1}], ids=["wrong name", "expired"]
)
async def test_tls_with_a_certificate_that_is_not_good(
    trusting: HttpClient, authority: Authority, certificate: dict
) -> None:
    await refused_certificate(trusting, authority.server(**certificate))


async def test_tls_with_an_authority_that_is_not_trusted(
    client: HttpClient, authority: Authority
) -> None:
    await refused_certificate(client, authority.server())


async def refused_certificate(client: HttpClient, tls: ssl.SSLContext) -> None:
    async with serving(answering(HELLO), tls=tls) as wire:
        with pytest.raises(ConnectFailed, match="certificate was not accepted"):
            await client.send(wire.call(url=wire.secure))
        assert not any(peer.requests for peer in wire.peers)


async def test_a_server_that_does_not_speak_tls(client: HttpClient) -> None:
    async def script(peer: Peer) -> None:
        await peer.reader.read(100)
        await peer.send(HELLO)

    async with serving(script) as wire:
        with pytest.raises(ConnectFailed):
            await client.send(wire.call(url=wire.secure))


async def test_a_handshake_that_does_not_end(client: HttpClient) -> None:
    async with serving(Peer.hung_up) as wire:
        call = wire.call(url=wire.secure, connect_timeout_s=0.1, timeout_s=0.2)
        with pytest.raises(ConnectFailed):
            await client.send(call)
        await until(wire.peers[0].gone.is_set)
