"""Personal tokens (``orat_…``): a script acts for somebody, with that person's role and reach."""

from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from orouter.errors import InvalidApiKey, InvalidRequest, NotFound
from orouter.models.base import now
from orouter.models.user import User
from orouter.models.user_token import TokenCreate, TokenIssued, TokenPublic, UserToken
from orouter.schemas.actor import Actor
from orouter.services import audit, key_secrets, reach
from orouter.services.audit import Target

USED_EVERY = timedelta(minutes=1)

_TABLE: sa.Table = UserToken.__table__  # type: ignore[attr-defined]  # SQLModel does not declare it


class Held(NamedTuple):
    """A token that was sent. ``unused``: its last use is to be written down."""

    id: str
    actor: Actor
    unused: bool


def issue(
    session: Session, user: User, new: TokenCreate, actor: Actor, *, pepper: bytes
) -> TokenIssued:
    """Make a token and return it with its secret, which cannot be shown again."""
    if new.expires_at is not None and new.expires_at <= now():
        raise InvalidRequest("The expiry has already passed.", param="expires_at")
    secret = key_secrets.generate(key_secrets.TOKEN)
    given = {
        "user_id": user.id,
        "digest": key_secrets.digest(pepper, secret),
        "last4": secret[-4:],
    }
    row = UserToken.model_validate(new, update=given)
    session.add(row)
    session.flush()
    public = TokenPublic.model_validate(row)
    audit.record(session, actor, "token.issue", Target("token", row.id, row.name), None, public)
    return TokenIssued.model_validate(public, update={"secret": secret})


def of_user(session: Session, user_id: str) -> list[TokenPublic]:
    """Somebody's tokens, the youngest first."""
    query = select(UserToken).where(col(UserToken.user_id) == user_id)
    rows = session.exec(query.order_by(col(UserToken.id).desc()))
    return [TokenPublic.model_validate(row) for row in rows]


def revoke(session: Session, user_id: str, token_id: str, actor: Actor) -> None:
    """Take a token away. Raises NotFound."""
    row = session.get(UserToken, token_id) if token_id.isascii() else None
    if row is None or row.user_id != user_id:
        raise NotFound("No such token.")
    session.delete(row)
    public = TokenPublic.model_validate(row)
    audit.record(session, actor, "token.revoke", Target("token", row.id, row.name), public)
    session.flush()


def verify(session: Session, secret: str, ip: str, *, pepper: bytes) -> Held:
    """Whose token that is. Raises InvalidApiKey."""
    at = now()
    if key_secrets.well_formed(secret, key_secrets.TOKEN):
        unexpired = sa.or_(col(UserToken.expires_at).is_(None), col(UserToken.expires_at) > at)
        query = (
            select(UserToken, User)
            .join(User, col(User.id) == col(UserToken.user_id))
            .where(
                col(UserToken.digest) == key_secrets.digest(pepper, secret),
                unexpired,
                col(User.enabled),
                col(User.deleted_at).is_(None),
            )
        )
        if found := session.exec(query).first():
            token, user = found
            unused = token.last_used_at is None or token.last_used_at < at - USED_EVERY
            return Held(token.id, _actor(session, user, token, ip), unused)
    raise InvalidApiKey("The token is unknown, expired or revoked.")


def used(session: Session, token_id: str) -> None:
    """Write down that a token is used."""
    session.connection().execute(
        sa.update(_TABLE).where(_TABLE.c.id == token_id).values(last_used_at=now())
    )


def _actor(session: Session, user: User, token: UserToken, ip: str) -> Actor:
    return Actor(
        "token",
        user.id,
        reach.of(session, user),
        role=user.role,
        ip=ip,
        name=f"{user.email} (token {token.name})",
    )
