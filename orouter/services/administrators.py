"""Organizations together with the people who administer them.

Whoever is named and not known yet is invited as ``org_admin``; their links are in the answer.
"""

from collections.abc import Iterable

from sqlmodel import Session

from orouter.models.organization import (
    Invitation,
    OrganizationAdministered,
    OrganizationCreate,
    OrganizationUpdate,
)
from orouter.models.user import UserCreate
from orouter.schemas.actor import Actor
from orouter.services import members, organizations, user_secrets, users


def create(
    session: Session,
    new: OrganizationCreate,
    actor: Actor,
    *,
    pepper: bytes,
    base: str,
    if_not_exists: bool = False,
) -> OrganizationAdministered:
    """Create an organization with its administrators; one that is there already gets them too."""
    made = organizations.create(session, new, actor, if_not_exists=if_not_exists)
    invited = _appoint(session, made.id, new.admins, actor, (pepper, base))
    return _answer(session, made.id, actor, invited)


def update(
    session: Session,
    ref: str,
    change: OrganizationUpdate,
    actor: Actor,
    *,
    pepper: bytes,
    base: str,
) -> OrganizationAdministered:
    """Change the fields that are set; ``admins`` are then its administrators, and nobody else."""
    changed = organizations.update(session, ref, change, actor)
    invited: list[Invitation] = []
    if "admins" in change.model_fields_set:
        invited = _appoint(session, changed.id, change.admins, actor, (pepper, base))
        for admin in changed.admins:
            if admin.email not in change.admins:
                members.remove(session, changed.id, admin.id, actor)
    return _answer(session, changed.id, actor, invited)


def _appoint(
    session: Session, org_id: str, emails: Iterable[str], actor: Actor, link: tuple[bytes, str]
) -> list[Invitation]:
    """Make people administrators; ``link``: what those who are invited get a link with."""
    invited = []
    for email in dict.fromkeys(emails):
        actor.require("users.write")
        known = users.of_email(session, email)
        if known is not None:
            members.require_role(known)
            members.add(session, org_id, known.id, actor)
            continue
        new = UserCreate(email=email, role="org_admin", orgs=[org_id])
        made = user_secrets.invite(session, new, actor, pepper=link[0], base=link[1])
        invited.append(Invitation.model_validate(made.model_dump(include=_LINK)))
    return invited


_LINK = {"email", "link", "link_expires_at"}


def _answer(
    session: Session, org_id: str, actor: Actor, invited: list[Invitation]
) -> OrganizationAdministered:
    shown = organizations.get(session, org_id, actor)
    return OrganizationAdministered.model_validate(shown, update={"invitations": invited})
