"""What the management routes stand on: the database, the pepper, and who is asking.

``app.state.database`` and ``app.state.pepper`` are set when the application starts.
"""

from typing import Annotated

from fastapi import Depends, Query, Request

from orouter.db.session import Database
from orouter.errors import InvalidApiKey
from orouter.schemas.actor import Actor
from orouter.services import keys


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _pepper(request: Request) -> bytes:
    pepper: bytes = request.app.state.pepper
    return pepper


Db = Annotated[Database, Depends(_database)]
Pepper = Annotated[bytes, Depends(_pepper)]


async def actor_of(request: Request, database: Db, pepper: Pepper) -> Actor:
    """Return who the bearer key stands for: an administrator of its own organization."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise InvalidApiKey("Send an API key of permission 'admin': Authorization: Bearer ork_…")
    key = await database.run_readonly(keys.verify, secret.strip(), pepper=pepper)
    actor = Actor(kind="key", id=key.id, org_id=key.org_id, permission=key.permission)
    actor.require("admin")
    return actor


Caller = Annotated[Actor, Depends(actor_of)]
"""The actor of a management route; one that names no such parameter is open to everybody."""

IfNotExists = Annotated[bool, Query(description="Be content with one of that name.")]
DryRun = Annotated[bool, Query(description="Answer what would happen, do nothing.")]
