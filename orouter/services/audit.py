"""The audit log: every change is written down in its own transaction, by the verb that makes it.

::

    audit.record(session, actor, "key.update", Target("key", row.id, row.name, row.org_id),
                 before, after)

``before`` and ``after`` are what callers see of the thing (a Public model, or a mapping); what is
the same in both is left out, and so is everything that could be a secret.
"""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from pydantic import BaseModel, SecretStr
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from orouter.db.paging import contains, page_of
from orouter.logs import redact
from orouter.models.audit_entry import (
    TARGET_LENGTH,
    AuditEntry,
    AuditEntryPublic,
    AuditListing,
)
from orouter.models.organization import Organization
from orouter.schemas.actor import Actor
from orouter.schemas.pages import Page

Values = BaseModel | Mapping[str, Any] | None

_NOISE = frozenset({"updated_at", "version"})
_SECRET = ("secret", "password", "digest", "api_key", "api_keys", "link", "token", "headers", "key")
"""Names whose values are not written down, only that there is one."""
_LONGEST = 500
_SORTABLE = {
    "created_at": col(AuditEntry.at),
    "at": col(AuditEntry.at),
    "action": col(AuditEntry.action),
    "actor_name": col(AuditEntry.actor_name),
    "id": col(AuditEntry.id),
}


class Target(NamedTuple):
    """What was changed: a kind such as ``key``, its id, its name now, and whose it is."""

    kind: str
    id: str = ""
    name: str = ""
    org_id: str = ""


def record(
    session: Session,
    actor: Actor,
    action: str,
    target: Target,
    before: Values = None,
    after: Values = None,
) -> None:
    """Write a change down. ``before`` None: it is new; ``after`` None: it is gone."""
    old, new = _dumped(before), _dumped(after)
    if before is not None and after is not None:
        same = {name for name in old.keys() & new.keys() if old[name] == new[name]}
        old, new = _without(old, same), _without(new, same)
    who = _os_user() if actor.kind == "cli" else actor.id
    session.add(
        AuditEntry(
            actor_kind=actor.kind,
            actor_id=who[:100],
            actor_name=(actor.name or who)[:TARGET_LENGTH],
            via=actor.via,
            ip=actor.ip,
            action=action,
            target_kind=target.kind,
            target_id=target.id[:TARGET_LENGTH],
            target_name=target.name[:TARGET_LENGTH],
            org_id=target.org_id,
            before=json.dumps(old, ensure_ascii=False),
            after=json.dumps(new, ensure_ascii=False),
        )
    )


def list_all(session: Session, listing: AuditListing, actor: Actor) -> Page[AuditEntryPublic]:
    """Return a page of the entries within the actor's reach, newest first unless asked."""
    actor.require("audit.read")
    query = _within(actor)
    for name in ("action", "target_kind", "target_id"):
        wanted = getattr(listing, name)
        if wanted is not None:
            query = query.where(col(getattr(AuditEntry, name)) == wanted)
    if listing.actor is not None:
        named = (col(AuditEntry.actor_id), col(AuditEntry.actor_name))
        query = query.where(sa.or_(*(column == listing.actor for column in named)))
    if listing.org is not None:
        query = query.where(col(AuditEntry.org_id).in_(_orgs_called(session, listing.org)))
    if listing.search:
        columns = (AuditEntry.actor_name, AuditEntry.target_name, AuditEntry.target_id)
        query = query.where(contains(listing.search, *map(col, columns)))
    query = _of_time(query, listing)
    rows, total = page_of(session, query, listing, _SORTABLE)
    items = [_public(row) for row in rows]
    return Page(items=items, total=total, page=listing.page, page_size=listing.page_size)


def _within(actor: Actor) -> SelectOfScalar[AuditEntry]:
    query = select(AuditEntry)
    if actor.orgs is None:
        return query
    return query.where(col(AuditEntry.org_id).in_(sorted(actor.orgs)))


def _of_time(
    query: SelectOfScalar[AuditEntry], listing: AuditListing
) -> SelectOfScalar[AuditEntry]:
    if listing.since is not None:
        query = query.where(col(AuditEntry.at) >= listing.since)
    if listing.until is not None:
        query = query.where(col(AuditEntry.at) < listing.until)
    return query


def _orgs_called(session: Session, ref: str) -> list[str]:
    """Ids of the organization of that id or name; also of deleted ones that had the name."""
    named = select(Organization.id).where(col(Organization.name) == ref)
    return [*session.exec(named), *([ref] if ref.isascii() else [])]


def _public(row: AuditEntry) -> AuditEntryPublic:
    values = {"before": json.loads(row.before), "after": json.loads(row.after)}
    return AuditEntryPublic.model_validate(row.model_dump() | values)


def _dumped(values: Values) -> dict[str, Any]:
    if isinstance(values, BaseModel):
        values = values.model_dump()
    return {
        name: _plain(name, value) for name, value in (values or {}).items() if name not in _NOISE
    }


def _plain(name: str, value: Any) -> Any:
    """A value as JSON has it, without secrets."""
    if isinstance(value, SecretStr) or name.rpartition(".")[2] in _SECRET:
        return "***" if value else None
    if isinstance(value, BaseModel):
        return _plain(name, value.model_dump())
    if isinstance(value, Mapping):
        return {str(inner): _plain(str(inner), each) for inner, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain("", each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return redact(text)[:_LONGEST]


def _without(values: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


@cache
def _os_user() -> str:
    """Who runs this process; through sudo also who asked for it."""
    try:
        from pwd import getpwuid  # noqa: PLC0415 - Windows has none

        name = getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        name = str(os.getuid()) if hasattr(os, "getuid") else "unknown"
    asked = os.environ.get("SUDO_USER", "")
    return f"{name} ({asked})" if asked and asked != name else name
