"""Organizations with everything in them, callers of every kind: for the permission table."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import httpx
from sqlmodel import Session

from orouter.db.session import Database, rehearsal
from orouter.models import KeyCreate
from orouter.models.user import User
from orouter.models.user_token import TokenCreate
from orouter.schemas.actor import CLI
from orouter.services import (
    key_secrets,
    keys,
    members,
    organizations,
    sessions,
    stored_settings,
    user_secrets,
    users,
)
from orouter.services.sessions import Client
from orouter.settings import load
from tests.api.edge import Edge, edge
from tests.people import PASSWORD, person
from tests.services.owned_usage import Owner

P = ParamSpec("P")
T = TypeVar("T")

PEPPER = key_secrets.pepper("a-secret-key-for-tests-0123456789")
STORED: Mapping[str, object] = {
    "aliases.x": "demo/echo",
    "fallbacks.demo/echo": ["demo/lorem"],
    "models.demo/echo.context": 4096,
    "routing.max_retries": 2,
}
PEOPLE = {
    "superadmin": ("superadmin", ()),
    "operator": ("operator", ()),
    "auditor": ("viewer", ()),
    "org_admin": ("org_admin", ("own", "also")),
    "viewer": ("viewer", ("own", "also")),
}
BODIES: Mapping[str, object] = {
    "POST /orgs": {"name": "new"},
    "PATCH /orgs/{ref}": {"description": "changed"},
    "POST /orgs/{org}/keys": {"name": "new"},
    "PATCH /keys/{ref}": {"description": "changed"},
    "POST /keys/{ref}/rotate": {},
    "PUT /{owners}/{ref}/limits": {"requests": 5},
    "POST /models": {"id": "demo/new"},
    "PATCH /models/{id}": {"context": 1},
    "PUT /aliases/{name}": {"model": "demo/lorem"},
    "PUT /fallbacks/{model}": {"models": ["demo/slow"]},
    "POST /providers": {"name": "extra", "type": "compatible", "base_url": "http://127.0.0.1:9"},
    "PATCH /providers/{name}": {"enabled": True},
    "PATCH /settings": {"values": {"routing.max_retries": 1}},
    "POST /users": {"email": "new@example.com"},
    "PATCH /users/{ref}": {"name": "Changed"},
    "POST /users/{ref}/tokens": {"name": "new"},
    "PUT /session/password": {"current_password": PASSWORD, "new_password": PASSWORD + "!"},
}


class Unchanging(Database):
    """Every change is tried and taken back, so that each call finds the same."""

    async def run(
        self, verb: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await super().run(rehearsal(verb), *args, **kwargs)


@dataclass
class Objects:
    """What the words in braces of a path stand for, of one's own or of others."""

    org: str
    key: str
    dead_key: str
    request: str
    user: str
    session: str
    token: str


@dataclass
class World:
    """``own`` is of the organization that members belong to, ``other`` of one that nobody does."""

    served: Edge
    own: Objects
    other: Objects
    fixed: dict[str, str]
    secrets: dict[str, str] = field(default_factory=dict)

    async def ask(
        self, route: str, path: str, headers: Mapping[str, str], **options: Any
    ) -> httpx.Response:
        method, _ = route.split()
        body = self.body(route)
        options |= {} if body is None else {"json": body}
        return await self.served.client.request(
            method, f"/api/v1{path}", headers=dict(headers), **options
        )

    def body(self, route: str) -> object:
        """What is sent, valid for whoever may."""
        if route == "POST /keys/verify":
            return {"key": self.secrets["verified"]}
        if route == "POST /keys/{ref}/move":
            return {"org": self.own.org}
        return BODIES.get(route)

    def path(self, route: str, objects: Objects) -> str:
        """The path of a route with the ids of these objects."""
        template = route.split()[1]
        ref = objects.org
        if template.startswith("/keys"):
            ref = objects.dead_key if template.endswith("restore") else objects.key
        elif template.startswith("/users"):
            ref = self.fixed["dead_user"] if template.endswith("restore") else objects.user
        elif template == "/orgs/{ref}/restore":
            ref = self.fixed["dead_org"]
        values = {"owners": "orgs", "id": "demo/echo", "model": "demo/echo", "ref": ref}
        values |= {"name": "demo" if template.startswith("/providers") else "x"}
        values |= {"path": "routing.max_retries", "org": objects.org}
        values |= {"request_id": objects.request, "user_id": self.fixed["member"]}
        values |= {"session_id": objects.session, "token_id": objects.token}
        return template.format_map(values)


@asynccontextmanager
async def world(database: Database, folder: Path, caller: str) -> AsyncIterator[World]:
    """The whole application; what is one's own belongs to ``caller``."""
    _store(database)
    owners = {name: Owner(database, name, ZoneInfo("UTC")) for name in ("own", "also", "other")}
    dead = Owner(database, "dead", ZoneInfo("UTC"))
    database.call(organizations.delete, dead.org, CLI)
    person(database, "spare@example.com")
    gone = person(database, "gone@example.com", "viewer")
    database.call(users.delete, gone.id, CLI)
    victim = person(database, "victim@example.com", "viewer", "other")
    role, orgs = PEOPLE.get(caller, ("viewer", ("own",)))
    me = person(database, "me@example.com", role, *orgs)
    secrets: dict[str, str] = {}
    own = _objects(database, owners["own"], me.id, secrets)
    other = _objects(database, owners["other"], victim.id, {})
    fixed = {"dead_org": dead.org, "dead_user": gone.id, "member": victim.id}
    database.call(members.add, owners["own"].org, victim.id, CLI)
    async with edge(database, folder) as served:
        served.management.state.database = Unchanging(str(database.primary.url))
        yield World(served, own, other, fixed, secrets)
        await served.management.state.database.aclose()


def _store(database: Database) -> None:
    settings = load(None, {"providers.demo.enabled": True}, environ={})
    database.call(stored_settings.put, STORED, CLI, settings)


def _objects(database: Database, owner: Owner, user: str, secrets: dict[str, str]) -> Objects:
    """Everything that hangs on an organization and a user; its secrets by their kind."""
    issued = {
        name: database.call(
            keys.issue,
            owner.org,
            KeyCreate.model_validate({"name": name, "permission": permission}),
            CLI,
            pepper=PEPPER,
        )
        for name, permission in (
            *(("read", "read"), ("write", "write"), ("admin", "admin")),
            *(("dead", "write"), ("verified", "write")),
        )
    }
    database.call(keys.delete, issued["dead"].id, CLI)
    token = database.call(
        user_secrets.issue_token, user, TokenCreate(name="ci"), CLI, pepper=PEPPER
    )
    with database.begin() as session:
        row = session.get_one(User, user)
        secret, signed = sessions.begin(session, row, Client("192.0.2.1"), pepper=PEPPER)
        session_id = signed.row.id
    secrets |= {name: str(key.key) for name, key in issued.items()}
    secrets |= {"token": token.secret, "session": secret}
    return Objects(
        org=owner.org,
        key=owner.key,
        dead_key=issued["dead"].id,
        request=owner.use("2026-11-01T10:00").id,
        user=user,
        session=session_id,
        token=token.id,
    )
