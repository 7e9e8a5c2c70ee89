"""What only our own client promises: how long connections rest, what a request may hold."""

import asyncio

import pytest

from orouter.departures import Departures
from orouter.errors import Overloaded
from orouter.upstream.client import ConnectFailed, NoAnswer
from orouter.upstream.direct.address import Origin, address, request_head
from orouter.upstream.direct.client import DirectClient
from orouter.upstream.direct.pool import Pool
from tests.upstream.wire import OK, Peer, answering, serving


async def test_a_connection_rests_for_less_than_the_provider_keeps_it() -> None:
    client = DirectClient()
    answer = OK + b"keep-alive: timeout=1, max=9\r\ncontent-length: 0\r\n\r\n"
    async with serving(answering(answer)) as wire:
        await (await client.send(wire.call())).read(1)
        async with asyncio.timeout(0.5):
            await wire.peers[0].gone.wait()
    await client.aclose()


async def test_the_connection_used_last_is_used_next() -> None:
    client = DirectClient()

    async def script(peer: Peer) -> None:
        while True:
            await peer.request()
            await peer.send(OK + b"content-length: 1\r\n\r\n%d" % wire.peers.index(peer))

    async with serving(script) as wire:
        first, second = await client.send(wire.call()), await client.send(wire.call())
        assert (await first.read(1), await second.read(1)) == (b"0", b"1")
        for _ in range(3):
            assert await (await client.send(wire.call())).read(1) == b"1"
    await client.aclose()


async def test_no_more_connections_rest_than_may() -> None:
    client = DirectClient(pool=Pool(most_resting=1))
    async with serving(answering(OK + b"content-length: 1\r\n\r\n1")) as wire:
        first, second = await client.send(wire.call()), await client.send(wire.call())
        assert (await first.read(1), await second.read(1)) == (b"1", b"1")
        async with asyncio.timeout(1):
            await wire.peers[1].gone.wait()
        assert not wire.peers[0].gone.is_set()
    await client.aclose()


async def test_a_head_that_drips_is_no_answer_in_time() -> None:
    client = DirectClient()
    async with serving(answering(*[b"HTTP/1.1 200 OK\r\nx: y"] + [b"y"] * 90, pause=0.02)) as wire:
        with pytest.raises(NoAnswer):
            await client.send(wire.call(timeout_s=0.1))
    await client.aclose()


@pytest.mark.parametrize("size", [10, 1 << 20])
async def test_what_the_journal_refuses_does_not_leave(size: int) -> None:
    def full() -> None:
        raise Overloaded("journal disk full")

    departures = Departures()
    client = DirectClient(departures=departures)
    async with serving(answering(OK + b"content-length: 0\r\n\r\n")) as wire:
        departures.record = full
        with pytest.raises(Overloaded, match="journal disk full"):
            await client.send(wire.call(body=b"x" * size))
        departures.record = lambda: None
        assert (await client.send(wire.call())).status == 200
        assert [len(peer.requests) for peer in wire.peers] == [0, 1]
    await client.aclose()


@pytest.mark.parametrize(
    ("url", "origin", "host", "target"),
    [
        ("https://a.test/v1", Origin(True, "a.test", 443), "a.test", "/v1"),
        ("http://A.test:81?q=1#f", Origin(False, "a.test", 81), "A.test:81", "/?q=1"),
        ("http://[::1]:82/", Origin(False, "::1", 82), "[::1]:82", "/"),
    ],
)
def test_addresses(url: str, origin: Origin, host: str, target: str) -> None:
    assert address(url) == (origin, host, target)


@pytest.mark.parametrize(
    "url",
    ["http://a b/", "http://a/\r\nx", "http://u:p@a/", "http://\xe4.test/", "//a/", "http://:80/"],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(ConnectFailed, match="address is not valid"):
        address(url)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-a", "\u20ac"),
        ("x-a", "\0"),
        ("x a", "b"),
        ("Content-Length", "9"),
        ("connection", "close"),
    ],
)
def test_headers_that_are_not_sent(name: str, value: str) -> None:
    with pytest.raises(ConnectFailed, match="header"):
        request_head("POST", "http://a.test/", [(name, value)])
