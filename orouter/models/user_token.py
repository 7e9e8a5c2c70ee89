"""Personal tokens: how scripts act for somebody. A secret shown once, its digest here."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from orouter.ids import prefixed
from orouter.models.base import STRICT, Name, now
from orouter.models.columns import UTCDateTime, ascii_text, text
from orouter.schemas.moments import Moment


class TokenCreate(SQLModel):
    """The body of an issue. ``expires_at`` None: never."""

    model_config = STRICT

    name: Name
    expires_at: Moment | None = None


class UserToken(SQLModel, table=True):
    """The row; a revoked token is deleted."""

    __tablename__ = "user_tokens"
    __table_args__ = (
        ForeignKeyConstraint(["user_id"], ["users.id"]),
        UniqueConstraint("digest"),
        Index(None, "user_id"),
    )

    id: str = Field(
        default_factory=lambda: prefixed("token"), primary_key=True, sa_type=ascii_text(32)
    )
    user_id: str = Field(sa_type=ascii_text(31))
    name: str = Field(sa_type=text(100))
    digest: str = Field(sa_type=ascii_text(64), repr=False)
    last4: str = Field(sa_type=ascii_text(4))
    created_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class TokenPublic(SQLModel):
    """What its owner and superadmins see of a token."""

    id: str
    name: str
    last4: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class TokenIssued(TokenPublic):
    """The only answer that ever holds the secret."""

    secret: str = Field(repr=False)
