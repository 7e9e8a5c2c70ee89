"""What only this client has; what both must do is in ``test_clients.py``."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from orouter.upstream.aiohttp_client import AiohttpClient
from orouter.upstream.client import ConnectFailed, HttpCall


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A server that redirects, sets a cookie and echoes what it was sent of cookies."""

    async def moved(_: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": "/elsewhere", "Set-Cookie": "a=b"})

    async def elsewhere(request: web.Request) -> web.Response:
        return web.json_response({"cookie": request.headers.get("Cookie")})

    app = web.Application()
    app.router.add_post("/moved", moved)
    app.router.add_post("/elsewhere", elsewhere)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield "http://{}:{}".format(*runner.addresses[0][:2])
    await runner.cleanup()


def call(url: str, **headers: str) -> HttpCall:
    return HttpCall(
        url=url, headers=headers, body=b"{}", connect_timeout_s=2.0, answer_timeout_s=2.0
    )


async def test_a_redirect_is_an_answer_and_cookies_are_not_kept(address: str) -> None:
    client = AiohttpClient()
    moved = await client.send(call(address + "/moved"))
    assert moved.status == 307
    assert moved.headers["location"] == "/elsewhere"
    await moved.read(1024)
    again = await client.send(call(address + "/elsewhere"))
    assert await again.read(1024) == b'{"cookie": null}'
    await client.aclose()


async def test_the_environments_proxy_is_taken_only_if_asked_for(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    direct, proxied = AiohttpClient(), AiohttpClient(trust_env=True)
    answer = await direct.send(call(address + "/elsewhere"))
    assert answer.status == 200
    await answer.read(1024)
    with pytest.raises(ConnectFailed):
        await proxied.send(call(address + "/elsewhere"))
    await direct.aclose()
    await proxied.aclose()


async def test_an_address_that_is_none_is_said_so() -> None:
    client = AiohttpClient()
    with pytest.raises(ConnectFailed):
        await client.send(call("http://"))
    await client.aclose()
