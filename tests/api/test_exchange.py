"""One request of the data plane: its body, its id, its key."""

from typing import Any

import pytest

from orouter.api.exchange import ClientGone, Exchange, request_id_of
from orouter.errors import BodyTooLarge, UnsupportedEncoding


def exchange(*messages: dict[str, Any], **headers: str) -> Exchange:
    """A request whose body comes in these messages."""
    coming = iter(messages)

    async def receive() -> Any:
        return next(coming, {"type": "http.disconnect"})

    async def send(_: Any) -> None: ...

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Exchange({"method": "POST", "path": "/", "headers": named}, receive, send)


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


@pytest.mark.parametrize("given", ["a-1", "A.b:c_9", "x" * 128])
def test_a_plain_request_id_is_kept(given: str) -> None:
    assert request_id_of(given.encode()) == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "<script>", "a\n", "ork_a1b2c3"])
def test_any_other_request_id_is_replaced(given: str) -> None:
    assert request_id_of(given.encode()).startswith("req_")


@pytest.mark.parametrize(
    ("header", "key"),
    [("Bearer k", "k"), ("bearer  k ", "k"), ("Basic k", ""), ("Bearer", ""), ("", ""), ("k", "")],
)
def test_the_bearer_key_is_read(header: str, key: str) -> None:
    assert exchange(authorization=header).bearer == key
