"""``POST /v1/chat/completions``: authenticate, read, serve, answer."""

import asyncio

from orouter.api.exchange import ClientGone, Exchange, Headers
from orouter.errors import OrouterError
from orouter.schemas.chat_reading import read_chat
from orouter.services import chat
from orouter.services.accounting import Arrival, Call
from orouter.services.gateway import Gateway


async def completions(gateway: Gateway, exchange: Exchange) -> None:
    """The endpoint."""
    caller = await gateway.keys.authenticate(exchange.bearer, exchange.at_us)
    exchange.record.org_id, exchange.record.key_id = caller.org_id, caller.key_id
    request = read_chat(await exchange.body(gateway.plan.max_body))
    exchange.record.model = request.model
    arrival = Arrival(exchange.id, exchange.request_id, exchange.at_us, exchange.began)
    call = exchange.call = chat.begin(gateway, caller, request, arrival)
    exchange.extra_headers.append((b"x-generation-id", call.id.encode()))
    try:
        if request.stream:
            await _stream(gateway, exchange, call)
        else:
            body = await chat.complete(gateway, call)
            await exchange.answer(200, body, _served_by(call))
    except OrouterError:
        exchange.extra_headers += _served_by(call)
        raise


async def _stream(gateway: Gateway, exchange: Exchange, call: Call) -> None:
    exchange.attend()
    try:
        blocks = await chat.stream(gateway, call)
        await exchange.stream(blocks, _served_by(call))
    except asyncio.CancelledError:
        if exchange.leave():
            raise ClientGone from None
        raise
    finally:
        exchange.leave()


def _served_by(call: Call) -> Headers:
    """Who answered, or failed last, and how many calls it took."""
    tries = call.attempts.tries
    if not tries:
        return []
    return [
        (b"x-orouter-provider", tries[-1].provider.encode("latin-1", "replace")),
        (b"x-orouter-attempts", str(len(tries)).encode()),
    ]
