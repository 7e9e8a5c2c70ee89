import asyncio
from collections.abc import AsyncGenerator

import msgspec
import pytest

from orouter.errors import (
    InvalidRequest,
    ModelNotFound,
    Overloaded,
    PermissionDenied,
    UpstreamUnavailable,
)
from orouter.services import chat
from orouter.upstream.client import ConnectFailed, ConnectionCut
from tests.services.serving_parts import CALLER, call, gateway, recorded
from tests.upstream.scripted import COMPLETION, Script, ScriptedClient


def event(delta: dict[str, str] | None, finish: str | None = None, **fields: object) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    chosen = [] if delta is None else [choice]
    return b"data: " + msgspec.json.encode({**chunk, "choices": chosen, **fields}) + b"\n\n"


FIRST = event({"role": "assistant", "content": "he"})
WORD = event({"content": "llo"})
STOP = event({}, "stop")
USAGE = event(None, usage={"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5})
DONE = b"data: [DONE]\n\n"


def streaming(*blocks: bytes | Exception) -> ScriptedClient:
    return ScriptedClient(Script(blocks=blocks, headers={"content-type": "text/event-stream"}))


async def drained(blocks: AsyncGenerator[bytes, None]) -> bytes:
    return b"".join([block async for block in blocks])


async def test_a_completion_is_intended_served_priced_and_settled() -> None:
    served = gateway(up=ScriptedClient())
    answer = msgspec.json.decode(await chat.complete(served, call(served)))
    assert answer["choices"][0]["message"]["content"] == "hello"
    assert answer["usage"]["cost"] == pytest.approx(3 * 30e-6 + 60e-6)
    [intent] = recorded(served).intents
    [settled] = recorded(served).settled
    assert intent.id == settled.id
    assert (settled.status, settled.prompt_tokens, settled.completion_tokens) == (200, 3, 1)
    assert settled.cost == 150_000
    assert (settled.counted, settled.source, settled.attempts) == (True, "provider", 1)
    assert (settled.month, settled.model, settled.provider) == ("2026-11", "up/gpt-4", "up")


async def test_without_usage_what_was_delivered_is_estimated() -> None:
    bare = msgspec.json.decode(COMPLETION)
    del bare["usage"]
    served = gateway(up=ScriptedClient(Script(blocks=(msgspec.json.encode(bare),))))
    await chat.complete(served, call(served))
    [settled] = recorded(served).settled
    assert settled.source == "estimated"
    assert settled.completion_tokens > 0


async def test_a_refused_model_is_settled_and_nothing_is_sent() -> None:
    client = ScriptedClient()
    served = gateway(up=client)
    with pytest.raises(ModelNotFound):
        await chat.complete(served, call(served, model="up/none"))
    [settled] = recorded(served).settled
    assert (settled.status, settled.code, settled.cost) == (404, "model_not_found", 0)
    assert (settled.counted, settled.source) == (False, "none")
    assert (client.calls, recorded(served).intents) == ([], [])


async def test_nothing_is_sent_that_cannot_be_written_down() -> None:
    client = ScriptedClient()
    served = gateway(up=client)
    recorded(served).refusal = Overloaded("journal disk full")
    with pytest.raises(Overloaded):
        await chat.complete(served, call(served))
    assert client.calls == []


async def test_a_failure_is_settled_with_its_attempts() -> None:
    served = gateway(up=ScriptedClient(ConnectFailed("refused")))
    with pytest.raises(UpstreamUnavailable):
        await chat.complete(served, call(served))
    [settled] = recorded(served).settled
    assert (settled.status, settled.attempts, settled.counted) == (503, 4, False)
    assert [one["status"] for one in msgspec.json.decode(settled.tries)] == [503] * 4


async def test_a_read_only_key_may_not_ask() -> None:
    served = gateway(up=ScriptedClient())
    reader = msgspec.structs.replace(CALLER, permission="read")
    with pytest.raises(PermissionDenied):
        call(served, reader)


async def test_a_stream_is_relayed_and_settled_before_its_last_block() -> None:
    served = gateway(up=streaming(FIRST, WORD, STOP, USAGE, DONE))
    blocks = await chat.stream(served, call(served, stream=True))
    seen: list[bytes] = []
    async for block in blocks:
        if b"[DONE]" in block:
            assert len(recorded(served).settled) == 1
        seen.append(block)
    whole = b"".join(seen)
    assert whole.count(b"[DONE]") == 1
    assert b'"usage":{' not in whole
    [settled] = recorded(served).settled
    assert (settled.prompt_tokens, settled.completion_tokens) == (3, 2)
    assert settled.finish == "stop"
    assert settled.ttft is not None


async def test_a_stream_that_fails_before_its_first_event_is_an_error_and_retried() -> None:
    cut = Script(blocks=(ConnectionCut("cut"),))
    good = Script(blocks=(FIRST, STOP, USAGE, DONE))
    client = ScriptedClient(cut, good)
    served = gateway(up=client)
    await drained(await chat.stream(served, call(served, stream=True)))
    assert len(client.calls) == 2


async def test_a_stream_cut_in_the_middle_ends_with_an_error_event() -> None:
    client = streaming(FIRST, WORD, ConnectionCut("the connection was cut"))
    served = gateway(up=client)
    whole = await drained(await chat.stream(served, call(served, stream=True)))
    events = whole.split(b"\n\n")
    assert b'"upstream_error"' in events[-3]
    assert b"req_1" in events[-3]
    assert events[-2] == b"data: [DONE]"
    assert len(client.calls) == 1
    [settled] = recorded(served).settled
    assert (settled.status, settled.source) == (502, "estimated")
    assert settled.completion_tokens > 0
    assert client.answers[0].closed


async def test_a_stream_whose_reader_leaves_is_billed_for_what_was_delivered() -> None:
    client = streaming(FIRST, WORD, WORD, STOP, USAGE, DONE)
    served = gateway(up=client)
    blocks = await chat.stream(served, call(served, stream=True))
    assert await anext(blocks)
    assert await anext(blocks)
    await blocks.aclose()
    [settled] = recorded(served).settled
    assert (settled.status, settled.code) == (499, "client_disconnected")
    assert settled.source == "estimated"
    assert 0 < settled.completion_tokens <= 2
    assert client.answers[0].closed


async def test_a_cancelled_request_is_settled_too() -> None:
    class Hanging(ScriptedClient):
        async def send(self, _: object) -> object:  # type: ignore[override]  # never answers
            await asyncio.sleep(60)
            raise AssertionError

    served = gateway(up=Hanging())
    task = asyncio.create_task(chat.stream(served, call(served, stream=True)))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    [settled] = recorded(served).settled
    assert (settled.status, settled.source, settled.cost) == (499, "none", 0)


async def test_a_provider_that_does_not_close_is_not_waited_for() -> None:
    class Open(ScriptedClient):
        async def send(self, call: object) -> object:  # type: ignore[override]  # wraps the answer
            answer = await super().send(call)  # type: ignore[arg-type]  # as above
            take = answer.next

            async def slow() -> bytes:
                block = await take()
                if not block:
                    await asyncio.sleep(60)
                return block

            answer.next = slow  # type: ignore[method-assign]  # an answer that stays open
            return answer

    served = gateway(up=Open(Script(blocks=(FIRST, STOP, USAGE, DONE))))
    blocks = await chat.stream(served, call(served, stream=True))
    async with asyncio.timeout(2):
        assert (await drained(blocks)).endswith(DONE)


async def test_the_second_model_serves_when_the_first_is_down() -> None:
    served = gateway(down=ScriptedClient(ConnectFailed("refused")), up=ScriptedClient())
    asked = call(served, model="down/gpt-4", models=["up/gpt-4"])
    await chat.complete(served, asked)
    [settled] = recorded(served).settled
    assert (settled.model, settled.provider, settled.status) == ("up/gpt-4", "up", 200)
    assert [one["provider"] for one in msgspec.json.decode(settled.tries)] == ["down"] * 2 + ["up"]


async def test_what_no_model_can_do_is_the_callers_to_know() -> None:
    served = gateway(up=ScriptedClient())
    with pytest.raises(InvalidRequest):
        await chat.complete(served, call(served, models=["up/gpt-4"] * 9))
