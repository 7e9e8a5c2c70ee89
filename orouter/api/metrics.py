"""``GET /metrics``: the figures of this node in Prometheus' text format."""

import hmac

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from pydantic import SecretStr

from orouter.errors import InvalidApiKey, NotFound
from orouter.services.measuring import Figures
from orouter.telemetry.exposition import CONTENT_TYPE

router = APIRouter(tags=["operations"])


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> PlainTextResponse:
    """For Prometheus; all workers of this node together. With ``metrics.token`` it asks for it."""
    figures: Figures | None = request.app.state.figures
    if figures is None:
        raise NotFound("Metrics are switched off here.")
    token: SecretStr | None = request.app.state.settings.metrics.token
    if token is not None:
        _require(token.get_secret_value(), request.headers.get("authorization", ""))
    return PlainTextResponse(await figures.text(), media_type=CONTENT_TYPE)


def _require(token: str, given: str) -> None:
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise InvalidApiKey("Send metrics.token: Authorization: Bearer …")
