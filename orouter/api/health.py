"""``GET /health`` (the process lives) and ``GET /health/ready`` (it can serve)."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from orouter import __version__
from orouter.services.gateway import Gateway

router = APIRouter(tags=["operations"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health() -> dict[str, str]:
    """Alive; asks nobody else, so that an outage of the database restarts no process."""
    return {"status": "ok", "version": __version__}


@router.head("/health/ready", include_in_schema=False)
@router.get("/health/ready")
async def ready(request: Request) -> JSONResponse:
    """200 while this node should be sent requests, 503 while it starts or drains.

    Without its database a node still serves keys it knows, so it stays ready and says ``degraded``.
    """
    gateway: Gateway | None = request.app.data_plane.gateway
    if gateway is None or gateway.draining:
        state = {"status": "draining" if gateway else "starting"}
        return JSONResponse(state, 503, {"retry-after": "1"})
    return JSONResponse(_state(gateway))


def _state(gateway: Gateway) -> dict[str, Any]:
    healthy = gateway.healthy()
    return {
        "status": "ready" if healthy else "degraded",
        "database": "ok" if healthy else "unavailable",
        "keys_in_memory": len(gateway.keys),
    }
