"""The whole application on a database of its own, asked over ASGI: every route there is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from orouter import settings as configuration
from orouter.api.access import actor_of
from orouter.api.management import Management
from orouter.app import Application
from orouter.db.session import Database
from orouter.models import KeyCreate, KeyIssued, OrganizationCreate
from orouter.schemas.actor import CLI, Actor
from orouter.services import keys, organizations
from orouter.services.gateway import Gateway, Plan

OPERATOR = Actor("user", "user_1", None, role="superadmin", via="ui")


@dataclass
class Edge:
    """``client`` speaks to the application; ``issue`` makes keys around it."""

    client: httpx.AsyncClient
    database: Database
    pepper: bytes
    app: Application
    management: Management

    async def issue(self, name: str, permission: str = "write", org: str = "acme") -> str:
        """The secret of a new key."""
        run = self.database.run
        new = OrganizationCreate(name=org)
        await run(organizations.create, new, CLI, if_not_exists=True)
        key = KeyCreate.model_validate({"name": name, "permission": permission})
        made: KeyIssued = await run(keys.issue, org, key, CLI, pepper=self.pepper)
        return str(made.key)

    async def ask(self, method: str, path: str, key: str = "", **options: Any) -> httpx.Response:
        """One request with a key."""
        headers = {**options.pop("headers", {}), "authorization": f"Bearer {key}"}
        return await self.client.request(method, path, headers=headers, **options)

    async def operate(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One management request of somebody who administers all organizations."""
        self.management.dependency_overrides[actor_of] = lambda: OPERATOR
        try:
            return await self.client.request(method, f"/api/v1{path}", **options)
        finally:
            self.management.dependency_overrides.clear()

    @property
    def plan(self) -> Plan:
        """What the data plane serves by at this moment."""
        gateway: Gateway = self.app.data_plane.gateway
        return gateway.plan

    async def chat(self, key: str, **fields: Any) -> httpx.Response:
        """A chat request to the demo provider."""
        body = {"model": "demo/echo", "messages": [{"role": "user", "content": "hello"}], **fields}
        return await self.ask("POST", "/v1/chat/completions", key, json=body)


@asynccontextmanager
async def edge(database: Database, folder: Path) -> AsyncIterator[Edge]:
    """The application between its start and its end."""
    flags = {
        "database.url": database.primary.url.render_as_string(hide_password=False),
        "secret_key": "a-secret-key-for-tests-0123456789",
        "usage.journal_dir": str(folder / "journal"),
    }
    file = folder / "orouter.yaml"
    file.write_text("providers: {demo: {type: demo}}\n")
    app = Application(configuration.load(str(file), flags, environ={}))
    async with app.lifespan():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            management = await app.management()
            yield Edge(client, database, management.state.pepper, app, management)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Waits, at most ten seconds, for what happens in another task."""
    async with asyncio.timeout(10):
        while not await true():  # noqa: ASYNC110 - there is no event for what others write
            await asyncio.sleep(0.02)
