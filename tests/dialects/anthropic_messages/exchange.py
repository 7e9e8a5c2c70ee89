"""One exchange with Claude in a test: encode a request, decode an answer or a stream."""

import json
from itertools import count
from typing import Any

import msgspec
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from orouter.dialects import anthropic_messages
from orouter.dialects.anthropic_messages.stream import AnthropicStream
from orouter.dialects.base import Answer, DecodeContext, Recalled, StreamContext, Target
from orouter.providers.families import capabilities
from orouter.schemas.chat import ChatRequest
from tests.dialects.anthropic_messages.sdk_types import misfit

OLD, BUDGET, ADAPTIVE, NEW, FABLE = (
    "claude-3-5-haiku-latest",
    "claude-sonnet-4-5",
    "claude-sonnet-4-6",
    "claude-sonnet-5",
    "claude-fable-5",
)
HI = [{"role": "user", "content": "hi"}]
WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
Body = dict[str, Any]


def target(
    model: str = BUDGET, recalled: tuple[Recalled, ...] = (), *, functions: bool = False
) -> Target:
    return Target(
        provider="anthropic",
        kind="anthropic",
        model=model,
        capabilities=capabilities("anthropic", model),
        recalled={one.call_id: one for one in recalled},
        functions=functions,
    )


def encode(model: str = BUDGET, *, recalled: tuple[Recalled, ...] = (), **fields: Any) -> Body:
    """The body sent for a request, checked against the anthropic SDK's types."""
    raw = json.dumps({"model": "anthropic/x", "messages": HI, **fields}).encode()
    request = msgspec.json.decode(raw, type=ChatRequest)
    wire = anthropic_messages.encode_request(request, target(model, recalled))
    assert wire.path == "/v1/messages"
    body: Body = json.loads(wire.body)
    assert misfit(body) is None
    return body


def turns(*messages: Body, model: str = BUDGET, **fields: Any) -> list[Any]:
    """Role and content of each turn that is sent."""
    body = encode(model, messages=list(messages), **fields)
    return [(turn["role"], turn["content"]) for turn in body["messages"]]


def call(call_id: str, arguments: str = '{"city":"Paris"}', name: str = "weather") -> Body:
    return {
        "id": call_id,
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    }


def answer(*content: Body, stop_reason: str = "end_turn", **fields: Any) -> Answer:
    """The decoded answer, checked strictly against the openai SDK's types."""
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5-20250929",
        "content": list(content),
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 5},
        **fields,
    }
    decoded = decode(json.dumps(message).encode())
    ChatCompletion.model_validate_json(json.dumps(decoded.completion), strict=True)
    return decoded


def decode(body: bytes, *, functions: bool = False) -> Answer:
    fresh = count()
    context = DecodeContext(
        target=target(functions=functions),
        created=7,
        mint=lambda prefix: f"{prefix}{next(fresh)}",
    )
    return anthropic_messages.decode_response(body, context)


def decoder(*, include_usage: bool = True, functions: bool = False) -> AnthropicStream:
    fresh = count()
    return anthropic_messages.stream_decoder(
        StreamContext(
            target=target(functions=functions),
            include_usage=include_usage,
            created=7,
            mint=lambda prefix: f"{prefix}{next(fresh)}",
            cost_usd=lambda usage: usage.completion_tokens / 1000,
        )
    )


def sse(*events: Body) -> bytes:
    return b"".join(
        b"event: %s\ndata: %s\n\n" % (event["type"].encode(), json.dumps(event).encode())
        for event in events
    )


def start(**usage: Any) -> Body:
    message = {"id": "msg_1", "type": "message", "model": "claude", "content": []}
    return {"type": "message_start", "message": {**message, "usage": {"input_tokens": 10, **usage}}}


def block(index: int, opening: Body, *deltas: Body) -> list[Body]:
    """The events of one content block."""
    return [
        {"type": "content_block_start", "index": index, "content_block": opening},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def end(stop_reason: str = "end_turn", **delta: Any) -> list[Body]:
    return [
        {
            "type": "message_delta",
            "delta": {"stop_reason": stop_reason, **delta},
            "usage": {"output_tokens": 5},
        },
        {"type": "message_stop"},
    ]


def chunks(stream: bytes) -> list[Body]:
    """The chunks of a finished stream, checked strictly against the openai SDK's types."""
    *events, done, nothing = stream.decode().split("\n\n")
    assert (done, nothing) == ("data: [DONE]", "")
    for event in events:
        ChatCompletionChunk.model_validate_json(event.removeprefix("data: "), strict=True)
    return [json.loads(event.removeprefix("data: ")) for event in events]


def deltas(*events: Body) -> list[Body]:
    """What the client gets to add up, from a whole stream."""
    stream = decoder()
    out = stream.feed(sse(*events)) + stream.close()
    assert stream.error is None
    return [one["choices"][0]["delta"] for one in chunks(out) if one["choices"]]
