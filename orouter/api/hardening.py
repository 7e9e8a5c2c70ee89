"""What stands around the management routes and the pages: who asks behind a proxy, and headers.

``X-Forwarded-For`` and ``X-Forwarded-Proto`` are claims that anybody can make, so they count only
from the addresses in ``server.trusted_proxies``.
"""

from collections.abc import Iterable, MutableMapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from orouter.api.asgi_exchange import Scope, Send

Networks = tuple[IPv4Network | IPv6Network, ...]

_EVERYWHERE = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"content-security-policy": b"frame-ancestors 'none'",
}
_MANAGEMENT = {
    **_EVERYWHERE,
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"referrer-policy": b"no-referrer",
}


def networks(written: Iterable[str]) -> Networks:
    """Addresses and networks as they stand in ``server.trusted_proxies``."""
    return tuple(ip_network(each, strict=False) for each in written)


def see_through(scope: Scope, trusted: Networks) -> None:
    """Has the scope tell who asks, and by which scheme, as far as trusted proxies say so."""
    peer = scope.get("client")
    if not trusted or not peer or not _is_in(peer[0], trusted):
        return
    headers = dict(scope["headers"])
    for hop in reversed(_parts(headers, b"x-forwarded-for")):
        if not _is_address(hop):
            break
        scope["client"] = (hop, 0)
        if not _is_in(hop, trusted):
            break
    scheme = _parts(headers, b"x-forwarded-proto")[-1:]
    if scheme and scheme[0].lower() in ("http", "https"):
        scope["scheme"] = scheme[0].lower()


def hardened(path: str, send: Send) -> Send:
    """``send`` that adds the headers which an answer does not have yet."""
    wanted = _MANAGEMENT if path.startswith("/api/") else _EVERYWHERE

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            present = {name.lower() for name, _ in headers}
            headers += [pair for pair in wanted.items() if pair[0] not in present]
            message = {**message, "headers": headers}
        await send(message)

    return sending


def _parts(headers: dict[bytes, bytes], name: bytes) -> list[str]:
    value = headers.get(name, b"").decode("latin-1")
    return [part.strip() for part in value.split(",") if part.strip()]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_in(address: str, trusted: Networks) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in trusted)
