"""What a caller of ``/v1/chat/completions`` is told besides the answer."""

import asyncio
import json
from typing import Any

import pytest

from orouter.api import chat
from orouter.api.asgi_exchange import AsgiExchange
from orouter.api.exchange import Exchange
from orouter.errors import InvalidApiKey, UpstreamUnavailable
from orouter.services.answer_stores import AnswerCache, MemoryStore
from orouter.services.credentials import Credential
from orouter.services.key_ring import KeyRing
from orouter.services.key_secrets import generate
from tests.services.serving_parts import gateway
from tests.services.test_chat import FIRST, STOP, WORD, streaming
from tests.services.test_key_ring import PEPPER, credential
from tests.upstream.scripted import Script, ScriptedClient

KEY = generate()


async def known(_: list[str]) -> list[Credential]:
    return [credential(KEY)]


class Caller:
    """Asks a gateway with one upstream, and keeps what it is sent."""

    def __init__(self, client: ScriptedClient, key: str = KEY) -> None:
        self.gateway = gateway(up=client)
        self.gateway.keys = KeyRing(PEPPER, known)
        self.sent: list[Any] = []
        self.also: list[tuple[bytes, bytes]] = []
        self._key = key

    async def ask(self, **fields: Any) -> Exchange:
        body = {"model": "up/gpt-4", "messages": [{"role": "user", "content": "hi"}], **fields}
        scope = {
            "method": "POST",
            "path": "/v1/chat/completions",
            "headers": [(b"authorization", b"Bearer " + self._key.encode()), *self.also],
        }
        waiting = [{"type": "http.request", "body": json.dumps(body).encode()}]

        async def receive() -> Any:
            return waiting.pop() if waiting else await never()

        async def send(message: Any) -> None:
            self.sent.append(message)

        self.exchange = AsgiExchange(scope, receive, send)
        await chat.completions(self.gateway, self.exchange)
        return self.exchange

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])


async def never() -> None:
    await asyncio.Event().wait()


async def test_an_answer_names_who_served_it() -> None:
    caller = Caller(ScriptedClient())
    await caller.ask()
    assert caller.sent[0]["status"] == 200
    assert caller.headers[b"x-orouter-provider"] == b"up"
    assert caller.headers[b"x-orouter-attempts"] == b"1"
    assert len(caller.headers[b"x-generation-id"]) == 26


async def test_a_stream_names_it_too_and_is_whole() -> None:
    caller = Caller(streaming(FIRST, WORD, STOP, b"data: [DONE]\n\n"))
    exchange = await caller.ask(stream=True)
    assert caller.headers[b"x-orouter-provider"] == b"up"
    assert b"".join(message.get("body", b"") for message in caller.sent).endswith(b"[DONE]\n\n")
    assert exchange.access_record().key_id == "key_1"


@pytest.mark.parametrize("stream", [False, True])
async def test_a_failure_tells_how_often_it_was_tried(*, stream: bool) -> None:
    caller = Caller(ScriptedClient(Script(503, (b"{}",))))
    with pytest.raises(UpstreamUnavailable):
        await caller.ask(stream=stream)
    told = dict(caller.exchange.answer_headers)
    assert (told[b"x-orouter-provider"], told[b"x-orouter-attempts"]) == (b"up", b"4")


async def test_what_was_never_sent_has_no_provider() -> None:
    caller = Caller(ScriptedClient(), key="ork_nonsense")
    with pytest.raises(InvalidApiKey):
        await caller.ask()
    assert [name for name, _ in caller.exchange.answer_headers] == [b"x-request-id"]


@pytest.mark.parametrize(
    ("said", "told"), [(b"on", [b"miss", b"hit"]), (b"off", [None] * 2), (None, [None] * 2)]
)
async def test_an_earlier_answer_is_for_who_asks(said: bytes | None, told: list[Any]) -> None:
    caller = Caller(ScriptedClient())
    caller.gateway.answers = AnswerCache(MemoryStore(1 << 20, 60))
    caller.also = [(b"x-orouter-cache", said)] if said else []
    for expected in told:
        caller.sent.clear()
        await caller.ask(temperature=0)
        assert caller.headers.get(b"x-orouter-cache") == expected
        assert caller.sent[0]["status"] == 200
    stream = Caller(streaming(FIRST, WORD, STOP, b"data: [DONE]\n\n"))
    stream.gateway.answers, stream.also = caller.gateway.answers, caller.also
    await stream.ask(temperature=0, stream=True)
    assert b"x-orouter-cache" not in stream.headers
