"""The upstream client on aiohttp: TLS, keep-alive, proxies from the environment if asked for."""

import asyncio
import ssl
from functools import lru_cache

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from orouter.departures import Departures
from orouter.upstream.client import (
    ConnectFailed,
    ConnectionCut,
    HttpAnswer,
    HttpCall,
    NoAnswer,
    StreamStalled,
    read_whole,
)

_KEEPALIVE_S = 60
_HEADERS_LIMIT = 32 * 1024
"""Bounds a single header line and field of a provider's answer."""

parse_url = lru_cache(maxsize=1024)(lambda url: URL(url, encoded=True))


class AiohttpClient:
    """One session for all providers; no cookies, no redirects, no limit on connections.

    ``tls`` says which certificates are trusted; None: those that the system trusts.
    """

    def __init__(
        self,
        trust_env: bool = False,
        tls: ssl.SSLContext | None = None,
        departures: Departures | None = None,
    ) -> None:
        self._departures = departures or Departures()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, keepalive_timeout=_KEEPALIVE_S, ttl_dns_cache=60, ssl=tls or True
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=trust_env,
            max_line_size=_HEADERS_LIMIT,
            max_field_size=_HEADERS_LIMIT,
            skip_auto_headers=("user-agent", "accept-encoding", "accept", "content-type"),
        )
        self._timeouts: dict[tuple[float, float], aiohttp.ClientTimeout] = {}

    def _timeout(self, call: HttpCall) -> aiohttp.ClientTimeout:
        key = (call.connect_timeout_s, call.answer_timeout_s)
        known = self._timeouts.get(key)
        if known is None:
            known = aiohttp.ClientTimeout(total=None, sock_connect=key[0], sock_read=key[1])
            self._timeouts[key] = known
        return known

    async def send(self, call: HttpCall) -> HttpAnswer:
        self._departures.record()
        try:
            response = await self._session.request(
                call.method,
                parse_url(call.url),
                data=call.body or None,
                headers=CIMultiDict(call.headers),
                timeout=self._timeout(call),
                allow_redirects=False,
            )
        except aiohttp.ConnectionTimeoutError as e:
            raise ConnectFailed("connecting took too long") from e
        except TimeoutError as e:
            raise NoAnswer("no answer in time") from e
        except aiohttp.InvalidURL as e:
            raise ConnectFailed("the address is not valid") from e
        except (aiohttp.ClientError, OSError, ValueError) as e:
            raise ConnectFailed(_reason(e)) from e
        return AiohttpAnswer(response, call.answer_timeout_s)

    async def aclose(self) -> None:
        await self._session.close()


class AiohttpAnswer:
    """An aiohttp response behind the seam."""

    def __init__(self, response: aiohttp.ClientResponse, timeout_s: float) -> None:
        self._response = response
        self._timeout_s = timeout_s
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        self.encoding = self.headers.get("content-encoding", "")

    async def read(self, limit: int) -> bytes:
        return await read_whole(self, limit)

    async def next(self) -> bytes:
        try:
            # After a malformed chunk aiohttp waits for ever: its own timer is gone by then.
            async with asyncio.timeout(self._timeout_s):
                return await self._response.content.readany()
        except TimeoutError as e:
            self.close()
            raise StreamStalled("the answer stopped coming") from e
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError) as e:
            self.close()
            raise ConnectionCut("the connection was cut in the middle of the answer") from e

    def close(self) -> None:
        self._response.close()


def _reason(error: Exception) -> str:
    """Why there was no connection, without an address or a header of ours in it."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return "the TLS certificate was not accepted"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "its name could not be resolved"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "the connection was refused or is not possible"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "the connection was closed without an answer"
    return "the exchange failed before an answer"
