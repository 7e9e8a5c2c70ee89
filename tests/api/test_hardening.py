from collections.abc import MutableMapping
from typing import Any

import pytest

from orouter.api.hardening import hardened, networks, see_through

TRUSTED = networks(["10.0.0.0/8", "::1", "192.0.2.7"])
Headers = dict[str, str]


def seen(peer: str, headers: Headers, trusted: tuple[Any, ...] = TRUSTED) -> tuple[str, str]:
    scope: dict[str, Any] = {
        "client": (peer, 1234),
        "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    see_through(scope, trusted)
    return scope["client"][0], scope["scheme"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.5, 10.9.9.9", "203.0.113.5"),
        ("10.0.0.1", "10.1.1.1, 10.2.2.2", "10.1.1.1"),
        ("10.0.0.1", "junk, 203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "203.0.113.5, junk", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("unix", "198.51.100.1", "unix"),
    ],
)
def test_an_address_is_believed_as_far_as_trusted_proxies_tell_it(
    peer: str, forwarded: str, found: str
) -> None:
    assert seen(peer, {"x-forwarded-for": forwarded})[0] == found


def test_the_scheme_is_believed_from_trusted_proxies_only() -> None:
    said = {"x-forwarded-proto": "https"}
    assert seen("10.0.0.1", said) == ("10.0.0.1", "https")
    assert seen("203.0.113.9", said) == ("203.0.113.9", "http")
    assert seen("10.0.0.1", {"x-forwarded-proto": "gopher"})[1] == "http"
    assert seen("10.0.0.1", said | {"x-forwarded-for": "198.51.100.1"}, ())[1] == "http"


@pytest.mark.parametrize(
    ("path", "cached"), [("/api/v1/orgs", "no-store"), ("/docs", None), ("/health", None)]
)
async def test_headers_are_added_where_an_answer_has_none(path: str, cached: str | None) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    own = [(b"X-Frame-Options", b"SAMEORIGIN")]
    await hardened(path, send)({"type": "http.response.start", "headers": own})
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers.get("cache-control") == cached
