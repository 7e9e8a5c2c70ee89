from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from orouter.db.session import Database
from tests.api.edge import Edge, edge
from tests.api.management import Management, application


@pytest.fixture
async def management(async_database: Database) -> AsyncIterator[Management]:
    """The management routes, on each backend."""
    transport = httpx.ASGITransport(application(async_database))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Management(async_database, client)


@pytest.fixture
async def served(async_database: Database, tmp_path: Path) -> AsyncIterator[Edge]:
    """The whole application, on each backend."""
    async with edge(async_database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def served_once(sqlite: Database, tmp_path: Path) -> AsyncIterator[Edge]:
    """The whole application, where the backend makes no difference to the test."""
    async with edge(sqlite, tmp_path) as opened:
        yield opened
    await sqlite.aclose()
