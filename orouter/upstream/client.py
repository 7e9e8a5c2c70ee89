"""The one door to the outside: how an HTTP exchange with a provider looks to the rest of orouter.

Behind this seam stand our own client (``upstream/direct``), aiohttp for proxies and unusual set-ups
(``upstream/aiohttp_client.py``) and the in-process demo provider (``upstream/demo_client.py``). All
raise only the errors named here.
"""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from orouter.errors import UpstreamError, UpstreamTimeout, UpstreamUnavailable


class ConnectFailed(UpstreamUnavailable):
    """No connection, or one that ended before any answer: nothing was served, a retry is safe."""


class NoAnswer(UpstreamTimeout):
    """Connected and sent, but no first byte in time: the provider may be working on it."""


class StreamStalled(UpstreamTimeout):
    """The answer began and then nothing came for the idle timeout."""


class ConnectionCut(UpstreamError):
    """The answer began and its connection ended before it was whole."""


class AnswerTooLarge(UpstreamError):
    """More bytes than a completion can have: reading was stopped."""


class HttpCall(Struct, frozen=True, kw_only=True):
    """One request; timeouts in seconds."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    connect_timeout_s: float
    answer_timeout_s: float
    """To the first byte of the answer's head, and then between any two reads."""
    method: str = "POST"


class HttpAnswer(Protocol):
    """An answer whose head has arrived; header names are lower case."""

    status: int

    @property
    def encoding(self) -> str:
        """How the body is packed, empty if it is not."""
        ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    async def read(self, limit: int) -> bytes:
        """The whole body. Raises AnswerTooLarge (``limit`` bytes), ConnectionCut, StreamStalled."""
        ...

    async def next(self) -> bytes:
        """The bytes that arrived since, ``b""`` at the end. Raises ConnectionCut, StreamStalled."""
        ...

    def close(self) -> None:
        """Ends the exchange; an unfinished one closes its connection: the provider stops."""
        ...


class HttpClient(Protocol):
    """Sends calls; keeps connections alive between them."""

    async def send(self, call: HttpCall) -> HttpAnswer:
        """Raises ConnectFailed or NoAnswer."""
        ...

    async def aclose(self) -> None: ...


def too_large(limit: int) -> AnswerTooLarge:
    """What is said of an answer over so many bytes."""
    return AnswerTooLarge(f"the answer is over {limit >> 20} MiB")


async def read_whole(answer: HttpAnswer, limit: int) -> bytes:
    """What ``HttpAnswer.read`` promises, by way of ``next``."""
    blocks: list[bytes] = []
    size = 0
    while block := await answer.next():
        size += len(block)
        if size > limit:
            answer.close()
            raise too_large(limit)
        blocks.append(block)
    return blocks[0] if len(blocks) == 1 else b"".join(blocks)
