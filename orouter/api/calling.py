"""Who calls the data plane: a key, noted in the request's access line."""

from orouter.api.exchange import Exchange
from orouter.services.gateway import Gateway
from orouter.services.key_ring import Caller


async def caller_of(gateway: Gateway, exchange: Exchange) -> Caller:
    """The key that the request carries. Raises InvalidApiKey and what else stands in its way."""
    caller = await gateway.keys.authenticate(exchange.bearer, exchange.at_us)
    exchange.record.org_id, exchange.record.key_id = caller.org_id, caller.key_id
    return caller
