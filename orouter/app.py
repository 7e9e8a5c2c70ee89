"""The composition root: settings in, an ASGI application out.

uvicorn is given ``orouter.app:create`` by name and calls it in every worker.
"""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from orouter import __version__, logs
from orouter import settings as configuration
from orouter.api import (
    access_lines,
    admin,
    audit,
    calendar,
    catalogue,
    data_plane,
    hardening,
    health,
    keys,
    limits,
    members,
    metrics,
    openapi,
    organizations,
    providers,
    session,
    settings,
    statistics,
    system,
    users,
)
from orouter.api.asgi_exchange import AsgiExchange
from orouter.api.data_plane import DataPlane
from orouter.api.hardening import Networks
from orouter.api.problems import register_problems
from orouter.services import measuring, recording, serving, tracing
from orouter.settings.schema import Settings

COLLECT_EVERY = (20_000, 20, 50)
"""New objects before a collection; the young survive so many of them before they count as old."""

ROUTERS = (
    health.router,
    metrics.router,
    organizations.router,
    keys.router,
    limits.router,
    statistics.router,
    providers.router,
    catalogue.router,
    settings.router,
    system.router,
    calendar.router,
    session.router,
    users.router,
    members.router,
    audit.router,
)


class Application(FastAPI):
    """FastAPI whose data plane is answered before its own routing and middleware.

    A FastAPI route costs 180 us a request, and each BaseHTTPMiddleware 340 (docs/performance.md).
    """

    data_plane: DataPlane
    trusted: Networks = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            route = data_plane.find(scope["path"])
            if route is not None:
                await self.data_plane.serve(route, AsgiExchange(scope, receive, send))
                return
            hardening.see_through(scope, self.trusted)
            send = hardening.hardened(scope["path"], send)
            finish = self.data_plane.finish
            await access_lines.with_line(super().__call__, finish, scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """FastAPI's description of the management routes, and ours of the data plane."""
        if self.openapi_schema is None:
            self.openapi_schema = openapi.with_data_plane(super().openapi())
        return self.openapi_schema


def create() -> Application:
    """The application of the configuration in the environment: what a worker runs."""
    settings = configuration.load()
    logs.configure(**settings.logging.model_dump())
    for secret in settings.secrets():
        logs.keep_secret(secret)
    app = create_app(settings)
    # What was imported stays: a full collection that looks at it again takes 80 ms.
    gc.freeze()
    # A request leaves some hundred objects, most of them dead at once: looking every 700 costs 8 %.
    gc.set_threshold(*COLLECT_EVERY)
    return app


def create_app(settings: Settings) -> Application:
    """The application of these settings."""
    app = Application(
        title="orouter",
        version=__version__,
        lifespan=_lifespan,
        docs_url="/docs",
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,  # generated clients call it so
    )
    app.state.settings = settings
    app.trusted = hardening.networks(settings.server.trusted_proxies)
    app.data_plane = DataPlane(logs.access())
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/admin", admin.AdminFiles(), name="admin")
    register_problems(app, show_detail=settings.server.environment == "development")
    return app


@asynccontextmanager
async def _lifespan(app: Application) -> AsyncIterator[dict[str, Callable[[], None]]]:
    async with serving.gateway(app.state.settings) as gateway:
        app.data_plane.gateway = gateway
        app.state.database, app.state.calendar = gateway.database, gateway.calendar
        app.state.pepper = gateway.keys.pepper
        app.state.with_stored, app.state.started_at = gateway.with_stored, datetime.now(UTC)
        section = app.state.settings
        with (
            tracing.begun(section.tracing, recording.node_name()) as gateway.traces,
            measuring.begun(gateway, section.metrics) as app.state.figures,
        ):
            yield {"drain": gateway.drain}
        gateway.drain()
    logs.access().flush()  # uvicorn ends a worker by a signal: nothing runs after this
