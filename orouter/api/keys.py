"""API keys over HTTP. REF in a path is an id, or a name that only one key has."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from orouter.api.access import Caller, Db, DryRun, IfNotExists, Pepper
from orouter.api.in_force import Zone
from orouter.db.session import rehearsal
from orouter.models import (
    KeyCreate,
    KeyIssued,
    KeyListed,
    KeyListing,
    KeyMove,
    KeyPublic,
    KeyRotate,
    KeyUpdate,
    KeyVerify,
)
from orouter.schemas.pages import Page
from orouter.services import keys

router = APIRouter(prefix="/api/v1", tags=["keys"])

Listed = Annotated[KeyListing, Query()]


@router.get("/keys")
async def list_keys(listing: Listed, actor: Caller, database: Db, zone: Zone) -> Page[KeyListed]:
    """List the keys within the caller's reach."""
    return await database.run_readonly(keys.list_all, listing, actor, zone)


@router.get("/orgs/{org}/keys")
async def list_keys_of_organization(
    org: str, listing: Listed, actor: Caller, database: Db, zone: Zone
) -> Page[KeyListed]:
    """List the keys of one organization."""
    within = listing.model_copy(update={"org": org})
    return await database.run_readonly(keys.list_all, within, actor, zone)


@router.post("/orgs/{org}/keys", status_code=201)
async def issue_key(
    org: str,
    new: KeyCreate,
    actor: Caller,
    database: Db,
    pepper: Pepper,
    if_not_exists: IfNotExists = False,
) -> KeyIssued:
    """Make a key; the answer is the only one that ever holds its secret."""
    return await database.run(
        keys.issue, org, new, actor, pepper=pepper, if_not_exists=if_not_exists
    )


@router.post("/keys/verify")
async def verify_key(asked: KeyVerify, actor: Caller, database: Db, pepper: Pepper) -> KeyPublic:
    """Tell whose key a secret is; one out of the caller's reach is unknown."""
    return await database.run_readonly(keys.verify_within, asked.key, actor, pepper=pepper)


@router.get("/keys/{ref}")
async def get_key(ref: str, actor: Caller, database: Db) -> KeyPublic:
    """Show one key."""
    return await database.run_readonly(keys.get, ref, actor)


@router.patch("/keys/{ref}")
async def update_key(ref: str, change: KeyUpdate, actor: Caller, database: Db) -> KeyPublic:
    """Change what the body names; ``{"enabled": false}`` stops the key."""
    return await database.run(keys.update, ref, change, actor)


@router.post("/keys/{ref}/rotate")
async def rotate_key(
    ref: str, wanted: KeyRotate, actor: Caller, database: Db, pepper: Pepper
) -> KeyIssued:
    """Give the key a new secret, which only this answer holds."""
    grace = timedelta(seconds=wanted.grace_s)
    return await database.run(keys.rotate, ref, actor, pepper=pepper, grace=grace)


@router.post("/keys/{ref}/move")
async def move_key(ref: str, wanted: KeyMove, actor: Caller, database: Db) -> KeyPublic:
    """Give the key to another organization."""
    return await database.run(keys.move, ref, wanted.org, actor)


@router.delete("/keys/{ref}")
async def delete_key(ref: str, actor: Caller, database: Db, dry_run: DryRun = False) -> KeyPublic:
    """Delete a key; it can be restored."""
    return await database.run(rehearsal(keys.delete) if dry_run else keys.delete, ref, actor)


@router.post("/keys/{ref}/restore")
async def restore_key(ref: str, actor: Caller, database: Db) -> KeyPublic:
    """Bring a deleted key back, by its id."""
    return await database.run(keys.restore, ref, actor)
