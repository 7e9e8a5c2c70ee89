"""One connection to a provider, on which one exchange happens at a time.

RFC 9112, read by llhttp. It is strict where answers can be smuggled: ``content-length`` beside
``transfer-encoding``, or twice, is refused. A connection whose answer was not read whole and
cleanly is never used again.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from math import inf
from typing import cast

import httptools

from orouter.deadlines import Deadlines
from orouter.departures import Departures
from orouter.errors import OrouterError
from orouter.upstream.client import ConnectFailed, ConnectionCut, NoAnswer, StreamStalled
from orouter.upstream.direct.address import Origin

HEAD_LIMIT = 64 * 1024
"""Bytes of an answer's heads together, and of any stretch of it that carries no content."""
FIELDS_LIMIT = 100
READ_AHEAD = 64 * 1024
"""Bytes that may wait for their reader before the provider is made to wait."""
PIECE = 64 * 1024
"""Up to this size a request is one write; beyond it the provider's pace is kept."""
IDLE_S = 60.0
_NONE: Mapping[bytes, bytes] = {}
_KEPT_FOR = re.compile(rb"timeout=(\d{1,6})")


class ClosedUnanswered(ConnectFailed):
    """It ended before the first byte of an answer: how connections kept too long end."""


class Connection(asyncio.Protocol):
    """``status`` is 0 until an answer's head is here; ``ended`` is called once, at the end."""

    __slots__ = (
        *("_arrived", "_barren", "_busy", "_departures", "_ended", "_fields", "_keeps", "_loop"),
        *("_may_write", "_parser"),
        *("_silent", "_transport", "_unread", "_until_close", "_waiter", "_waits"),
        *("blocks", "error", "fields", "on_body", "on_header", "origin", "status", "until"),
        *("__weakref__", "whole"),
    )

    def __init__(
        self,
        origin: Origin,
        departures: Departures,
        ended: Callable[["Connection"], None],
        waits: Deadlines,
    ) -> None:
        self.origin = origin
        self._departures = departures
        self._ended = ended
        self._waits = waits
        self._loop = asyncio.get_running_loop()
        self.blocks: list[bytes] = []
        # The parser calls this without a Python frame, some hundred times in a stream.
        self.on_body = self.blocks.append
        # Nor this: providers send some thirty header fields.
        self._fields: dict[bytes, bytes] = {}
        self.on_header = self._fields.__setitem__
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport
        self._waiter: asyncio.Future[None] | None = None
        self._may_write = True
        self._arrived = 0
        """Bytes that came last."""
        self._begin()
        self._busy = False

    def _begin(self) -> None:
        self.status = 0
        self._fields.clear()
        self.fields: Mapping[bytes, bytes] = _NONE
        """The answer's header fields by their names in lower case; of a repeated one the last."""
        self.whole = False
        self.error: OrouterError | None = None
        self._busy = True
        self._keeps = False
        self._until_close = False
        self._silent = True
        self._barren = 0
        self._unread = 0
        self.until = inf
        """When something must have happened, in the loop's time."""

    # What the client does.

    async def exchange(self, head: bytes, body: bytes, timeout_s: float) -> None:
        """Sends a request; returns when an answer's head is here.

        Raises ConnectFailed, NoAnswer, or what the journal refused, and is over then.
        """
        self._begin()
        whole = len(body) <= PIECE
        length = b"%d\r\n\r\n" % len(body)
        start = b"".join((head, length, body)) if whole else head + length
        self._departures.write(self._transport, start, self._refuse)
        try:
            if not whole:
                self._departures.leave()
                await self._send(memoryview(body), timeout_s)
            self._expect(timeout_s)
            while not self.status:
                await self._arrival()
        except BaseException:
            self.abort()
            raise

    def _refuse(self, error: OrouterError) -> None:
        """Nothing of the request leaves."""
        self.error = error
        self._wake()

    async def _send(self, body: memoryview, timeout_s: float) -> None:
        """Ends early if the provider answers before it has read everything."""
        for at in range(0, len(body), PIECE):
            self._expect(timeout_s)
            while self.error is not None or not (self._may_write or self.status):
                await self._arrival()
            if self.status:
                self._keeps = False
                return
            self._transport.write(body[at : at + PIECE])

    async def next(self, timeout_s: float) -> bytes:
        """What arrived since, ``b""`` at the end. Raises ConnectionCut, StreamStalled."""
        while not self.blocks and not self.whole:
            if self._unread:
                self._resume()
            self._expect(timeout_s)
            await self._arrival()
        return self.take()

    def take(self) -> bytes:
        """What has arrived and was not read yet."""
        blocks = self.blocks
        block = blocks[0] if len(blocks) == 1 else b"".join(blocks)
        blocks.clear()
        self._resume()
        return block

    def _arrival(self) -> asyncio.Future[None]:
        """To be awaited: anything that happens, until ``_expect``'s time. Raises what went wrong.

        If that is cancelled, the time still ends a connection to which nobody returns.
        """
        if self.error is not None:
            raise self.error
        self._waiter = self._loop.create_future()
        return self._waiter

    def rest(self) -> bool:
        """Ends an exchange; whether another one may follow."""
        self._busy = False
        self._keeps = (
            self._keeps
            and self.whole
            and self.error is None
            and not self._transport.is_closing()
            and self._transport.get_write_buffer_size() == 0
        )
        if self._keeps:
            self.blocks.clear()
            self._resume()
            said = self.fields.get(b"keep-alive")
            self._expect(IDLE_S if said is None else _kept_for(said))
        else:
            self.abort()
        return self._keeps

    def abort(self) -> None:
        self._transport.abort()

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if not self._busy or self.error is not None:
            # Nobody asked, or nobody listens any more.
            self.abort()
            return
        self._silent = False
        self._arrived = len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            # What follows a whole answer makes the connection worthless, not the answer.
            self._keeps = False
            if not self.whole:
                self._fail("its answer is not valid HTTP")
        self._measure()
        self._wake()

    def _measure(self) -> None:
        if self.status:
            self.until = inf
        self._unread += self._arrived
        self._barren = 0 if self.blocks else self._barren + self._arrived
        if self.whole:
            return
        if self._barren > HEAD_LIMIT:
            self._fail("its answer has no end to its headers")
        elif self._unread > READ_AHEAD:
            self._transport.pause_reading()

    def _resume(self) -> None:
        if self._unread > READ_AHEAD and not self._transport.is_closing():
            self._transport.resume_reading()
        self._unread = 0

    def pause_writing(self) -> None:
        self._may_write = False

    def resume_writing(self) -> None:
        self._may_write = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self.until = inf
        if self._until_close and exc is None and self.error is None:
            self.whole = True
        if not self.whole:
            self._fail("the connection was closed without an answer")
        self._wake()
        self._ended(self)

    # What the parser calls.

    def on_message_begin(self) -> None:
        if self.whole:
            raise ValueError("bytes after the answer")

    def on_headers_complete(self) -> None:
        fields, status = self._fields, self._parser.get_status_code()
        # What came so far holds the head, and perhaps more.
        is_long = self._barren + self._arrived > HEAD_LIMIT
        if len(fields) > FIELDS_LIMIT or (is_long and sum(map(len, fields.values())) > HEAD_LIMIT):
            raise ValueError("too many headers")
        # Of some thirty hardly one is ever looked at: they are decoded for whoever asks.
        given = {name.lower(): value for name, value in fields.items()}
        # What comes after the content, as a trailer, is not a header.
        fields.clear()
        if status < 200:
            # llhttp knows these to have no body; of others it would take what follows for one.
            if status not in (100, 102, 103):
                raise ValueError("an interim answer that was not asked for")
            return
        encoding = given.get(b"transfer-encoding")
        if encoding is not None and encoding.strip().lower() != b"chunked":
            raise ValueError("a transfer encoding that was not asked for")
        self.fields = given
        self.status = status
        self._keeps = self._parser.should_keep_alive()
        self._until_close = encoding is None and b"content-length" not in given

    def on_message_complete(self) -> None:
        self.whole = self.status != 0

    # Time.

    def _expect(self, seconds: float) -> None:
        """Something must happen within this time. Moving it on costs no timer."""
        self.until = self._loop.time() + seconds
        self._waits.expect(self.until)

    def overdue(self) -> None:
        """Nothing has happened in time."""
        if self._busy and self.error is None:
            self.error = (
                StreamStalled("the answer stopped coming")
                if self.status
                else NoAnswer("no answer in time")
            )
        self.abort()
        self._wake()

    def _fail(self, reason: str) -> None:
        if self.error is None and self.status:
            self.error = ConnectionCut("the connection was cut in the middle of the answer")
        elif self.error is None:
            self.error = (ClosedUnanswered if self._silent else ConnectFailed)(reason)
        self.abort()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _kept_for(keep_alive: bytes) -> float:
    """Seconds that the connection may rest; a second less than the provider says it keeps it."""
    said = _KEPT_FOR.search(keep_alive)
    return min(IDLE_S, max(int(said[1]) - 1.0, 0.0)) if said else IDLE_S
