"""The management routes over a database, asked as a caller would ask them."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI

from orouter.api import audit, keys, limits, members, organizations, session, users
from orouter.api.problems import register_problems
from orouter.db.session import Database
from orouter.models import KeyCreate, KeyIssued, OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import keys as key_verbs
from orouter.services import organizations as organization_verbs
from orouter.usage.periods import Calendar

PEPPER = b"pepper"


def application(database: Database) -> FastAPI:
    """An application of these routes only."""
    app = FastAPI()
    app.state.database, app.state.pepper = database, PEPPER
    app.state.calendar = Calendar(ZoneInfo("UTC"))
    for module in (organizations, keys, limits, session, users, members, audit):
        app.include_router(module.router)
    register_problems(app)
    return app


@dataclass
class Management:
    """``ask`` goes through HTTP with a key; ``issue`` goes around it."""

    database: Database
    client: httpx.AsyncClient

    async def issue(self, org: str, name: str, permission: str = "admin") -> KeyIssued:
        """Make a key, and its organization if need be."""
        new = OrganizationCreate(name=org)
        run = self.database.run
        await run(organization_verbs.create, new, CLI, if_not_exists=True)
        key = KeyCreate.model_validate({"name": name, "permission": permission})
        return await run(key_verbs.issue, org, key, CLI, pepper=PEPPER)

    async def ask(
        self, key: KeyIssued | None, method: str, path: str, **options: Any
    ) -> httpx.Response:
        """Send one request, with the key's secret if there is one."""
        headers = {"authorization": f"Bearer {key.key}"} if key else {}
        return await self.client.request(method, f"/api/v1{path}", headers=headers, **options)
