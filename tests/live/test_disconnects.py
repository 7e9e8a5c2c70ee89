"""Callers that leave, or stay and read nothing: what providers, accounts and others notice."""

import asyncio
import contextlib
import json
import socket
import time
from typing import Any

import pytest

from tests.live.raw import Script, connect, repeats, stalls, until
from tests.live.siege import HI, Siege
from tests.live.test_upstreams import FIRST, STREAM, event
from tests.live.upstream import Reply, Served, chunk, completion, plain


def begin(siege: Siege, model: str, *, stream: bool = True) -> tuple[socket.socket, str]:
    """Sends a request; the connection and its request id."""
    request_id = f"left-{time.monotonic_ns()}"
    body = json.dumps({"model": model, "messages": HI, "stream": stream}).encode()
    caller = connect(siege.gateway.port)
    caller.sendall(
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\n"
        b"x-request-id: %s\r\ncontent-length: %d\r\n\r\n%s"
        % (siege.keys["write"].encode(), request_id.encode(), len(body), body)
    )
    return caller, request_id


def line_of(siege: Siege, request_id: str) -> dict[str, Any]:
    """The access line of a request, once it is written."""
    found: list[dict[str, Any]] = []

    def written() -> bool:
        path = siege.gateway.folder / "logs" / "orouter.log"
        lines = [json.loads(line) for line in path.read_text().splitlines() if request_id in line]
        found[:] = [line for line in lines if line["event"] == "request"]
        return bool(found)

    assert until(written)
    [line] = found
    return line


MOMENTS: dict[str, tuple[Script, bool]] = {
    "while events come": (repeats(STREAM + FIRST, event(chunk({"content": "more"}))), True),
    "while the provider is silent": (stalls(STREAM + FIRST), True),
    "before the first event": (stalls(STREAM), False),
    "before the provider's head": (stalls(), False),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_stream_is_ended_at_the_provider_when_its_caller_leaves(
    siege: Siege, moment: str
) -> None:
    script, delivered = MOMENTS[moment]
    siege.raw.plays(script)
    caller, request_id = begin(siege, f"raw/left {moment}")
    with caller:
        if delivered:
            assert caller.recv(100)
        assert until(lambda: siege.raw.asked == 1)
        time.sleep(0.1)
    assert siege.raw.left.wait(1)
    [row] = siege.usage(request_id)
    assert (row["status"], row["code"]) == (499, "client_disconnected")
    assert row["source"] == ("estimated" if delivered else "none")
    assert (row["completion_tokens"] > 0) == delivered
    line = line_of(siege, request_id)
    assert (line["status"], line["code"]) == (499, "client_disconnected")
    assert line["completion_tokens" if delivered else "latency_us"] > 0


def test_a_completion_that_nobody_waits_for_is_billed_all_the_same(siege: Siege) -> None:
    async def slowly(_: Served) -> Reply:
        await asyncio.sleep(0.4)
        return plain(completion("too late"))

    siege.upstream.answers(slowly)
    caller, request_id = begin(siege, "openai/gpt-4", stream=False)
    assert until(lambda: len(siege.upstream.served) == 1)
    caller.close()
    [row] = siege.usage(request_id)
    assert (row["status"], row["source"]) == (200, "provider")
    assert (row["prompt_tokens"], row["completion_tokens"]) == (7, 3)


def test_half_a_request_leaves_a_line_and_costs_nothing(siege: Siege) -> None:
    caller = connect(siege.gateway.port)
    bearer = siege.bearer["authorization"]
    caller.sendall(
        b"POST /v1/chat/completions HTTP/1.1\r\nx-request-id: half-a-request\r\n"
        b"authorization: %s\r\ncontent-length: 100\r\n\r\nhalf" % bearer.encode()
    )
    time.sleep(0.1)
    caller.close()
    line = line_of(siege, "half-a-request")
    assert line["status"] == 499
    assert line["key_id"].startswith("key_")
    assert siege.query("SELECT id FROM usage_records WHERE request_id = 'half-a-request'") == []


def test_callers_that_read_nothing_take_no_memory_and_no_time(siege: Siege) -> None:
    siege.raw.plays(repeats(STREAM + FIRST, event(chunk({"content": "x" * 60_000}))))
    before = siege.memory_kb()
    with contextlib.ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(begin(siege, "raw/unread")[0])
        assert until(lambda: siege.raw.asked == 30)
        time.sleep(0.5)
        answers = [siege.ask("openai/gpt-4") for _ in range(20)]
        assert siege.memory_kb() - before < 64_000
    assert {answer.status_code for answer in answers} == {200}
    assert max(answer.elapsed.total_seconds() for answer in answers) < 1
