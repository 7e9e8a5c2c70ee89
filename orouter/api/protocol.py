"""uvicorn's HTTP protocol with the bounds that it lacks.

By default uvicorn takes a head of any size and waits for ever for a slow one (docs/security.md has
the measurements). Here a head is at most 64 KiB and 100 fields and whole within 10 s; a body has
15 s plus a second for every 16 KiB that have come. What breaks a bound is answered once and
closed.
"""

import asyncio
from typing import Any

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from orouter.errors import HeadersTooLarge, OrouterError, RequestTimeout

HEAD_BYTES = 64 * 1024
HEAD_FIELDS = 100
HEAD_SECONDS = 10.0
BODY_SECONDS = 15.0
BODY_BYTES_PER_SECOND = 16 * 1024
CHECK_SECONDS = 2.5

_NEVER = float("inf")


def _refusal(status: bytes, error: OrouterError) -> bytes:
    body = msgspec.json.encode(error.body())
    head = (
        b"HTTP/1.1 %s\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: %d"
    )
    return head % (status, len(body)) + b"\r\n\r\n" + body


_TOO_LARGE = _refusal(
    b"431 Request Header Fields Too Large",
    HeadersTooLarge("The request's headers are over the limit of 64 KiB and 100 fields."),
)
_TOO_SLOW = _refusal(b"408 Request Timeout", RequestTimeout("The request was sent too slowly."))


class BoundedHttpProtocol(HttpToolsProtocol):
    """One connection; ``_due`` is when what is being received must be whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_head = True
        self._head_bytes = 0
        self._body_bytes = 0
        self._due = _NEVER
        self._check: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._due = self.loop.time() + HEAD_SECONDS
        self._check = self.loop.call_later(CHECK_SECONDS, self._close_if_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._check is not None:
            self._check.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._in_head:
            if self._due == _NEVER:
                self._due = self.loop.time() + HEAD_SECONDS
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES:
            self._refuse(_TOO_LARGE)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        if len(self.headers) > HEAD_FIELDS:
            self._refuse(_TOO_LARGE)

    def on_headers_complete(self) -> None:
        if self.transport.is_closing():
            return
        if sum(len(name) + len(value) for name, value in self.headers) > HEAD_BYTES:
            self._refuse(_TOO_LARGE)
            return
        self._in_head = False
        self._head_bytes = self._body_bytes = 0
        self._due = self.loop.time() + BODY_SECONDS
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self.cycle is not None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_head = True
        self._due = _NEVER
        if self.cycle is not None:
            super().on_message_complete()

    def _close_if_slow(self) -> None:
        if self.transport.is_closing():
            return
        waiting = self._in_head or not self.flow.read_paused
        earned = self._body_bytes / BODY_BYTES_PER_SECOND
        if waiting and self.loop.time() > self._due + earned:
            self._refuse(_TOO_SLOW)
            return
        self._check = self.loop.call_later(CHECK_SECONDS, self._close_if_slow)

    def _refuse(self, answer: bytes) -> None:
        """Answers, unless another answer is already on its way, and closes."""
        if self.transport.is_closing():
            return
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete or not cycle.response_started:
            self.transport.write(answer)
        self.transport.close()
