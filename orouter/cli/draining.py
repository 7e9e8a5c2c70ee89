"""uvicorn's server, except that SIGTERM lets load balancers look away before the listener closes.

On SIGTERM ``/health/ready`` turns 503 and answers say ``Connection: close``, while everything is
still accepted and served, for ``drain_s`` seconds: a balancer that asks finds out in time, and
nobody is sent to a closed port. Then uvicorn's own stopping begins: the listener closes, requests
and streams in flight finish. SIGINT, or a second signal, does not wait.
"""

import asyncio
import os
import signal

from uvicorn import Config, Server

from orouter.logs import get_logger

TICKS_PER_S = 10
_CLOSE = (b"connection", b"close")

log = get_logger(__name__)


class DrainingServer(Server):
    """The application's lifespan state holds ``drain``, which makes it answer that it leaves.

    ``parent`` is the supervisor's process id, if there is one: nobody serves on without it, as a
    new node could not listen.
    """

    def __init__(self, config: Config, drain_s: float, parent: int | None = None) -> None:
        super().__init__(config)
        self._drain_s = drain_s
        self._parent = parent
        self._draining = False

    async def main_loop(self) -> None:
        await super().main_loop()
        if self._captured_signals == [signal.SIGTERM] and self._drain_s:
            await self._drain()
        log.info("server_stops_listening", open_requests=len(self.server_state.tasks))

    async def on_tick(self, counter: int) -> bool:
        stopping = await super().on_tick(counter)
        if self._draining and counter % TICKS_PER_S == 0:
            # uvicorn has made the list anew: these headers begin every answer.
            self.server_state.default_headers.append(_CLOSE)
        return stopping or (self._parent is not None and os.getppid() != self._parent)

    async def _drain(self) -> None:
        self._draining = True
        self.lifespan.state["drain"]()
        log.info("server_drains", seconds=self._drain_s)
        for tick in range(round(self._drain_s * TICKS_PER_S)):
            await self.on_tick(tick)
            await asyncio.sleep(1 / TICKS_PER_S)
            if len(self._captured_signals) > 1:
                return
