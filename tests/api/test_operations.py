import httpx
import pytest

from orouter.api import operations
from orouter.app import Application
from orouter.logs import AccessLog, AccessRecord
from orouter.settings import Settings
from tests.api.edge import Edge


@pytest.mark.parametrize("path", operations.PATHS)
async def test_they_are_answered_to_get_and_head_and_nothing_else(
    served_once: Edge, path: str
) -> None:
    client = served_once.client
    got, head = await client.get(path), await client.head(path)
    assert (got.status_code, head.status_code, head.content) == (200, 200, b"")
    refused = await client.post(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    for answer in (got, refused):
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-request-id"]


async def test_a_request_that_breaks_is_answered_and_has_its_line() -> None:
    class Broken:
        async def text(self) -> str:
            raise RuntimeError("a secret of ours")

    lines: list[AccessRecord] = []
    app = Application(Settings())
    app.data_plane.access = AccessLog()
    app.data_plane.access.write = lines.append  # type: ignore[method-assign]  # a fake in its place
    app.operations.figures = Broken()  # type: ignore[assignment]  # the same
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert [(line.path, line.status) for line in lines] == [("/metrics", 500)]
