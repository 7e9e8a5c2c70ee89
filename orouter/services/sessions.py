"""Sessions of the admin web. The cookie's secret is stored as a digest; a row that is gone is over.

Looked up in the database at each request, so that an end holds everywhere at once.
"""

import hmac
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from orouter.errors import NotFound
from orouter.models.base import now
from orouter.models.user import User
from orouter.models.user_session import USER_AGENT_LENGTH, UserSession, UserSessionPublic
from orouter.schemas.actor import Actor
from orouter.services import key_secrets, reach

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last use is known: writing it down at each request would cost a write each."""

_TABLE: sa.Table = UserSession.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


class Client(NamedTuple):
    """Where a request comes from."""

    ip: str = ""
    user_agent: str = ""


class Signed(NamedTuple):
    """Somebody who is signed in. ``unseen``: the row's last use is to be written down."""

    row: UserSession
    user: User
    actor: Actor
    unseen: bool


def begin(session: Session, user: User, client: Client, *, pepper: bytes) -> tuple[str, Signed]:
    """A new session; the secret is in the cookie and nowhere else."""
    at = now()
    expired = sa.or_(_TABLE.c.expires_at <= at, _TABLE.c.last_seen_at <= at - IDLE)
    session.connection().execute(sa.delete(_TABLE).where(_TABLE.c.user_id == user.id, expired))
    secret = key_secrets.generate(key_secrets.SESSION)
    row = UserSession(
        user_id=user.id,
        digest=key_secrets.digest(pepper, secret),
        ip=client.ip,
        user_agent=client.user_agent[:USER_AGENT_LENGTH],
        expires_at=at + LONGEST,
    )
    session.add(row)
    session.flush()
    return secret, Signed(row, user, _actor(session, user, client), unseen=False)


def find(session: Session, secret: str, client: Client, *, pepper: bytes) -> Signed | None:
    """Who is signed in with that secret, if anybody is."""
    if not key_secrets.well_formed(secret, key_secrets.SESSION):
        return None
    at = now()
    query = (
        select(UserSession, User)
        .join(User, col(User.id) == col(UserSession.user_id))
        .where(
            col(UserSession.digest) == key_secrets.digest(pepper, secret),
            col(UserSession.expires_at) > at,
            col(UserSession.last_seen_at) > at - IDLE,
            col(User.enabled),
            col(User.deleted_at).is_(None),
        )
    )
    found = session.exec(query).first()
    if found is None:
        return None
    row, user = found
    unseen = row.last_seen_at < at - SEEN_EVERY
    return Signed(row, user, _actor(session, user, client), unseen)


def seen(session: Session, session_id: str) -> None:
    """Write down that a session is used."""
    session.connection().execute(
        sa.update(_TABLE).where(_TABLE.c.id == session_id).values(last_seen_at=now())
    )


def of_user(session: Session, user_id: str, current: str = "") -> list[UserSessionPublic]:
    """Somebody's sessions that are not over, the last used first."""
    at = now()
    query = select(UserSession).where(
        col(UserSession.user_id) == user_id,
        col(UserSession.expires_at) > at,
        col(UserSession.last_seen_at) > at - IDLE,
    )
    rows = session.exec(query.order_by(col(UserSession.last_seen_at).desc()))
    return [
        UserSessionPublic.model_validate(row, update={"current": row.id == current}) for row in rows
    ]


def end(session: Session, user_id: str, session_id: str) -> None:
    """End one of somebody's sessions. Raises NotFound."""
    there = _TABLE.c.user_id == user_id, _TABLE.c.id == session_id
    ended = (
        session_id.isascii()
        and session.connection().execute(sa.delete(_TABLE).where(*there)).rowcount
    )
    if not ended:
        raise NotFound("No such session.")


def end_all(session: Session, user_id: str, *, but: str = "") -> int:
    """End somebody's sessions, all or all but one; return how many."""
    there = _TABLE.c.user_id == user_id, _TABLE.c.id != but
    return session.connection().execute(sa.delete(_TABLE).where(*there)).rowcount


def end_secret(session: Session, secret: str, *, pepper: bytes) -> None:
    """End the session of that secret, if there is one."""
    if key_secrets.well_formed(secret, key_secrets.SESSION):
        digest = key_secrets.digest(pepper, secret)
        session.connection().execute(sa.delete(_TABLE).where(_TABLE.c.digest == digest))


def prune(session: Session) -> int:
    """Delete the rows of sessions that are over; return how many."""
    at = now()
    over = sa.or_(_TABLE.c.expires_at <= at, _TABLE.c.last_seen_at <= at - IDLE)
    return session.connection().execute(sa.delete(_TABLE).where(over)).rowcount


def anti_forgery(secret: str, *, pepper: bytes) -> str:
    """What a page of ours sends along with each change: it can be told only with the session."""
    return hmac.digest(pepper, b"anti-forgery " + secret.encode(), "sha256").hex()


def _actor(session: Session, user: User, client: Client) -> Actor:
    return Actor(
        "user",
        user.id,
        reach.of(session, user),
        role=user.role,
        via="ui",
        ip=client.ip,
        name=user.email,
    )
