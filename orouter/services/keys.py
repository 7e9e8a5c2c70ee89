"""What can be done with API keys.

Every verb takes the session of a transaction that its caller owns, and the actor, within whose
reach keys are looked up. REF is an id, ORG/NAME, a name that only one key has, or the shortened
secret as lists show it (``ork_Ab12…wxyz``).
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from orouter.db.paging import page_of
from orouter.errors import Conflict, InvalidApiKey, InvalidRequest, OrganizationDisabled
from orouter.models import (
    ApiKey,
    KeyCreate,
    KeyIssued,
    KeyListed,
    KeyListing,
    KeyPublic,
    KeyUpdate,
)
from orouter.models.base import dead_key, now
from orouter.schemas.actor import Actor
from orouter.schemas.pages import Page
from orouter.services import audit, changes, key_secrets, month_usage, organizations
from orouter.services.audit import Target
from orouter.services.key_queries import (
    found,
    living,
    narrowed,
    of_status,
    owners_of,
    public,
    sortable,
    with_owner,
    within,
)
from orouter.services.standings import present
from orouter.usage.periods import micros

__all__ = [
    "delete",
    "disable",
    "enable",
    "get",
    "issue",
    "list_all",
    "move",
    "restore",
    "rotate",
    "update",
    "verify",
    "verify_within",
]

UTC = ZoneInfo("UTC")


def issue(
    session: Session,
    org: str,
    new: KeyCreate,
    actor: Actor,
    *,
    pepper: bytes,
    if_not_exists: bool = False,
) -> KeyIssued:
    """Make a key and return it with its secret, which cannot be shown again.

    With ``if_not_exists`` a living key of that name is returned without a secret. Raises NotFound
    for the organization, Conflict for the name, InvalidRequest for an expiry that has passed.
    """
    actor.require("keys.write")
    version = changes.bump(session)
    owner = organizations.find(session, org, actor)
    if present := _named(session, owner.id, new.name):
        if if_not_exists:
            return KeyIssued.model_validate(public(present, owner))
        raise _taken(new.name)
    _refuse_past(new.expires_at)
    secret = key_secrets.generate()
    given = {"org_id": owner.id, "name_key": new.name, "version": version}
    row = ApiKey.model_validate(new, update=given | _stored(secret, pepper))
    session.add(row)
    session.flush()
    made = public(row, owner)
    audit.record(session, actor, "key.issue", target(row), None, made)
    return KeyIssued.model_validate(made, update={"key": secret})


def get(session: Session, ref: str, actor: Actor) -> KeyPublic:
    """Return one key; a deleted one only by its id."""
    return with_owner(session, found(session, within(actor), ref))


def list_all(
    session: Session, listing: KeyListing, actor: Actor, zone: ZoneInfo = UTC
) -> Page[KeyListed]:
    """Return a page of the keys within the actor's reach; ``zone`` is the reporting zone."""
    at = present(micros(now()), zone)
    query = of_status(within(actor), listing.status)
    if listing.org is not None:
        owner = organizations.get(session, listing.org, actor)
        query = query.where(col(ApiKey.org_id) == owner.id)
    rows, total = page_of(session, narrowed(query, listing, at), listing, sortable(at))
    owners = owners_of(session, rows)
    items = [KeyListed.model_validate(public(row, owners[row.org_id])) for row in rows]
    if listing.include:
        used = month_usage.of_keys(session, [item.id for item in items], at)
        for item in items:
            item.usage = used[item.id]
    return Page(items=items, total=total, page=listing.page, page_size=listing.page_size)


def update(session: Session, ref: str, change: KeyUpdate, actor: Actor) -> KeyPublic:
    """Change the fields that are set; ``expires_at`` None means never."""
    version, row = _for_change(session, ref, actor)
    fields = change.model_dump(exclude_unset=True)
    _refuse_past(fields.get("expires_at"))
    if fields.get("name", row.name) != row.name:
        _refuse_taken(session, row.org_id, fields["name"])
        fields["name_key"] = fields["name"]
    return _changed(session, row, "key.update", actor, version=version, **fields)


def enable(session: Session, ref: str, actor: Actor) -> KeyPublic:
    """Let the key work again."""
    return update(session, ref, KeyUpdate(enabled=True), actor)


def disable(session: Session, ref: str, actor: Actor) -> KeyPublic:
    """Refuse the key until it is enabled."""
    return update(session, ref, KeyUpdate(enabled=False), actor)


def rotate(
    session: Session,
    ref: str,
    actor: Actor,
    *,
    pepper: bytes,
    grace: timedelta = timedelta(),
) -> KeyIssued:
    """Give the key a new secret; the old one works for ``grace`` longer. Id and name stay."""
    if grace < timedelta() or grace > timedelta(days=365):
        raise InvalidRequest("The grace is between nothing and 365 days.", param="grace")
    version, row = _for_change(session, ref, actor)
    secret = key_secrets.generate()
    at = now()
    public = _changed(
        session,
        row,
        "key.rotate",
        actor,
        version=version,
        previous_digest=row.digest if grace else "",
        previous_expires_at=at + grace if grace else None,
        rotated_at=at,
        **_stored(secret, pepper),
    )
    return KeyIssued.model_validate(public, update={"key": secret})


def delete(session: Session, ref: str, actor: Actor) -> KeyPublic:
    """Delete the key, which frees its name; what it used stays in the statistics."""
    version, row = _for_change(session, ref, actor)
    gone = {"deleted_at": now(), "name_key": dead_key(row.id), "version": version}
    return _changed(session, row, "key.delete", actor, **gone)


def restore(session: Session, ref: str, actor: Actor) -> KeyPublic:
    """Bring back a deleted key, by its id. Raises Conflict if its name is in use by now."""
    actor.require("keys.write")
    version = changes.bump(session)
    row = found(session, within(actor).where(col(ApiKey.deleted_at).is_not(None)), ref)
    organizations.find(session, row.org_id, actor)
    _refuse_taken(session, row.org_id, row.name)
    back = {"deleted_at": None, "name_key": row.name, "version": version}
    return _changed(session, row, "key.restore", actor, **back)


def move(session: Session, ref: str, org: str, actor: Actor) -> KeyPublic:
    """Give the key to another organization; what it used stays with the one before."""
    version, row = _for_change(session, ref, actor)
    new_owner = organizations.find(session, org, actor)
    if new_owner.id != row.org_id:
        _refuse_taken(session, new_owner.id, row.name)
    return _changed(session, row, "key.move", actor, version=version, org_id=new_owner.id)


def verify(session: Session, secret: str, *, pepper: bytes) -> KeyPublic:
    """Return the key that a secret opens. Raises InvalidApiKey, OrganizationDisabled."""
    if not key_secrets.well_formed(secret):
        raise InvalidApiKey("This is not a key of orouter: it was mistyped or cut.")
    digest, at = key_secrets.digest(pepper, secret), now()
    current = col(ApiKey.digest) == digest
    in_grace = sa.and_(col(ApiKey.previous_digest) == digest, col(ApiKey.previous_expires_at) > at)
    row = session.exec(select(ApiKey).where(sa.or_(current, in_grace))).first()
    if row is not None:
        key = with_owner(session, row)
        if key.status == "disabled" and row.enabled:
            raise OrganizationDisabled("The organization of this key is disabled.")
        if key.status == "active":
            return key
    raise InvalidApiKey("The key is unknown, disabled, expired or deleted.")


def verify_within(session: Session, secret: str, actor: Actor, *, pepper: bytes) -> KeyPublic:
    """The same for one who reaches some organizations only: the keys of others are unknown."""
    key = verify(session, secret, pepper=pepper)
    if not actor.reaches(key.org_id):
        raise InvalidApiKey("The key is unknown, disabled, expired or deleted.")
    return key


def _for_change(session: Session, ref: str, actor: Actor) -> tuple[int, ApiKey]:
    """Return the version that the change gets, and the living key."""
    actor.require("keys.write")
    version = changes.bump(session)
    return version, found(session, living(within(actor)), ref)


def target(row: ApiKey) -> Target:
    """A key as the audit log names it."""
    return Target("key", row.id, row.name, row.org_id)


def _changed(session: Session, row: ApiKey, action: str, actor: Actor, **fields: Any) -> KeyPublic:
    """Change the row and write it down, for both sides where it goes to another owner."""
    before, left = with_owner(session, row), target(row)
    row.sqlmodel_update({**fields, "updated_at": now()})
    session.flush()
    after = with_owner(session, row)
    audit.record(session, actor, action, target(row), before, after)
    if left.org_id != row.org_id:
        audit.record(session, actor, action, left, before, after)
    return after


def _stored(secret: str, pepper: bytes) -> dict[str, str]:
    """What a row keeps of a secret."""
    return {
        "digest": key_secrets.digest(pepper, secret),
        "pepper_id": key_secrets.pepper_id(pepper),
        "prefix": secret[:8],
        "last4": secret[-4:],
    }


def _named(session: Session, org_id: str, name: str) -> ApiKey | None:
    named = (col(ApiKey.org_id) == org_id, col(ApiKey.name_key) == name)
    return session.exec(select(ApiKey).where(*named)).first()


def _refuse_taken(session: Session, org_id: str, name: str) -> None:
    if _named(session, org_id, name):
        raise _taken(name)


def _taken(name: str) -> Conflict:
    return Conflict(f"The organization already has a key named {name!r}.", param="name")


def _refuse_past(moment: datetime | None) -> None:
    if moment is not None and moment <= now():
        raise InvalidRequest("The expiry has already passed.", param="expires_at")
