"""A socket in front of a database server that can be shut, and takes everyone with it."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


class TcpGate:
    """Passes bytes to ``host:port`` while it is open; has an event loop and thread of its own."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._open = True
        self._writers: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self._thread.start()
        self.port = self._do(self._listen())

    def shut(self) -> None:
        """The server is away: connections break, new ones are closed at once."""
        self._do(self._set(opened=False))

    def open(self) -> None:
        """It is back."""
        self._do(self._set(opened=True))

    def close(self) -> None:
        """The end."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> int:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def _set(self, *, opened: bool) -> None:
        self._open = opened
        if not opened:
            for writer in self._writers:
                writer.transport.abort()

    async def _end(self) -> None:
        self._server.close()
        await self._set(opened=False)
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._open:
            writer.transport.abort()
            return
        reader_there, writer_there = await asyncio.open_connection(*self._target)
        for pair in ((reader, writer_there), (reader_there, writer)):
            self._writers.add(pair[1])
            self._pumps.add(asyncio.create_task(self._pump(*pair)))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()
        self._writers.discard(writer)
