"""The demo provider's server, in this process: deterministic, without an account or a network.

It speaks OpenAI's wire format, so that everything between the gateway's edge and the upstream
client is really used. Models: ``echo`` repeats the last user message, ``lorem`` speaks Latin,
``slow`` echoes after 2 s, ``error-429``, ``error-500`` and ``timeout`` fail as they say. A word is
a token.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from itertools import cycle, islice
from typing import Any, NamedTuple

import msgspec

from orouter.dialects.base import Usage
from orouter.dialects.openai_shapes import DONE, ChunkWriter, Finish, choice, completion
from orouter.providers.catalogue import SPECIFIED
from orouter.schemas.chat import ChatRequest, Message

SLOW_S = 2.0
CREATED = 1_700_000_000
LOREM_WORDS = 64
LOREM = [
    "Lorem",
    "ipsum",
    "dolor",
    "sit",
    "amet,",
    "consectetur",
    "adipiscing",
    "elit,",
    "sed",
    "do",
    "eiusmod",
    "tempor",
    "incididunt",
    "ut",
    "labore",
    "et",
    "dolore",
    "magna",
    "aliqua.",
    "Ut",
    "enim",
    "ad",
    "minim",
    "veniam,",
    "quis",
    "nostrud",
    "exercitation",
    "ullamco",
    "laboris",
    "nisi",
    "ut",
    "aliquip",
    "ex",
    "ea",
    "commodo",
    "consequat.",
]
JSON = {"content-type": "application/json"}
EVENTS = {"content-type": "text/event-stream; charset=utf-8"}


class Reply(NamedTuple):
    """What an HTTP client would have received."""

    status: int
    headers: Mapping[str, str]
    body: AsyncIterator[bytes]


async def answer(body: bytes) -> Reply:
    """Answers ``POST /chat/completions``; ``timeout`` never returns."""
    try:
        request = msgspec.json.decode(body, type=ChatRequest)
    except msgspec.DecodeError as error:
        return _refused(400, "invalid_request_error", str(error))
    if request.model == "timeout":
        await asyncio.Event().wait()
    if request.model == "error-429":
        return _refused(429, "rate_limit_exceeded", "The demo model is always rate limited.")
    if request.model == "error-500":
        return _refused(500, "server_error", "The demo model always fails.")
    if request.model not in ("echo", "lorem", "slow"):
        return _refused(404, "model_not_found", f"There is no demo model '{request.model}'.")
    if request.stream:
        return Reply(200, EVENTS, _streamed(request, body))
    if request.model == "slow":
        await asyncio.sleep(SLOW_S)
    return Reply(200, JSON, _once(_whole(request, body)))


def models() -> Reply:
    """Answers ``GET /models``."""
    return Reply(200, JSON, _once({"data": [{"id": name} for name in SPECIFIED["demo"]]}))


def _refused(status: int, code: str, message: str) -> Reply:
    error = {"message": message, "type": code, "param": None, "code": code}
    headers = {**JSON, "retry-after": "1"} if status == 429 else JSON
    return Reply(status, headers, _once({"error": error}))


async def _once(value: dict[str, Any]) -> AsyncIterator[bytes]:
    yield msgspec.json.encode(value)


def _whole(request: ChatRequest, body: bytes) -> dict[str, Any]:
    words, finish = _words(request)
    choices = [
        choice({"content": "".join(words)}, finish, index) for index in range(request.n or 1)
    ]
    return completion(_id(body), request.model, CREATED, choices, _usage(request, len(words)))


async def _streamed(request: ChatRequest, body: bytes) -> AsyncIterator[bytes]:
    words, finish = _words(request)
    writer = ChunkWriter(_id(body), request.model, CREATED, include_usage=request.wants_usage)
    if request.model == "slow":
        await asyncio.sleep(SLOW_S)
    for index in range(request.n or 1):
        yield writer.begin(index)
    for word in words:
        for index in range(request.n or 1):
            yield writer.text(word, index)
        await asyncio.sleep(0)
    for index in range(request.n or 1):
        yield writer.finish(finish, index)
    yield writer.usage(_usage(request, len(words)), None) + DONE


def _words(request: ChatRequest) -> tuple[list[str], Finish]:
    """The answer's words, each with the blank before it, and the finish reason."""
    if request.model == "lorem":
        words = list(islice(cycle(LOREM), LOREM_WORDS))
    else:
        words = _last_user_text(request.messages).split(" ")
    limit = len(words) if request.output_limit is None else request.output_limit
    spaced = [word if n == 0 else " " + word for n, word in enumerate(words[:limit])]
    return spaced, "length" if len(words) > limit else "stop"


def _last_user_text(messages: list[Message]) -> str:
    texts = [_text(message) for message in messages if message.role == "user"]
    return texts[-1] if texts else ""


def _text(message: Message) -> str:
    if isinstance(message.content, str):
        return message.content
    return "".join(part.text or "" for part in message.content or ())


def _usage(request: ChatRequest, words: int) -> Usage:
    prompt = sum(len(_text(message).split()) for message in request.messages)
    return Usage(prompt_tokens=prompt, completion_tokens=words * (request.n or 1))


def _id(body: bytes) -> str:
    return "chatcmpl-demo" + sha256(body).hexdigest()[:16]
