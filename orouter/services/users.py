"""What can be done with people who may sign in.

Every verb takes the session of a transaction that its caller owns, and the actor. REF is an id or
an e-mail address; ``me`` is the actor.
"""

import re
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from orouter.db.paging import contains, page_of
from orouter.errors import Conflict, NotFound
from orouter.models.base import dead_key, is_printable, now
from orouter.models.user import (
    User,
    UserCreate,
    UserListing,
    UserPublic,
    UserUpdate,
    email_of,
)
from orouter.schemas.actor import Actor
from orouter.schemas.pages import Page
from orouter.services import audit, changes, links, lockout, organizations, reach, sessions
from orouter.services.audit import Target

_ID = re.compile(r"user_[0-9A-Z]{26}")
_SORTABLE = {
    name: col(getattr(User, name))
    for name in ("created_at", "updated_at", "email", "name", "role", "last_login_at", "id")
}


def create(
    session: Session, new: UserCreate, actor: Actor, *, if_not_exists: bool = False
) -> UserPublic:
    """Create somebody, who cannot sign in before a password is set. Raises Conflict."""
    actor.require("users.write")
    changes.bump(session)
    if present := of_email(session, new.email):
        if if_not_exists:
            return public(session, present)
        raise _taken(new.email)
    orgs = [organizations.find(session, ref, actor).id for ref in new.orgs]
    row = User(
        email=new.email,
        email_key=new.email,
        name=new.name,
        role=new.role,
        all_orgs=new.role == "viewer" and not orgs,
    )
    session.add(row)
    session.flush()
    reach.replace(session, row.id, orgs)
    made = public(session, row)
    audit.record(session, actor, "user.create", target(row), None, made)
    return made


def get(session: Session, ref: str, actor: Actor) -> UserPublic:
    """Return somebody; a deleted one only by id."""
    return public(session, find(session, ref, actor))


def list_all(session: Session, listing: UserListing, actor: Actor) -> Page[UserPublic]:
    """Return a page of all users."""
    actor.require("users.read")
    return page(session, sa.true(), listing)


def page(session: Session, among: sa.ColumnElement[bool], listing: UserListing) -> Page[UserPublic]:
    """A page of the users for whom a condition holds."""
    query = _of_status(select(User).where(among), listing.status)
    if listing.role is not None:
        query = query.where(col(User.role) == listing.role)
    if listing.search:
        query = query.where(contains(listing.search, col(User.email), col(User.name)))
    rows, total = page_of(session, query, listing, _SORTABLE)
    orgs = reach.orgs_of(session, [row.id for row in rows])
    items = [_shown(row, orgs.get(row.id, [])) for row in rows]
    return Page(items=items, total=total, page=listing.page, page_size=listing.page_size)


def update(session: Session, ref: str, change: UserUpdate, actor: Actor) -> UserPublic:
    """Change the fields that are set; of oneself, the name may always be changed.

    Raises Conflict if the address is taken, or nobody would be left who may do everything.
    """
    changes.bump(session)
    row = find(session, ref, actor)
    fields = change.model_dump(exclude_unset=True)
    if not (_is_self(row, actor) and fields.keys() <= {"name"}):
        actor.require("users.write")
    before = public(session, row)
    orgs = fields.pop("orgs", None)
    if fields.get("email", row.email) != row.email:
        if of_email(session, fields["email"]):
            raise _taken(fields["email"])
        fields["email_key"] = fields["email"]
    row.sqlmodel_update(fields | {"updated_at": now()})
    if orgs is not None:
        reach.replace(session, row.id, [organizations.find(session, ref, actor).id for ref in orgs])
    if orgs is not None or "role" in fields:
        row.all_orgs = row.role == "viewer" and (not orgs if orgs is not None else row.all_orgs)
    return _changed(session, row, "user.update", before, actor)


def disable(session: Session, ref: str, actor: Actor) -> UserPublic:
    """Sign somebody out everywhere, and let them in no more until enabled."""
    return update(session, ref, UserUpdate(enabled=False), actor)


def enable(session: Session, ref: str, actor: Actor) -> UserPublic:
    """Let somebody sign in again."""
    return update(session, ref, UserUpdate(enabled=True), actor)


def delete(session: Session, ref: str, actor: Actor) -> UserPublic:
    """Delete somebody, which frees the address; what they did stays in the audit log."""
    actor.require("users.write")
    changes.bump(session)
    row = find(session, ref, actor)
    before = public(session, row)
    row.deleted_at, row.email_key = now(), dead_key(row.id)
    return _changed(session, row, "user.delete", before, actor)


def restore(session: Session, ref: str, actor: Actor) -> UserPublic:
    """Bring back somebody deleted. Raises Conflict if the address is in use by now."""
    actor.require("users.write")
    changes.bump(session)
    row = _found(session, _of_status(select(User), "deleted"), ref)
    if of_email(session, row.email):
        raise _taken(row.email)
    before = public(session, row)
    row.deleted_at, row.email_key = None, row.email
    return _changed(session, row, "user.restore", before, actor)


def set_password(
    session: Session, ref: str, password_hash: str, actor: Actor, *, but: str = ""
) -> UserPublic:
    """Set somebody's password, which ends their being locked out and all sessions ``but`` one."""
    if not _is_self(find(session, ref, actor), actor):
        actor.require("users.write")
    changes.bump(session)
    row = find(session, ref, actor)
    before = public(session, row)
    row.password_hash, row.updated_at = password_hash, now()
    links.void(session, row.id)
    sessions.end_all(session, row.id, but=but)
    lockout.forget(session, lockout.account(row.email))
    return _changed(session, row, "user.password", before, actor)


def find(session: Session, ref: str, actor: Actor) -> User:
    """Return the row of somebody not deleted whom the actor may see. Raises NotFound."""
    if actor.is_person and ref in ("me", actor.id, actor.name):
        ref = actor.id
    elif "users.read" not in actor.rights:
        raise _nobody()
    return _found(session, _of_status(select(User), None), ref)


def of_email(session: Session, email: str) -> User | None:
    """The row of somebody not deleted with that address."""
    return session.exec(select(User).where(col(User.email_key) == email)).first()


def administrator(session: Session) -> str | None:
    """The address of a superadmin who can sign in; None while the first one is waited for."""
    query = select(User.email).where(*_active_superadmins()).order_by(col(User.created_at))
    return session.exec(query.limit(1)).first()


def public(session: Session, row: User) -> UserPublic:
    """Somebody as callers see them."""
    return _shown(row, reach.orgs_of(session, [row.id]).get(row.id, []))


def target(row: User) -> Target:
    """Somebody as the audit log names them."""
    return Target("user", row.id, row.email)


def _shown(row: User, orgs: list[Any]) -> UserPublic:
    everything = row.all_orgs or row.role in ("superadmin", "operator")
    return UserPublic.model_validate(row, update={"orgs": orgs, "all_orgs": everything})


def _changed(
    session: Session, row: User, action: str, before: UserPublic, actor: Actor
) -> UserPublic:
    """Write the change, unless it takes the last superadmin away."""
    session.flush()
    if row.status in ("disabled", "deleted"):
        sessions.end_all(session, row.id)
        links.void(session, row.id)
    was_one = before.role == "superadmin" and before.status == "active"
    if was_one and administrator(session) is None:
        raise Conflict(
            "This is the last active superadmin.", hint="Make somebody else superadmin first."
        )
    after = public(session, row)
    audit.record(session, actor, action, target(row), before, after)
    return after


def _active_superadmins() -> list[Any]:
    return [
        col(User.role) == "superadmin",
        col(User.enabled),
        col(User.deleted_at).is_(None),
        col(User.password_hash) != "",
    ]


def _is_self(row: User, actor: Actor) -> bool:
    return actor.is_person and row.id == actor.id


def _of_status(query: SelectOfScalar[User], status: str | None) -> SelectOfScalar[User]:
    if status == "all":
        return query
    if status == "deleted":
        return query.where(col(User.deleted_at).is_not(None))
    query = query.where(col(User.deleted_at).is_(None))
    conditions: dict[str | None, tuple[Any, ...]] = {
        "disabled": (sa.not_(col(User.enabled)),),
        "invited": (col(User.enabled), col(User.password_hash) == ""),
        "active": (col(User.enabled), col(User.password_hash) != ""),
    }
    return query.where(*conditions.get(status, ()))


def _found(session: Session, query: SelectOfScalar[User], ref: str) -> User:
    ref = str(email_of(ref)) if not _ID.fullmatch(ref) else ref
    column = User.id if _ID.fullmatch(ref) else User.email
    query = query.where(col(column) == ref).order_by(col(User.deleted_at).desc())
    row = session.exec(query.limit(1)).first() if is_printable(ref) else None
    if row is None:
        raise _nobody()
    return row


def _nobody() -> NotFound:
    return NotFound("No such user.", hint="See: orouter user list --status all")


def _taken(email: str) -> Conflict:
    return Conflict(f"There is already a user {email!r}.", param="email")
