"""The conversation as Anthropic wants it: system apart, turns that alternate, results first.

Source: anthropic-sdk-python ``message_param.py`` and ``tool_result_block_param.py``; the docs want
all results of a turn together, at once after the calls, before any text.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from orouter.dialects.anthropic_messages.content import (
    Block,
    blocks_of,
    cache_mark,
    mark_last,
    text_blocks_of,
)
from orouter.dialects.base import Recalled
from orouter.dialects.reasoning import ANTHROPIC, whole_details
from orouter.errors import InvalidRequest, UnsupportedParameter
from orouter.schemas.chat import Message, ToolCall

_ID = re.compile(r"[a-zA-Z0-9_-]+")
_ID_FOREIGN = re.compile(r"[^a-zA-Z0-9_-]")
# Anthropic's first turn is always the user's; OpenAI lets the assistant open with a greeting.
_OPENING: Block = {"type": "text", "text": "."}

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Conversation(NamedTuple):
    """``system`` is empty or text blocks; ``turns`` alternate and begin with the user's."""

    system: list[Block]
    turns: list[Block]

    @property
    def prefilled(self) -> bool:
        """Whether it ends with the assistant's words, which the model shall continue."""
        return bool(self.turns[-1]["role"] == "assistant")

    @property
    def called(self) -> list[str]:
        """The names of all functions called in it, each once, in order."""
        return list(dict.fromkeys(block["name"] for block in self._blocks("tool_use")))

    @property
    def loop_lacks_thinking(self) -> bool:
        """Whether the calls that now get their results came without the thinking before them."""
        opening = [turn["content"][0]["type"] for turn in self.turns[-2:]]
        return opening in (["text", "tool_result"], ["tool_use", "tool_result"])

    def _blocks(self, kind: str) -> list[Block]:
        return [block for t in self.turns for block in t["content"] if block["type"] == kind]


def conversation(messages: Sequence[Message], recalled: Mapping[str, Recalled]) -> Conversation:
    """Raises InvalidRequest or UnsupportedParameter for content that Anthropic does not take."""
    system: list[Block] = []
    turns: list[Block] = []
    for n, message in enumerate(messages):
        role = message.role
        if role == "assistant":
            _add(turns, "assistant", _assistant(message, n, recalled))
        elif role == "tool":
            _add(turns, "user", [_result(message, n)])
        elif role == "user":
            _add(turns, "user", _marked(blocks_of(message.content, n), message))
        else:
            system += _marked(text_blocks_of(message.content, n), message)
    if not turns:
        return _alone(system)
    if turns[0]["role"] == "assistant":
        turns.insert(0, {"role": "user", "content": [_OPENING]})
    return Conversation(system, turns)


def _alone(system: list[Block]) -> Conversation:
    """Instructions without a question are the question."""
    if not system:
        raise InvalidRequest("The messages hold no text; say something.", param="messages")
    return Conversation([], [{"role": "user", "content": system}])


def _marked(blocks: list[Block], message: Message) -> list[Block]:
    if message.cache_control is not None:
        mark_last(blocks, message.cache_control)
    return blocks


def _add(turns: list[Block], role: str, blocks: list[Block]) -> None:
    """Join turns of one role; results go before what is not a result."""
    if not blocks:
        return
    if not turns or turns[-1]["role"] != role:
        turns.append({"role": role, "content": blocks})
        return
    content = turns[-1]["content"]
    if blocks[0]["type"] == "tool_result":
        others = (n for n, block in enumerate(content) if block["type"] != "tool_result")
        place = next(others, len(content))
        content[place:place] = blocks
    else:
        content += blocks


def _assistant(message: Message, n: int, recalled: Mapping[str, Recalled]) -> list[Block]:
    blocks = text_blocks_of(message.content, n)
    if not blocks and message.refusal:
        blocks.append({"type": "text", "text": message.refusal})
    if message.tool_calls:
        blocks += [_call(call, n, k) for k, call in enumerate(message.tool_calls)]
    if not blocks:
        return []
    return _thinking(message, recalled) + _marked(blocks, message)


def _thinking(message: Message, recalled: Mapping[str, Recalled]) -> list[Block]:
    """The signed blocks that came before this message's words, as they were."""
    details: Sequence[dict[str, Any]] | None = message.reasoning_details
    if not details and recalled:
        known = (recalled.get(call.id or "") for call in message.tool_calls or ())
        details = next((found.details for found in known if found is not None), None)
    if not details:
        return []
    blocks = (_thinking_block(detail) for detail in whole_details(details, ANTHROPIC))
    return [block for block in blocks if block is not None]


def _thinking_block(detail: dict[str, Any]) -> Block | None:
    if detail.get("type") == "reasoning.encrypted" and detail.get("data"):
        return {"type": "redacted_thinking", "data": detail["data"]}
    if detail.get("type") == "reasoning.text" and detail.get("signature"):
        thinking = detail.get("text") or ""
        return {"type": "thinking", "thinking": thinking, "signature": detail["signature"]}
    return None


def _call(call: ToolCall, n: int, k: int) -> Block:
    if call.function is None:
        raise UnsupportedParameter(
            f"Anthropic has no calls of type {call.type!r}, only functions.",
            param=f"messages[{n}].tool_calls[{k}].type",
        )
    return {
        "type": "tool_use",
        "id": _wire_id(call.id, n),
        "name": call.function.name,
        "input": _input(call.function.arguments),
    }


def _input(arguments: str) -> Any:
    """The arguments byte for byte if they are an object, else wrapped in one."""
    try:
        _object.decode(arguments)
    except (msgspec.DecodeError, RecursionError):
        return {"arguments": arguments} if arguments.strip() else {}
    return msgspec.Raw(arguments.encode())


def _result(message: Message, n: int) -> Block:
    result: Block = {"type": "tool_result", "tool_use_id": _wire_id(message.tool_call_id, n)}
    content = blocks_of(message.content, n)
    if content:
        result["content"] = content
    mark = cache_mark(message.cache_control)
    return result if mark is None else {**result, "cache_control": mark}


def _wire_id(call_id: str | None, n: int) -> str:
    """A legal id, the same for the same call: other providers' ids may hold any character."""
    if not call_id:
        raise InvalidRequest(
            "A tool call and its result need the call's id.", param=f"messages[{n}]"
        )
    if _ID.fullmatch(call_id):
        return call_id
    digest = hashlib.sha256(call_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{_ID_FOREIGN.sub('_', call_id)}_{digest}"
