"""Providers over HTTP; those of the configuration file and the environment are only switched."""

from fastapi import APIRouter, Response

from orouter.api.access import Caller, Db
from orouter.api.in_force import InForce, Zone
from orouter.schemas.providers import (
    ProviderCreate,
    ProviderList,
    ProviderPublic,
    ProviderTest,
    ProviderUpdate,
)
from orouter.services import provider_changes, provider_overview, providers

router = APIRouter(prefix="/api/v1/providers", tags=["providers"])


@router.get("")
async def list_providers(actor: Caller, database: Db, known: InForce, zone: Zone) -> ProviderList:
    """List every provider, with the last hour's figures."""
    listing = provider_overview.listing
    return ProviderList(items=await database.run_readonly(listing, actor, known, zone))


@router.post("", status_code=201)
async def add_provider(
    new: ProviderCreate, actor: Caller, database: Db, known: InForce, zone: Zone
) -> ProviderPublic:
    """Add a provider; its keys are sealed and never shown again."""
    after = await database.run(provider_changes.add, new, actor, known)
    return await get_provider(new.name, actor, database, after, zone)


@router.get("/{name}")
async def get_provider(
    name: str, actor: Caller, database: Db, known: InForce, zone: Zone
) -> ProviderPublic:
    """Show one provider."""
    get = provider_overview.get
    return await database.run_readonly(get, name, actor, known, zone)


@router.patch("/{name}")
async def update_provider(
    name: str, change: ProviderUpdate, actor: Caller, database: Db, known: InForce, zone: Zone
) -> ProviderPublic:
    """Change what the body names; another ``base_url`` wants the keys again."""
    after = await database.run(provider_changes.update, name, change, actor, known)
    return await get_provider(name, actor, database, after, zone)


@router.delete("/{name}", status_code=204)
async def remove_provider(name: str, actor: Caller, database: Db, known: InForce) -> Response:
    """Remove a stored provider, and what is stored of its models."""
    await database.run(provider_changes.remove, name, actor, known)
    return Response(status_code=204)


@router.post("/{name}/test")
async def test_provider(name: str, actor: Caller, known: InForce) -> ProviderTest:
    """Send one cheap request with each key, and tell how long it took or what went wrong."""
    return await providers.tested(known, name, actor)
