"""What the tests of this dialect say to it: requests, contexts, streams of events."""

import itertools
import json
from typing import Any

import msgspec

from orouter.dialects import openai_chat
from orouter.dialects.base import (
    Capabilities,
    DecodeContext,
    StreamContext,
    StreamDecoder,
    Target,
    Usage,
)
from orouter.providers.families import capabilities
from orouter.schemas.chat import ChatRequest

CREATED = 1_790_000_000
IDENTITY = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 5, "model": "m-1"}
USAGE = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
DONE = b"data: [DONE]\n\n"


def target(kind: str, model: str = "m", can: Capabilities | None = None, **more: Any) -> Target:
    return Target(
        provider=kind,
        kind=kind,
        model=model,
        capabilities=can or capabilities(kind, model),
        **more,
    )


def request(**fields: Any) -> ChatRequest:
    body = {"model": "any/name", "messages": [{"role": "user", "content": "hi"}], **fields}
    source = json.dumps(body).encode()
    decoded = msgspec.json.decode(source, type=ChatRequest)
    decoded.source = source
    return decoded


def encoded(to: Target, **fields: Any) -> dict[str, Any]:
    """The body sent for a request with these fields."""
    body: dict[str, Any] = json.loads(openai_chat.encode_request(request(**fields), to).body)
    return body


def mint() -> Any:
    numbers = itertools.count(1)
    return lambda prefix: f"{prefix}minted{next(numbers)}"


def decode_context(kind: str = "compatible", **more: Any) -> DecodeContext:
    return DecodeContext(target=target(kind, **more), created=CREATED, mint=mint())


def decoder(
    kind: str = "compatible",
    *,
    include_usage: bool = False,
    cost: float | None = None,
    functions: bool = False,
) -> StreamDecoder:
    def cost_usd(usage: Usage) -> float | None:
        return cost

    return openai_chat.stream_decoder(
        StreamContext(
            target=target(kind, functions=functions),
            include_usage=include_usage,
            created=CREATED,
            mint=mint(),
            cost_usd=cost_usd,
        )
    )


def event(value: dict[str, Any]) -> bytes:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return f"data: {text}\n\n".encode()


def chunk(delta: dict[str, Any], finish: str | None = None, index: int = 0, **more: Any) -> bytes:
    """One event as OpenAI spells it: a choice, then what else is given."""
    choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}
    return event({**IDENTITY, "choices": [choice], **more})


def whole(stream: bytes, **how: Any) -> tuple[bytes, StreamDecoder]:
    """All that comes out for a stream in one block, and its decoder."""
    it = decoder(**how)
    return it.feed(stream) + it.close(), it


def chunks(out: bytes) -> list[dict[str, Any]]:
    """The JSON of the events that a caller receives, ``[DONE]`` left out."""
    found = [line[6:] for line in out.decode().split("\n\n") if line]
    return [json.loads(data) for data in found if data != "[DONE]"]


def choices(out: bytes) -> list[dict[str, Any]]:
    return [choice for each in chunks(out) for choice in each["choices"]]


def text(out: bytes) -> str:
    return "".join(each["delta"].get("content") or "" for each in choices(out))


HELLO = (
    chunk({"role": "assistant", "content": ""})
    + chunk({"content": "Grüße "})
    + chunk({"content": "🎈"})
    + chunk({}, "stop")
)
