"""One request of the data plane, in plain ASGI: its body, its answer, its line in the access log.

FastAPI stays out of this path: a route of it costs 180 us a request and every BaseHTTPMiddleware
340 (docs/performance.md).
"""

import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, MutableMapping
from contextlib import aclosing
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from orouter.errors import (
    BodyTooLarge,
    InvalidRequest,
    OrouterError,
    ServiceError,
    UnsupportedEncoding,
)
from orouter.ids import prefixed
from orouter.logs import AccessRecord, redact
from orouter.services.accounting import Call

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_REQUEST_ID = re.compile(rb"(?!ork_)[A-Za-z0-9._:-]{1,128}")
"""It is logged and stored, so a key that was put there by mistake is none."""
_LONGEST_PATH = 256
"""What is logged of a path; the log remembers what it has written, and a caller chooses paths."""
_JSON = (b"content-type", b"application/json")
_SSE: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]


class ClientGone(Exception):
    """The caller closed the connection before its request was whole; nobody reads an answer."""


class Exchange:
    """A request and the means to answer it once."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send
        self.began = time.perf_counter_ns()
        self.at_us = time.time_ns() // 1000
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.request_id = request_id_of(self.headers.get(b"x-request-id", b""))
        self.extra_headers: Headers = []
        self.started = False
        self.blocks_sent = 0
        self.call: Call | None = None
        self.record = AccessRecord(
            time_us=self.at_us,
            request_id=self.request_id,
            method=scope["method"],
            path=scope["path"][:_LONGEST_PATH],
            status=0,
            latency_us=0,
        )

    @property
    def bearer(self) -> str:
        """The API key of the ``Authorization`` header, empty if there is none."""
        scheme, _, key = self.headers.get(b"authorization", b"").partition(b" ")
        return key.strip().decode("latin-1") if scheme.lower() == b"bearer" else ""

    def latency_us(self) -> int:
        """Microseconds since the request's head was read."""
        return (time.perf_counter_ns() - self.began) // 1000

    async def body(self, limit: int) -> bytes:
        """The whole body. Raises BodyTooLarge, UnsupportedEncoding, ClientGone."""
        if self.headers.get(b"content-encoding", b"").lower() not in (b"", b"identity"):
            raise UnsupportedEncoding(
                "Compressed request bodies are not read: send it without Content-Encoding."
            )
        declared = self.headers.get(b"content-length", b"0")
        if len(declared) > 18 or int(declared) > limit:
            raise _too_large(limit)
        message = await self.receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            whole = message.get("body", b"")
            if len(whole) > limit:
                raise _too_large(limit)
            return bytes(whole)
        return await self._rest_of_body(message, limit)

    async def _rest_of_body(self, message: MutableMapping[str, Any], limit: int) -> bytes:
        collected = bytearray()
        while True:
            if message["type"] == "http.disconnect":
                raise ClientGone
            collected += message.get("body", b"")
            if len(collected) > limit:
                raise _too_large(limit)
            if not message.get("more_body"):
                return bytes(collected)
            message = await self.receive()

    async def answer(self, status: int, body: bytes, headers: Headers | None = None) -> None:
        """A whole JSON answer."""
        self.record.status = status
        self.started = True
        length = (b"content-length", str(len(body)).encode())
        start: dict[str, Any] = {
            "type": "http.response.start",
            "status": status,
            "headers": [_JSON, length, *self._own_headers(), *(headers or ())],
        }
        await self.send(start)
        await self.send({"type": "http.response.body", "body": body, "more_body": False})

    async def empty(self) -> None:
        """204: headers only."""
        self.record.status = 204
        self.started = True
        start = {"type": "http.response.start", "status": 204, "headers": self._own_headers()}
        await self.send(start)
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def json(self, value: Any, status: int = 200) -> None:
        """``value`` as JSON."""
        await self.answer(status, msgspec.json.encode(value))

    async def stream(self, blocks: AsyncGenerator[bytes, None], headers: Headers) -> None:
        """Server-sent events as they come; the iterator is closed whatever happens."""
        self.record.status = 200
        self.started = True
        await self.send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [*_SSE, *self._own_headers(), *headers],
            }
        )
        async with aclosing(blocks):
            async for block in blocks:
                self.blocks_sent += 1
                await self.send({"type": "http.response.body", "body": block, "more_body": True})
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def fail(self, error: OrouterError, show_detail: bool = False) -> None:
        """The promised error body; ``show_detail`` adds the cause, for development only."""
        self.record.code = error.code
        body = error.body(self.request_id)
        # Messages quote callers, and callers paste keys where a model's name belongs.
        body["error"]["message"] = redact(error.message)
        if show_detail and error.__cause__ is not None:
            body["error"]["detail"] = detail(error.__cause__)
        headers = [
            (name.encode(), value.encode("latin-1", "replace"))
            for name, value in error.headers.items()
        ]
        if error.status in (408, 413):
            headers.append((b"connection", b"close"))
        await self.answer(error.status, msgspec.json.encode(body), headers)

    def _own_headers(self) -> Headers:
        return [(b"x-request-id", self.request_id.encode()), *self.extra_headers]


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"The request body is over the limit of {limit / (1 << 20):g} MiB.")


def request_id_of(given: bytes) -> str:
    """The caller's own request id if it is a plain one, else a new one."""
    return given.decode() if _REQUEST_ID.fullmatch(given) else prefixed("req")


def detail(cause: BaseException) -> str:
    """What development is told of a cause: drivers and libraries like to quote what they got."""
    return redact(f"{type(cause).__name__}: {cause}")[:2000]


def internal(error: Exception) -> OrouterError:
    """What a caller may know of a fault of ours."""
    told = ServiceError(
        "Something went wrong on our side. The request id tells your administrator where to look."
    )
    told.__cause__ = error
    return told


def query(scope: Scope, *, repeatable: Collection[str] = ()) -> Mapping[str, list[str]]:
    """Query parameters. Raises InvalidRequest if one is repeated that may not be."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name in found and name not in repeatable:
            raise InvalidRequest(f"The query parameter '{name}' appears twice.", param=name)
        found.setdefault(name, []).append(value)
    return found
