"""Where the server listens, and where it is found."""

import socket
from itertools import count
from typing import TYPE_CHECKING

from orouter.errors import Conflict

if TYPE_CHECKING:
    from orouter.settings import Server


def base_url(server: "Server") -> str:
    """The address that an OpenAI client on this machine is given."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(server.host, server.host)  # noqa: S104  not bound
    return f"http://{f'[{host}]' if ':' in host else host}:{server.port}/v1"


def admin_base(server: "Server") -> str:
    """What links to the admin web begin with."""
    return server.public_url or base_url(server).removesuffix("/v1")


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free(server: "Server") -> None:
    """Raises Conflict where somebody listens already, or where it is not allowed."""
    if not is_free(server.host, server.port):
        raise Conflict(
            f"cannot listen on {server.host}:{server.port}: it is in use or not permitted",
            hint="choose another one with --port or server.port",
        )


def next_free(host: str, port: int) -> int:
    """The first port from ``port`` on that is free."""
    return next(each for each in count(port) if each > 65_535 or is_free(host, each))
