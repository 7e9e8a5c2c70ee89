"""Providers are asked over real sockets; their lists are compared, and no key is shown."""

from collections.abc import Iterator

import pytest

from orouter.errors import NotFound, UpstreamAuthenticationError
from orouter.services import providers
from orouter.settings import Settings, load
from tests.provider_lists import GOOD_KEY, listing_provider

BAD_KEY = "canary-of-no-shape-99"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with listing_provider() as url:
        yield url


def settings(address: str, *keys: str, kind: str = "openai", **more: object) -> Settings:
    provider = {"type": kind, "api_keys": list(keys), "base_url": address, **more}
    demo = {"type": "demo", "enabled": True}
    return load(environ={}, flags={"providers": {"openai": provider, "demo": demo}})


async def test_each_key_is_tried(address: str) -> None:
    good, bad, demo = sorted(
        await providers.test(settings(address, GOOD_KEY, BAD_KEY), []), key=lambda t: -len(t.key)
    )
    assert (good.key, good.ok, good.error) == ("openai#1", True, "")
    assert (bad.key, bad.ok, bad.code) == ("openai#2", False, "upstream_authentication_error")
    assert (demo.provider, demo.ok) == ("demo", True)
    assert "Incorrect API key" in bad.error
    assert BAD_KEY not in bad.error


@pytest.mark.parametrize("kind", ["openai", "anthropic", "google", "openrouter", "compatible"])
async def test_every_kind_has_its_place_for_the_key(address: str, kind: str) -> None:
    [trial] = await providers.test(settings(address, GOOD_KEY, kind=kind), ["openai"])
    assert trial.ok


async def test_nobody_there_is_told(address: str) -> None:
    del address
    closed = settings("http://127.0.0.1:9", GOOD_KEY)
    [trial] = await providers.test(closed, ["openai"])
    assert not trial.ok
    assert "The provider 'openai' failed: the connection was refused" in trial.error


async def test_what_only_one_side_lists_is_told(address: str) -> None:
    found = await providers.differences(settings(address, GOOD_KEY), ["openai"])
    assert [each.model for each in found if each.state == "new"] == ["openai/gpt-9"]
    missing = [each.model for each in found if each.state == "missing"]
    assert "openai/gpt-4.1" in missing
    assert "openai/gpt-4o" not in missing
    assert await providers.differences(settings(address, GOOD_KEY), ["demo"]) == []


async def test_a_list_that_cannot_be_had_is_the_provider_s_error(address: str) -> None:
    with pytest.raises(UpstreamAuthenticationError):
        await providers.differences(settings(address, BAD_KEY), ["openai"])


def test_a_provider_is_shown_without_its_secrets(address: str) -> None:
    known = settings(address, GOOD_KEY, BAD_KEY, headers={"x-team": "canary"})
    shown = providers.view(known, "openai")
    assert (shown.keys, shown.base_url, shown.headers) == (2, address, ["x-team"])
    assert shown.models > 10
    assert not {GOOD_KEY, BAD_KEY, "canary"} & set(str(shown.model_dump()).split("'"))
    with pytest.raises(NotFound) as caught:
        providers.view(known, "opnai")
    assert "openai" in str(caught.value.hint)
