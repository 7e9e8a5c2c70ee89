"""An exchange straight on its connection: what ASGI would cost a request is saved.

uvicorn's request object, its events, dictionaries and checks, and ASGI's messages come to 40 us of
a request (docs/performance.md). This is what ``api/protocol.py`` makes in their place for the exact
paths of the data plane. To uvicorn it looks like its own ``RequestResponseCycle`` as far as a
connection needs that: ``run_asgi``, ``keep_alive``, ``response_started`` and ``response_complete``.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, Protocol

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT, FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from orouter.api.data_plane import DataPlane, Route
from orouter.api.exchange import CLOSES, COMMENT, ClientGone, Exchange, Headers, too_large
from orouter.api.heads import Head
from orouter.services.chat import DONE

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n\r\n"
CLOSE = b"connection: close\r\n"
LAST_CHUNK = b"0\r\n\r\n"


class Application(Protocol):
    """The application, as far as an exchange needs it."""

    data_plane: DataPlane


class Line(Protocol):
    """The connection, as far as an exchange speaks to it."""

    flow: FlowControl
    loop: asyncio.AbstractEventLoop
    tasks: set[Any]
    """Of requests that are being answered; each leaves by itself, as a callback costs a turn."""

    @property
    def write(self) -> Callable[[bytes], None]:
        """Has bytes leave at the end of this turn of the event loop."""
        ...

    def default_head(self) -> bytes:
        """Header lines that every answer has."""
        ...

    def on_response_complete(self) -> None: ...

    def close(self) -> None:
        """After what was written."""
        ...


class DirectExchange(Exchange):
    """``feed`` and ``fed``, or ``bring``, give it the body, ``lost`` the connection's end."""

    __slots__ = (
        *("_attended_by", "_body", "_expects", "_line", "_seen", "_silent", "_size"),
        *("_waiter", "_whole", "gone", "keep_alive", "response_complete", "route"),
    )
    silent_looks = 3
    """A stream that was silent from one look to the next so often is sent a comment."""

    def __init__(self, line: Line, route: Route, head: Head) -> None:
        super().__init__(head)
        self._line = line
        self.route = route
        self._expects = head.expects
        self._body: list[bytes] = []
        self._size = 0
        self._whole = False
        self._waiter: asyncio.Future[None] | None = None
        self._attended_by: asyncio.Task[object] | None = None
        self._seen = self._silent = 0
        self.keep_alive = head.keep_alive
        self.response_complete = False
        self.gone = False

    @property
    def response_started(self) -> bool:
        return self.started

    # What the connection tells.

    async def run_asgi(self, app: "Application") -> None:
        """Has the data plane answer."""
        try:
            await app.data_plane.serve(self.route, self)
        finally:
            self._line.tasks.discard(asyncio.current_task(self._line.loop))
            if not self.response_complete:
                self._line.close()

    def feed(self, body: bytes) -> None:
        """A piece of the body; what nobody waits for is not read on."""
        if self.response_complete:
            return
        self._body.append(body)
        self._size += len(body)
        if self._waiter is not None:
            self._wake()
        elif self._size > HIGH_WATER_LIMIT:
            self._line.flow.pause_reading()

    def bring(self, body: bytes) -> None:
        """The whole body at once, before anybody waits for it."""
        self._body.append(body)
        self._size = len(body)
        self._whole = True

    def fed(self) -> None:
        """The body is whole."""
        self._whole = True
        self._wake()

    def lost(self) -> None:
        """The caller has closed its connection."""
        self.gone = True
        self._wake()
        if self._attended_by is not None:
            self._attended_by.cancel()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # What handlers ask.

    async def body(self, limit: int) -> bytes:
        self._check_body(limit, is_whole=self._whole)
        while True:
            if self._size > limit:
                raise too_large(limit)
            if self._whole:
                body, self._body = self._body, []
                return body[0] if len(body) == 1 else b"".join(body)
            if self.gone:
                raise ClientGone
            await self._more()

    async def _more(self) -> None:
        line = self._line
        if self._expects:
            self._expects = False
            line.write(CONTINUE)
        line.flow.resume_reading()
        self._waiter = line.loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    async def _respond(self, status: int, headers: Headers, body: bytes) -> None:
        head = self._head(status, headers)
        if self._line.flow.write_paused:
            await self._line.flow.drain()
        self._write(b"".join((head, b"\r\n", b"" if self.head.method == "HEAD" else body)))
        self._completed()

    async def _relay(self, headers: Headers, blocks: AsyncGenerator[bytes, None]) -> None:
        """The head leaves with the first block, which is there, and the end with the last."""
        before, after = self._head(200, headers) + CHUNKED, b""
        flow = self._line.flow
        async with aclosing(blocks):
            async for block in blocks:
                self.blocks_sent += 1
                if flow.write_paused:
                    await flow.drain()
                if block:
                    after = LAST_CHUNK if block.endswith(DONE) else b""
                    self._write(b"%b%x\r\n%b\r\n%b" % (before, len(block), block, after))
                    before = b""
                del block  # perhaps long, and the next one may be long in coming
        if not after:
            self._write(before + LAST_CHUNK)
        self._completed()

    def _head(self, status: int, headers: Headers) -> bytes:
        fields = b"\r\n".join(map(b": ".join, headers))
        if fields.count(b"\n") != len(headers) - 1:
            raise ValueError("a header of the answer holds a line break")
        last = b"" if self.keep_alive else CLOSE
        if status >= 400 and CLOSES in headers:
            self.keep_alive, last = False, b""
        lines = (STATUS_LINE[status], self._line.default_head(), fields, b"\r\n", last)
        return b"".join(lines)

    def _write(self, data: bytes) -> None:
        if not self.gone:
            self._line.write(data)

    def _completed(self) -> None:
        self.response_complete = True
        self._body.clear()
        if not self.keep_alive:
            self._line.close()
        self._line.on_response_complete()

    # While a stream is served.

    def attend(self) -> None:
        self.head = Head(self.head.method, self.head.path, {})  # was read, and streams stay long
        self._attended_by = asyncio.current_task()
        if self.gone:
            self.lost()

    def leave(self) -> bool:
        self._attended_by = None
        return self.gone

    def look(self) -> None:
        """Called every 2.5 s: a comment follows after 7.5 to 10 s of silence."""
        sent = self.blocks_sent
        if not sent or sent != self._seen or self._attended_by is None:
            self._seen, self._silent = sent, 0
            return
        self._silent += 1
        if self._silent >= self.silent_looks and not self._line.flow.write_paused:
            self._silent = 0
            self._write(b"%x\r\n%b\r\n" % (len(COMMENT), COMMENT))
