"""``GET /health`` (the process lives) and ``GET /health/ready`` (it can serve)."""

from typing import Any

import msgspec

from orouter import __version__
from orouter.api.exchange import Exchange
from orouter.services.gateway import Gateway


async def alive(exchange: Exchange) -> None:
    """Alive; asks nobody else, so that an outage of the database restarts no process."""
    await exchange.json({"status": "ok", "version": __version__})


async def ready(gateway: Gateway | None, exchange: Exchange) -> None:
    """200 while this node should be sent requests, 503 while it starts or drains.

    Without its database a node still serves keys it knows, so it stays ready and says ``degraded``.
    """
    if gateway is None or gateway.draining:
        state = {"status": "draining" if gateway else "starting"}
        await exchange.answer(503, msgspec.json.encode(state), [(b"retry-after", b"1")])
    else:
        await exchange.json(_state(gateway))


def _state(gateway: Gateway) -> dict[str, Any]:
    healthy = gateway.healthy()
    return {
        "status": "ready" if healthy else "degraded",
        "database": "ok" if healthy else "unavailable",
        "keys_in_memory": len(gateway.keys),
    }
