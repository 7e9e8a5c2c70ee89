"""Members of an organization: people whose reach it is part of."""

from sqlmodel import Session, col, select

from orouter.errors import Conflict, NotFound
from orouter.models import Organization
from orouter.models.user import Membership, User, UserListing, UserPublic
from orouter.schemas.actor import Actor
from orouter.schemas.pages import Page
from orouter.services import audit, changes, organizations, users


def list_all(session: Session, org: str, listing: UserListing, actor: Actor) -> Page[UserPublic]:
    """Return a page of the members, with those of their organizations that the actor reaches."""
    actor.require("members.read")
    owner = organizations.get(session, org, actor)
    belonging = select(Membership.user_id).where(col(Membership.org_id) == owner.id)
    found = users.page(session, col(User.id).in_(belonging), listing)
    for member in found.items:
        member.orgs = [each for each in member.orgs if actor.reaches(each.id)]
    return found


def add(session: Session, org: str, user: str, actor: Actor) -> UserPublic:
    """Make somebody a member; doing so again changes nothing. Raises NotFound."""
    owner, member = _both(session, org, user, actor)
    if session.get(Membership, (member.id, owner.id)) is None:
        session.add(Membership(user_id=member.id, org_id=owner.id))
        _record(session, actor, "member.add", owner, member)
    return users.public(session, member)


def remove(session: Session, org: str, user: str, actor: Actor) -> UserPublic:
    """Take a membership away. Raises NotFound."""
    owner, member = _both(session, org, user, actor)
    row = session.get(Membership, (member.id, owner.id))
    if row is None:
        raise NotFound("No such member.")
    session.delete(row)
    _record(session, actor, "member.remove", owner, member)
    return users.public(session, member)


def require_role(member: User) -> None:
    """Raise Conflict for somebody who would not administer what they are made administrator of."""
    if member.role == "viewer":
        raise Conflict(
            f"{member.email} is a viewer and would administer nothing.",
            hint=f"orouter user role {member.email} org_admin",
        )


def _both(session: Session, org: str, user: str, actor: Actor) -> tuple[Organization, User]:
    actor.require("users.write")
    changes.bump(session)
    return organizations.find(session, org, actor), users.find(session, user, actor)


def _record(session: Session, actor: Actor, action: str, owner: Organization, member: User) -> None:
    session.flush()
    target = audit.Target("org", owner.id, owner.name, owner.id)
    audit.record(session, actor, action, target, None, {"user": member.id, "email": member.email})
