"""``GET /v1/models`` and ``GET /v1/models/{id}``.

OpenAI's list, with price and context beside it.
"""

from typing import Any

from orouter.api.exchange import Exchange
from orouter.providers.catalogue import Entry
from orouter.providers.prices import pricing
from orouter.services.gateway import Gateway

PREFIX = "/v1/models/"


async def list_models(gateway: Gateway, exchange: Exchange) -> None:
    """The models that this key may ask for."""
    await _authenticate(gateway, exchange)
    entries = gateway.plan.routes.catalogue.listed()
    await exchange.json({"object": "list", "data": [_shown(entry) for entry in entries]})


async def show_model(gateway: Gateway, exchange: Exchange) -> None:
    """One model. Raises ModelNotFound."""
    await _authenticate(gateway, exchange)
    name = exchange.head.path.removeprefix(PREFIX)
    await exchange.json(_shown(gateway.plan.routes.catalogue.resolve(name)))


async def _authenticate(gateway: Gateway, exchange: Exchange) -> None:
    exchange.caller = await gateway.keys.authenticate(exchange.head.bearer, exchange.at_us)


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.name,
        "object": "model",
        "created": entry.created,
        "owned_by": entry.provider,
        "context_length": entry.context,
        "max_output_tokens": entry.max_output,
        "pricing": pricing(entry.price),
        "capabilities": entry.features,
    }
