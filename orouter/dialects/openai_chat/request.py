"""A chat request for a server that speaks OpenAI's own format."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from orouter.dialects.base import Capabilities, Target, WireRequest
from orouter.dialects.legacy import with_tools
from orouter.dialects.openai_chat import fields as known
from orouter.dialects.openai_chat.splice import PLAIN_FIELDS, spliced
from orouter.dialects.reasoning import mended
from orouter.errors import UnsupportedParameter
from orouter.schemas.chat import ChatRequest, Message

PATH = "/chat/completions"
MAX_CALL_ID = 40

_FOREIGN_ID = re.compile(r"[^A-Za-z0-9_-]")


def encode_request(request: ChatRequest, target: Target) -> WireRequest:
    """The caller's own body with the upstream's model name and without what it would refuse.

    ``openai`` takes nothing it does not know; ``openrouter`` and ``compatible`` servers get unknown
    fields untouched. Raises UnsupportedParameter for what the model cannot honour.
    """
    whole = spliced(request, target)
    if whole is not None:
        return WireRequest(path=PATH, body=whole)
    body = request.fields()
    body["model"] = target.model
    if target.kind == "openai":
        body = _for_openai(body, target.capabilities)
    elif target.kind == "openrouter":
        _say_with_tools(request, body)
        _for_openrouter(body, target)
    else:
        _for_compatible(body, target.capabilities)
    if request.stream and target.capabilities.lenient:
        # Also where the caller does not want it: usage is what the gateway accounts by.
        body["stream_options"] = {**(body.get("stream_options") or {}), "include_usage": True}
    else:
        body.pop("stream_options", None)
    return WireRequest(path=PATH, body=msgspec.json.encode(body))


def _for_compatible(body: dict[str, Any], capabilities: Capabilities) -> None:
    for name in known.ROUTING_FIELDS:
        body.pop(name, None)
    # Many servers know only the older name of this role, and none distinguishes the two.
    for message in body["messages"]:
        if message.get("role") == "developer":
            message["role"] = "system"
    if not capabilities.lenient:
        _for_strict(body)


def _for_strict(body: dict[str, Any]) -> None:
    """For servers that refuse what they do not know; Mistral's sends usage unasked."""
    limit = body.pop("max_completion_tokens", None)
    if limit is not None:
        body["max_tokens"] = limit
    body["messages"] = [
        {k: v for k, v in message.items() if k in known.STRICT_MESSAGE_FIELDS}
        for message in body["messages"]
    ]


def _say_with_tools(request: ChatRequest, body: dict[str, Any]) -> None:
    """The deprecated ``functions`` as ``tools``, which all models behind OpenRouter know."""
    said = with_tools(request)
    if said is request:
        return
    for raw, message in zip(body["messages"], said.messages, strict=True):
        _call_or_result(raw, message)
    defined = [{"type": "function", "function": each} for each in body.pop("functions", None) or ()]
    if defined:
        body["tools"] = [*(body.get("tools") or ()), *defined]
    chosen = body.pop("function_call", None)
    if chosen is not None:
        is_named = isinstance(chosen, dict)
        body["tool_choice"] = {"type": "function", "function": chosen} if is_named else chosen
    if said.parallel_tool_calls is not None:
        body["parallel_tool_calls"] = said.parallel_tool_calls


def _call_or_result(raw: dict[str, Any], said: Message) -> None:
    """Takes over the ids that ``said`` has for what the deprecated form left without."""
    called = raw.pop("function_call", None)
    if called is not None and said.tool_calls:
        raw["tool_calls"] = [{"id": said.tool_calls[0].id, "type": "function", "function": called}]
    elif raw["role"] == "function":
        raw.pop("name", None)
        raw.update(role="tool", tool_call_id=said.tool_call_id)


def _for_openrouter(body: dict[str, Any], target: Target) -> None:
    if (body.get("n") or 1) > 1:
        raise UnsupportedParameter("OpenRouter gives one choice a request: n must be 1.", param="n")
    body.pop("n", None)
    if body.get("models"):
        own = target.provider + "/"
        body["models"] = [name.removeprefix(own) for name in body["models"]]
    for message in body["messages"]:
        _restore_reasoning(message, target)


def _restore_reasoning(message: dict[str, Any], target: Target) -> None:
    """Puts back the reasoning of tool calls for clients that dropped what they did not know."""
    given = message.get("reasoning_details")
    if given:
        message["reasoning_details"] = mended(given)
        return
    for call in message.get("tool_calls") or ():
        recalled = target.recalled.get(call.get("id") or "")
        if recalled is not None:
            message["reasoning_details"] = list(recalled.details)
            return


def _for_openai(body: dict[str, Any], capabilities: Capabilities) -> dict[str, Any]:
    effort = _effort(body)
    body = {name: value for name, value in body.items() if name in known.OPENAI_FIELDS}
    if effort is not None:
        body["reasoning_effort"] = effort
    body["messages"] = [_openai_message(m, capabilities) for m in body["messages"]]
    if body.get("tools"):
        body["tools"] = [_openai_tool(tool) for tool in body["tools"]]
    if capabilities.thinking != "none":
        _fit_reasoning_model(body, capabilities)
    return body


def _effort(body: Mapping[str, Any]) -> str | None:
    """OpenRouter's ``reasoning`` as ``reasoning_effort``, where the two mean the same."""
    reasoning = body.get("reasoning")
    if body.get("reasoning_effort") is not None or not isinstance(reasoning, dict):
        return body.get("reasoning_effort")
    if reasoning.get("enabled") is False:
        return "none"
    effort = reasoning.get("effort")
    return effort if isinstance(effort, str) else None


def _fit_reasoning_model(body: dict[str, Any], capabilities: Capabilities) -> None:
    limit = body.pop("max_tokens", None)
    if limit is not None:
        body.setdefault("max_completion_tokens", limit)
    effort = body.get("reasoning_effort")
    reasons = capabilities.thinking_default if effort is None else effort != "none"
    if not reasons or capabilities.sampling != "none":
        return
    for name in known.REASONING_SAMPLING:
        body.pop(name, None)
    for name in known.REASONING_REFUSED:
        if body.pop(name, None):
            raise UnsupportedParameter(
                f"{body['model']} gives no {name} while it reasons; leave {name} out"
                " or set reasoning_effort to 'none' where the model allows it.",
                param=name,
            )


def _openai_message(message: dict[str, Any], capabilities: Capabilities) -> dict[str, Any]:
    plain = message.keys() <= PLAIN_FIELDS and type(message.get("content")) is str
    if plain and capabilities.system_role:
        return message
    kept = {k: v for k, v in message.items() if k in known.OPENAI_MESSAGE_FIELDS}
    if kept["role"] in ("system", "developer") and not capabilities.system_role:
        kept["role"] = "user"
    if isinstance(kept.get("content"), list):
        kept["content"] = [_openai_part(part) for part in kept["content"]]
    if kept.get("tool_calls"):
        kept["tool_calls"] = [_openai_call(call) for call in kept["tool_calls"]]
    elif "tool_calls" in kept:
        del kept["tool_calls"]
    if isinstance(kept.get("tool_call_id"), str):
        kept["tool_call_id"] = call_id(kept["tool_call_id"])
    return kept


def _openai_part(part: dict[str, Any]) -> dict[str, Any]:
    kept = _unmarked(part)
    if isinstance(kept.get("image_url"), str):
        kept["image_url"] = {"url": kept["image_url"]}
    return kept


def _openai_call(call: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in call.items() if name in known.OPENAI_CALL_FIELDS}
    kept.setdefault("type", "function")
    if isinstance(kept.get("id"), str):
        kept["id"] = call_id(kept["id"])
    return kept


def _openai_tool(tool: dict[str, Any]) -> dict[str, Any]:
    kept = _unmarked(tool)
    if isinstance(kept.get("function"), dict):
        kept["function"] = _unmarked(kept["function"])
    return kept


def _unmarked(value: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in value.items() if k not in known.FOREIGN_MARKS}


def call_id(given: str) -> str:
    """A tool-call id that OpenAI takes: its own unchanged, foreign ones by a stable short name."""
    if len(given) <= MAX_CALL_ID and not _FOREIGN_ID.search(given):
        return given
    return "call_" + hashlib.sha256(given.encode()).hexdigest()[:24]
