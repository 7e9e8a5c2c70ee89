"""``POST /v1/chat/completions``: authenticate, read, serve, answer."""

import asyncio
from contextlib import suppress

from orouter.api.exchange import ClientGone, Exchange, Headers
from orouter.errors import OrouterError
from orouter.schemas.chat_reading import read_chat
from orouter.services import chat
from orouter.services.accounting import Call
from orouter.services.gateway import Gateway

LOOK_EVERY_S = 7.5
"""A stream that was silent from one look to the next is sent a comment, so after 15 s at most: no
proxy in between gives it up."""
_COMMENT = b": keep-alive\n\n"


async def completions(gateway: Gateway, exchange: Exchange) -> None:
    """The endpoint."""
    caller = await gateway.keys.authenticate(exchange.bearer, exchange.at_us)
    exchange.record.org_id, exchange.record.key_id = caller.org_id, caller.key_id
    request = read_chat(await exchange.body(gateway.plan.max_body))
    exchange.record.model = request.model
    call = chat.begin(gateway, caller, request, exchange.request_id, exchange.at_us, exchange.began)
    exchange.call = call
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
    watcher = asyncio.create_task(_until_gone(exchange))
    serving = asyncio.current_task()
    watcher.add_done_callback(
        lambda task: serving.cancel() if serving and not task.cancelled() else None
    )
    try:
        blocks = await chat.stream(gateway, call)
        await exchange.stream(blocks, _served_by(call))
    except asyncio.CancelledError:
        if not watcher.done():
            raise
        raise ClientGone from None
    finally:
        watcher.cancel()


async def _until_gone(exchange: Exchange) -> None:
    """Ends when the caller closes its connection; keeps a silent stream alive until then."""
    while True:
        sent = exchange.blocks_sent
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                while (await exchange.receive())["type"] != "http.disconnect":
                    pass
                return
        if exchange.started and sent == exchange.blocks_sent:
            await exchange.send({"type": "http.response.body", "body": _COMMENT, "more_body": True})


def _served_by(call: Call) -> Headers:
    """Who answered, or failed last, and how many calls it took."""
    tries = call.attempts.tries
    if not tries:
        return []
    return [
        (b"x-orouter-provider", tries[-1].provider.encode("latin-1", "replace")),
        (b"x-orouter-attempts", str(len(tries)).encode()),
    ]
