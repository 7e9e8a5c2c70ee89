"""A whole answer of Anthropic's as an OpenAI completion.

Blocks of server tools, of MCP and of the container are Anthropic's own affair: what they found is
in the text, and none of them is a call that the client could answer.
"""

from typing import Any

from msgspec import UnsetType

from orouter.dialects.anthropic_messages.faults import fault_of
from orouter.dialects.anthropic_messages.meaning import annotations_of, finish_of, recall, usage_of
from orouter.dialects.anthropic_messages.structured import ANSWER_TOOL
from orouter.dialects.anthropic_messages.wire import MESSAGE, Block, Message
from orouter.dialects.base import Answer, DecodeContext
from orouter.dialects.faults import unreadable
from orouter.dialects.openai_shapes import choice, completion, tool_call
from orouter.dialects.readings import json_as
from orouter.dialects.reasoning import ANTHROPIC, encrypted_detail, text_detail


class _Reading:
    """One pass over the blocks; ``length`` is that of the content so far."""

    def __init__(self, context: DecodeContext) -> None:
        self._context = context
        self._length = 0
        self.texts: list[str] = []
        self.calls: list[dict[str, Any]] = []
        self.thoughts: list[str] = []
        self.details: list[dict[str, Any]] = []
        self.annotations: list[dict[str, Any]] = []

    def read(self, block: Block) -> None:
        if block.type == "text":
            self._say(block.text)
            span = (self._length - len(block.text), self._length)
            self.annotations += annotations_of(block.citations or (), span)
        elif block.type == "tool_use":
            self._call(block)
        elif block.type == "thinking":
            self.thoughts.append(block.thinking)
            signed = {"signature": block.signature} if block.signature else {}
            detail = text_detail(len(self.details), ANTHROPIC, text=block.thinking, **signed)
            self.details.append(detail)
        elif block.type == "redacted_thinking":
            self.details.append(encrypted_detail(len(self.details), ANTHROPIC, block.data))

    def _say(self, text: str) -> None:
        self.texts.append(text)
        self._length += len(text)

    def _call(self, block: Block) -> None:
        arguments = bytes(block.input).decode()
        if block.name == ANSWER_TOOL:
            self._say(arguments)
        else:
            call_id = block.id or self._context.mint("call_")
            self.calls.append(tool_call(call_id, block.name, arguments))

    def message(self, refusal: str | None) -> dict[str, Any]:
        """The message with only those of its optional fields that say something."""
        text = "".join(self.texts)
        optional = {
            "tool_calls": self.calls,
            "annotations": self.annotations,
            "reasoning": "".join(self.thoughts),
            "reasoning_details": self.details,
        }
        content = text or (None if self.calls or refusal else "")
        said = {name: value for name, value in optional.items() if value}
        return {"content": content, "refusal": refusal, **said}


def decode_response(body: bytes, context: DecodeContext) -> Answer:
    """Raises the error of a 200 that holds one, UpstreamError for one that is no answer."""
    message = json_as(body, MESSAGE)
    if message.error is not None:
        raise fault_of(message.error).error
    if isinstance(message.content, UnsetType):
        raise unreadable(body)
    reading = _Reading(context)
    for block in message.content:
        reading.read(block)
    return _answer(message, reading, context)


def _answer(message: Message, reading: _Reading, context: DecodeContext) -> Answer:
    finish = finish_of(message.stop_reason, has_calls=bool(reading.calls))
    refusal = message.stop_details.explanation if message.stop_details else None
    said = reading.message(refusal if finish == "content_filter" else None)
    usage = usage_of(message.usage)
    call_id = reading.calls[0]["id"] if reading.calls else None
    return Answer(
        completion=completion(
            message.id or context.mint("chatcmpl-"),
            message.model or context.target.model,
            context.created,
            [choice(said, finish)],
            usage,
            functions=context.target.functions,
        ),
        usage=usage,
        finish=finish,
        recalled=recall(call_id, reading.details),
    )
