"""What can be done with the providers of the configuration: see them, try them, ask for models."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from time import monotonic

from sqlmodel import SQLModel

from orouter.errors import NotFound, OrouterError
from orouter.logs import keep_secret
from orouter.providers.registry import TYPES
from orouter.providers.snapshot import knows
from orouter.schemas.actor import Actor
from orouter.schemas.providers import KeyTrial, ProviderOrigin, ProviderTest
from orouter.services import models, nearest, planning
from orouter.settings import Provider, Settings
from orouter.settings.showing import origin
from orouter.settings.sources import BUILT_IN
from orouter.upstream import listing
from orouter.upstream.credentials import Credential
from orouter.upstream.demo_client import DemoClient
from orouter.upstream.endpoint import Endpoint
from orouter.upstream.opening import open_client


class ProviderView(SQLModel):
    """A configured provider without its secrets; ``keys`` and ``models`` are counts."""

    name: str
    type: str
    enabled: bool
    origin: ProviderOrigin
    base_url: str
    keys: int
    models: int
    timeout_s: float | None
    """None: that of ``routing.timeout_s``."""
    allow_unlisted_models: bool
    headers: list[str]
    """Names only: the values may be secret."""
    problem: str = ""
    """Why a stored provider is not in force."""


class Trial(SQLModel):
    """One request to a provider with one of its keys; ``error`` is what it answered, scrubbed."""

    provider: str
    key: str
    ok: bool
    latency_ms: int
    error: str = ""
    code: str = ""


class Difference(SQLModel):
    """A model that only one side knows: ``new`` at the provider, ``missing`` there."""

    model: str
    provider: str
    state: str


def views(settings: Settings) -> list[ProviderView]:
    """Every configured provider, in the order of the configuration."""
    counts = models.counts(settings)
    return [
        _view(settings, name, provider, counts.get(name, 0))
        for name, provider in settings.providers.items()
    ]


def view(settings: Settings, name: str) -> ProviderView:
    """One provider. Raises NotFound with the nearest name."""
    find(settings, name)
    return next(each for each in views(settings) if each.name == name)


def find(settings: Settings, name: str) -> Provider:
    """The provider of that name. Raises NotFound with the nearest name."""
    if name in settings.providers:
        return settings.providers[name]
    hint = nearest.hint(name, settings.providers, "`orouter provider list` shows them")
    raise NotFound(f"There is no provider '{name}'", hint=hint)


def origin_of(settings: Settings, name: str) -> ProviderOrigin:
    """Who says what the provider is; where several do, the one that cannot be changed here.

    A built-in one that a file only repeats is still built-in: it has neither key nor address there.
    """
    provider = settings.providers[name]
    fields = [field for field in _IDENTITY if getattr(provider, field)]
    if name not in BUILT_IN:
        fields.append("type")
    kinds = {origin(settings, f"providers.{name}.{field}").kind for field in fields}
    for kind in _FIRST:
        if kind in kinds:
            return kind
    return "built-in"


_FIRST: tuple[ProviderOrigin, ...] = ("file", "environment", "flag", "stored")
_IDENTITY = ("api_key", "api_keys", "base_url", "headers")


async def test(settings: Settings, names: Sequence[str]) -> list[Trial]:
    """Asks each provider once with each of its keys; without names, all that are switched on."""
    async with _endpoints(settings, names) as endpoints:
        trials = [_try(end, key) for end in endpoints for key in end.credentials]
        return list(await asyncio.gather(*trials))


def tried(settings: Settings, name: str) -> list[Trial]:
    """One provider asked once with each of its keys. Raises NotFound."""
    return asyncio.run(test(settings, [name]))


async def tested(settings: Settings, name: str, actor: Actor) -> ProviderTest:
    """One provider asked with each of its keys, and with the first good one for its models."""
    actor.require("providers.write")
    trials = await test(settings, [name])
    async with _endpoints(settings, [name]) as [endpoint]:
        good = [key for key, trial in zip(endpoint.credentials, trials, strict=True) if trial.ok]
        listed = await _listed(endpoint, good[0]) if good else []
    errors = [trial.error for trial in trials if not trial.ok]
    return ProviderTest(
        ok=not errors,
        latency_ms=max(trial.latency_ms for trial in trials),
        models=len(listed),
        error=errors[0] if errors else None,
        keys=[
            KeyTrial(
                key=trial.key,
                ok=trial.ok,
                latency_ms=trial.latency_ms,
                error=trial.error or None,
                code=trial.code or None,
            )
            for trial in trials
        ],
    )


async def _listed(endpoint: Endpoint, key: Credential) -> list[str]:
    try:
        return await listing.models(endpoint, key)
    except OrouterError:
        return []  # the key was taken: a list that cannot be read says nothing against it


async def differences(settings: Settings, names: Sequence[str]) -> list[Difference]:
    """What the providers' own lists and the catalogue do not have in common.

    A dated or retired name of a known model is not new. Raises the first provider's failure.
    """
    found: list[Difference] = []
    async with _endpoints(settings, names) as endpoints:
        asked = [listing.models(end, next(iter(end.credentials))) for end in endpoints]
        lists = await asyncio.gather(*asked)
    for endpoint, listed in zip(endpoints, lists, strict=True):
        found += _compared(settings, endpoint, set(listed))
    return found


def _compared(settings: Settings, endpoint: Endpoint, listed: set[str]) -> list[Difference]:
    ours = {m.upstream: m.id for m in models.listing(settings, endpoint.name)}
    kind, name = endpoint.provider.type, endpoint.name
    new = [f"{name}/{one}" for one in sorted(listed - ours.keys()) if not knows(kind, one)]
    missing = [ours[one] for one in sorted(ours.keys() - listed)]
    return [
        *(Difference(model=one, provider=name, state="new") for one in new),
        *(Difference(model=one, provider=name, state="missing") for one in missing),
    ]


async def _try(endpoint: Endpoint, key: Credential) -> Trial:
    began = monotonic()
    error: OrouterError | None = None
    try:
        await listing.check(endpoint, key)
    except OrouterError as e:
        error = e
    return Trial(
        provider=endpoint.name,
        key=key.label,
        ok=error is None,
        latency_ms=round((monotonic() - began) * 1000),
        error=error.message if error else "",
        code=error.code if error else "",
    )


@asynccontextmanager
async def _endpoints(settings: Settings, names: Sequence[str]) -> AsyncIterator[list[Endpoint]]:
    chosen = {name: find(settings, name) for name in names} or {
        name: provider for name, provider in settings.providers.items() if provider.enabled
    }
    for secret in settings.secrets():
        keep_secret(secret)
    http = open_client(settings.routing.http_client)
    try:
        yield [
            planning.endpoint(name, each, settings, DemoClient() if each.type == "demo" else http)
            for name, each in chosen.items()
        ]
    finally:
        await http.aclose()


def _view(settings: Settings, name: str, provider: Provider, count: int) -> ProviderView:
    return ProviderView(
        name=name,
        type=provider.type,
        enabled=provider.enabled,
        origin=origin_of(settings, name),
        base_url=provider.base_url or TYPES[provider.type].base_url,
        keys=len(provider.keys),
        models=count,
        timeout_s=provider.timeout_s,
        allow_unlisted_models=provider.allow_unlisted_models,
        headers=sorted(provider.headers),
        problem=settings.left_out.get(name, ""),
    )
