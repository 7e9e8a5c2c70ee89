"""What single values must look like; each check returns the value or raises ValueError.

Their messages follow the name of the setting: "database.url must start with …".
"""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

_SCHEMES = {"mariadb": "mysql", "postgres": "postgresql"}
_METADATA = frozenset(map(ipaddress.ip_address, ("100.100.100.200", "fd00:ec2::254")))
_METADATA_NAMES = frozenset({"metadata", "metadata.google.internal", "instance-data"})
_DATABASES = ("sqlite", "mysql", "postgresql")


def split(value: Any) -> Any:
    """A list may be written ``a, b`` where only text fits, as in an environment variable."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def unless_none(value: Any) -> Any:
    """``none`` switches off what has a default."""
    return None if value == "none" else value


def long_enough(secret: SecretStr) -> SecretStr:
    """A secret that cannot be guessed by trying."""
    if len(secret.get_secret_value()) < 16:
        raise ValueError("is too short: 16 characters at least, from a random source")
    return secret


def database_url(url: SecretStr) -> SecretStr:
    """A database that we have drivers for; which of them is not the URL's business."""
    scheme, separator, rest = url.get_secret_value().partition("://")
    scheme = scheme.partition("+")[0].lower()
    scheme = _SCHEMES.get(scheme, scheme)
    if scheme not in _DATABASES or not separator:
        raise ValueError("must start with sqlite:///, mysql:// or postgresql://")
    if scheme == "sqlite" and (not rest.startswith("/") or len(rest) < 2 or ":memory:" in rest):
        raise ValueError("must name a file, such as sqlite:///data/orouter.db")
    if scheme != "sqlite" and not host(f"{scheme}://{rest}"):
        raise ValueError(f"must name a host, such as {scheme}://user:password@host/orouter")
    return SecretStr(f"{scheme}://{rest}")


def redis_url(url: SecretStr) -> SecretStr:
    """A Redis server or socket."""
    text = url.get_secret_value()
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must start with redis://, rediss:// or unix://")
    return url


def network(text: str) -> str:
    """An address, or a network such as 10.0.0.0/8."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError("must be an address or a network such as 10.0.0.0/8") from None
    return text


def public_url(url: str) -> str:
    """An address of a server without a path; empty for none."""
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not host(url) or parts.path.strip("/")):
        raise ValueError("must be an address such as https://gateway.example.com")
    return url.rstrip("/")


def collector_url(url: str) -> str:
    """Where spans are posted to."""
    if not url.startswith(("http://", "https://")) or not host(url):
        raise ValueError("must be a URL such as http://127.0.0.1:4318/v1/traces")
    return url


def host(url: str) -> str:
    """The host of a URL, or nothing where host or port make no sense."""
    try:
        parts = urlsplit(url)
        usable = parts.port != 0
    except ValueError:
        return ""
    return (parts.hostname or "") if usable else ""


def is_local(host: str) -> bool:
    """Loopback, private addresses and names that only a local resolver knows."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".localhost"))
    return address.is_private or address.is_loopback


def is_metadata(host: str) -> bool:
    """Whether cloud machines find their own credentials there, however the address is written."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        try:
            address = ipaddress.ip_address(socket.inet_aton(host))
        except (OSError, UnicodeEncodeError):
            return host.rstrip(".") in _METADATA_NAMES
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_link_local or address in _METADATA


def origin(value: str) -> str:
    """What a browser sends as ``Origin``, or ``*``."""
    parts = urlsplit(value)
    if value != "*" and (parts.scheme not in ("http", "https") or value.count("/") != 2):
        raise ValueError("must be an origin such as https://app.example.com, without a path")
    return value


def model_name(value: str) -> str:
    """``provider/model``; only the first slash splits."""
    provider, _, model = value.partition("/")
    if not provider or not model:
        raise ValueError("must be written provider/model")
    return value
