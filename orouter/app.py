"""The composition root: settings in, an ASGI application out.

uvicorn is given ``orouter.app:create`` by name and calls it in every worker.
"""

import asyncio
import gc
import sys
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from orouter import logs
from orouter import settings as configuration
from orouter.api import access_lines, data_plane, hardening
from orouter.api.asgi_exchange import AsgiExchange, Receive, Scope, Send
from orouter.api.data_plane import DataPlane
from orouter.api.operations import Operations
from orouter.services import measuring, recording, serving, tracing
from orouter.settings.schema import Settings

if TYPE_CHECKING:  # FastAPI, the routes and their models: see Application
    from orouter.api.management import Management

MANAGED = ("/api/", "/admin", "/docs", "/openapi.json")
"""How the paths begin that FastAPI answers."""
COLLECT_EVERY = (20_000, 20, 50)
"""New objects before a collection; the young survive so many of them before they count as old."""


THREADS_YIELD_AFTER_S = 0.0005
"""How long a thread that ingests or counts may keep the event loop waiting; Python says 5 ms."""


class Application:
    """The data plane and what operators ask, answered here; all else by FastAPI, once it is asked.

    FastAPI and the management routes take 15 MB and a fifth of a second, and most workers are
    never asked anything of the kind. A route of FastAPI would also cost the data plane 180 us a
    request, and each BaseHTTPMiddleware 340 (docs/performance.md).
    """

    def __init__(self, settings: Settings) -> None:
        token = settings.metrics.token
        self.settings = settings
        self.trusted = hardening.networks(settings.server.trusted_proxies)
        self.data_plane = DataPlane(logs.access())
        self.operations = Operations(self.data_plane, token.get_secret_value() if token else None)
        self._making = asyncio.Lock()
        self._management: Management | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        path = scope["path"]
        route = data_plane.find(path)
        if route is not None:
            depart = self.data_plane.departures.leave
            await self.data_plane.serve(route, AsgiExchange(scope, receive, send, depart))
            return
        hardening.see_through(scope, self.trusted)
        send = hardening.hardened(path, send)
        if not path.startswith(MANAGED):
            await self.operations.serve(AsgiExchange(scope, receive, send))
            return
        finish = self.data_plane.finish
        await access_lines.with_line(self._managed, finish, scope, receive, send)

    async def management(self) -> "Management":
        """Made by whoever is first, in a thread: the data plane goes on meanwhile."""
        async with self._making:
            if self._management is None:
                self._management = await asyncio.to_thread(self._made)
                gc.freeze()  # see create
        return self._management

    def _made(self) -> "Management":
        from orouter.api.management import application  # noqa: PLC0415 - see the class

        return application(self.settings, self.data_plane.gateway)

    async def _managed(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = await self.management()
        if scope["path"] == app.openapi_url:
            await asyncio.to_thread(app.openapi)  # a third of a second, the first time
        await app(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's lifespan: says when it has started, or why it has not, and when it has ended."""
        await receive()
        stage = "startup"
        try:
            async with self.lifespan() as state:
                scope["state"].update(state)
                await send({"type": "lifespan.startup.complete"})
                stage = "shutdown"
                await receive()
        except BaseException:
            await send({"type": f"lifespan.{stage}.failed", "message": traceback.format_exc()})
            raise
        await send({"type": "lifespan.shutdown.complete"})

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[dict[str, Callable[[], None]]]:
        """Serves inside; gives what uvicorn's server takes to drain."""
        async with serving.gateway(self.settings, self.data_plane.departures) as gateway:
            self.data_plane.gateway = gateway
            with (
                tracing.begun(self.settings.tracing, recording.node_name()) as gateway.traces,
                measuring.begun(gateway, self.settings.metrics) as self.operations.figures,
            ):
                yield {"drain": gateway.drain}
            gateway.drain()
        logs.access().flush()  # uvicorn ends a worker by a signal: nothing runs after this


def create(settings: Settings | None = None) -> Application:
    """The application of these settings, else of the environment's: what a worker runs."""
    settings = settings or configuration.load()
    logs.configure(**settings.logging.model_dump())
    for secret in settings.secrets():
        logs.keep_secret(secret)
    app = Application(settings)
    # What was imported stays: a full collection that looks at it again takes 80 ms.
    gc.freeze()
    # A request leaves some hundred objects, most of them dead at once: looking every 700 costs 8 %.
    gc.set_threshold(*COLLECT_EVERY)
    sys.setswitchinterval(THREADS_YIELD_AFTER_S)
    return app
