"""One-time links: whoever opens one sets a password and is signed in.

The secret stands behind the ``#`` of the address, so that no server ever logs it.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from orouter.errors import NotFound
from orouter.models.base import now
from orouter.models.user import User
from orouter.models.user_link import LinkMade, LinkPublic, Purpose, UserLink
from orouter.services import key_secrets

LIFETIME: dict[Purpose, timedelta] = {
    "setup": timedelta(minutes=10),
    "invite": timedelta(hours=72),
    "reset": timedelta(hours=24),
}

_TABLE: sa.Table = UserLink.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


def make(
    session: Session,
    user: User,
    purpose: Purpose,
    *,
    pepper: bytes,
    base: str,
    lifetime: timedelta | None = None,
) -> LinkMade:
    """A new link below ``base`` (``https://host``); one that the person had before is void."""
    void(session, user.id)
    secret = key_secrets.generate(key_secrets.LINK)
    expires_at = now() + (lifetime or LIFETIME[purpose])
    session.add(
        UserLink(
            user_id=user.id,
            digest=key_secrets.digest(pepper, secret),
            purpose=purpose,
            expires_at=expires_at,
        )
    )
    session.flush()
    return LinkMade(link=f"{base}/admin/setup#token={secret}", link_expires_at=expires_at)


def look(session: Session, secret: str, *, pepper: bytes) -> LinkPublic:
    """Whom a link is for. Raises NotFound for one that is unknown, used or expired."""
    link, user = found(session, secret, pepper=pepper)
    return LinkPublic(
        email=user.email, name=user.name, purpose=link.purpose, expires_at=link.expires_at
    )


def found(session: Session, secret: str, *, pepper: bytes) -> tuple[UserLink, User]:
    """The rows of a link that can be used. Raises NotFound."""
    query = (
        select(UserLink, User)
        .join(User, col(User.id) == col(UserLink.user_id))
        .where(
            col(UserLink.digest) == key_secrets.digest(pepper, secret),
            col(UserLink.expires_at) > now(),
            col(User.deleted_at).is_(None),
            col(User.enabled),
        )
    )
    row = session.exec(query).first() if key_secrets.well_formed(secret, key_secrets.LINK) else None
    if row is None:
        raise NotFound(
            "This link was used, has expired, or was replaced by a newer one.",
            hint="orouter user passwd EMAIL --link makes a new one",
        )
    return row[0], row[1]


def take(session: Session, user_id: str, digest: str) -> bool:
    """Use a link up; whether it was still there: of several that try at once, one gets it."""
    there = _TABLE.c.user_id == user_id, _TABLE.c.digest == digest
    return session.connection().execute(sa.delete(_TABLE).where(*there)).rowcount == 1


def prune(session: Session) -> int:
    """Delete links that have expired; return how many."""
    return (
        session.connection().execute(sa.delete(_TABLE).where(_TABLE.c.expires_at <= now())).rowcount
    )


def void(session: Session, user_id: str) -> None:
    """Take somebody's link away."""
    session.connection().execute(sa.delete(_TABLE).where(_TABLE.c.user_id == user_id))
