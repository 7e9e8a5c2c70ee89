"""Waiting for a caller that reads slowly."""

import asyncio
from typing import Any

from orouter.api.flow import Flow


async def test_who_waits_goes_on_when_the_caller_has_read() -> None:
    transport: Any = None
    flow = Flow(transport)
    await flow.drain()
    flow.resume_writing()
    for _ in range(2):
        flow.pause_writing()
        waiting = [asyncio.create_task(flow.drain()) for _ in range(2)]
        await asyncio.sleep(0.01)
        assert not any(task.done() for task in waiting)
        flow.resume_writing()
        await asyncio.gather(*waiting)
    assert not vars(flow)
