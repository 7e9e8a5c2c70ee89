"""Which upstream client: our own, or aiohttp."""

from typing import Literal

from orouter.departures import Departures
from orouter.upstream.client import HttpClient
from orouter.upstream.direct.client import DirectClient

Kind = Literal["direct", "aiohttp"]


def open_client(kind: Kind, departures: Departures | None = None) -> HttpClient:
    """A client of this kind, whose calls leave with ``departures``.

    ``aiohttp`` goes through the proxies that the environment names.
    """
    if kind == "direct":
        return DirectClient(departures=departures)
    from orouter.upstream.aiohttp_client import (  # noqa: PLC0415 - 8 MB that few need
        AiohttpClient,
    )

    return AiohttpClient(trust_env=True, departures=departures)
