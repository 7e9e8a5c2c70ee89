"""One request of the data plane: its body, its answer, its line in the access log.

``Exchange`` is what handlers see. It is carried by ASGI (``asgi_exchange.py``), or by a connection
of ours without anything between (``direct_exchange.py``). FastAPI stays out of this path: a route
of it costs 180 us a request and every BaseHTTPMiddleware 340 (docs/performance.md).
"""

import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Awaitable, Collection, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from orouter.api.heads import Head
from orouter.errors import (
    BodyTooLarge,
    InvalidRequest,
    OrouterError,
    ServiceError,
    UnsupportedEncoding,
)
from orouter.ids import ulid
from orouter.logs import AccessRecord, redact
from orouter.services.accounting import Call
from orouter.services.key_ring import Caller
from orouter.usage.records import Settlement

Header = tuple[bytes, bytes]
Headers = list[Header]

CLOSES = (b"connection", b"close")
JSON = (b"content-type", b"application/json")
SSE: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]
COMMENT = b": keep-alive\n\n"

_LONGEST_PATH = 256
"""What is logged of a path; the log remembers what it has written, and a caller chooses paths."""


class ClientGone(Exception):
    """The caller closed the connection before its request was whole; nobody reads an answer."""


class Exchange(ABC):
    """A request and the means to answer it once. ``id`` is fresh and sorts by time.

    The request's own id, told to the caller, is the caller's or made of ``id``.
    """

    __slots__ = (
        *("answer_headers", "at_us", "began", "blocks_sent", "call", "caller", "code", "head"),
        *("id", "model", "request_id", "started", "status"),
    )
    look_every_s = 7.5
    """A stream that was silent from one look to the next is sent a comment, so after 15 s at most:
    no proxy in between gives it up."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.began = time.perf_counter_ns()
        self.at_us = time.time_ns() // 1000
        self.id = ulid(self.at_us)
        self.request_id = head.given_id or "req_" + self.id
        self.answer_headers: Headers = [(b"x-request-id", self.request_id.encode())]
        """Those of its answer that are known by now."""
        self.started = False
        self.blocks_sent = 0
        # What its line in the access log is made of.
        self.status = 0
        self.code = self.model = ""
        self.caller: Caller | None = None
        self.call: Call | None = None

    def access_record(self, settled: Settlement | None = None) -> AccessRecord:
        """Its line in the access log, once it is over; ``settled`` if it was accounted for."""
        caller, head = self.caller, self.head
        latency_us = (time.perf_counter_ns() - self.began) // 1000
        # In one go each: setting a field later takes five times as long.
        if settled is None:
            return AccessRecord(
                time_us=self.at_us,
                request_id=self.request_id,
                method=head.method,
                path=head.path[:_LONGEST_PATH],
                status=self.status,
                latency_us=latency_us,
                org_id=caller.org_id if caller is not None else "",
                key_id=caller.key_id if caller is not None else "",
                model=self.model,
                code=self.code,
            )
        record = AccessRecord(
            time_us=self.at_us,
            request_id=self.request_id,
            method=head.method,
            path=head.path[:_LONGEST_PATH],
            status=settled.status,
            latency_us=latency_us,
            org_id=settled.org_id,
            key_id=settled.key_id,
            model=settled.model,
            provider=settled.provider,
            code=settled.code,
            prompt_tokens=settled.prompt_tokens,
            completion_tokens=settled.completion_tokens,
            attempts=settled.attempts,
        )
        if settled.stream:
            record.stream, record.ttft_us = True, settled.ttft
        return record

    @abstractmethod
    async def body(self, limit: int) -> bytes:
        """The whole body. Raises BodyTooLarge, UnsupportedEncoding, ClientGone."""

    def _check_body(self, limit: int, *, is_whole: bool = False) -> None:
        """What the head tells of it: how long it is only until it is here."""
        if self.head.encoded:
            raise UnsupportedEncoding(
                "Compressed request bodies are not read: send it without Content-Encoding."
            )
        if not is_whole:
            declared = self.head.headers.get(b"content-length", b"0")
            if len(declared) > 18 or int(declared) > limit:
                raise too_large(limit)

    def answer(
        self, status: int, body: bytes, headers: Sequence[Header] = (), kind: Header = JSON
    ) -> Awaitable[None]:
        """A whole answer, of JSON unless ``kind`` is another content type."""
        self.status = status
        self.started = True
        length = (b"content-length", b"%d" % len(body))
        return self._respond(status, [kind, length, *self.answer_headers, *headers], body)

    async def empty(self) -> None:
        """204: headers only."""
        self.status = 204
        self.started = True
        await self._respond(204, self.answer_headers, b"")

    @abstractmethod
    async def _respond(self, status: int, headers: Headers, body: bytes) -> None:
        """A whole answer; ``headers`` tell the length of its body."""

    async def json(self, value: Any, status: int = 200) -> None:
        """``value`` as JSON."""
        await self.answer(status, msgspec.json.encode(value))

    async def stream(self, blocks: AsyncGenerator[bytes, None], headers: Sequence[Header]) -> None:
        """Server-sent events as they come; the iterator is closed whatever happens."""
        self.status = 200
        self.started = True
        await self._relay([*SSE, *self.answer_headers, *headers], blocks)

    @abstractmethod
    async def _relay(self, headers: Headers, blocks: AsyncGenerator[bytes, None]) -> None:
        """A 200 of unknown length."""

    @abstractmethod
    def attend(self) -> None:
        """From now on the caller's leaving cancels this task; comments fill a long silence."""

    @abstractmethod
    def leave(self) -> bool:
        """No more of that; whether the caller has left."""

    async def fail(self, error: OrouterError, show_detail: bool = False) -> None:
        """The promised error body; ``show_detail`` adds the cause, for development only."""
        self.code = error.code
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
            headers.append(CLOSES)
        await self.answer(error.status, msgspec.json.encode(body), headers)


def too_large(limit: int) -> BodyTooLarge:
    """What a caller is told whose body is over so many bytes."""
    return BodyTooLarge(f"The request body is over the limit of {limit / (1 << 20):g} MiB.")


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


def query(query_string: bytes, *, repeatable: Collection[str] = ()) -> Mapping[str, list[str]]:
    """Query parameters. Raises InvalidRequest if one is repeated that may not be."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(query_string.decode("latin-1"), keep_blank_values=True):
        if name in found and name not in repeatable:
            raise InvalidRequest(f"The query parameter '{name}' appears twice.", param=name)
        found.setdefault(name, []).append(value)
    return found
