from collections.abc import AsyncIterator

import httpx
import pytest

from orouter.db.session import Database
from tests.api.management import Management, application


@pytest.fixture
async def management(async_database: Database) -> AsyncIterator[Management]:
    """The management routes, on each backend."""
    transport = httpx.ASGITransport(application(async_database))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Management(async_database, client)
