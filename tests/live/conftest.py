"""A gateway on each database, an upstream behind it, and keys to use it with."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from orouter.errors import DatabaseUnavailable
from tests.databases import BACKENDS, migrated, new_database, server_url
from tests.live.gateway import Gateway
from tests.live.raw import RawProvider
from tests.live.siege import Siege, besiege
from tests.live.upstream import Upstream


@dataclass(frozen=True)
class Site:
    """A running gateway, its upstream, and a key with permission ``write``."""

    gateway: Gateway
    upstream: Upstream
    key: str

    @property
    def base_url(self) -> str:
        return f"{self.gateway.url}/v1"


@pytest.fixture(scope="session")
def provider() -> Iterator[Upstream]:
    """The upstream of all gateways."""
    server = Upstream()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module", params=BACKENDS)
def own_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database that only this module's gateway uses: other tests empty theirs."""
    backend = request.param
    with ExitStack() as stack:
        try:
            made = new_database(backend, tmp_path_factory.mktemp("live"))
            yield migrated(stack.enter_context(made))
        except DatabaseUnavailable:
            pytest.skip(f"no server at {server_url(backend).rpartition('@')[2]}")


@pytest.fixture(scope="module")
def running(
    own_url: str,
    provider: Upstream,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """One gateway a module and database: starting one takes longer than most tests."""
    providers = {
        "demo": {"type": "demo", "enabled": True},
        "openai": {
            "type": "openai",
            "api_key": "sk-upstream-canary",
            "base_url": provider.url + "/v1",
        },
        "anthropic": {"type": "anthropic", "api_key": "sk-ant-canary", "base_url": provider.url},
        "google": {
            "type": "google",
            "api_key": "AIza-canary",
            "base_url": provider.url + "/v1beta",
        },
        "openrouter": {
            "type": "openrouter",
            "api_key": "sk-or-canary",
            "base_url": provider.url + "/or/v1",
        },
        "local": {
            "type": "compatible",
            "base_url": provider.url + "/local/v1",
            "allow_unlisted_models": True,
        },
    }
    gateway = Gateway(tmp_path_factory.mktemp("gateway"), own_url, providers=providers)
    org = gateway.run("org", "create", f"live-{gateway.port}", "-q")
    key = gateway.run("key", "issue", "--org", org, "--name", "app")
    gateway.start()
    yield Site(gateway, provider, key)
    gateway.stop()


@pytest.fixture
def site(running: Site) -> Site:
    """The running gateway, its upstream without memory of earlier tests."""
    running.upstream.forget()
    return running


@pytest.fixture(scope="session")
def stronghold(tmp_path_factory: pytest.TempPathFactory, provider: Upstream) -> Iterator[Siege]:
    """The gateway of all attacks, where the database makes no difference."""
    folder = tmp_path_factory.mktemp("siege")
    raw = RawProvider()
    migrated(f"sqlite:///{folder}/orouter.db")
    siege = besiege(folder, provider, raw, folder / "orouter.db")
    yield siege
    siege.client.close()
    siege.gateway.stop()
    raw.stop()


@pytest.fixture
def siege(stronghold: Siege) -> Siege:
    """The same, its upstream without memory of earlier tests."""
    stronghold.upstream.forget()
    return stronghold
