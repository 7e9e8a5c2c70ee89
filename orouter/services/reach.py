"""Which organizations somebody reaches. What may be done there follows from their role."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from orouter.models import Organization
from orouter.models.organization import Administrator
from orouter.models.user import Membership, OrganizationRef, User

_TABLE: sa.Table = Membership.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


def orgs_of(session: Session, users: Iterable[str]) -> dict[str, list[OrganizationRef]]:
    """The living organizations of some users by the users' ids, in the order of their names."""
    query = (
        select(Membership.user_id, Organization.id, Organization.name)
        .join(Organization, col(Organization.id) == col(Membership.org_id))
        .where(col(Membership.user_id).in_(list(users)), col(Organization.deleted_at).is_(None))
        .order_by(col(Organization.name))
    )
    found: dict[str, list[OrganizationRef]] = {}
    for user_id, org_id, name in session.exec(query):
        found.setdefault(user_id, []).append(OrganizationRef(id=org_id, name=name))
    return found


def of(session: Session, user: User) -> frozenset[str] | None:
    """The ids of the organizations within somebody's reach, deleted ones too; None: every one."""
    if user.role in ("superadmin", "operator") or user.all_orgs:
        return None
    query = select(Membership.org_id).where(col(Membership.user_id) == user.id)
    return frozenset(session.exec(query))


def admins_of(session: Session, org_ids: Iterable[str]) -> dict[str, list[Administrator]]:
    """Who administers some organizations, by the organizations' ids, in the order of addresses."""
    query = (
        select(Membership.org_id, User.id, User.email, User.name)
        .join(User, col(User.id) == col(Membership.user_id))
        .where(
            col(Membership.org_id).in_(list(org_ids)),
            col(User.deleted_at).is_(None),
            col(User.role) != "viewer",
        )
        .order_by(col(User.email))
    )
    found: dict[str, list[Administrator]] = {}
    for org_id, user_id, email, name in session.exec(query):
        found.setdefault(org_id, []).append(Administrator(id=user_id, email=email, name=name))
    return found


def replace(session: Session, user_id: str, org_ids: Sequence[str]) -> None:
    """Make somebody a member of these organizations and of no others."""
    present = set(session.exec(select(Membership.org_id).where(col(Membership.user_id) == user_id)))
    gone = _TABLE.c.user_id == user_id, _TABLE.c.org_id.in_(sorted(present - set(org_ids)))
    session.connection().execute(sa.delete(_TABLE).where(*gone))
    for org_id in sorted(set(org_ids) - present):
        session.add(Membership(user_id=user_id, org_id=org_id))
    session.flush()
