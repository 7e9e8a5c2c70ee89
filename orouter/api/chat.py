"""``POST /v1/chat/completions``: authenticate, read, serve, answer."""

import asyncio
from collections.abc import Sequence
from functools import lru_cache

from orouter.api.exchange import ClientGone, Exchange, Header
from orouter.errors import OrouterError
from orouter.schemas.chat_reading import read_chat
from orouter.services import answers, chat
from orouter.services.accounting import Arrival, Call
from orouter.services.answer_stores import AnswerCache
from orouter.services.gateway import Gateway

_CACHE = b"x-orouter-cache"
"""``on`` asks for an earlier answer; the answer says ``hit``, ``miss`` or ``bypass``."""


async def completions(gateway: Gateway, exchange: Exchange) -> None:
    """The endpoint."""
    caller = exchange.caller = await gateway.keys.authenticate(exchange.head.bearer, exchange.at_us)
    request = read_chat(await exchange.body(gateway.plan.max_body))
    exchange.model = request.model
    arrival = Arrival(exchange.id, exchange.request_id, exchange.at_us, exchange.began)
    call = exchange.call = chat.begin(gateway, caller, request, arrival)
    exchange.answer_headers.append((b"x-generation-id", call.id.encode()))
    if gateway.traces is not None:
        call.attempts.trace = gateway.traces.begin(call, exchange.head.headers)
    try:
        if request.stream:
            await _stream(gateway, exchange, call)
        elif (
            gateway.answers is not None and exchange.head.headers.get(_CACHE, b"").lower() == b"on"
        ):
            await _repeat(gateway, gateway.answers, exchange, call)
        else:
            body = await chat.complete(gateway, call)
            await exchange.answer(200, body, _served_by(call))
    except OrouterError:
        exchange.answer_headers += _served_by(call)
        raise


async def _repeat(gateway: Gateway, cache: AnswerCache, exchange: Exchange, call: Call) -> None:
    body, marker = await answers.complete(gateway, cache, call)
    gateway.tally.asked_cache(marker)
    await exchange.answer(200, body, [*_served_by(call), (_CACHE, marker.encode())])


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


def _served_by(call: Call) -> Sequence[Header]:
    """Who answered, or failed last, and how many calls it took."""
    tries = call.attempts.tries
    return _attempted(tries[-1].provider, len(tries)) if tries else ()


@lru_cache(maxsize=1024)
def _attempted(provider: str, attempts: int) -> Sequence[Header]:
    return (
        (b"x-orouter-provider", provider.encode("latin-1", "replace")),
        (b"x-orouter-attempts", str(attempts).encode()),
    )
