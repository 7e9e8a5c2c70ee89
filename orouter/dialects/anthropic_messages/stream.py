"""Anthropic's events as OpenAI's chunks.

``message_start``, then for each block ``content_block_start``, ``…_delta`` and ``…_stop``, then
``message_delta`` (stop reason, cumulative usage) and ``message_stop``; ``ping`` anywhere, ``error``
instead of the rest. Unknown events, blocks and deltas are ignored. Source: anthropic-sdk-python
``types/raw_message_stream_event.py``.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from orouter.dialects.anthropic_messages.faults import fault_of
from orouter.dialects.anthropic_messages.meaning import annotations_of, finish_of, recall, usage_of
from orouter.dialects.anthropic_messages.structured import ANSWER_TOOL
from orouter.dialects.anthropic_messages.wire import EVENT, NO_INPUT, Block, Delta, Event
from orouter.dialects.base import Recalled, StreamContext, Usage
from orouter.dialects.openai_shapes import (
    DONE,
    ChunkWriter,
    call_arguments,
    call_opening,
    estimated_tokens,
)
from orouter.dialects.readings import json_as
from orouter.dialects.reasoning import ANTHROPIC, encrypted_detail, text_detail
from orouter.dialects.sse import Splitter
from orouter.errors import OrouterError, UpstreamError

MAX_KEPT = 8_000_000
"""Characters of thinking, citations and counts that one stream may make us remember."""

_BLOCK_COST = 100


class _Open(Struct):
    """A block between its start and its stop."""

    kind: str
    place: int = 0
    """Of text its offset in the content; of a call or a thought its number among its kind."""
    input: msgspec.Raw = NO_INPUT
    begun: bool = False
    """A non-empty fragment of the input has come."""
    citations: list[dict[str, Any]] = []


class _Thought(Struct):
    """The fragments of one reasoning item; ``data`` alone if it is redacted."""

    texts: list[str] = []
    signatures: list[str] = []
    data: str = ""

    def detail(self, index: int) -> dict[str, Any]:
        """The whole item, as it was given out piece by piece."""
        if self.data:
            return encrypted_detail(index, ANTHROPIC, self.data)
        signed = {"signature": "".join(self.signatures)} if self.signatures else {}
        return text_detail(index, ANTHROPIC, text="".join(self.texts), **signed)


class AnthropicStream:
    """One stream; see ``StreamDecoder``."""

    def __init__(self, context: StreamContext) -> None:
        self._context = context
        self._splitter = Splitter()
        self._writer: ChunkWriter | None = None
        self._open: dict[int, _Open] = {}
        self._first_call: str | None = None
        self._calls = 0
        self._length = 0
        self._written = 0
        self._kept = 0
        self._thoughts: list[_Thought] = []
        self._figures: dict[str, Any] = {}
        self._stop_reason: str | None = None
        self._refusal: str | None = None
        self._counted: Usage | None = None
        self._is_counted_whole = False
        self.finish: str | None = None
        self.error: OrouterError | None = None
        self.recalled: tuple[Recalled, ...] = ()
        self.ended = False

    @property
    def usage(self) -> Usage | None:
        """What the provider counted; until its last word the output as far as it came."""
        if self._counted is None or self._is_counted_whole:
            return self._counted
        return msgspec.structs.replace(self._counted, completion_tokens=self.delivered_tokens)

    @property
    def delivered_tokens(self) -> int:
        """An estimate by length, or what the provider has counted so far if that is more."""
        counted = self._counted.completion_tokens if self._counted else 0
        return max(counted, estimated_tokens(self._written))

    def feed(self, block: bytes) -> bytes:
        return self._read(self._splitter.feed, block)

    def close(self) -> bytes:
        rest = self._read(lambda _: self._splitter.close(), b"")
        if self.ended:
            return rest + DONE
        if self.error is None:
            self.error = UpstreamError("The provider's stream ended before its answer was whole.")
        return rest

    def _read(self, split: Callable[[bytes], list[Any]], block: bytes) -> bytes:
        chunks: list[bytes] = []
        try:
            for _, data in split(block):
                if self.ended or self.error is not None:
                    break
                chunks.append(self._event(json_as(data, EVENT)))
        except OrouterError as error:
            self.error = error
        return b"".join(chunks)

    def _event(self, event: Event) -> bytes:
        kind = event.type
        if kind == "content_block_delta" and event.delta is not None:
            opened = self._open.get(event.index)
            return b"" if opened is None else self._delta(opened, event.delta)
        if kind == "content_block_start" and event.content_block is not None:
            return self._start(event.index, event.content_block)
        if kind == "content_block_stop":
            return self._stop(self._open.pop(event.index, None))
        if kind == "message_stop":
            return self._end()
        self._note(event)
        return b""

    def _note(self, event: Event) -> None:
        """Events that change what is known but are not seen by the client at once."""
        if event.error is not None:
            self.error = fault_of(event.error).error
        if event.message is not None and self._writer is None:
            self._writer = self._new_writer(event.message.id, event.message.model)
            self._count(event.message.usage)
        if event.type == "message_delta":
            self._count(event.usage)
            self._is_counted_whole = event.usage is not None
            if event.delta is not None:
                self._stop_reason = event.delta.stop_reason or self._stop_reason
                details = event.delta.stop_details
                self._refusal = details.explanation if details else self._refusal

    def _keep(self, size: int) -> None:
        """Raises UpstreamError for a stream that would fill the memory."""
        self._kept += size
        if self._kept > MAX_KEPT:
            raise UpstreamError("The provider's stream has no end.")

    def _count(self, usage: object) -> None:
        """Cumulative: each figure given replaces the one before."""
        if isinstance(usage, dict):
            self._keep(len(usage))
            self._figures |= {name: value for name, value in usage.items() if value is not None}
            self._counted = usage_of(self._figures)

    @property
    def _out(self) -> ChunkWriter:
        if self._writer is None:
            self._writer = self._new_writer("", "")
        return self._writer

    def _new_writer(self, message_id: str, model: str) -> ChunkWriter:
        return ChunkWriter(
            message_id or self._context.mint("chatcmpl-"),
            model or self._context.target.model,
            self._context.created,
            include_usage=self._context.include_usage,
            functions=self._context.target.functions,
        )

    def _start(self, index: int, block: Block) -> bytes:
        kind = "answer" if block.name == ANSWER_TOOL and block.type == "tool_use" else block.type
        self._open[index] = opened = _Open(kind, self._length, block.input)
        self._keep(_BLOCK_COST + len(block.data) + len(bytes(block.input)))
        if kind == "tool_use":
            return self._open_call(opened, block)
        if kind == "redacted_thinking":
            hidden = _Thought(data=block.data)
            self._thoughts.append(hidden)
            return self._out.delta({"reasoning_details": [hidden.detail(len(self._thoughts) - 1)]})
        if kind == "thinking":
            opened.place = len(self._thoughts)
            self._thoughts.append(_Thought())
            return self._think(opened, block.thinking) + self._sign(opened, block.signature)
        if kind == "text":
            opened.citations = list(block.citations or ())
            return self._say(block.text)
        return b""

    def _delta(self, opened: _Open, delta: Delta) -> bytes:
        kind = delta.type
        if kind == "text_delta":
            return self._say(delta.text)
        if kind == "input_json_delta":
            return self._argue(opened, delta.partial_json)
        if kind == "thinking_delta" and opened.kind == "thinking":
            return self._think(opened, delta.thinking)
        if kind == "signature_delta" and opened.kind == "thinking":
            return self._sign(opened, delta.signature)
        if kind == "citations_delta" and delta.citation is not None:
            self._keep(len(str(delta.citation)))
            opened.citations.append(delta.citation)
        return b""

    def _stop(self, opened: _Open | None) -> bytes:
        if opened is None:
            return b""
        if opened.kind in {"tool_use", "answer"} and not opened.begun:
            return self._argue(opened, bytes(opened.input).decode())
        if opened.citations:
            found = annotations_of(opened.citations, (opened.place, self._length))
            return self._out.delta({"annotations": found})
        return b""

    def _say(self, text: str) -> bytes:
        if not text:
            return b""
        self._length += len(text)
        self._written += len(text)
        return self._out.text(text)

    def _open_call(self, opened: _Open, block: Block) -> bytes:
        call_id = block.id or self._context.mint("call_")
        opened.place = self._calls
        self._calls += 1
        self._first_call = self._first_call or call_id
        return self._out.delta(call_opening(opened.place, call_id, block.name))

    def _argue(self, opened: _Open, fragment: str) -> bytes:
        """A piece of a call's input: content if the call is the answer, nothing if a server's."""
        if not fragment:
            return b""
        opened.begun = True
        if opened.kind == "answer":
            return self._say(fragment)
        if opened.kind != "tool_use":
            return b""
        self._written += len(fragment)
        return self._out.delta(call_arguments(opened.place, fragment))

    def _think(self, opened: _Open, text: str) -> bytes:
        if not text:
            return b""
        self._written += len(text)
        self._keep(len(text))
        self._thoughts[opened.place].texts.append(text)
        detail = text_detail(opened.place, ANTHROPIC, text=text)
        return self._out.delta({"reasoning": text, "reasoning_details": [detail]})

    def _sign(self, opened: _Open, signature: str) -> bytes:
        if not signature:
            return b""
        self._keep(len(signature))
        self._thoughts[opened.place].signatures.append(signature)
        detail = text_detail(opened.place, ANTHROPIC, signature=signature)
        return self._out.delta({"reasoning_details": [detail]})

    def _end(self) -> bytes:
        finish = finish_of(self._stop_reason, has_calls=self._calls > 0)
        self.finish, self.ended = finish, True
        details = [thought.detail(n) for n, thought in enumerate(self._thoughts)]
        self.recalled = recall(self._first_call, details)
        refused = finish == "content_filter" and self._refusal
        refusal = self._out.delta({"refusal": self._refusal}) if refused else b""
        usage = self.usage
        cost = self._context.cost_usd(usage) if usage else None
        return refusal + self._out.finish(finish) + self._out.usage(usage, cost)


def stream_decoder(context: StreamContext) -> AnthropicStream:
    """A decoder for one stream."""
    return AnthropicStream(context)
