import asyncio
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from orouter import settings as configuration
from orouter.api import data_plane
from orouter.api.operations import PATHS
from orouter.app import MANAGED, Application
from orouter.db.session import Database
from orouter.errors import ConfigurationError, SchemaBehind
from orouter.settings import Settings
from tests.api.edge import edge


def settings(**flags: object) -> Settings:
    dotted = {name.replace("__", "."): value for name, value in flags.items()}
    return configuration.load(None, dotted, environ={})


async def test_the_data_plane_stands_in_the_route_table_and_answers(
    async_database: Database, tmp_path: Path
) -> None:
    async with edge(async_database, tmp_path) as served:
        for route in data_plane.ROUTES:
            path = route.path + "x" if route.path.endswith("/") else route.path
            answer = await served.client.request(route.method, path)
            assert answer.status_code == 401, path
            assert answer.headers["x-request-id"]


async def test_it_is_ready_only_while_it_serves(sqlite: Database, tmp_path: Path) -> None:
    async with edge(sqlite, tmp_path) as served:
        assert (await served.client.get("/health/ready")).status_code == 200
        client = served.client
        ready = (await client.get("/health/ready")).json()
        assert ready["status"] == "ready"


async def test_until_it_has_started_it_says_to_come_back(sqlite: Database) -> None:
    app = Application(settings(database__url=str(sqlite.primary.url)))
    assert app.data_plane.gateway is None
    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/v1/models", "headers": []}
    await app({**scope, "query_string": b""}, receive, send)  # type: ignore[arg-type]  # plain ASGI
    assert sent[0]["status"] == 503


async def test_it_does_not_half_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/empty.db"
    for flags, error in (
        ({"secret_key": "a-secret-key-for-tests-0123456789"}, SchemaBehind),
        ({}, (ConfigurationError, SchemaBehind)),
    ):
        app = Application(settings(database__url=url, **flags))
        with pytest.raises(error):
            async with app.lifespan():
                pass


NOT_TO_SERVE = {
    *("aiohttp", "alembic", "cryptography", "fastapi", "httpx", "prometheus_client", "redis"),
    *("rich", "sqlalchemy.dialects.mysql", "sqlalchemy.dialects.postgresql", "starlette"),
}
"""Each takes a tenth of a server's start, or megabytes that stay; who needs one imports it then."""


def test_a_server_starts_without_what_few_need() -> None:
    code = f"import sys, orouter.app; print(sorted({NOT_TO_SERVE} & sys.modules.keys()))"
    done = subprocess.run(  # noqa: S603 - a program of our own
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


async def test_the_management_api_is_made_once_by_whoever_asks_first(
    sqlite: Database, tmp_path: Path
) -> None:
    app = Application(settings(database__url=str(sqlite.primary.url)))
    made = await asyncio.gather(*(app.management() for _ in range(3)))
    assert len({id(each) for each in made}) == 1


async def test_every_route_of_fastapi_is_known_to_be_one() -> None:
    management = await Application(settings()).management()
    paths = {path for route in management.routes if (path := getattr(route, "path", ""))}
    assert {"/docs", "/openapi.json", "/admin"} <= paths
    assert [path for path in management.openapi()["paths"] if path.startswith("/api/")]
    described = set(management.openapi()["paths"]) - set(PATHS)
    managed = paths | {path for path in described if not path.startswith("/v1/")}
    assert [path for path in managed if not path.startswith(MANAGED)] == []


async def test_fastapi_is_made_for_management_only(sqlite: Database, tmp_path: Path) -> None:
    app = Application(settings(database__url=str(sqlite.primary.url)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        for path in ("/health", "/", "/.env", "/v1/embeddings", "/v1/key"):
            await client.get(path)
        assert app._management is None
        nothing = await client.get("/v1/embeddings")
        assert (nothing.status_code, nothing.json()["error"]["code"]) == (404, "not_found")
        assert (await client.get("/api/v1/nothing")).json()["error"]["message"] == nothing.json()[
            "error"
        ]["message"]
    assert app._management is not None
