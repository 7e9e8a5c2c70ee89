"""One question to a model, as ``orouter chat`` asks it: a running server, or this process.

Both give the same bytes, OpenAI's server-sent events, to ``tell`` as they come.
"""

import time
from collections.abc import Callable
from contextlib import aclosing
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import msgspec

from orouter.dialects.readings import parse
from orouter.dialects.sse import Splitter
from orouter.errors import ModelNotFound, UpstreamError, answered
from orouter.ids import ulid
from orouter.schemas.chat_reading import read_chat
from orouter.services import chat, serving
from orouter.services.accounting import Arrival
from orouter.services.key_secrets import Presented
from orouter.settings import Settings

USUAL_MODEL = "demo/echo"
PATIENCE_S = 120.0
_BLOCK = 1 << 16

Tell = Callable[[bytes], None]


class Reply:
    """What came of a question: ``say`` gets the text as it comes; the rest is known at the end."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._splitter = Splitter()
        self.content = ""
        self.model = ""
        self.finish: str | None = None
        self.usage: dict[str, Any] = {}

    def feed(self, block: bytes) -> None:
        """Takes bytes of the stream. Raises the error that stands in it."""
        for event in self._splitter.feed(block):
            value = parse(event.data)
            if isinstance(value, dict):
                self._read(value)

    def _read(self, chunk: dict[str, Any]) -> None:
        if chunk.get("error"):
            raise answered(chunk)
        self.model = chunk.get("model") or self.model
        self.usage = chunk.get("usage") or self.usage
        for choice in chunk.get("choices") or ():
            self.finish = choice.get("finish_reason") or self.finish
            text = choice["delta"].get("content") or ""
            self.content += text
            self._say(text)


def over_http(url: str, key: str, question: str, model: str | None, tell: Tell) -> None:
    """Asks the server at ``url`` (which ends in ``/v1``). Raises what it answers."""
    model = model or _chosen([each["id"] for each in _get(f"{url}/models", key)["data"]])
    with _open(f"{url}/chat/completions", key, _body(question, model)) as answer:
        while block := answer.read1(_BLOCK):
            tell(block)


async def in_process(
    settings: Settings, key: str, question: str, model: str | None, tell: Tell
) -> None:
    """Asks without a server, accounted for as by one. Raises the caller's error."""
    async with serving.gateway(settings) as gateway:
        now = time.time_ns() // 1000
        caller = await gateway.keys.authenticate(Presented(key), now)
        names = [entry.name for entry in gateway.plan.routes.catalogue.listed()]
        request = read_chat(_body(question, model or _chosen(names)))
        id_ = ulid(now)
        arrival = Arrival(id_, f"cli-{id_}", now, time.perf_counter_ns())
        call = chat.begin(gateway, caller, request, arrival)
        async with aclosing(await chat.stream(gateway, call)) as blocks:
            async for block in blocks:
                tell(block)


def _chosen(names: list[str]) -> str:
    if not names:
        raise ModelNotFound(
            "There is no model to ask", hint="set a provider's key, or serve with --demo"
        )
    return USUAL_MODEL if USUAL_MODEL in names else names[0]


def _body(question: str, model: str) -> bytes:
    messages = [{"role": "user", "content": question}]
    options = {"stream": True, "stream_options": {"include_usage": True}}
    return msgspec.json.encode({"model": model, "messages": messages, **options})


def _get(url: str, key: str) -> Any:
    with _open(url, key, None) as answer:
        return msgspec.json.decode(answer.read())


def _open(url: str, key: str, body: bytes | None) -> Any:
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    request = Request(url, data=body, headers=headers)  # noqa: S310 - the operator's own server
    try:
        return build_opener(ProxyHandler({})).open(request, timeout=PATIENCE_S)
    except HTTPError as e:
        with e:
            raise answered(parse(e.read())) from None
    except OSError as e:
        raise UpstreamError(f"The server at {url} does not answer: {e}") from e
