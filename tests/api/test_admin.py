"""The web UI's files: which are kept for ever, which page an address shows, what may run in it."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from orouter.api.admin import POLICY, AdminFiles


def client_of(folder: Path) -> httpx.AsyncClient:
    app = Starlette(routes=[Mount("/admin", AdminFiles(folder))])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.fixture
async def built(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<p>the page")
    (tmp_path / "assets/index-Ab12.js").write_text("run()")
    (tmp_path / "assets/index-Ab12.js.gz").write_bytes(gzip.compress(b"run()"))
    async with client_of(tmp_path) as client:
        client.headers["accept-encoding"] = "identity"
        yield client


@pytest.mark.parametrize("path", ["/admin/", "/admin/orgs/org_1", "/admin/setup"])
async def test_every_address_is_the_page_which_is_asked_for_anew(
    built: httpx.AsyncClient, path: str
) -> None:
    answer = await built.get(path)
    assert answer.text == "<p>the page"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


async def test_no_file_outside_is_sent(built: httpx.AsyncClient) -> None:
    answer = await built.get("/admin/%2e%2e/%2e%2e/etc/passwd")
    assert answer.text == "<p>the page"


async def test_an_asset_is_kept_for_ever(built: httpx.AsyncClient) -> None:
    answer = await built.get("/admin/assets/index-Ab12.js")
    assert answer.text == "run()"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "content-encoding" not in answer.headers


async def test_an_asset_comes_packed_where_it_can_be_unpacked(built: httpx.AsyncClient) -> None:
    answer = await built.get("/admin/assets/index-Ab12.js", headers={"accept-encoding": "gzip, br"})
    assert answer.text == "run()"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "accept-encoding"


async def test_an_asset_of_another_version_is_not_the_page(built: httpx.AsyncClient) -> None:
    assert (await built.get("/admin/assets/index-Zz99.js")).status_code == 404


async def test_a_known_page_is_not_sent_again(built: httpx.AsyncClient) -> None:
    tag = (await built.get("/admin/")).headers["etag"]
    again = await built.get("/admin/", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


async def test_only_our_own_scripts_may_run(built: httpx.AsyncClient) -> None:
    answer = await built.get("/admin/keys")
    assert answer.headers["content-security-policy"] == POLICY
    assert "script-src" not in POLICY
    assert "default-src 'self'" in POLICY
    assert answer.headers["x-frame-options"] == "DENY"


async def test_nothing_is_written(built: httpx.AsyncClient) -> None:
    assert (await built.post("/admin/")).status_code == 405


async def test_without_a_build_the_page_says_how_to_build_it(tmp_path: Path) -> None:
    async with client_of(tmp_path / "nothing") as client:
        answer = await client.get("/admin/")
    assert answer.status_code == 503
    assert "make ui" in answer.text
