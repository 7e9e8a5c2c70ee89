"""An exchange over ASGI: for the paths that ``api/protocol.py`` leaves to it, and other servers."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, MutableMapping
from contextlib import aclosing, suppress
from typing import Any

from orouter.api.exchange import COMMENT, ClientGone, Exchange, Headers, too_large
from orouter.api.heads import Head

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class AsgiExchange(Exchange):
    """Speaks ``http.request`` and ``http.response``; ``depart`` is called before bytes leave."""

    __slots__ = ("_depart", "_receive", "_send", "_watcher")

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        depart: Callable[[], None] = lambda: None,
    ) -> None:
        asked = scope.get("query_string", b"")
        super().__init__(Head(scope["method"], scope["path"], dict(scope["headers"]), asked))
        self._receive = receive
        self._send = send
        self._depart = depart
        self._watcher: asyncio.Task[None] | None = None

    async def body(self, limit: int) -> bytes:
        self._check_body(limit)
        collected = bytearray()
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            collected += message.get("body", b"")
            if len(collected) > limit:
                raise too_large(limit)
            if not message.get("more_body"):
                return bytes(collected)

    async def _respond(self, status: int, headers: Headers, body: bytes) -> None:
        self._depart()
        await self._start(status, headers)
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    async def _relay(self, headers: Headers, blocks: AsyncGenerator[bytes, None]) -> None:
        await self._start(200, headers)
        async with aclosing(blocks):
            async for block in blocks:
                self.blocks_sent += 1
                self._depart()
                await self._send({"type": "http.response.body", "body": block, "more_body": True})
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _start(self, status: int, headers: Headers) -> None:
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    def attend(self) -> None:
        serving = asyncio.current_task()
        self._watcher = asyncio.create_task(self._until_gone())
        self._watcher.add_done_callback(
            lambda task: serving.cancel() if serving and not task.cancelled() else None
        )

    def leave(self) -> bool:
        watcher, self._watcher = self._watcher, None
        if watcher is None or watcher.done():
            return watcher is not None
        watcher.cancel()
        return False

    async def _until_gone(self) -> None:
        """Ends when the caller closes its connection; keeps a silent stream alive until then."""
        while True:
            sent = self.blocks_sent
            with suppress(TimeoutError):
                async with asyncio.timeout(self.look_every_s):
                    while (await self._receive())["type"] != "http.disconnect":
                        pass
                    return
            if self.started and sent == self.blocks_sent:
                await self._send({"type": "http.response.body", "body": COMMENT, "more_body": True})
