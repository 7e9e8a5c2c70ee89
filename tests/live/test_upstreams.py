"""Providers that are broken or mean to harm: a clean error, bounded memory, one usage row each."""

import json
import socket
import time
from typing import Any

import pytest

from tests.live.raw import Script, repeats, says, stalls
from tests.live.siege import HEADER_VALUE, Siege
from tests.live.upstream import chunk, completion

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n\r\n"
STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n" + CHUNKED
BLOCK = b"a" * 65536
MEMORY_KB = 160_000
"""More than the largest event and answer that are read, together with their copies."""


def body(value: Any, head: bytes = HEAD) -> bytes:
    """A whole answer."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return head + b"content-length: %d\r\n\r\n" % len(content) + content


def part(content: bytes) -> bytes:
    """One chunk of the transfer encoding."""
    return b"%x\r\n%s\r\n" % (len(content), content)


def event(value: Any) -> bytes:
    """One server-sent event in a chunk of its own."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return part(b"data: " + data + b"\n\n")


def using(**usage: Any) -> bytes:
    return body({**completion("hi"), "usage": usage})


def saying(status: bytes, content: bytes = b"", *fields: bytes) -> Script:
    head = b"\r\n".join((b"HTTP/1.1 " + status, *fields)) + b"\r\n"
    return says(body(content, head))


def with_endless_trailers(connection: socket.socket) -> None:
    """The head alone at first, so that the answer has begun when it turns out to be broken."""
    says(HEAD + CHUNKED)(connection)
    time.sleep(0.1)
    repeats(WHOLE, b"x-a: b\r\n" * 1000)(connection)


FIRST = event(chunk({"role": "assistant", "content": "one"}))
DONE = event(b"[DONE]") + b"0\r\n\r\n"
WHOLE = part(json.dumps(completion("hi")).encode()) + b"0\r\n"
ERROR = {"error": {"message": "out of order", "type": "server_error"}}

BROKEN: dict[str, tuple[Script, int]] = {
    "an endless status line": (repeats(b"HTTP/1.1 200 ", BLOCK), 503),
    "an endless header": (repeats(HEAD + b"x: ", BLOCK), 503),
    "endless headers": (repeats(HEAD, b"x-a: bbbbbbbbbbbbbbbbbbbbbbbb\r\n" * 1000), 503),
    "an endless body": (repeats(HEAD + b"\r\n", BLOCK), 502),
    "endless trailers": (with_endless_trailers, 502),
    "compression nobody asked for": (saying(b"200 OK", BLOCK, b"content-encoding: gzip"), 502),
    "a page of a proxy": (saying(b"502 Bad", b"<html><h1>Bad gateway</h1>"), 503),
    "a page with status 200": (saying(b"200 OK", b"<html><h1>Log in</h1>"), 502),
    "an error with status 200": (says(body(ERROR)), 502),
    "half a body": (says(HEAD + b'content-length: 1000\r\n\r\n{"id":'), 502),
    "half a chunk": (says(HEAD + CHUNKED + b"100\r\nabc"), 502),
    "half a head": (says(b"HTTP/1.1 200 OK\r\ncont"), 503),
    "nothing": (says(), 503),
    "no HTTP": (says(b"hello"), 503),
    "two lengths": (says(HEAD + b"content-length: 5\r\ncontent-length: 6\r\n\r\nhello"), 503),
    "a line end inside a header": (says(body(b"{}", HEAD + b"a: 1\rx-evil: 1\r\n")), 503),
    "204": (says(b"HTTP/1.1 204 No Content\r\n\r\n"), 502),
    "a redirect": (saying(b"307 Over there", b"", b"location: http://127.0.0.1:1/v1"), 502),
    "status 999": (saying(b"999 What", b"{}"), 503),
    "no body": (says(body(b"")), 502),
    "200,000 levels": (says(body(b"[" * 200_000)), 502),
    "invalid UTF-8": (says(body(b'{"id":"\xff"}')), 502),
    "no choices": (says(body({**completion("hi"), "choices": None})), 502),
    "choices that are numbers": (says(body({**completion("hi"), "choices": [1]})), 502),
    "silence": (stalls(), 504),
    "silence after the head": (stalls(HEAD + CHUNKED), 504),
}


def check_failure(siege: Siege, answer: Any, status: int) -> None:
    """The promised error, no foreign header, one retry at the most, one usage row."""
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["message"]
    assert len(answer.content) < 2000
    assert "evil" not in str(answer.headers)
    assert 1 <= siege.raw.asked <= 2
    [row] = siege.usage(answer.headers["x-request-id"])
    assert (row["status"], row["code"]) == (status, error["code"])
    assert (row["prompt_tokens"], row["completion_tokens"], row["source"]) == (0, 0, "none")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_answer_becomes_one_clean_error(siege: Siege, name: str) -> None:
    script, status = BROKEN[name]
    before = siege.memory_kb()
    siege.raw.plays(script)
    check_failure(siege, siege.ask(f"raw/{name}"), status)
    assert siege.memory_kb() - before < MEMORY_KB


BROKEN_STREAMS: dict[str, tuple[Script, int]] = {
    "an endless line": (repeats(STREAM, part(BLOCK)), 502),
    "an endless event": (repeats(STREAM, part(b"data: " + BLOCK + b"\n")), 502),
    "an end before the beginning": (says(STREAM), 502),
    "only the end": (says(STREAM, DONE), 502),
    "an error as the first event": (says(STREAM, event(ERROR), DONE), 502),
    "garbage as the first event": (says(STREAM, event(b"{not JSON"), DONE), 502),
    "values that are no chunks": (says(STREAM, event(b"null"), event(b"5"), DONE), 502),
    "a page": (says(body(b"<html>")), 502),
    "silence before the first event": (stalls(STREAM), 504),
}


@pytest.mark.parametrize("name", BROKEN_STREAMS)
def test_a_stream_that_does_not_begin_is_an_error_with_its_status(siege: Siege, name: str) -> None:
    script, status = BROKEN_STREAMS[name]
    before = siege.memory_kb()
    siege.raw.plays(script)
    check_failure(siege, siege.ask(f"raw/{name}", stream=True), status)
    assert siege.memory_kb() - before < MEMORY_KB


CUT: dict[str, tuple[Script, str]] = {
    "a cut after the first event": (says(STREAM, FIRST), "upstream_error"),
    "a cut inside a chunk": (says(STREAM, FIRST, b"100\r\ndata: {"), "upstream_error"),
    "an end without [DONE]": (says(STREAM, FIRST, b"0\r\n\r\n"), "upstream_error"),
    "an error": (says(STREAM, FIRST, event(ERROR), DONE), "upstream_error"),
    "garbage": (says(STREAM, FIRST, event(b"{not JSON"), DONE), "upstream_error"),
    "100,000 levels": (says(STREAM, FIRST, event(b"[" * 100_000), DONE), "upstream_error"),
    "an endless line": (repeats(STREAM + FIRST, part(BLOCK)), "upstream_error"),
    "silence": (stalls(STREAM, FIRST), "upstream_timeout"),
}


@pytest.mark.parametrize("name", CUT)
def test_a_stream_that_breaks_ends_with_an_error_and_done(siege: Siege, name: str) -> None:
    script, code = CUT[name]
    siege.raw.plays(script)
    answer = siege.ask(f"raw/cut by {name}", stream=True)
    assert answer.status_code == 200
    first, *_, told, done, end = answer.text.split("\n\n")
    assert json.loads(first[6:])["choices"][0]["delta"]["content"] == "one"
    error = json.loads(told[6:])["error"]
    assert (error["code"], done, end) == (code, "data: [DONE]", "")
    assert len(error["message"]) >= 12
    assert siege.raw.asked == 1
    [row] = siege.usage(answer.headers["x-request-id"])
    assert (row["code"], row["source"]) == (code, "estimated")
    assert row["completion_tokens"] > 0


USAGES: dict[str, dict[str, Any]] = {
    "negative": {"prompt_tokens": -5, "completion_tokens": -5, "total_tokens": -10},
    "enormous": {"prompt_tokens": 1e30, "completion_tokens": 10**30, "total_tokens": 2**63},
    "words": {"prompt_tokens": "many", "completion_tokens": "many", "total_tokens": None},
    "not a number": {"prompt_tokens": float("nan"), "completion_tokens": float("inf")},
    "a cost": {"prompt_tokens": 0, "completion_tokens": 0, "cost": -1e30},
    "containers": {"prompt_tokens": [], "completion_tokens": {}, "prompt_tokens_details": 5},
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", USAGES)
def test_figures_that_cannot_be_true_are_not_booked(siege: Siege, name: str, stream: bool) -> None:
    last = chunk({}, "stop", usage=USAGES[name])
    whole = says(STREAM, FIRST, event(last), DONE) if stream else says(using(**USAGES[name]))
    siege.raw.plays(whole)
    answer = siege.ask("raw/figures", stream=stream)
    assert answer.status_code == 200
    assert "NaN" not in answer.text
    [row] = siege.usage(answer.headers["x-request-id"])
    assert row["status"] == 200
    assert 0 <= row["prompt_tokens"] < 1000
    assert 0 <= row["completion_tokens"] < 1000
    assert (row["cost"] or 0) >= 0


ODD_BUT_RIGHT: dict[str, Script] = {
    "100 Continue before": says(b"HTTP/1.1 100 Continue\r\n\r\n", body(completion("hi"))),
    "early hints before": says(b"HTTP/1.1 103 Hints\r\nlink: x\r\n\r\n", body(completion("hi"))),
    "trailers": says(HEAD + CHUNKED + WHOLE + b"x-checksum: 1\r\n\r\n"),
    "another content type": saying(b"200 OK", json.dumps(completion("hi")).encode()),
    "no length": says(HEAD + b"\r\n" + json.dumps(completion("hi")).encode()),
}


@pytest.mark.parametrize("name", ODD_BUT_RIGHT)
def test_what_http_allows_is_understood(siege: Siege, name: str) -> None:
    siege.raw.plays(ODD_BUT_RIGHT[name])
    answer = siege.ask("raw/odd")
    assert answer.status_code == 200, answer.text
    assert answer.json()["choices"][0]["message"]["content"] == "hi"
    assert siege.raw.asked == 1


def test_what_comes_after_done_is_not_relayed(siege: Siege) -> None:
    siege.raw.plays(repeats(STREAM, FIRST, event(b"[DONE]"), event(chunk({"content": "more"}))))
    answer = siege.ask("raw/talkative", stream=True)
    assert answer.text.endswith("data: [DONE]\n\n")
    assert "more" not in answer.text
    assert siege.raw.left.wait(3)


def test_an_upstream_that_always_fails_is_left_alone_after_a_while(siege: Siege) -> None:
    siege.raw.plays(saying(b"500 Broken", b"{}"))
    statuses = {siege.ask("raw/storm").status_code for _ in range(12)}
    assert statuses <= {502, 503}
    assert siege.raw.asked < 12
    last = siege.ask("raw/storm")
    assert int(last.headers["retry-after"]) > 0


def test_an_echoed_secret_reaches_nobody(siege: Siege) -> None:
    told = {"message": f"unknown team {HEADER_VALUE}", "param": HEADER_VALUE}
    siege.raw.plays(saying(b"400 Bad", json.dumps({"error": told}).encode()))
    answer = siege.ask("raw/echo")
    assert answer.status_code == 400
    assert "unknown team" in answer.text
    assert HEADER_VALUE not in answer.text
