"""What can be done with organizations.

Every verb takes the session of a transaction that its caller owns, and the actor, within whose
reach organizations are looked up. REF is an id or the exact name.
"""

import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from msgspec import Struct
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from orouter.db.paging import Columns, contains, page_of
from orouter.errors import Conflict, NotFound
from orouter.models import (
    ApiKey,
    Organization,
    OrganizationCreate,
    OrganizationDeleted,
    OrganizationListed,
    OrganizationListing,
    OrganizationPublic,
    OrganizationUpdate,
)
from orouter.models.base import dead_key, is_printable, now, tidy
from orouter.schemas.actor import Actor
from orouter.schemas.pages import Page
from orouter.services import audit, changes, month_usage, nearest, reach, standings
from orouter.services.audit import Target
from orouter.services.standings import Present
from orouter.usage.counters import DIMENSIONS
from orouter.usage.periods import micros

_ID = re.compile(r"org_[0-9A-Z]{26}")
UTC = ZoneInfo("UTC")


class OrganizationState(Struct, frozen=True):
    """What the data plane must know of an organization that changed."""

    id: str
    name: str
    enabled: bool
    deleted: bool
    version: int


def create(
    session: Session, new: OrganizationCreate, actor: Actor, *, if_not_exists: bool = False
) -> OrganizationPublic:
    """Create an organization; with ``if_not_exists`` return the one that has the name already.

    Raises Conflict if the name is taken, PermissionDenied for an actor of one organization.
    """
    actor.require("orgs.write")
    version = changes.bump(session)
    if present := _named(session, new.name):
        if if_not_exists:
            return _shown(session, [present], actor)[0]
        raise _taken(new.name)
    row = Organization.model_validate(new, update={"name_key": new.name, "version": version})
    session.add(row)
    session.flush()
    made = OrganizationPublic.model_validate(row)
    audit.record(session, actor, "org.create", target(row), None, made)
    return made


def get(session: Session, ref: str, actor: Actor) -> OrganizationPublic:
    """Return one organization: a living one first, else the last deleted of that name."""
    return _shown(session, [_found(session, within(actor), ref)], actor)[0]


def list_all(
    session: Session, listing: OrganizationListing, actor: Actor, zone: ZoneInfo = UTC
) -> Page[OrganizationListed]:
    """Return a page of those within the actor's reach; ``zone`` is the reporting zone."""
    at = standings.present(micros(now()), zone)
    columns = _sortable(at)
    query = _of_status(within(actor), listing.status)
    if listing.search:
        texts = (col(Organization.name), col(Organization.description))
        query = query.where(contains(listing.search, *texts))
    if listing.at_least:
        query = query.where(columns["limit_percent"] >= listing.at_least)
    rows, total = page_of(session, query, listing, columns)
    items = [OrganizationListed(**dict(shown)) for shown in _shown(session, rows, actor)]
    if listing.include:
        used = month_usage.of_organizations(session, [item.id for item in items], at)
        for item in items:
            item.usage = used[item.id]
    return Page(items=items, total=total, page=listing.page, page_size=listing.page_size)


def update(
    session: Session, ref: str, change: OrganizationUpdate, actor: Actor
) -> OrganizationPublic:
    """Change the fields that are set. Raises NotFound, or Conflict if the new name is taken."""
    actor.require("orgs.write")
    version = changes.bump(session)
    row = find(session, ref, actor)
    fields: dict[str, Any] = change.model_dump(exclude_unset=True, exclude={"admins"})
    if fields.get("name", row.name) != row.name:
        _refuse_taken(session, fields["name"])
        fields["name_key"] = fields["name"]
    return _changed(session, row, "org.update", actor, version=version, **fields)


def enable(session: Session, ref: str, actor: Actor) -> OrganizationPublic:
    """Let its keys work again."""
    return update(session, ref, OrganizationUpdate(enabled=True), actor)


def disable(session: Session, ref: str, actor: Actor) -> OrganizationPublic:
    """Refuse all its keys until it is enabled."""
    return update(session, ref, OrganizationUpdate(enabled=False), actor)


def delete(session: Session, ref: str, actor: Actor) -> OrganizationDeleted:
    """Delete it, which stops its keys and frees its name; what it used stays in the statistics."""
    actor.require("orgs.write")
    version = changes.bump(session)
    row = find(session, ref, actor)
    stopped = working_keys(session, row)
    gone = {"deleted_at": now(), "name_key": dead_key(row.id), "version": version}
    saved = _changed(session, row, "org.delete", actor, **gone)
    return OrganizationDeleted.model_validate(saved, update={"keys_stopped": stopped})


def restore(session: Session, ref: str, actor: Actor) -> OrganizationPublic:
    """Bring back a deleted organization. Raises Conflict if its name is in use by now."""
    actor.require("orgs.write")
    version = changes.bump(session)
    row = _found(session, _of_status(within(actor), "deleted"), ref)
    _refuse_taken(session, row.name)
    back = {"deleted_at": None, "name_key": row.name, "version": version}
    return _changed(session, row, "org.restore", actor, **back)


def find(session: Session, ref: str, actor: Actor) -> Organization:
    """Return the row of a living organization. Raises NotFound."""
    return _found(session, _of_status(within(actor), None), ref)


def target(row: Organization) -> Target:
    """An organization as the audit log names it."""
    return Target("org", row.id, row.name, row.id)


def within(actor: Actor) -> SelectOfScalar[Organization]:
    """Return the query of all organizations that the actor can reach, deleted ones included."""
    query = select(Organization)
    if actor.orgs is None:
        return query
    return query.where(col(Organization.id).in_(sorted(actor.orgs)))


def working_keys(session: Session, row: Organization) -> int:
    """Return how many keys of it work at this moment."""
    if row.status != "active":
        return 0
    unexpired = sa.or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > now())
    usable = sa.and_(col(ApiKey.deleted_at).is_(None), col(ApiKey.enabled), unexpired)
    return session.exec(
        select(func.count()).select_from(ApiKey).where(col(ApiKey.org_id) == row.id, usable)
    ).one()


def changed_since(session: Session, version: int) -> list[OrganizationState]:
    """Return the state of every organization that changed after ``version``."""
    rows = session.connection().execute(
        sa.select(
            col(Organization.id),
            col(Organization.name),
            col(Organization.enabled),
            col(Organization.deleted_at).is_not(None),
            col(Organization.version),
        ).where(col(Organization.version) > version)
    )
    return [OrganizationState(*row) for row in rows]


def _sortable(at: Present) -> Columns:
    own_id = col(Organization.id)
    plain = ("created_at", "updated_at", "name", "id")
    keys = select(func.count()).where(
        col(ApiKey.org_id) == own_id, col(ApiKey.deleted_at).is_(None)
    )
    return {
        **{name: col(getattr(Organization, name)) for name in plain},
        "keys": keys.scalar_subquery(),
        "last_used_at": func.coalesce(standings.last_request("org", own_id), ""),
        "limit_percent": standings.limit_percent("org", own_id, at),
        **{name: standings.used("org", own_id, name, at) for name in DIMENSIONS},
    }


def _of_status(
    query: SelectOfScalar[Organization], status: str | None
) -> SelectOfScalar[Organization]:
    if status == "all":
        return query
    if status == "deleted":
        return query.where(col(Organization.deleted_at).is_not(None))
    query = query.where(col(Organization.deleted_at).is_(None))
    return (
        query if status is None else query.where(col(Organization.enabled) == (status == "active"))
    )


def _found(session: Session, query: SelectOfScalar[Organization], ref: str) -> Organization:
    ref = tidy(ref)
    # MySQL cannot compare an ASCII column with anything else, nor PostgreSQL store a NUL.
    column = Organization.id if _ID.fullmatch(ref) else Organization.name
    living_first = sa.case((col(Organization.deleted_at).is_(None), 0), else_=1)
    named = query.where(col(column) == ref).order_by(
        living_first, col(Organization.deleted_at).desc()
    )
    row = session.exec(named.limit(1)).first() if is_printable(ref) else None
    if row is None:
        otherwise = "See: orouter org list --status all"
        hint = nearest.hint_of(session, query, Organization.name, ref, otherwise)
        raise NotFound("No such organization.", hint=hint)
    return row


def _named(session: Session, name: str) -> Organization | None:
    return session.exec(select(Organization).where(col(Organization.name_key) == name)).first()


def _refuse_taken(session: Session, name: str) -> None:
    if _named(session, name):
        raise _taken(name)


def _taken(name: str) -> Conflict:
    return Conflict(f"There is already an organization named {name!r}.", param="name")


def _changed(
    session: Session, row: Organization, action: str, actor: Actor, **fields: Any
) -> OrganizationPublic:
    before = OrganizationPublic.model_validate(row)
    row.sqlmodel_update(fields | {"updated_at": now()})
    session.flush()
    after = OrganizationPublic.model_validate(row)
    audit.record(session, actor, action, target(row), before, after)
    return _shown(session, [row], actor)[0]


def _shown(
    session: Session, rows: Sequence[Organization], actor: Actor
) -> list[OrganizationPublic]:
    """As callers see them, with their administrators for those who may know them."""
    told = "members.read" in actor.rights
    admins = reach.admins_of(session, [row.id for row in rows]) if told else {}
    return [
        OrganizationPublic.model_validate(row, update={"admins": admins.get(row.id, [])})
        for row in rows
    ]
