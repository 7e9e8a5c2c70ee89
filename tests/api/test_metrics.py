"""Who may see the figures."""

from contextlib import contextmanager

import httpx
import pytest

from orouter.app import Application
from orouter.services import measuring
from orouter.settings.observing import Metrics
from orouter.settings.schema import Settings
from tests.services.serving_parts import gateway

TOKEN = "a-token-of-some-length"


@contextmanager
def application(section: Metrics):
    app = Application(Settings(metrics=section))
    with measuring.begun(gateway(), section) as app.operations.figures:
        if app.operations.figures is not None:
            app.operations.figures.limits._until = float("inf")  # there is no database here
        yield app


async def ask(section: Metrics, **headers: bytes) -> httpx.Response:
    with application(section) as app:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/metrics", headers=headers)


async def test_open_where_no_token_is_set():
    answer = await ask(Metrics())
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "orouter_build_info" in answer.text


@pytest.mark.parametrize(
    ("given", "status"),
    [(f"Bearer {TOKEN}", 200), (f"Bearer {TOKEN}x", 401), ("Bearer é", 401), ("", 401)],
)
async def test_a_token_is_asked_for(given, status):
    section = Metrics.model_validate({"token": TOKEN})
    headers = {"authorization": given.encode()} if given else {}
    answer = await ask(section, **headers)
    assert answer.status_code == status
    assert TOKEN not in answer.text


async def test_not_found_where_it_is_switched_off():
    answer = await ask(Metrics(enabled=False))
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
