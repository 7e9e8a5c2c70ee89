"""What is no data plane (management, health, documents): its request id and its log line."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from orouter.api.asgi_exchange import AsgiExchange, Receive, Scope, Send
from orouter.logs import AccessRecord

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
_ID = b"x-request-id"


async def with_line(
    app: Application,
    finish: Callable[[AccessRecord], None],
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Has ``app`` answer, and ``finish`` take the record.

    The answer carries the request id that its errors and its line tell.
    """
    exchange = AsgiExchange(scope, receive, send)
    request_id = exchange.request_id.encode()
    others = [pair for pair in scope["headers"] if pair[0] != _ID]
    scope["headers"] = [*others, (_ID, request_id)]

    async def noting(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            exchange.status = message["status"]
            named = [pair for pair in message.get("headers", ()) if pair[0].lower() != _ID]
            message = {**message, "headers": [*named, (_ID, request_id)]}
        await send(message)

    try:
        await app(scope, receive, noting)
    finally:
        finish(exchange.access_record())
