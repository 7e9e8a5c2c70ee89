"""What the tests of this dialect say to it, and how they read what it answers."""

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

import msgspec
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from orouter.dialects import google_generate
from orouter.dialects.base import (
    Answer,
    Capabilities,
    DecodeContext,
    Recalled,
    StreamContext,
    StreamDecoder,
    Target,
)
from orouter.schemas.chat import ChatRequest

OLD = Capabilities(structured_output_with_tools=False, search_with_tools=False)
NEW = Capabilities(
    thinking="level",
    thinking_off=False,
    efforts=("low", "medium", "high"),
    signed_calls=True,
    media_in_results=True,
)


def target(can: Capabilities = OLD, recalled: Mapping[str, Recalled] | None = None) -> Target:
    return Target(
        provider="google",
        kind="google",
        model="gemini-test",
        capabilities=can,
        recalled=recalled or {},
    )


def chat(**fields: Any) -> ChatRequest:
    fields = {"model": "google/gemini-test", "messages": [user("hi")], **fields}
    return msgspec.convert(fields, ChatRequest)


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def call(call_id: str, name: str, arguments: str = "{}") -> dict[str, Any]:
    return {
        "id": call_id,
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }


def calling(*calls: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": None, "tool_calls": list(calls), **fields}


def result(call_id: str, content: Any) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": content}


def encoded(request: ChatRequest, to: Target | None = None) -> dict[str, Any]:
    wire = google_generate.encode_request(request, to or target())
    body: dict[str, Any] = json.loads(wire.body)
    return body


def contents(*messages: dict[str, Any], to: Target | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = encoded(chat(messages=list(messages)), to)["contents"]
    return found


def answer(*parts: dict[str, Any], **candidate: Any) -> dict[str, Any]:
    """A response with one candidate of these parts."""
    return {
        "candidates": [
            {"content": {"parts": list(parts), "role": "model"}, "index": 0, **candidate}
        ],
        "usageMetadata": {
            "promptTokenCount": 10,
            "candidatesTokenCount": 5,
            "totalTokenCount": 15,
        },
        "modelVersion": "gemini-test-001",
        "responseId": "resp-1",
    }


def context() -> DecodeContext:
    numbers = count(1)
    return DecodeContext(
        target=target(), created=1700000000, mint=lambda prefix: f"{prefix}_{next(numbers)}"
    )


def decoded(body: dict[str, Any] | list[Any]) -> Answer:
    """Checks the completion against the openai SDK's types, strictly."""
    found = google_generate.decode_response(json.dumps(body).encode(), context())
    ChatCompletion.model_validate_json(msgspec.json.encode(found.completion), strict=True)
    return found


def message(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = decoded(body).completion["choices"][0]["message"]
    return found


def decoder(*, include_usage: bool = False) -> StreamDecoder:
    numbers = count(1)
    return google_generate.stream_decoder(
        StreamContext(
            target=target(),
            include_usage=include_usage,
            created=1700000000,
            mint=lambda prefix: f"{prefix}_{next(numbers)}",
            cost_usd=lambda _: 0.5,
        )
    )


def sse(*responses: dict[str, Any]) -> bytes:
    return b"".join(
        b"data: " + json.dumps(response, ensure_ascii=False).encode() + b"\r\n\r\n"
        for response in responses
    )


def chunks(events: bytes) -> list[dict[str, Any]]:
    """The chunks of a finished stream, checked against the openai SDK's types, strictly."""
    *lines, done, end = events.split(b"\n\n")
    assert (done, end) == (b"data: [DONE]", b"")
    for line in lines:
        ChatCompletionChunk.model_validate_json(line.removeprefix(b"data: "), strict=True)
    return [json.loads(line.removeprefix(b"data: ")) for line in lines]


def streamed(stream: bytes, *, include_usage: bool = False) -> list[dict[str, Any]]:
    reader = decoder(include_usage=include_usage)
    return chunks(reader.feed(stream) + reader.close())


def deltas(found: list[dict[str, Any]], name: str) -> list[Any]:
    """What the chunks said under ``name``."""
    return [
        choice["delta"][name]
        for chunk in found
        for choice in chunk["choices"]
        if choice["delta"].get(name)
    ]


def broken(body: Any, place: int, value: Any) -> Any:
    """The body with ``value`` instead of its value number ``place``, counted from the outside."""
    left = count(place, -1)

    def walk(node: Any) -> Any:
        if next(left) == 0:
            return value
        if isinstance(node, dict):
            return {name: walk(inner) for name, inner in node.items()}
        return [walk(inner) for inner in node] if isinstance(node, list) else node

    return walk(body)
