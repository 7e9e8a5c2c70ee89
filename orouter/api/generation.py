"""``GET /v1/generation?id=``: the record of one request."""

from orouter.api.exchange import Exchange, query
from orouter.api.own_key import actor_of
from orouter.errors import InvalidRequest
from orouter.services import request_log
from orouter.services.gateway import Gateway


async def show(gateway: Gateway, exchange: Exchange) -> None:
    """The endpoint: own requests, and with permission ``admin`` those of the organization."""
    caller = exchange.caller = await gateway.keys.authenticate(exchange.head.bearer, exchange.at_us)
    [wanted] = query(exchange.head.query_string).get("id") or [""]
    if not wanted:
        raise InvalidRequest(
            "Say which: /v1/generation?id= and the x-generation-id of the answer.", param="id"
        )
    found = await gateway.database.run_readonly(
        request_log.get, wanted, actor_of(caller), gateway.calendar.zone
    )
    await exchange.json({"data": found.model_dump(mode="json")})
