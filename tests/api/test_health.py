"""What a load balancer is told."""

import httpx

from orouter.app import Application
from orouter.services.gateway import Gateway
from orouter.settings import Settings
from tests.services.serving_parts import gateway


async def ready(of: Gateway | None) -> httpx.Response:
    app = Application(Settings())
    app.data_plane.gateway = of
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/health")).json()["status"] == "ok"
        return await client.get("/health/ready")


async def test_ready_once_started() -> None:
    answer = await ready(gateway())
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "database": "ok", "keys_in_memory": 0}


async def test_not_ready_before() -> None:
    answer = await ready(None)
    assert (answer.status_code, answer.json()["status"]) == (503, "starting")


async def test_not_ready_while_draining() -> None:
    of = gateway()
    of.draining = True
    answer = await ready(of)
    assert (answer.status_code, answer.json()["status"]) == (503, "draining")
    assert answer.headers["retry-after"] == "1"


async def test_ready_and_degraded_without_the_database() -> None:
    of = gateway()
    of.healthy = lambda: False
    answer = await ready(of)
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["database"] == "unavailable"
