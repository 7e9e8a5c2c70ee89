"""Organizations over HTTP. REF in a path is an id, or the exact name."""

from typing import Annotated

from fastapi import APIRouter, Query

from orouter.api.access import Caller, Db, DryRun, IfNotExists, Linking
from orouter.api.in_force import Zone
from orouter.db.session import rehearsal
from orouter.models import (
    OrganizationCreate,
    OrganizationDeleted,
    OrganizationListed,
    OrganizationListing,
    OrganizationPublic,
    OrganizationUpdate,
)
from orouter.models.organization import OrganizationAdministered
from orouter.schemas.pages import Page
from orouter.services import administrators, organizations

router = APIRouter(prefix="/api/v1/orgs", tags=["organizations"])


@router.get("")
async def list_organizations(
    listing: Annotated[OrganizationListing, Query()], actor: Caller, database: Db, zone: Zone
) -> Page[OrganizationListed]:
    """List the organizations within the caller's reach."""
    return await database.run_readonly(organizations.list_all, listing, actor, zone)


@router.post("", status_code=201)
async def create_organization(
    new: OrganizationCreate,
    actor: Caller,
    database: Db,
    linking: Linking,
    if_not_exists: IfNotExists = False,
) -> OrganizationAdministered:
    """Create an organization; administrators who are not known yet are invited."""
    create = administrators.create
    return await database.run(create, new, actor, if_not_exists=if_not_exists, **linking)


@router.get("/{ref}")
async def get_organization(ref: str, actor: Caller, database: Db) -> OrganizationPublic:
    """Show one organization."""
    return await database.run_readonly(organizations.get, ref, actor)


@router.patch("/{ref}")
async def update_organization(
    ref: str, change: OrganizationUpdate, actor: Caller, database: Db, linking: Linking
) -> OrganizationAdministered:
    """Change what the body names; ``{"enabled": false}`` stops all its keys."""
    return await database.run(administrators.update, ref, change, actor, **linking)


@router.delete("/{ref}")
async def delete_organization(
    ref: str, actor: Caller, database: Db, dry_run: DryRun = False
) -> OrganizationDeleted:
    """Delete an organization; it can be restored."""
    delete = organizations.delete
    return await database.run(rehearsal(delete) if dry_run else delete, ref, actor)


@router.post("/{ref}/restore")
async def restore_organization(ref: str, actor: Caller, database: Db) -> OrganizationPublic:
    """Bring a deleted organization back."""
    return await database.run(organizations.restore, ref, actor)
