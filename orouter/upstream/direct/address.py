"""From an URL and our headers to who is called, and the bytes that a request begins with."""

import re
import ssl
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from orouter.upstream.client import ConnectFailed

_URL = re.compile(r"[\x21-\x7e]+")
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_OURS = frozenset({"connection", "content-length", "transfer-encoding", "upgrade"})
"""What frames a request is said by the client alone."""


class Origin(NamedTuple):
    """Who is called; connections are kept for each."""

    secure: bool
    host: str
    port: int


def address(url: str) -> tuple[Origin, str, str]:
    """Origin, ``host`` header and request target. Raises ConnectFailed for what is no address."""
    if not _URL.fullmatch(url):
        raise ConnectFailed("the address is not valid")
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError) as e:
        raise ConnectFailed("the address is not valid") from e
    if not parts.hostname or "@" in parts.netloc:
        raise ConnectFailed("the address is not valid")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Origin(parts.scheme == "https", parts.hostname, port), parts.netloc, target


def request_head(method: str, url: str, headers: Iterable[tuple[str, str]]) -> tuple[Origin, bytes]:
    """A request's head up to ``content-length: ``. Raises ConnectFailed for what cannot be sent."""
    origin, host, target = address(url)
    lines = {"host": host}
    for name, value in headers:
        if not (_NAME.fullmatch(name) and _VALUE.fullmatch(value)) or name.lower() in _OURS:
            raise ConnectFailed("a header that is set for it cannot be sent")
        lines[name.lower()] = value
    fields = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return origin, f"{method} {target} HTTP/1.1\r\n{fields}content-length: ".encode("latin-1")


def verifying() -> ssl.SSLContext:
    """Certificates are checked against the system's store, or ``SSL_CERT_FILE``."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
