"""Which upstream client: our own, or aiohttp."""

from typing import Literal

from orouter.upstream.client import HttpClient
from orouter.upstream.direct.client import DirectClient

Kind = Literal["direct", "aiohttp"]


def open_client(kind: Kind) -> HttpClient:
    """A client of this kind. ``aiohttp`` goes through the proxies that the environment names."""
    if kind == "direct":
        return DirectClient()
    from orouter.upstream.aiohttp_client import (  # noqa: PLC0415 - 8 MB that few need
        AiohttpClient,
    )

    return AiohttpClient(trust_env=True)
