"""What is made of a provider's answer.

A whole completion, or a stream whose first event has come.
"""

import asyncio
import time
from contextlib import suppress

import msgspec
from msgspec import Struct

from orouter.dialects.base import (
    Answer,
    DecodeContext,
    Fault,
    StreamContext,
    StreamDecoder,
    Target,
    Usage,
    WireRequest,
)
from orouter.dialects.openai_chat.verbatim import with_cost
from orouter.errors import OrouterError, UpstreamError
from orouter.ids import ulid
from orouter.providers.prices import cost
from orouter.services.accounting import (
    BYTES_PER_TOKEN,
    NOTHING,
    Call,
    Spent,
    counted,
    price_of,
)
from orouter.upstream.attempts import Refused
from orouter.upstream.client import ConnectionCut, HttpAnswer
from orouter.upstream.endpoint import Candidate

ANSWER_LIMIT = 64 << 20
"""Bytes of a whole completion; images come as base64 inside it."""
LET_GO_S = 0.5
NANO = 1_000_000_000

_encode = msgspec.json.Encoder().encode


def mint(prefix: str) -> str:
    """An id for something that a provider left without one."""
    return prefix + ulid()


class Delivery(Struct, eq=False):
    """Encodes a call for whoever is tried."""

    call: Call

    def encode(self, candidate: Candidate) -> WireRequest:
        return candidate.endpoint.provider.dialect.encode_request(
            self.call.request, self.target(candidate)
        )

    def target(self, candidate: Candidate) -> Target:
        """Where it goes, with what this call alone brings along."""
        recalled, functions = self.call.recalled, self.call.request.functions is not None
        if not recalled and not functions:
            return candidate.target
        return msgspec.structs.replace(candidate.target, recalled=recalled, functions=functions)


class Whole(Delivery):
    """A completion that is answered at once."""

    async def receive(self, candidate: Candidate, answer: HttpAnswer) -> Answer:
        refuse_encoded(answer)
        body = await answer.read(ANSWER_LIMIT)
        context = DecodeContext(
            target=self.target(candidate), created=self.call.at_us // 1_000_000, mint=mint
        )
        try:
            return candidate.endpoint.provider.dialect.decode_response(body, context)
        except OrouterError as e:
            raise Refused(fault_of(e)) from e


class Live(Struct, kw_only=True):
    """A stream that has begun. ``held`` is what may only leave after the settlement."""

    candidate: Candidate
    answer: HttpAnswer
    decoder: StreamDecoder
    held: bytes

    async def ahead(self) -> bytes:
        """OpenAI events that may leave now, ``b""`` when all that is left is held.

        Raises the provider's failure.
        """
        decoder = self.decoder
        while not decoder.ended and decoder.error is None:
            if self.held:
                events, self.held = self.held, b""
                return events
            try:
                block = await self.answer.next()
            except UpstreamError as e:
                name = self.candidate.endpoint.name
                raise type(e)(f"The provider '{name}' failed: {e.message}.") from e
            if not block:
                break
            self.held = decoder.feed(block)
        self.held += decoder.close()
        if decoder.error is not None:
            raise decoder.error
        return b""

    async def let_go(self) -> None:
        """Waits a moment for the provider to end its answer too: the connection is used again."""
        with suppress(UpstreamError, TimeoutError):
            async with asyncio.timeout(LET_GO_S):
                while await self.answer.next():
                    pass


class Streamed(Delivery):
    """A stream: it counts as served when its first event is there."""

    async def receive(self, candidate: Candidate, answer: HttpAnswer) -> Live:
        refuse_encoded(answer)
        decoder = candidate.endpoint.provider.dialect.stream_decoder(self._context(candidate))
        first = b""
        while not first:
            block = await answer.next()
            first = decoder.feed(block) if block else decoder.close()
            if decoder.error is not None and not first:
                raise Refused(fault_of(decoder.error))
            if not block and not first:
                raise ConnectionCut("the stream ended before it began")
        self.call.ttft_us = (time.perf_counter_ns() - self.call.began) // 1000
        return Live(candidate=candidate, answer=answer, decoder=decoder, held=first)

    def _context(self, candidate: Candidate) -> StreamContext:
        def cost_usd(usage: Usage) -> float | None:
            amount = cost(candidate.price, usage)
            return None if amount is None else amount / NANO

        return StreamContext(
            target=self.target(candidate),
            include_usage=self.call.request.wants_usage,
            created=self.call.at_us // 1_000_000,
            mint=mint,
            cost_usd=cost_usd,
        )


def fault_of(error: OrouterError) -> Fault:
    """A failure found inside a 200: whoever is not to blame the caller for may be asked again."""
    theirs = isinstance(error, UpstreamError)
    return Fault(
        error=error,
        retryable=theirs and error.code != "upstream_authentication_error",
        failover=theirs,
    )


def refuse_encoded(answer: HttpAnswer) -> None:
    """We ask for plain bytes; unpacking what was not asked for is how a gzip bomb goes off."""
    if answer.encoding not in ("", "identity"):
        answer.close()
        raise UpstreamError(
            f"it answered with content-encoding {answer.encoding[:20]}, which was not asked for"
        )


def written(call: Call, answer: Answer) -> tuple[bytes, Spent]:
    """The completion as JSON with ``usage.cost`` where it is known, and what it used."""
    if answer.usage is None:
        body = _encode(answer.completion)
        return body, counted(call, None, len(body) // BYTES_PER_TOKEN) or NOTHING
    spent = Spent(answer.usage, price_of(call, answer.usage))
    cost_usd = None if spent.cost is None else spent.cost / NANO
    if answer.verbatim is not None:
        if cost_usd is None:
            return b"".join(answer.verbatim), spent
        return with_cost(answer.verbatim, cost_usd), spent
    if cost_usd is not None:
        answer.completion["usage"]["cost"] = cost_usd
    return _encode(answer.completion), spent
