"""A whole completion in OpenAI's format, as OpenAI and its imitators send it."""

from typing import Any

from orouter.dialects import faults
from orouter.dialects.base import Answer, DecodeContext, Recalled
from orouter.dialects.openai_chat import normal
from orouter.dialects.openai_chat.failure import broken_off, fault_of
from orouter.dialects.openai_chat.recall import recalled
from orouter.dialects.openai_chat.usage import read_usage, usage_value
from orouter.dialects.openai_chat.verbatim import verbatim
from orouter.dialects.openai_shapes import by_function
from orouter.dialects.readings import parse

RELAYED = frozenset({"openai"})
"""Types whose completions may pass as they came; others' texts may hide reasoning."""


def decode_response(body: bytes, context: DecodeContext) -> Answer:
    """The answer, ``usage.cost`` left to the caller, who knows prices.

    Raises the error of a 200 that holds one, UpstreamError for what is no completion.
    """
    if context.target.kind in RELAYED and not context.target.functions:
        as_it_is = verbatim(body)
        if as_it_is is not None:
            return as_it_is
    value = parse(body)
    if not isinstance(value, dict):
        raise faults.unreadable(body)
    given = value.get("choices")
    choices = [c for c in given if isinstance(c, dict)] if isinstance(given, list) else []
    if value.get("error") and not choices:
        raise fault_of(value, 200).error
    if not choices:
        raise faults.unreadable(body)
    _envelope(value, context)
    value["choices"] = [
        _choice(choice, position, context) for position, choice in enumerate(choices)
    ]
    _cite(value)
    raw = value.pop("usage", None)
    charged = context.target.kind == "openrouter"
    usage = read_usage(raw, charged=charged) if raw else None
    if usage is not None and isinstance(raw, dict):
        value["usage"] = usage_value(raw, usage, None)
    first = value["choices"][0]
    calls = _recalled(first["message"], context)
    if context.target.functions:
        value["choices"] = [by_function(choice) for choice in value["choices"]]
    return Answer(
        completion=value,
        usage=usage,
        finish=value["choices"][0]["finish_reason"],
        recalled=calls,
    )


def _envelope(value: dict[str, Any], context: DecodeContext) -> None:
    if not isinstance(value.get("id"), str) or not value["id"]:
        value["id"] = context.mint("chatcmpl-")
    value["object"] = "chat.completion"
    created = value.get("created")
    is_time = isinstance(created, int | float) and not isinstance(created, bool)
    value["created"] = int(created) if is_time and created else context.created
    if not isinstance(value.get("model"), str) or not value["model"]:
        value["model"] = context.target.model


def _choice(choice: dict[str, Any], position: int, context: DecodeContext) -> dict[str, Any]:
    if choice.get("finish_reason") == "error" or isinstance(choice.get("error"), dict):
        raise broken_off(choice)
    choice.pop("delta", None)
    if not isinstance(choice.get("index"), int):
        choice["index"] = position
    given = choice.get("message")
    message: dict[str, Any] = given if isinstance(given, dict) else {}
    message["role"] = "assistant"
    normal.message_texts(message)
    message.setdefault("content", None)
    message.setdefault("refusal", None)
    for name in ("annotations", "function_call", "audio"):
        if name in message and message[name] is None:
            del message[name]
    calls = message.pop("tool_calls", None)
    if isinstance(calls, list) and calls:
        message["tool_calls"] = normal.tool_calls(calls, context.mint)
    choice["message"] = message
    choice.setdefault("logprobs", None)
    choice["finish_reason"] = normal.finish_reason(
        choice.get("finish_reason"),
        called="tool_calls" in message,
        strict=context.target.kind == "openai",
    )
    return choice


def _cite(value: dict[str, Any]) -> None:
    annotations = normal.citations(value)
    message = value["choices"][0]["message"]
    if annotations and not message.get("annotations"):
        message["annotations"] = annotations


def _recalled(message: dict[str, Any], context: DecodeContext) -> tuple[Recalled, ...]:
    if context.target.kind != "openrouter":
        return ()
    details = message.get("reasoning_details")
    ids = [call["id"] for call in message.get("tool_calls") or ()]
    return recalled(details if isinstance(details, list) else (), ids)
