"""What opens the door for somebody: their sessions, their tokens, and links to set a password.

One's own are at hand for everybody; those of others need the right ``users.write``. A token cannot
make more tokens: whoever finds one does not keep a foot in the door.
"""

from datetime import timedelta

from sqlmodel import Session

from orouter.errors import PermissionDenied
from orouter.models.user import User, UserCreate, UserInvited
from orouter.models.user_link import LinkMade, Purpose
from orouter.models.user_session import UserSessionPublic
from orouter.models.user_token import TokenCreate, TokenIssued, TokenPublic
from orouter.schemas.actor import Actor, Right
from orouter.schemas.pages import Page, whole
from orouter.services import audit, links, sessions, tokens, users

NOBODYS = "admin@localhost"
"""The address of the first administrator until they choose their own."""


def invite(
    session: Session,
    new: UserCreate,
    actor: Actor,
    *,
    pepper: bytes,
    base: str,
    purpose: Purpose = "invite",
) -> UserInvited:
    """Create somebody, and the link with which they set their password. Raises Conflict."""
    made = users.create(session, new, actor)
    link = make_link(session, made.id, actor, pepper=pepper, base=base, purpose=purpose)
    return UserInvited.model_validate(made, update=link.model_dump())


def first_administrator(
    session: Session, actor: Actor, *, pepper: bytes, base: str, lifetime: timedelta | None = None
) -> LinkMade | None:
    """The link that lets the first administrator in; None if somebody can sign in already.

    Whoever opens it chooses a password, and an address instead of `NOBODYS`.
    """
    if users.administrator(session) is not None:
        return None
    row = users.of_email(session, NOBODYS)
    if row is None:
        new = UserCreate(email=NOBODYS, name="Administrator", role="superadmin")
        row = users.find(session, users.create(session, new, actor).id, actor)
    return links.make(session, row, "setup", pepper=pepper, base=base, lifetime=lifetime)


def make_link(
    session: Session,
    ref: str,
    actor: Actor,
    *,
    pepper: bytes,
    base: str,
    purpose: Purpose | None = None,
) -> LinkMade:
    """A link with which somebody sets a password; it voids the one before."""
    actor.require("users.write")
    row = users.find(session, ref, actor)
    purpose = purpose or ("reset" if row.password_hash else "invite")
    made = links.make(session, row, purpose, pepper=pepper, base=base)
    told = {"purpose": purpose, "expires_at": made.link_expires_at}
    audit.record(session, actor, "user.link", users.target(row), None, told)
    return made


def list_sessions(
    session: Session, ref: str, actor: Actor, current: str = ""
) -> Page[UserSessionPublic]:
    """Somebody's sessions, the last used first."""
    user = _whose(session, ref, actor, "users.read")
    return whole(sessions.of_user(session, user.id, current))


def end_session(session: Session, ref: str, session_id: str, actor: Actor) -> None:
    """End one of somebody's sessions. Raises NotFound."""
    row = _whose(session, ref, actor)
    sessions.end(session, row.id, session_id)
    audit.record(session, actor, "session.revoke", audit.Target("session", session_id, row.email))


def end_sessions(session: Session, ref: str, actor: Actor) -> None:
    """End all of somebody's sessions."""
    row = _whose(session, ref, actor)
    ended = sessions.end_all(session, row.id)
    audit.record(session, actor, "session.revoke_all", users.target(row), {"sessions": ended})


def list_tokens(session: Session, ref: str, actor: Actor) -> Page[TokenPublic]:
    """Somebody's tokens, the youngest first."""
    return whole(tokens.of_user(session, _whose(session, ref, actor, "users.read").id))


def issue_token(
    session: Session, ref: str, new: TokenCreate, actor: Actor, *, pepper: bytes
) -> TokenIssued:
    """Make a token and return it with its secret, which cannot be shown again."""
    if actor.kind == "token":
        raise PermissionDenied("A token cannot make tokens: sign in for that.")
    return tokens.issue(session, _whose(session, ref, actor), new, actor, pepper=pepper)


def revoke_token(session: Session, ref: str, token_id: str, actor: Actor) -> None:
    """Take one of somebody's tokens away. Raises NotFound."""
    tokens.revoke(session, _whose(session, ref, actor).id, token_id, actor)


def _whose(session: Session, ref: str, actor: Actor, right: Right = "users.write") -> User:
    """The owner, if the actor is that person or may look after others."""
    row = users.find(session, ref, actor)
    if not (actor.is_person and row.id == actor.id) and right not in actor.rights:
        raise PermissionDenied(f"This needs the right {right!r}, which you do not have.")
    return row
