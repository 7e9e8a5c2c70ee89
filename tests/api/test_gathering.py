import asyncio
from typing import Any, cast

from orouter.api.gathering import GatheringTransport


class Recorded:
    """A transport that remembers what it was told."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.closed = False
        self.paused = False

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_write_buffer_size(self) -> int:
        return 5

    def pause_reading(self) -> None:
        self.paused = True


def gathering() -> tuple[Recorded, Any]:
    below = Recorded()
    transport = cast(asyncio.Transport, below)
    return below, GatheringTransport(transport, asyncio.get_running_loop())


async def test_one_turn_of_the_loop_is_one_write() -> None:
    below, transport = gathering()
    for part in (b"head ", b"body ", b"end"):
        transport.write(part)
    assert below.writes == []
    assert transport.get_write_buffer_size() == 5 + 13
    await asyncio.sleep(0)
    assert below.writes == [b"head body end"]
    transport.write(b"next")
    await asyncio.sleep(0)
    assert below.writes == [b"head body end", b"next"]


async def test_closing_loses_nothing() -> None:
    below, transport = gathering()
    transport.write(b"refused")
    transport.close()
    assert (below.writes, below.closed) == ([b"refused"], True)
    await asyncio.sleep(0)
    assert below.writes == [b"refused"]


async def test_nothing_is_written_to_what_has_ended() -> None:
    below, transport = gathering()
    transport.write(b"late")
    below.closed = True
    await asyncio.sleep(0)
    assert below.writes == []


async def test_the_rest_goes_through() -> None:
    below, transport = gathering()
    transport.pause_reading()
    assert below.paused
