"""People over HTTP, with their sessions and tokens. REF in a path is an id, or ``me``."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from orouter.api.access import Caller, Db, DryRun, Linking, Pepper
from orouter.db.session import rehearsal
from orouter.models.user import UserCreate, UserInvited, UserListing, UserPublic, UserUpdate
from orouter.models.user_link import LinkMade
from orouter.models.user_session import UserSessionPublic
from orouter.models.user_token import TokenCreate, TokenIssued, TokenPublic
from orouter.schemas.pages import Page
from orouter.services import user_secrets, users

router = APIRouter(prefix="/api/v1/users", tags=["users"])


@router.get("")
async def list_users(
    listing: Annotated[UserListing, Query()], actor: Caller, database: Db
) -> Page[UserPublic]:
    """List the people who may sign in."""
    return await database.run_readonly(users.list_all, listing, actor)


@router.post("", status_code=201)
async def create_user(
    new: UserCreate, actor: Caller, database: Db, linking: Linking
) -> UserInvited:
    """Invite somebody; the answer is the only one that ever holds the link."""
    return await database.run(user_secrets.invite, new, actor, **linking)


@router.get("/{ref}")
async def get_user(ref: str, actor: Caller, database: Db) -> UserPublic:
    """Show somebody."""
    return await database.run_readonly(users.get, ref, actor)


@router.patch("/{ref}")
async def update_user(ref: str, change: UserUpdate, actor: Caller, database: Db) -> UserPublic:
    """Change what the body names; ``{"enabled": false}`` signs somebody out everywhere."""
    return await database.run(users.update, ref, change, actor)


@router.delete("/{ref}")
async def delete_user(ref: str, actor: Caller, database: Db, dry_run: DryRun = False) -> UserPublic:
    """Delete somebody, who can be restored."""
    delete = users.delete
    return await database.run(rehearsal(delete) if dry_run else delete, ref, actor)


@router.post("/{ref}/restore")
async def restore_user(ref: str, actor: Caller, database: Db) -> UserPublic:
    """Bring somebody deleted back."""
    return await database.run(users.restore, ref, actor)


@router.post("/{ref}/link")
async def make_link(ref: str, actor: Caller, database: Db, linking: Linking) -> LinkMade:
    """Make a one-time link with which somebody sets a password."""
    return await database.run(user_secrets.make_link, ref, actor, **linking)


@router.get("/{ref}/sessions")
async def list_sessions_of(
    ref: str, actor: Caller, database: Db, request: Request
) -> Page[UserSessionPublic]:
    """List where somebody is signed in."""
    current = getattr(request.state, "session_id", "")
    return await database.run_readonly(user_secrets.list_sessions, ref, actor, current)


@router.delete("/{ref}/sessions", status_code=204)
async def end_sessions_of(ref: str, actor: Caller, database: Db) -> None:
    """Sign somebody out everywhere."""
    await database.run(user_secrets.end_sessions, ref, actor)


@router.delete("/{ref}/sessions/{session_id}", status_code=204)
async def end_session_of(ref: str, session_id: str, actor: Caller, database: Db) -> None:
    """End one session of somebody."""
    await database.run(user_secrets.end_session, ref, session_id, actor)


@router.get("/{ref}/tokens")
async def list_tokens(ref: str, actor: Caller, database: Db) -> Page[TokenPublic]:
    """List somebody's tokens."""
    return await database.run_readonly(user_secrets.list_tokens, ref, actor)


@router.post("/{ref}/tokens", status_code=201)
async def issue_token(
    ref: str, new: TokenCreate, actor: Caller, database: Db, pepper: Pepper
) -> TokenIssued:
    """Make a token; the answer is the only one that ever holds its secret."""
    return await database.run(user_secrets.issue_token, ref, new, actor, pepper=pepper)


@router.delete("/{ref}/tokens/{token_id}", status_code=204)
async def revoke_token(ref: str, token_id: str, actor: Caller, database: Db) -> None:
    """Take a token away."""
    await database.run(user_secrets.revoke_token, ref, token_id, actor)
