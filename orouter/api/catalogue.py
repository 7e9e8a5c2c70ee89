"""Models, aliases and fallbacks over HTTP; an id in a path may hold slashes."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from orouter.api.access import Caller, Db
from orouter.api.in_force import InForce, Zone
from orouter.schemas.catalogue import (
    AliasList,
    AliasPut,
    FallbackList,
    FallbackPut,
    ModelCreate,
    ModelDetail,
    ModelListing,
    ModelPublic,
    ModelUpdate,
)
from orouter.schemas.pages import Page
from orouter.services import aliases, model_changes, model_overview

router = APIRouter(prefix="/api/v1", tags=["models"])


@router.get("/models")
async def list_models(
    asked: Annotated[ModelListing, Query()],
    actor: Caller,
    database: Db,
    known: InForce,
    zone: Zone,
) -> Page[ModelPublic]:
    """List the models of all configured providers."""
    return await database.run_on_replica(model_overview.listing, asked, actor, known, zone)


@router.post("/models", status_code=201)
async def add_model(new: ModelCreate, actor: Caller, database: Db, known: InForce) -> ModelDetail:
    """Add a model that the catalogue does not know."""
    after = await database.run(model_changes.add, new, actor, known)
    return model_overview.detail(after, new.id, actor)


@router.get("/models/{id:path}")
async def get_model(id: str, actor: Caller, known: InForce) -> ModelDetail:  # noqa: A002 - the path's word
    """Show one model by its id or alias."""
    return model_overview.detail(known, id, actor)


@router.patch("/models/{id:path}")
async def update_model(
    id: str,  # noqa: A002 - the path's word
    change: ModelUpdate,
    actor: Caller,
    database: Db,
    known: InForce,
) -> ModelDetail:
    """Set or forget price, context or switch, in force everywhere within a second."""
    after = await database.run(model_changes.update, id, change, actor, known)
    return model_overview.detail(after, id, actor)


@router.delete("/models/{id:path}", status_code=204)
async def forget_model(id: str, actor: Caller, database: Db, known: InForce) -> Response:  # noqa: A002 - the path's word
    """Take back all that was set here of a model."""
    await database.run(model_changes.forget, id, actor, known)
    return Response(status_code=204)


@router.get("/aliases")
async def list_aliases(actor: Caller, known: InForce) -> AliasList:
    """List other names for models."""
    return AliasList(items=aliases.aliases(known, actor))


@router.put("/aliases/{name:path}")
async def put_alias(
    name: str, wanted: AliasPut, actor: Caller, database: Db, known: InForce
) -> AliasList:
    """Let a name mean a model."""
    after = await database.run(aliases.put_alias, name, wanted.model, actor, known)
    return AliasList(items=aliases.aliases(after, actor))


@router.delete("/aliases/{name:path}", status_code=204)
async def remove_alias(name: str, actor: Caller, database: Db, known: InForce) -> Response:
    """Take a stored alias back."""
    await database.run(aliases.remove, "aliases", name, actor, known)
    return Response(status_code=204)


@router.get("/fallbacks")
async def list_fallbacks(actor: Caller, known: InForce) -> FallbackList:
    """List the models that stand in for others."""
    return FallbackList(items=aliases.fallbacks(known, actor))


@router.put("/fallbacks/{model:path}")
async def put_fallbacks(
    model: str, wanted: FallbackPut, actor: Caller, database: Db, known: InForce
) -> FallbackList:
    """Name the models that are tried when a model's providers fail."""
    after = await database.run(aliases.put_fallbacks, model, wanted.models, actor, known)
    return FallbackList(items=aliases.fallbacks(after, actor))


@router.delete("/fallbacks/{model:path}", status_code=204)
async def remove_fallbacks(model: str, actor: Caller, database: Db, known: InForce) -> Response:
    """Take stored fallbacks back."""
    await database.run(aliases.remove, "fallbacks", model, actor, known)
    return Response(status_code=204)
