"""uvicorn's HTTP protocol with the bounds that it lacks, and a short way to the data plane.

By default uvicorn takes a head of any size and waits for ever for a slow one (docs/security.md
tells the bounds). Here a head is at most 64 KiB and 100 fields and whole within 10 s; a body has
15 s plus a second for every 16 KiB that have come; and a caller that takes nothing of its answer
for 60 s is cut off. What breaks a bound is answered once, in the shape of every error, and closed;
what its caller is still sending is thrown away until it has hung up, for 5 s at most: a connection
that is closed before that is reset, and its caller may never read the answer.

A request for an exact path of the data plane is handed over as a ``DirectExchange``; everything
else goes to the application by ASGI, as uvicorn does it.
"""

import asyncio
from collections import deque
from functools import partial
from http import HTTPStatus
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from httptools import HttpParserError, HttpParserUpgrade
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from orouter.api.data_plane import EXACT_PATHS, Route
from orouter.api.direct_exchange import DirectExchange
from orouter.api.flow import Flow
from orouter.api.heads import Head, KnownHead, remembered
from orouter.api.rounds import Rounds, Watched
from orouter.departures import Departures
from orouter.errors import HeadersTooLarge, InvalidRequest, OrouterError, RequestTimeout
from orouter.ids import prefixed
from orouter.logs import get_logger

_NEVER = float("inf")
_H2C = b"\r\nUpgrade: h2c\r\n"
"""What Java's HttpClient and `curl --http2` add; httptools drops the body of an upgrade."""
_TOO_LARGE = HeadersTooLarge("The request's headers are over the limit of 64 KiB and 100 fields.")
_TOO_SLOW = RequestTimeout("The request was sent too slowly.")
_NOT_HTTP = InvalidRequest("This is not a valid HTTP/1.1 request.")

log = get_logger(__name__)


class _Written:
    headers: list[tuple[bytes, bytes]] | None = None
    lines = b""


_rounds: WeakKeyDictionary[ServerState, Rounds] = WeakKeyDictionary()


class BoundedHttpProtocol(HttpToolsProtocol):
    """One connection; ``_due`` is when what is being received must be whole."""

    # With uvicorn's own, which would not fit into a dictionary that shares its keys: 1.2 kB.
    __slots__ = (
        *("_between", "_body_bytes", "_departures", "_due", "_ended", "_group", "_has_data_plane"),
        *("_head_bytes", "_idle_until", "_in_head", "_known", "_later", "_served", "_strange"),
        "_unread_since",
        *("access_log", "access_logger", "app", "app_state", "asgi_version", "client", "config"),
        *("connections", "cycle", "expect_100_continue", "flow", "headers", "limit_concurrency"),
        *("logger", "loop", "parser", "root_path", "scheme", "scope", "server", "server_state"),
        *("tasks", "timeout_keep_alive", "timeout_keep_alive_task", "transport", "url"),
        *("write", "ws_protocol_class"),
    )

    cycle: Any
    """The request that came last: uvicorn's own, or a ``DirectExchange``."""
    _later: deque[Any] | None

    head_bytes = 64 * 1024
    head_fields = 100
    head_seconds = 10.0
    body_seconds = 15.0
    body_bytes_per_second = 16 * 1024
    unread_seconds = 60.0
    linger_seconds = 5.0
    check_seconds = 2.5
    most_strange = 8
    """So many heads in a row that were not known, and none is remembered any more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access_log = False  # ours is in its place
        self.headers = []
        data_plane = getattr(self.app, "data_plane", None)
        self._has_data_plane = data_plane is not None
        self._departures: Departures = data_plane.departures if data_plane else Departures()
        self._served: DirectExchange | None = None
        self._between = True
        """No byte of a request has come that is not whole."""
        self._known: KnownHead | None = None
        self._strange = 0
        """Heads in a row that were not the one before."""
        self._in_head = True
        self._head_bytes = 0
        self._body_bytes = 0
        self._due = _NEVER
        self._idle_until = _NEVER
        self._unread_since = _NEVER
        self._ended = False
        """Nothing that still comes is read."""
        self._group: set[Watched] | None = None

    @property
    def pipeline(self) -> deque[Any]:
        """Requests that wait for their turn, the next one last; hardly any connection has some."""
        if self._later is None:
            self._later = deque()
        return self._later

    @pipeline.setter
    def pipeline(self, requests: deque[Any]) -> None:
        self._later = requests or None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self.write = partial(self._departures.write, transport)
        self.flow = Flow(transport)
        self._due = self.loop.time() + self.head_seconds
        rounds = _rounds.get(self.server_state)
        if rounds is None:
            rounds = _rounds[self.server_state] = Rounds(self.loop, self.check_seconds)
        self._group = rounds.join(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._group is not None:
            self._group.discard(self)
        if self._served is not None:
            self._served.lost()
            self._served = None
        if type(self.cycle) is DirectExchange:
            self.cycle = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._ended or self.transport.is_closing():
            return
        self._idle_until = _NEVER
        began = self._between and not self._head_bytes
        if began and self._known is not None and self._serve_again(self._known, data):
            return
        if self._in_head:
            if self._due == _NEVER:
                self._due = self.loop.time() + self.head_seconds
            self._head_bytes += len(data)
            data = data.replace(_H2C, b"\r\n", 1)
        try:
            self.parser.feed_data(data)
        except HttpParserError:
            self._refuse(_NOT_HTTP)
        except HttpParserUpgrade:
            self._upgrade()
        too_long = self._in_head and self._head_bytes > self.head_bytes
        # Fields may also come behind a body, as trailers.
        if too_long or len(self.headers) > self.head_fields:
            self._refuse(_TOO_LARGE)
        elif began and self._between and self._strange < self.most_strange:
            self._remember(data)

    def _serve_again(self, known: KnownHead, data: bytes) -> bool:
        """Serves a request without the parser, if its head is known and no other is under way."""
        last = self.cycle
        body = known.body_in(data) if last.response_complete else None
        if body is None:
            self._known = None
            return False
        self._strange = 0
        exchange = self.cycle = DirectExchange(self, last.route, known.head)
        exchange.bring(body)
        self._start_asgi_task(exchange, self.app)
        return True

    def _remember(self, data: bytes) -> None:
        """One whole request; the first one of a connection is often the only one."""
        if self._strange and type(self.cycle) is DirectExchange:
            self._known = remembered(data, self.cycle.head)
        self._strange += 1

    def _upgrade(self) -> None:
        self._strange = self.most_strange
        if self._should_upgrade():
            self.handle_websocket_upgrade()
        else:
            self._unsupported_upgrade_warning()

    def on_message_begin(self) -> None:
        self._between = False
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        if self._ended or self.transport.is_closing():
            return
        if self._head_is_too_large():
            self._refuse(_TOO_LARGE)
            return
        route = EXACT_PATHS.get(self.url)
        if route is not None and self._has_data_plane:
            self._go_directly(route)
        else:
            self._go_by_asgi()
        self._in_head = False
        self._head_bytes = self._body_bytes = 0
        self._due = self.loop.time() + self.body_seconds

    def _head_is_too_large(self) -> bool:
        if len(self.headers) > self.head_fields:
            return True
        # What was received so far holds the head, and perhaps more.
        return self._head_bytes > self.head_bytes and (
            sum(len(name) + len(value) for name, value in self.headers) > self.head_bytes
        )

    def _go_by_asgi(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers = self.scope["headers"] = headers
        super().on_headers_complete()

    def _go_directly(self, route: Route) -> None:
        parser = self.parser
        keep_alive = parser.get_http_version() != "1.0" and parser.should_keep_alive()
        method, headers = parser.get_method().decode("ascii"), dict(self.headers)
        self.headers = []
        head = Head(method, route.path, headers, keep_alive=keep_alive)
        exchange = DirectExchange(self, route, head)
        before, self.cycle = self.cycle, exchange
        if before is None or before.response_complete:
            self._start_asgi_task(exchange, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((exchange, self.app))

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        if type(cycle) is not DirectExchange:
            self._served = None
            super()._start_asgi_task(cycle, app)
            return
        self._served = cycle
        # With a name, as asyncio would make one up for each.
        self.tasks.add(asyncio.Task(cycle.run_asgi(app), loop=self.loop, name="request"))

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if type(self.cycle) is DirectExchange:
            self.cycle.feed(body)
        elif self.cycle is not None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._between = self._in_head = True
        self._due = _NEVER
        if type(self.cycle) is DirectExchange:
            self.cycle.fed()
        elif self.cycle is not None:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Goes on to the next request; a timer of its own for each pause would cost 3 us."""
        self.server_state.total_requests += 1
        self._served = None
        if self._ended or self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self._later:
            self._start_asgi_task(*self._later.pop())
        else:
            self._idle_until = self.loop.time() + self.timeout_keep_alive

    def close(self) -> None:
        """After what was written."""
        self._departures.leave()
        if self._in_head:
            self.transport.close()
        else:
            self._linger()

    def _linger(self) -> None:
        """Closes in a way that the caller, who is still sending, can read its answer."""
        if self._ended or self.transport.is_closing():
            return
        self._ended = True
        self._idle_until = self.loop.time() + self.linger_seconds
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()

    def shutdown(self) -> None:
        self._departures.leave()
        if self._ended:
            self.transport.close()
        super().shutdown()

    def default_head(self) -> bytes:
        """The lines of uvicorn's default headers, written anew when it renews them."""
        headers = self.server_state.default_headers
        if headers is not _Written.headers:
            _Written.lines = b"".join(b"%b: %b\r\n" % pair for pair in headers)
            _Written.headers = headers
        return _Written.lines

    def pause_writing(self) -> None:
        self._unread_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._unread_since = _NEVER
        super().resume_writing()

    def look(self) -> None:
        """Closes what is too slow; keeps a silent stream alive."""
        if self.loop.time() > self._unread_since + self.unread_seconds:
            # Closing would wait for ever for the unread bytes to leave.
            self.transport.abort()
            return
        if self.transport.is_closing():
            return
        if self.loop.time() > self._idle_until:
            self.transport.close()
            return
        waiting = self._in_head or not self.flow.read_paused
        earned = self._body_bytes / self.body_bytes_per_second
        if waiting and self.loop.time() > self._due + earned:
            self._refuse(_TOO_SLOW)
        elif self._served is not None:
            self._served.look()

    def _refuse(self, error: OrouterError) -> None:
        """Answers, unless another answer is already on its way, and closes."""
        if self._ended or self.transport.is_closing():
            return
        log.info("connection_refused", status=error.status, code=error.code, client=self.client)
        cycle = self.cycle
        if cycle is None or (
            cycle.response_complete if self._in_head else not cycle.response_started
        ):
            self.write(_answer(error))
            self._departures.leave()
            self._linger()
        else:
            self.close()
        self._give_up()

    def _give_up(self) -> None:
        """Whoever waits for more of the request learns that nothing comes."""
        cycle = self.cycle
        if self._served is not None:
            self._served.lost()
        elif cycle is not None and type(cycle) is not DirectExchange:
            cycle.disconnected = not cycle.response_complete
            cycle.message_event.set()


def _answer(error: OrouterError) -> bytes:
    body = msgspec.json.encode(error.body(prefixed("req")))
    return (
        b"HTTP/1.1 %d %s\r\ncontent-type: application/json\r\nconnection: close\r\n"
        b"content-length: %d\r\n\r\n%s"
    ) % (error.status, HTTPStatus(error.status).phrase.encode(), len(body), body)
