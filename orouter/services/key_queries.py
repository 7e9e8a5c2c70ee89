"""How keys are found, filtered and shown; the verbs on them are in `orouter.services.keys`."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from orouter.db.paging import Columns, contains
from orouter.errors import Conflict, NotFound
from orouter.models import ApiKey, KeyListing, KeyPublic, Organization
from orouter.models.api_key import Status
from orouter.models.base import is_printable, now, tidy
from orouter.models.columns import UTCDateTime
from orouter.schemas.actor import Actor
from orouter.services import nearest, standings
from orouter.services.request_log import first_id
from orouter.services.standings import Present
from orouter.usage.counters import DIMENSIONS
from orouter.usage.periods import micros

_ID = re.compile(r"key_[0-9A-Z]{26}")
_SHORTENED = re.compile(r"(ork_[0-9A-Za-z]{4})(?:…|\.\.\.)([0-9A-Za-z]{4})")

Query = SelectOfScalar[ApiKey]
"""Keys joined with their organizations."""


def within(actor: Actor) -> Query:
    """Return the query of all keys that the actor can reach, deleted ones included."""
    query = select(ApiKey).join(Organization, col(Organization.id) == col(ApiKey.org_id))
    return query if actor.orgs is None else query.where(col(ApiKey.org_id).in_(sorted(actor.orgs)))


def living(query: Query) -> Query:
    """Leave out deleted keys and those of deleted organizations."""
    return query.where(col(ApiKey.deleted_at).is_(None), col(Organization.deleted_at).is_(None))


def status_of(row: ApiKey, owner: Organization, at: datetime) -> Status:
    """Return deleted, expired, disabled or active: the first that holds for key or owner."""
    if row.deleted_at is not None or owner.deleted_at is not None:
        return "deleted"
    if row.expires_at is not None and row.expires_at <= at:
        return "expired"
    return "active" if row.enabled and owner.enabled else "disabled"


def of_status(query: Query, status: str | None) -> Query:
    """Keep the keys for which ``status_of`` says so; None: all that are not deleted."""
    if status == "all":
        return query
    if status == "deleted":
        ends = (col(ApiKey.deleted_at), col(Organization.deleted_at))
        return query.where(sa.or_(*(end.is_not(None) for end in ends)))
    enabled = sa.and_(col(ApiKey.enabled), col(Organization.enabled))
    unexpired = sa.or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > now())
    conditions = {
        "expired": (col(ApiKey.expires_at) <= now(),),
        "disabled": (unexpired, sa.not_(enabled)),
        "active": (unexpired, enabled),
    }
    return living(query).where(*conditions.get(status or "", ()))


def narrowed(query: Query, listing: KeyListing, now: Present) -> Query:
    """Keep what the listing's filters let through; ``org`` and ``status`` are not among them."""
    own_id = col(ApiKey.id)
    if listing.name is not None:
        query = query.where(col(ApiKey.name) == listing.name)
    if listing.permission is not None:
        query = query.where(col(ApiKey.permission) == listing.permission)
    if listing.search:
        query = query.where(matching(listing.search))
    if listing.expiring_within is not None:
        ends = now.moment + listing.expiring_within
        query = query.where(col(ApiKey.expires_at).between(now.moment, ends))
    if listing.unused_for is not None:
        since = now.moment - listing.unused_for
        last = sa.func.coalesce(standings.last_request("key", own_id), "")
        query = query.where(col(ApiKey.created_at) < since, last < first_id(micros(since)))
    if listing.at_least:
        query = query.where(standings.limit_percent("key", own_id, now) >= listing.at_least)
    return query


def sortable(now: Present) -> Columns:
    """The words a list can be sorted by; what never expires comes after what does."""
    own_id = col(ApiKey.id)
    plain = ("created_at", "updated_at", "name", "permission", "id")
    return {
        **{name: col(getattr(ApiKey, name)) for name in plain},
        "org": col(Organization.name),
        "expires_at": sa.func.coalesce(col(ApiKey.expires_at), sa.literal(_NEVER, UTCDateTime)),
        "last_used_at": sa.func.coalesce(standings.last_request("key", own_id), ""),
        "limit_percent": standings.limit_percent("key", own_id, now),
        **{name: standings.used("key", own_id, name, now) for name in DIMENSIONS},
    }


_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def matching(text: str) -> sa.ColumnElement[bool]:
    """Whether name or description hold ``text``, or it is the shown part of the secret."""
    found = contains(text, col(ApiKey.name), col(ApiKey.description))
    # MySQL refuses to compare these ASCII columns with anything else.
    if not text.isascii():
        return found
    return sa.or_(found, col(ApiKey.prefix) == text, col(ApiKey.last4) == text)


def found(session: Session, query: Query, ref: str) -> ApiKey:
    """Return the one key that ``ref`` means.

    Anything but an id means living keys only. Raises NotFound, or Conflict if several are meant.
    """
    rows = session.exec(_meant(query, tidy(ref)).limit(2)).all() if is_printable(ref) else []
    if not rows:
        otherwise = "Give its id, or ORG/NAME. See: orouter key list"
        name = ref.rpartition("/")[2]
        hint = nearest.hint_of(session, living(query), ApiKey.name, name, otherwise)
        raise NotFound("No such key.", hint=hint)
    if len(rows) > 1:
        raise Conflict("Several keys are meant by this.", hint="Give the key's id, or ORG/NAME.")
    return rows[0]


def _meant(query: Query, ref: str) -> Query:
    if _ID.fullmatch(ref):
        return query.where(col(ApiKey.id) == ref)
    if shortened := _SHORTENED.fullmatch(ref):
        shown = (col(ApiKey.prefix) == shortened[1], col(ApiKey.last4) == shortened[2])
        return living(query).where(*shown)
    # Names may hold slashes themselves, so every one may be the one that divides.
    pairs = [(ref[:at], ref[at + 1 :]) for at, letter in enumerate(ref) if letter == "/"]
    in_org = [
        sa.and_(col(Organization.name) == tidy(org), col(ApiKey.name) == tidy(name))
        for org, name in pairs
    ]
    return living(query).where(sa.or_(col(ApiKey.name) == ref, *in_org))


def owners_of(session: Session, rows: Iterable[ApiKey]) -> dict[str, Organization]:
    """Return the organizations of some keys, by id."""
    ids = {row.org_id for row in rows}
    owners = session.exec(select(Organization).where(col(Organization.id).in_(ids)))
    return {owner.id: owner for owner in owners}


def with_owner(session: Session, row: ApiKey) -> KeyPublic:
    """Return a key as callers see it."""
    return public(row, owners_of(session, [row])[row.org_id])


def public(row: ApiKey, owner: Organization) -> KeyPublic:
    """Return a key as callers see it, when its organization is at hand."""
    shown = {"org_name": owner.name, "status": status_of(row, owner, now())}
    return KeyPublic.model_validate(row, update=shown)
