"""What the management routes stand on: the database, the pepper, and who is asking.

``app.state.database`` and ``app.state.pepper`` are set when the application starts.

Three kinds of callers: a browser with the cookie of a session, a script with a personal token
(``orat_…``), and a key of permission ``admin``. Only a cookie is sent by browsers unasked, so only
with one has a change to show that a page of ours sent it.
"""

import hmac
from typing import Annotated, TypedDict
from urllib.parse import urlsplit

from fastapi import Depends, Query, Request

from orouter.db.session import Database
from orouter.errors import CrossSiteRequest, InvalidApiKey, PermissionDenied
from orouter.schemas.actor import Actor, of_key
from orouter.services import key_secrets, keys, sessions, tokens
from orouter.services.sessions import Client, Signed

COOKIE, SECURE_COOKIE = "orouter_session", "__Host-orouter"
XSRF_COOKIE, XSRF_HEADER = "XSRF-TOKEN", "x-xsrf-token"
_READING = ("GET", "HEAD", "OPTIONS")


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _pepper(request: Request) -> bytes:
    pepper: bytes = request.app.state.pepper
    return pepper


def _client(request: Request) -> Client:
    ip = request.client.host if request.client else ""
    return Client(ip, request.headers.get("user-agent", ""))


Db = Annotated[Database, Depends(_database)]
Pepper = Annotated[bytes, Depends(_pepper)]
Peer = Annotated[Client, Depends(_client)]


def cookie_name(request: Request) -> str:
    """The name of the session's cookie: over https one that only https can set and read."""
    return SECURE_COOKIE if request.url.scheme == "https" else COOKIE


def refuse_cross_site(request: Request) -> None:
    """Raise CrossSiteRequest where the browser says that a page of others sent this."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        ours = site in ("same-origin", "none")
    else:
        origin = request.headers.get("origin")
        ours = origin in (None, _public_url(request) or None) or (
            urlsplit(origin or "").netloc == request.headers.get("host")
        )
    if not ours:
        raise CrossSiteRequest("This was sent by a page of another site.")


class LinkParts(TypedDict):
    """What verbs make one-time links with, as they call it."""

    pepper: bytes
    base: str


def _linking(request: Request, pepper: Pepper) -> LinkParts:
    """Links lead to where the caller reached this installation."""
    here = f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"
    return {"pepper": pepper, "base": _public_url(request) or here}


def _public_url(request: Request) -> str:
    settings = getattr(request.app.state, "settings", None)
    return settings.server.public_url if settings else ""


Linking = Annotated[LinkParts, Depends(_linking)]


async def _signed(request: Request, database: Db, pepper: Pepper, client: Peer) -> Signed:
    """Who is signed in, by the cookie."""
    secret = request.cookies.get(cookie_name(request), "")
    found = await database.run_readonly(sessions.find, secret, client, pepper=pepper)
    if found is None:
        raise InvalidApiKey("Sign in, or send an admin key or a personal token as Bearer.")
    if request.method not in _READING:
        refuse_cross_site(request)
        wanted = sessions.anti_forgery(secret, pepper=pepper)
        if not hmac.compare_digest(request.headers.get(XSRF_HEADER, "").encode(), wanted.encode()):
            raise CrossSiteRequest("The header X-XSRF-TOKEN must hold the cookie XSRF-TOKEN.")
    request.state.session_id = found.row.id
    if found.unseen:
        await database.run(sessions.seen, found.row.id)
    return found


async def actor_of(request: Request, database: Db, pepper: Pepper, client: Peer) -> Actor:
    """Who is asking, with the rights and the reach that they have at this moment."""
    authorization = request.headers.get("authorization")
    if authorization is None:
        return (await _signed(request, database, pepper, client)).actor
    scheme, _, secret = authorization.partition(" ")
    secret = secret.strip()
    if scheme.lower() == "bearer" and secret.startswith(key_secrets.TOKEN):
        held = await database.run_readonly(tokens.verify, secret, client.ip, pepper=pepper)
        if held.unused:
            await database.run(tokens.used, held.id)
        return held.actor
    if scheme.lower() != "bearer":
        raise InvalidApiKey("Send an API key of permission 'admin': Authorization: Bearer ork_…")
    key = await database.run_readonly(keys.verify, secret, pepper=pepper)
    if key.permission != "admin":
        raise PermissionDenied("This needs a key of permission 'admin'.")
    return of_key(key.id, key.org_id, key.permission, name=key.name, ip=client.ip)


Session = Annotated[Signed, Depends(_signed)]
"""The session of a route that only people at a browser use."""
Caller = Annotated[Actor, Depends(actor_of)]
"""The actor of a management route; one that names no such parameter is open to everybody."""

IfNotExists = Annotated[bool, Query(description="Be content with one of that name.")]
DryRun = Annotated[bool, Query(description="Answer what would happen, do nothing.")]
