"""A stream in OpenAI's format, brought back to exactly OpenAI's form."""

from typing import Any

import msgspec

from orouter.dialects import faults
from orouter.dialects.base import Recalled, StreamContext, StreamDecoder, Usage
from orouter.dialects.openai_chat import normal
from orouter.dialects.openai_chat.choices import Choices
from orouter.dialects.openai_chat.events import Boundary
from orouter.dialects.openai_chat.failure import fault_of
from orouter.dialects.openai_chat.relay import BYTES_PER_TOKEN, Relay
from orouter.dialects.openai_chat.usage import read_usage, usage_value
from orouter.dialects.openai_shapes import DONE
from orouter.dialects.readings import parse
from orouter.dialects.sse import Event, Splitter
from orouter.errors import OrouterError, UpstreamError

ENVELOPE = ("service_tier", "system_fingerprint", "provider")
"""What the closing chunks repeat from the stream's first, besides its identity."""

RUNS = 4
"""How often a block is looked at for chunks in a row: openings, reasoning, text, the end."""

SHOWN_WITHOUT_CHOICES = frozenset({"moderation"})
"""What OpenAI puts into the usage chunk though it has nothing to do with usage."""


class Decoder:
    """See ``StreamDecoder``. Blocks in order are relayed as bytes, others read event by event."""

    def __init__(self, context: StreamContext) -> None:
        self.usage: Usage | None = None
        self.finish: str | None = None
        self.error: OrouterError | None = None
        self.recalled: tuple[Recalled, ...] = ()
        strict = context.target.kind == "openai"
        self._context = context
        self._boundary = Boundary()
        self._splitter = Splitter()
        self._relay = Relay(openai=strict, include_usage=context.include_usage)
        self._choices = Choices(context.mint, strict=strict, functions=context.target.functions)
        self._identity: dict[str, Any] | None = None
        self._envelope: dict[str, Any] = {}
        self._early: list[dict[str, Any]] = []
        self._annotations: list[dict[str, Any]] = []
        self._usage_chunk: dict[str, Any] | None = None
        self._read = 0
        self.ended = False

    @property
    def delivered_tokens(self) -> int:
        """An estimate: a token for each chunk, more for chunks with more text than that."""
        return self._read + self._relay.tokens

    def feed(self, block: bytes) -> bytes:
        """Whole events for the caller; comments and half events give none."""
        if self._closed():
            return b""
        if not self._boundary.pending:
            told = self._relay.alone(block)
            if told is not None:
                return told
        try:
            whole = self._boundary.feed(block)
        except UpstreamError as error:
            self.error = error
            return b""
        return self._take(whole) if whole else b""

    def close(self) -> bytes:
        """What is due at the end of the stream; sets ``error`` if the answer is not complete."""
        if self._closed():
            return b""
        rest = self._boundary.close()
        out = self._events(rest + b"\n\n") if rest else b""
        if self.ended:
            return out
        if self._choices.complete:
            # Perplexity and others end without [DONE]; what is cut off after the finish is no loss.
            self.error = None
            return out + self._end()
        self.error = UpstreamError("The provider's stream ended before its answer was complete.")
        return out

    def _closed(self) -> bool:
        return self.ended or self.error is not None

    def _take(self, whole: bytes) -> bytes:
        """Relays what is as an earlier chunk; between such runs, looks at one event or at all."""
        out = []
        for _ in range(RUNS):
            run, whole = self._relay.run(whole)
            out.append(run)
            if not whole:
                break
            end = whole.find(b"\n\n") + 2
            out.append(self._looked_at(whole[:end]))
            whole = whole[end:]
            if self._closed() or not whole:
                break
        else:
            out.append(self._looked_at(whole))
        return b"".join(out)

    def _looked_at(self, whole: bytes) -> bytes:
        """Relays what can be relayed; halves the block to find what must be read."""
        relayed = self._relay.take(whole)
        if relayed is not None:
            return relayed
        middle = whole.find(b"\n\n", len(whole) // 2) + 2
        if middle == len(whole):
            middle = whole.rfind(b"\n\n", 0, len(whole) // 2 + 1) + 2
        if not (self._relay.ready and 1 < middle < len(whole)):
            return self._events(whole)
        out = self._looked_at(whole[:middle])
        return out if self._closed() else out + self._looked_at(whole[middle:])

    def _events(self, whole: bytes) -> bytes:
        out = []
        for event in self._splitter.feed(whole):
            try:
                out.append(self._event(event))
            except OrouterError as error:
                self.error = error
            if self._closed():
                break
        return b"".join(out)

    def _event(self, event: Event) -> bytes:
        data = event.data.strip()
        if not data:
            return b""
        if data == b"[DONE]":
            return self._end()
        chunk = parse(data)
        if not isinstance(chunk, dict):
            raise faults.unreadable(data)
        if chunk.get("error") or event.name == "error":
            self._take_usage(chunk)
            raise fault_of(chunk, 200).error
        return self._chunk(chunk, data)

    def _chunk(self, chunk: dict[str, Any], data: bytes) -> bytes:
        given = chunk.get("choices")
        choices = [c for c in given if isinstance(c, dict)] if isinstance(given, list) else []
        if self._identity is None and not choices and not chunk.get("id"):
            self._early.append(chunk)
            return b""
        opening = self._opened(chunk)
        has_usage = self._take_usage(chunk)
        self._annotations = normal.citations(chunk) or self._annotations
        read = [self._choices.read(choice, index) for index, choice in enumerate(choices)]
        kept = [choice for choice in read if choice is not None]
        self.finish = self._choices.finish
        if not kept and (choices or has_usage) and not self._is_shown(chunk):
            return opening
        chunk["choices"] = kept
        self._read += max(1, sum(map(_text_length, kept)) // BYTES_PER_TOKEN)
        return opening + self._identified(chunk, data)

    def _is_shown(self, chunk: dict[str, Any]) -> bool:
        return not self._context.include_usage and not SHOWN_WITHOUT_CHOICES.isdisjoint(chunk)

    def _opened(self, chunk: dict[str, Any]) -> bytes:
        """Takes the stream's identity from its first chunk; returns what had to wait for it."""
        if self._identity is not None:
            return b""
        created = chunk.get("created")
        self._identity = {
            "id": str(chunk.get("id") or self._context.mint("chatcmpl-")),
            "object": "chat.completion.chunk",
            "created": created if isinstance(created, int) and created else self._context.created,
            "model": str(chunk.get("model") or self._context.target.model),
        }
        self._envelope = {name: chunk[name] for name in ENVELOPE if name in chunk}
        early, self._early = self._early, []
        return b"".join(self._identified(waiting, b"") for waiting in early)

    def _identified(self, chunk: dict[str, Any], data: bytes) -> bytes:
        """The chunk as an event of this stream; an unchanged identity teaches the relay."""
        identity = self._identity or {}
        if all(chunk.get(name) == value for name, value in identity.items()):
            self._relay.learn(data, sum(map(_text_length, chunk.get("choices", ()))))
        return b"data: " + msgspec.json.encode({**identity, **chunk, **identity}) + b"\n\n"

    def _take_usage(self, chunk: dict[str, Any]) -> bool:
        """Keeps a chunk's usage for the end; whether it had one."""
        if "usage" not in chunk:
            return False
        raw = chunk.pop("usage")
        if not raw:
            if self._context.include_usage:
                chunk["usage"] = None
            return False
        self.usage = read_usage(raw, charged=self._context.target.kind == "openrouter")
        extras = self._envelope if chunk.get("choices") else chunk
        self._usage_chunk = {**extras, "usage": raw if isinstance(raw, dict) else {}}
        return True

    def _end(self) -> bytes:
        """The closing chunks and ``[DONE]``."""
        if not self._choices:
            raise UpstreamError("The provider's stream ended without an answer.")
        null = {"usage": None} if self._context.include_usage and self._usage_chunk else {}
        out = [
            self._identified({**self._envelope, "choices": [choice], **null}, b"")
            for choice in self._choices.closing(self._annotations)
        ]
        out += [self._usage_event(), DONE]
        self.finish = self._choices.finish
        if self._context.target.kind == "openrouter":
            self.recalled = self._choices.recalled()
        self.ended = True
        return b"".join(out)

    def _usage_event(self) -> bytes:
        chunk, usage = self._usage_chunk, self.usage
        if not self._context.include_usage or chunk is None or usage is None:
            return b""
        value = usage_value(chunk["usage"], usage, self._context.cost_usd(usage))
        return self._identified({**chunk, "choices": [], "usage": value}, b"")


def _text_length(choice: dict[str, Any]) -> int:
    delta = choice.get("delta") or {}
    said = (delta.get(name) for name in ("content", "reasoning", "refusal"))
    return sum(len(text) for text in said if isinstance(text, str))


def stream_decoder(context: StreamContext) -> StreamDecoder:
    """A decoder for one stream."""
    return Decoder(context)
