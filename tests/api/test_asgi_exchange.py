"""The body of a request that comes by ASGI."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from orouter.api.asgi_exchange import AsgiExchange
from orouter.api.exchange import ClientGone, Exchange
from orouter.errors import BodyTooLarge, UnsupportedEncoding


def exchange(
    *messages: dict[str, Any], answer: list[Any] | None = None, **headers: str
) -> Exchange:
    """A request whose body comes in these messages; what is sent back is added to ``answer``."""
    coming = iter(messages)

    async def receive() -> Any:
        return next(coming, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        if answer is not None:
            answer.append(message)

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return AsgiExchange({"method": "POST", "path": "/", "headers": named}, receive, send)


def piece(body: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_body_comes_in_one_piece_or_in_many() -> None:
    assert await exchange(piece(b"whole")).body(10) == b"whole"
    assert await exchange(piece(b"in ", more=True), piece(b"parts")).body(10) == b"in parts"
    assert await exchange(piece(b"")).body(10) == b""


@pytest.mark.parametrize(
    "request_",
    [
        exchange(piece(b"12345")),
        exchange(piece(b"123", more=True), piece(b"45")),
        exchange(piece(b"1"), content_length="5"),
        exchange(piece(b"1"), content_length="9" * 5000),
    ],
)
async def test_a_body_over_the_limit_is_refused(request_: Exchange) -> None:
    with pytest.raises(BodyTooLarge):
        await request_.body(4)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br, identity"])
async def test_a_compressed_body_is_refused(encoding: str) -> None:
    with pytest.raises(UnsupportedEncoding):
        await exchange(piece(b"x"), content_encoding=encoding).body(4)


@pytest.mark.parametrize("encoding", ["", "identity", "Identity"])
async def test_a_body_as_it_is_may_say_so(encoding: str) -> None:
    assert await exchange(piece(b"x"), content_encoding=encoding).body(4) == b"x"


async def test_half_a_body_is_no_request() -> None:
    with pytest.raises(ClientGone):
        await exchange(piece(b"ha", more=True)).body(10)


async def spoken() -> AsyncGenerator[bytes, None]:
    yield b"first"
    await asyncio.sleep(0.05)
    yield b"second"


class Restless(AsgiExchange):
    look_every_s = 0.02


async def test_a_silent_stream_is_kept_alive() -> None:
    sent: list[bytes] = []

    async def never() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    request = Restless({"method": "POST", "path": "/", "headers": []}, never, send)
    request.attend()
    await request.stream(spoken(), [])
    assert b": keep-alive\n\n" in sent
    assert not request.leave()


async def test_the_leaving_of_an_attended_caller_cancels() -> None:
    request = exchange()

    async def serve() -> None:
        request.attend()
        await asyncio.sleep(5)

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(serve())
    assert request.leave()
