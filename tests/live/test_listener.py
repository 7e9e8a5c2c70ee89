"""The listener under attack, at its real size: bounded memory, and others are served meanwhile.

Its time limits are tested in ``tests/api/test_protocol.py``, where they are short.
"""

import contextlib
import json
import socket
from collections.abc import Iterator

import pytest

from tests.live.raw import connect, exchange
from tests.live.siege import HI, MAX_BODY, Siege

MEMORY_KB = 24_000
CHAT = json.dumps({"model": "openai/gpt-4", "messages": HI}).encode()
BLOCK = b"a" * 65536


def head(siege: Siege, *fields: bytes, path: str = "/v1/chat/completions") -> bytes:
    """A POST with the key, up to its body."""
    start = f"POST {path} HTTP/1.1\r\nauthorization: Bearer {siege.keys['write']}\r\n".encode()
    return start + b"".join(field + b"\r\n" for field in (b"host: x", *fields)) + b"\r\n"


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1])


@pytest.fixture(autouse=True)
def harmless(siege: Siege) -> Iterator[None]:
    """Whatever a test does: memory stays where it was, and the next caller is served."""
    before = siege.memory_kb()
    yield
    assert siege.ask("openai/gpt-4").status_code == 200
    assert siege.memory_kb() - before < MEMORY_KB


OVERSIZED = {
    "a header of 20 MB": [b"x: " + b"a" * 20_000_000],
    "a field of 1 MB": [b"x: " + b"a" * 1_000_000],
    "20,000 headers": [b"x-%d: 1" % n for n in range(20_000)],
}


@pytest.mark.parametrize("name", OVERSIZED)
def test_an_enormous_head_is_refused(siege: Siege, name: str) -> None:
    assert status(exchange(siege.gateway.port, head(siege, *OVERSIZED[name]))) == 431


def test_an_enormous_address_is_refused(siege: Siege) -> None:
    request = head(siege, path="/v1/models/" + "a" * 20_000_000)
    assert status(exchange(siege.gateway.port, request)) == 431


def test_a_body_of_200_mb_is_refused_by_its_length(siege: Siege) -> None:
    request = head(siege, b"content-length: 209715200")
    assert status(exchange(siege.gateway.port, request, *[BLOCK] * 3200)) == 413


def test_a_body_of_200_mb_is_refused_when_its_chunks_are_too_many(siege: Siege) -> None:
    chunk = b"10000\r\n" + BLOCK + b"\r\n"
    request = head(siege, b"transfer-encoding: chunked")
    assert status(exchange(siege.gateway.port, request, *[chunk] * 3200)) == 413


def test_chunks_may_come_to_the_limit_and_no_further(siege: Siege) -> None:
    whole = CHAT.ljust(MAX_BODY)
    for body, wanted in ((whole, 200), (whole + b" ", 413)):
        fields = [b"transfer-encoding: chunked", b"connection: close"]
        chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        assert status(exchange(siege.gateway.port, head(siege, *fields), chunks)) == wanted


def test_a_bad_key_does_not_get_its_body_stored(siege: Siege) -> None:
    request = head(siege, b"content-length: %d" % (400 * len(BLOCK))).replace(b"ork_", b"not_")
    with connect(siege.gateway.port) as caller:
        for piece in (request, *[BLOCK] * 400):
            caller.sendall(piece)
        assert status(_read_answer(caller)) == 401


def test_slow_callers_by_the_hundred_hold_up_nobody(siege: Siege) -> None:
    beginnings = [b"", b"POST / HTTP/1.1\r\nx: ", head(siege, b"content-length: 100") + b"half"]
    with contextlib.ExitStack() as stack:
        for n in range(300):
            caller = stack.enter_context(connect(siege.gateway.port))
            caller.sendall(beginnings[n % 3])
        answers = [siege.ask("openai/gpt-4") for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    assert max(answer.elapsed.total_seconds() for answer in answers) < 1


def test_an_older_caller_without_host_is_served(siege: Siege) -> None:
    request = head(siege, b"content-length: %d" % len(CHAT)).replace(b"HTTP/1.1", b"HTTP/1.0")
    answer = exchange(siege.gateway.port, request.replace(b"host: x\r\n", b"") + CHAT)
    assert status(answer) == 200
    assert b"connection: close" in answer


@pytest.mark.parametrize("host", [b"", b"evil.example", b"a/#@b", b"127.0.0.1:1"])
def test_the_host_header_decides_nothing(siege: Siege, host: bytes) -> None:
    fields = [b"content-length: %d" % len(CHAT), b"connection: close"]
    request = head(siege, *fields).replace(b"host: x", b"host: " + host) + CHAT
    for path in (b"/v1/chat/completions", b"http://evil.example/v1/chat/completions"):
        sent = request.replace(b"/v1/chat/completions", path, 1)
        assert status(exchange(siege.gateway.port, sent)) == 200
        assert status(exchange(siege.gateway.port, sent.replace(b"ork_", b"not_"))) == 401


@pytest.mark.parametrize("path", [b"//v1/models", b"/v1/../v1/key", b"/v1/models/", b"/V1/models"])
def test_a_path_that_is_not_exactly_ours_is_nobodys(siege: Siege, path: bytes) -> None:
    request = b"GET %s HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n" % path
    assert status(exchange(siege.gateway.port, request)) == 404


def test_a_caller_that_offers_h2c_keeps_its_body(siege: Siege) -> None:
    offer = [b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk"]
    request = head(siege, *offer, b"content-length: %d" % len(CHAT)) + CHAT
    with connect(siege.gateway.port) as caller:
        for _ in range(2):
            caller.sendall(request)
            assert status(_read_answer(caller)) == 200


def _read_answer(caller: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"}"):
        block = caller.recv(65536)
        assert block, answer
        answer += block
    return answer


def test_who_waits_for_100_continue_gets_it(siege: Siege) -> None:
    with connect(siege.gateway.port) as caller:
        caller.sendall(head(siege, b"expect: 100-continue", b"content-length: %d" % len(CHAT)))
        assert caller.recv(100).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        caller.sendall(CHAT)
        assert status(_read_answer(caller)) == 200
