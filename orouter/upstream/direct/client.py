"""The upstream client for providers that are reached directly: HTTP/1.1, kept alive, no proxies.

It does the little that a gateway needs, which is why it costs a third of a general client's
request.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from functools import cached_property, lru_cache

from msgspec import Struct

from orouter.departures import Departures
from orouter.upstream.client import ConnectFailed, ConnectionCut, HttpCall, read_whole, too_large
from orouter.upstream.direct.address import Origin, request_head, verifying
from orouter.upstream.direct.connection import ClosedUnanswered, Connection
from orouter.upstream.direct.dialing import Dialer
from orouter.upstream.direct.pool import Pool

# A provider is sent the same headers again and again.
_head = lru_cache(maxsize=1024)(request_head)


class DirectClient:
    """``tls`` says which certificates are trusted; None: those that the system trusts."""

    def __init__(
        self,
        tls: ssl.SSLContext | None = None,
        departures: Departures | None = None,
        pool: Pool | None = None,
    ) -> None:
        self._given_tls = tls
        self._departures = departures or Departures()
        self._dialer = Dialer()
        self._pool = pool or Pool()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return self._given_tls or verifying()

    async def send(self, call: HttpCall) -> "DirectAnswer":
        origin, head = _head(call.method, call.url, tuple(call.headers.items()))
        connection = self._pool.take(origin)
        if connection is not None:
            try:
                await connection.exchange(head, call.body, call.answer_timeout_s)
            except ClosedUnanswered:
                # The provider closed it while it rested, and has seen nothing of this request.
                connection = None
        if connection is None:
            connection = await self._connect(origin, call)
            await connection.exchange(head, call.body, call.answer_timeout_s)
        status, fields = connection.status, connection.fields
        return DirectAnswer(status, fields, connection, self._pool, call.answer_timeout_s)

    async def aclose(self) -> None:
        """Ends every exchange and connection."""
        self._dialer.close()
        await self._pool.aclose()

    async def _connect(self, origin: Origin, call: HttpCall) -> Connection:
        try:
            async with asyncio.timeout(call.connect_timeout_s):
                return await self._open(origin)
        except TimeoutError as e:
            raise ConnectFailed("connecting took too long") from e
        except ssl.SSLError as e:
            raise ConnectFailed("the TLS certificate was not accepted") from e
        except (socket.gaierror, UnicodeError) as e:
            raise ConnectFailed("its name could not be resolved") from e
        except OSError as e:
            raise ConnectFailed("the connection was refused or is not possible") from e

    async def _open(self, origin: Origin) -> Connection:
        dialed = await self._dialer.dial(origin)
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: Connection(origin, self._departures, self._pool.forget, self._pool.waits),
                sock=dialed,
                ssl=self._tls if origin.secure else None,
                server_hostname=origin.host if origin.secure else None,
            )
        except BaseException:
            dialed.close()
            raise
        self._pool.add(connection)
        return connection


class DirectAnswer(Struct, eq=False):
    """Has its connection until it was read to its end, or closed."""

    status: int
    _fields: Mapping[bytes, bytes]
    _connection: Connection | None
    _pool: Pool
    _timeout_s: float
    _whole: bool = False

    @property
    def encoding(self) -> str:
        packed = self._fields.get(b"content-encoding")
        return packed.strip().decode("latin-1") if packed else ""

    @property
    def headers(self) -> Mapping[str, str]:
        return {
            name.decode("latin-1"): value.strip().decode("latin-1")
            for name, value in self._fields.items()
        }

    async def read(self, limit: int) -> bytes:
        connection = self._connection
        if connection is not None and connection.whole and len(connection.blocks) == 1:
            # The usual case: it came together with its head.
            block = connection.take()
            if len(block) <= limit:
                self._whole = True
                self.close()
                return block
            self.close()
            raise too_large(limit)
        return await read_whole(self, limit)

    async def next(self) -> bytes:
        connection = self._connection
        if connection is None:
            if self._whole:
                return b""
            raise ConnectionCut("the answer was closed")
        block = await connection.next(self._timeout_s)
        if connection.whole:
            self._whole = True
            self.close()
        return block

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._pool.give_back(connection)
