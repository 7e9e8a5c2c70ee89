"""Members of organizations over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from orouter.api.access import Caller, Db
from orouter.models.user import UserListing, UserPublic
from orouter.schemas.pages import Page
from orouter.services import members

router = APIRouter(prefix="/api/v1/orgs/{ref}/members", tags=["users"])


@router.get("")
async def list_members(
    ref: str, listing: Annotated[UserListing, Query()], actor: Caller, database: Db
) -> Page[UserPublic]:
    """List the people whose reach an organization is part of."""
    return await database.run_readonly(members.list_all, ref, listing, actor)


@router.put("/{user_id}")
async def add_member(ref: str, user_id: str, actor: Caller, database: Db) -> UserPublic:
    """Make somebody a member."""
    return await database.run(members.add, ref, user_id, actor)


@router.delete("/{user_id}")
async def remove_member(ref: str, user_id: str, actor: Caller, database: Db) -> UserPublic:
    """Take a membership away."""
    return await database.run(members.remove, ref, user_id, actor)
