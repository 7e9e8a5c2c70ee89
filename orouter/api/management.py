"""What FastAPI answers: the management API, its documents, and the files of the web UI.

Nothing that serves the data plane may import this module (``orouter.app`` tells why).
"""

from typing import Any

from fastapi import FastAPI

from orouter import __version__
from orouter.api import (
    admin,
    audit,
    calendar,
    catalogue,
    keys,
    limits,
    members,
    openapi,
    organizations,
    providers,
    session,
    settings,
    statistics,
    system,
    users,
)
from orouter.api.problems import register_problems
from orouter.services.gateway import Gateway
from orouter.settings.schema import Settings

ROUTERS = (
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


class Management(FastAPI):
    """FastAPI, whose description holds what is answered without it, too."""

    def openapi(self) -> dict[str, Any]:
        """All routes of the gateway."""
        if self.openapi_schema is None:
            self.openapi_schema = openapi.with_the_rest(super().openapi())
        return self.openapi_schema


def application(settings: Settings, gateway: Gateway | None = None) -> Management:
    """The routes over what the gateway holds; without one they can be described, not asked."""
    app = Management(
        title="orouter",
        version=__version__,
        docs_url="/docs",
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,  # generated clients call it so
    )
    app.state.settings = settings
    if gateway is not None:
        app.state.database, app.state.calendar = gateway.database, gateway.calendar
        app.state.pepper = gateway.keys.pepper
        app.state.with_stored, app.state.started_at = gateway.with_stored, gateway.started_at
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/admin", admin.AdminFiles(), name="admin")
    register_problems(app, show_detail=settings.server.environment == "development")
    return app
