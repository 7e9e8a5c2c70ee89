"""The whole application on a database of its own, asked over ASGI: every route there is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from orouter import settings as configuration
from orouter.app import create_app
from orouter.db.session import Database
from orouter.models import KeyCreate, KeyIssued, OrganizationCreate
from orouter.schemas.actor import CLI
from orouter.services import keys, organizations


@dataclass
class Edge:
    """``client`` speaks to the application; ``issue`` makes keys around it."""

    client: httpx.AsyncClient
    database: Database
    pepper: bytes

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
        "providers.demo.enabled": True,
        "usage.journal_dir": str(folder / "journal"),
    }
    app = create_app(configuration.load(None, flags, environ={}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield Edge(client, database, app.state.pepper)
