"""Sessions of the admin web: a secret in a cookie, its digest here."""

from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from orouter.ids import prefixed
from orouter.models.base import STRICT, now
from orouter.models.columns import UTCDateTime, ascii_text, text
from orouter.models.user import UserPublic
from orouter.schemas.actor import Right

USER_AGENT_LENGTH = 200


class UserSession(SQLModel, table=True):
    """The row; it ends by being deleted. ``expires_at`` is reached however much it is used."""

    __tablename__ = "user_sessions"
    __table_args__ = (
        ForeignKeyConstraint(["user_id"], ["users.id"]),
        UniqueConstraint("digest"),
        Index(None, "user_id"),
        Index(None, "expires_at"),
    )

    id: str = Field(
        default_factory=lambda: prefixed("sess"), primary_key=True, sa_type=ascii_text(31)
    )
    user_id: str = Field(sa_type=ascii_text(31))
    digest: str = Field(sa_type=ascii_text(64), repr=False)
    ip: str = Field(default="", sa_type=ascii_text(45))
    user_agent: str = Field(default="", sa_type=text(USER_AGENT_LENGTH))
    created_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    last_seen_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)


class UserSessionPublic(SQLModel):
    """What its owner and superadmins see of a session."""

    id: str
    ip: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool = False


class SignIn(SQLModel):
    """Who wants to sign in."""

    model_config = STRICT

    email: str = Field(max_length=1000)
    password: SecretStr


class SessionPublic(SQLModel):
    """Who is signed in, and what a page may offer them."""

    user: UserPublic
    permissions: list[Right]
    expires_at: datetime
    reporting_timezone: str
    version: str


class SessionState(SQLModel):
    """What anybody may know: whether there is somebody yet who can sign in."""

    setup_needed: bool
    version: str
