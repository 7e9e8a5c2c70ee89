"""Names to addresses, addresses to sockets: a name is looked up once a minute."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence

from aiohappyeyeballs import AddrInfoType, start_connection

from orouter.settings.checks import is_metadata
from orouter.upstream.direct.address import Origin

NAMES_KEPT_S = 60.0
NEXT_ADDRESS_AFTER_S = 0.25
"""RFC 8305: how long one address is tried before another is tried beside it."""


Resolve = Callable[[str, int], Awaitable[Sequence[AddrInfoType]]]


async def resolved(host: str, port: int) -> Sequence[AddrInfoType]:
    """What the operating system says. Raises socket.gaierror."""
    loop = asyncio.get_running_loop()
    return await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def _harmless(host: str, found: Sequence[AddrInfoType]) -> Sequence[AddrInfoType]:
    """Without addresses where cloud machines find credentials: a name may lead there any day."""
    left = [address for address in found if not is_metadata(str(address[4][0]))]
    if found and not left:
        raise ConnectionRefusedError(f"{host} leads to the metadata of a machine")
    return left


class Dialer:
    """Opens sockets; calls that need the same name at once share one lookup."""

    def __init__(self, resolve: Resolve = resolved) -> None:
        self._resolve = resolve
        self._lookups: dict[tuple[str, int], asyncio.Task[Sequence[AddrInfoType]]] = {}

    async def dial(self, origin: Origin) -> socket.socket:
        """A connected socket. Raises OSError; socket.gaierror where there is no such name."""
        addresses = await self._addresses(origin.host, origin.port)
        try:
            dialed = await start_connection(
                addresses, happy_eyeballs_delay=NEXT_ADDRESS_AFTER_S, interleave=1
            )
        except OSError:
            self._lookups.pop((origin.host, origin.port), None)
            raise
        dialed.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        dialed.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return dialed

    async def _addresses(self, host: str, port: int) -> Sequence[AddrInfoType]:
        lookup = self._lookups.get((host, port))
        if lookup is None:
            lookup = asyncio.create_task(self._look_up(host, port))
            self._lookups[host, port] = lookup
        # One caller that gives up does not take the answer from the others.
        return await asyncio.shield(lookup)

    async def _look_up(self, host: str, port: int) -> Sequence[AddrInfoType]:
        kept_s = 0.0
        try:
            found = _harmless(host, await self._resolve(host, port))
            kept_s = NAMES_KEPT_S
        finally:
            loop = asyncio.get_running_loop()
            loop.call_later(kept_s, self._lookups.pop, (host, port), None)
        return found

    def close(self) -> None:
        for lookup in self._lookups.values():
            lookup.cancel()
