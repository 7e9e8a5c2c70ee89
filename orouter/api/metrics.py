"""``GET /metrics``: the figures of this node in Prometheus' text format."""

import hmac

from orouter.api.exchange import Exchange
from orouter.errors import InvalidApiKey
from orouter.services.measuring import Figures
from orouter.telemetry.exposition import CONTENT_TYPE

_KIND = (b"content-type", CONTENT_TYPE.encode())


async def show(figures: Figures, token: str | None, exchange: Exchange) -> None:
    """All workers of this node together. Raises InvalidApiKey unless ``token`` came along."""
    if token is not None:
        _require(token, exchange.head.headers.get(b"authorization", b""))
    text = await figures.text()
    await exchange.answer(200, text.encode(), kind=_KIND)


def _require(token: str, given: bytes) -> None:
    if not hmac.compare_digest(given, f"Bearer {token}".encode()):
        raise InvalidApiKey("Send metrics.token: Authorization: Bearer …")
