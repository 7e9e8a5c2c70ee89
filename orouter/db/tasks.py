"""Ending a task that may be in the middle of a database call."""

import asyncio
from typing import Any

AGAIN_AFTER_S = 0.1


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel the task until it is over.

    Once is not enough: aiomysql turns a cancellation that meets it reading into an error of its
    own, and a task that outlives errors then goes on for ever.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=AGAIN_AFTER_S)
