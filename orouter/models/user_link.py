"""One-time links: how somebody sets a first or a new password."""

from datetime import datetime
from typing import Literal

from pydantic import SecretStr
from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from orouter.models.base import STRICT, now
from orouter.models.columns import UTCDateTime, ascii_text
from orouter.models.user import Email, FullName

Purpose = Literal["setup", "invite", "reset"]
"""``setup``: the first administrator of an installation, who may choose their own address."""


class UserLink(SQLModel, table=True):
    """The row: one a person, so that a new link voids the one before. Gone once used."""

    __tablename__ = "user_links"
    __table_args__ = (
        ForeignKeyConstraint(["user_id"], ["users.id"]),
        UniqueConstraint("digest"),
    )

    user_id: str = Field(primary_key=True, sa_type=ascii_text(31))
    digest: str = Field(sa_type=ascii_text(64), repr=False)
    purpose: Purpose = Field(sa_type=ascii_text(8))
    created_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)


class LinkPublic(SQLModel):
    """Whom a link is for."""

    email: str
    name: str
    purpose: Purpose
    expires_at: datetime


class LinkMade(SQLModel):
    """The only answer that ever holds the link."""

    link: str = Field(repr=False)
    link_expires_at: datetime


class LinkUse(SQLModel):
    """What somebody answers to a link; ``email`` is taken from a ``setup`` link's user only."""

    model_config = STRICT

    token: SecretStr
    password: SecretStr
    name: FullName | None = None
    email: Email | None = None
