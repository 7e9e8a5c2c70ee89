"""A provider's own list: names of every shape, and failures in its words."""

import pytest

from orouter.errors import UpstreamAuthenticationError, UpstreamError
from orouter.upstream import listing
from orouter.upstream.client import ConnectFailed
from orouter.upstream.endpoint import Endpoint
from tests.upstream.scripted import Script, ScriptedClient, endpoint


def told(script: Script | Exception) -> Endpoint:
    return endpoint("up", ScriptedClient(script))


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b'{"data": [{"id": "b"}, {"id": "a"}, {"id": "a"}]}', ["a", "b"]),
        (b'{"models": [{"name": "models/gemini"}, {"name": "x"}]}', ["gemini", "x"]),
        (b'{"data": [7, {"id": null}, {}]}', []),
        (b'{"data": "none"}', []),
        (b"{}", []),
    ],
)
async def test_names_are_found_in_every_shape(body: bytes, names: list[str]) -> None:
    asked = told(Script(blocks=(body,)))
    assert await listing.models(asked, next(iter(asked.credentials))) == names


@pytest.mark.parametrize(
    ("script", "kind", "words"),
    [
        (
            Script(status=401, blocks=(b'{"error": {"message": "Incorrect API key"}}',)),
            UpstreamAuthenticationError,
            "Incorrect API key",
        ),
        (Script(blocks=(b"<html>proxy</html>",)), UpstreamError, "could not be read: proxy"),
        (ConnectFailed("refused"), ConnectFailed, "The provider 'up' failed: refused"),
    ],
)
async def test_failures_are_told(
    script: Script | Exception, kind: type[Exception], words: str
) -> None:
    asked = told(script)
    with pytest.raises(kind, match=words):
        await listing.check(asked, next(iter(asked.credentials)))
