"""Gemini's stream as OpenAI's: each piece holds new parts, the last ones the reason and the usage.

There is no ``[DONE]``; a stream that ends without a finish reason was cut.
"""

from typing import Any

from orouter.dialects.base import Recalled, StreamContext, StreamDecoder, Usage
from orouter.dialects.google_generate.choices import Choice, logprobs
from orouter.dialects.google_generate.faults import broken_answer
from orouter.dialects.google_generate.figures import usage_of
from orouter.dialects.google_generate.framing import Framing
from orouter.dialects.google_generate.response import created_at
from orouter.dialects.google_generate.wire import Candidate, Response, answers
from orouter.dialects.openai_shapes import DONE, ChunkWriter, estimated_tokens
from orouter.dialects.readings import json_as
from orouter.errors import OrouterError, UpstreamError

_TEXT = {"content"}
_IDLE = (b"", b"[DONE]")
"""Events that proxies add to Gemini's stream and that say nothing."""


def stream_decoder(context: StreamContext) -> StreamDecoder:
    """The decoder of one stream."""
    return GeminiStream(context)


class GeminiStream:
    """See ``StreamDecoder``. Finish reasons are held back to the end: the last one counts."""

    def __init__(self, context: StreamContext) -> None:
        self.usage: Usage | None = None
        self.finish: str | None = None
        self.error: OrouterError | None = None
        self.recalled: tuple[Recalled, ...] = ()
        self.ended = False  # Gemini never says that it is done.
        self._context = context
        self._framing = Framing()
        self._writer: ChunkWriter | None = None
        self._choices: dict[int, Choice] = {}
        self._figures: dict[str, Any] | object = None
        self._characters = 0

    @property
    def delivered_tokens(self) -> int:
        """An estimate: four characters a token."""
        return estimated_tokens(self._characters)

    def feed(self, block: bytes) -> bytes:
        """Whole events; nothing after an error."""
        if self.error is not None:
            return b""
        try:
            texts = self._framing.feed(block)
        except UpstreamError as error:
            self.error = error
            return b""
        return self._read_all(texts)

    def close(self) -> bytes:
        """Finish reasons, usage and ``[DONE]``; sets ``error`` where the stream was cut."""
        due = b"" if self.error else self._read_all(self._framing.close())
        ended = any(choice.reason for choice in self._choices.values())
        self.usage = usage_of(self._figures, self._searches())
        if self.error is None and self._writer is not None and ended:
            return due + self._end(self._writer)
        self.error = self.error or UpstreamError(
            "The provider's stream ended before the answer did."
        )
        return due

    def _searches(self) -> int:
        return sum(choice.web_searches for choice in self._choices.values())

    def _read_all(self, texts: list[bytes]) -> bytes:
        said = []
        for text in texts:
            if text in _IDLE:
                continue
            try:
                said.append(self._read(text))
            except OrouterError as error:
                self.error = error
                break
        return b"".join(said)

    def _read(self, text: bytes) -> bytes:
        decoded = json_as(text, answers)
        if isinstance(decoded, Response):
            return self._piece(decoded)
        return b"".join([self._piece(piece) for piece in decoded])

    def _piece(self, piece: Response) -> bytes:
        if piece.error:
            raise broken_answer(piece.error)
        writer = self._writer or self._open(piece)
        if piece.usage_metadata is not None:
            self._count(piece.usage_metadata)
        said = b""
        for candidate in piece.candidates or ():
            said += self._candidate(candidate, writer)
        if piece.prompt_feedback is not None and piece.prompt_feedback.block_reason:
            self._choice(0).heed(piece.prompt_feedback)
        return said

    def _open(self, piece: Response) -> ChunkWriter:
        self._writer = ChunkWriter(
            piece.response_id or self._context.mint("chatcmpl"),
            piece.model_version or self._context.target.model,
            created_at(piece.create_time) or self._context.created,
            include_usage=self._context.include_usage,
            functions=self._context.target.functions,
        )
        return self._writer

    def _choice(self, index: int) -> Choice:
        if index not in self._choices:
            self._choices[index] = Choice(self._context.mint)
        return self._choices[index]

    def _count(self, figures: object) -> None:
        """Figures are cumulative: a later one replaces an earlier one."""
        if isinstance(figures, dict) and isinstance(self._figures, dict):
            figures = self._figures | figures
        self._figures = figures

    def _candidate(self, candidate: Candidate, writer: ChunkWriter) -> bytes:
        index = candidate.index or 0
        delta = self._choice(index).read(candidate)
        tokens = candidate.logprobs_result
        if not delta and tokens is None:
            return b""
        if tokens is None and delta.keys() == _TEXT:
            self._characters += len(delta["content"])
            return writer.text(delta["content"], index)
        if "reasoning_details" in delta:
            self.recalled = tuple(one for told in self._choices.values() for one in told.recalled)
        self._characters += sum(
            len(delta.get(name, "")) for name in ("content", "reasoning")
        ) + sum(len(call["function"]["arguments"]) for call in delta.get("tool_calls", ()))
        return writer.delta(delta, index, logprobs(tokens) if tokens else None)

    def _end(self, writer: ChunkWriter) -> bytes:
        ends = b""
        try:
            for index, choice in self._choices.items():
                reason = choice.finish()
                self.finish = self.finish or reason
                refusal = choice.refusal()
                ends += writer.delta({"refusal": refusal}, index) if refusal else b""
                ends += writer.finish(reason, index)
        except UpstreamError as error:
            self.error = error
            return b""
        cost = self._context.cost_usd(self.usage) if self.usage else None
        return ends + writer.usage(self.usage, cost) + DONE
