"""Signing in and out, and one-time links."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from orouter import __version__
from orouter.api.access import (
    XSRF_COOKIE,
    Db,
    Peer,
    Pepper,
    Session,
    cookie_name,
    refuse_cross_site,
)
from orouter.models.user import NewPassword
from orouter.models.user_link import LinkPublic, LinkUse
from orouter.models.user_session import SessionPublic, SessionState, SignIn
from orouter.services import links, sessions, sign_in, users
from orouter.services.sessions import Signed
from orouter.services.sign_in import Opened

router = APIRouter(prefix="/api/v1/session", tags=["session"])

OwnPage = Depends(refuse_cross_site)


@router.post("", dependencies=[OwnPage])
async def begin_session(
    asked: SignIn, request: Request, response: Response, database: Db, pepper: Pepper, client: Peer
) -> SessionPublic:
    """Sign in. The session before, if any, is over."""
    opened = await sign_in.by_password(database, asked, client, pepper=pepper)
    return await _opened(opened, request, response)


@router.get("")
async def show_session(signed: Session, request: Request) -> SessionPublic:
    """Tell who is signed in and what they may do."""
    return await _shown(request, signed)


@router.delete("", status_code=204)
async def end_session(signed: Session, request: Request, response: Response, database: Db) -> None:
    """Sign out."""
    await database.run(sign_in.out, signed)
    for name in (cookie_name(request), XSRF_COOKIE):
        response.delete_cookie(name, secure=_is_secure(request), samesite="strict")


@router.delete("/others", status_code=204)
async def end_other_sessions(signed: Session, database: Db) -> None:
    """Sign out everywhere else."""
    await database.run(sessions.end_all, signed.user.id, but=signed.row.id)


@router.put("/password", status_code=204)
async def change_password(change: NewPassword, signed: Session, database: Db) -> None:
    """Change one's own password; all other sessions end."""
    await sign_in.change_password(database, signed, change)


@router.get("/state")
async def show_state(database: Db) -> SessionState:
    """Whether the installation waits for its first administrator."""
    found = await database.run_readonly(users.administrator)
    return SessionState(setup_needed=found is None, version=__version__)


@router.get("/link")
async def show_link(
    token: Annotated[str, Query(max_length=100)], database: Db, pepper: Pepper
) -> LinkPublic:
    """Tell whom a one-time link is for."""
    return await database.run_readonly(links.look, token, pepper=pepper)


@router.post("/link", dependencies=[OwnPage])
async def use_link(
    use: LinkUse, request: Request, response: Response, database: Db, pepper: Pepper, client: Peer
) -> SessionPublic:
    """Set the password that a one-time link asks for, and sign in."""
    opened = await sign_in.by_link(database, use, client, pepper=pepper)
    return await _opened(opened, request, response)


async def _opened(opened: Opened, request: Request, response: Response) -> SessionPublic:
    """Answers a new session and sets its cookies; the one that the browser had is over."""
    secret, signed = opened
    database, pepper = request.app.state.database, request.app.state.pepper
    before = request.cookies.get(cookie_name(request), "")
    await database.run(sessions.end_secret, before, pepper=pepper)
    token = sessions.anti_forgery(secret, pepper=pepper)
    for name, value, hidden in (
        (cookie_name(request), secret, True),
        (XSRF_COOKIE, token, False),
    ):
        response.set_cookie(
            name, value, secure=_is_secure(request), httponly=hidden, samesite="strict", path="/"
        )
    return await _shown(request, signed)


async def _shown(request: Request, signed: Signed) -> SessionPublic:
    user = await request.app.state.database.run_readonly(users.get, "me", signed.actor)
    return SessionPublic(
        user=user,
        permissions=sorted(signed.actor.rights),
        expires_at=min(signed.row.expires_at, signed.row.last_seen_at + sessions.IDLE),
        reporting_timezone=request.app.state.calendar.zone.key,
        version=__version__,
    )


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
