"""A head: its id, its key, and by what it is known again."""

import pytest

from orouter.api.heads import LONGEST, Head, KnownHead, remembered, request_id_of
from tests.api.test_asgi_exchange import exchange


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
    assert exchange(authorization=header).head.bearer.secret == key


def request(body: bytes, *lines: bytes, name: bytes = b"Content-Length: ") -> bytes:
    """One request with these header lines before its length."""
    fields = b"".join(line + b"\r\n" for line in lines)
    length = name + b"%d" % len(body)
    return b"POST /v1/chat/completions HTTP/1.1\r\n%b%b\r\nHost: a\r\n\r\n%b" % (
        *(fields, length, body),
    )


def known(data: bytes, **headers: str) -> KnownHead | None:
    body = data.partition(b"\r\n\r\n")[2]
    said = {"content-length": str(len(body)), **headers}
    named = {name.encode(): value.encode() for name, value in said.items()}
    return remembered(data, Head("POST", "/v1/chat/completions", named))


@pytest.mark.parametrize("name", [b"Content-Length: ", b"content-length: ", b"content-length:"])
@pytest.mark.parametrize("body", [b"", b"{}", b'{"a":1}', b"x" * 12345])
def test_a_head_is_known_again_with_a_body_of_any_length(name: bytes, body: bytes) -> None:
    head = known(request(b"some", b"A: b", name=name))
    assert head is not None
    assert head.body_in(request(body, b"A: b", name=name)) == body


@pytest.mark.parametrize(
    "data",
    [
        request(b"body", b"A: c"),
        request(b"body", b"A: b", b"B: c"),
        request(b"body", b"a: b"),
        request(b"body", b"A: b") + b"G",
        request(b"body", b"A: b")[:-1],
        request(b"body", b"A: b").replace(b": 4", b": 0x4"),
        request(b"body", b"A: b").replace(b": 4", b": +4"),
        request(b"body", b"A: b").replace(b": 4", b": "),
        request(b"body", b"A: b").replace(b": 4", b": 4 "),
        request(b"body", b"A: b").replace(b": 4", b": \xb2"),
        request(b"body", b"A: b").replace(b": 4", b": " + b"0" * 18 + b"4"),
        request(b"body", b"A: b").replace(b"\r\nHost", b"\nHost"),
        b"",
    ],
)
def test_anything_else_is_not_known(data: bytes) -> None:
    head = known(request(b"some", b"A: b"))
    assert head is not None
    assert head.body_in(data) is None


@pytest.mark.parametrize(
    "data",
    [
        request(b"some", b"A: " + b"b" * LONGEST),
        request(b"some") + b"POST /v1/chat",
        request(b"some")[:-1],
        request(b"some").replace(b"Content-Length", b"X-Length"),
        b"POST / HTTP/1.1\r\nA: b",
    ],
)
def test_only_one_whole_request_with_a_length_is_remembered(data: bytes) -> None:
    assert known(data, **{"content-length": "4"}) is None


@pytest.mark.parametrize("name", ["transfer-encoding", "expect", "upgrade"])
def test_what_says_how_its_body_comes_is_read_each_time(name: str) -> None:
    assert known(request(b"some"), **{name: "x"}) is None


def test_the_length_that_counts_is_the_one_that_the_parser_read() -> None:
    assert known(request(b"some"), **{"content-length": "5"}) is None
