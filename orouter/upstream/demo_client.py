"""The built-in demo provider behind the seam of the real ones: the whole path is the same."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from orouter.upstream import demo
from orouter.upstream.client import HttpAnswer, HttpCall, NoAnswer


class DemoClient:
    """Sends calls to ``upstream.demo`` in this process."""

    async def send(self, call: HttpCall) -> HttpAnswer:
        try:
            async with asyncio.timeout(call.answer_timeout_s):
                reply = demo.models() if call.method == "GET" else await demo.answer(call.body)
        except TimeoutError as e:
            raise NoAnswer("no answer in time") from e
        return DemoAnswer(*reply)

    async def aclose(self) -> None:
        """Nothing is open."""


class DemoAnswer:
    """An answer of the demo provider."""

    def __init__(
        self, status: int, headers: Mapping[str, str], blocks: AsyncIterator[bytes]
    ) -> None:
        self.status = status
        self.headers = headers
        self.encoding = ""
        self._blocks = blocks

    async def read(self, limit: int) -> bytes:  # noqa: ARG002 - the demo provider is brief
        return b"".join([block async for block in self._blocks])

    async def next(self) -> bytes:
        return await anext(self._blocks, b"")

    def close(self) -> None:
        """Nothing runs on without a reader."""
