"""API keys: stored as a digest, known to people by name, prefix and last four characters."""

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from orouter.ids import prefixed
from orouter.models.base import STRICT, Description, Name, now
from orouter.models.columns import BIG, UTCDateTime, ascii_text, text
from orouter.schemas.actor import Permission
from orouter.schemas.moments import Moment, Stretch
from orouter.schemas.pages import Listing
from orouter.schemas.usage import MonthUsage

Status = Literal["active", "disabled", "expired", "deleted"]


class KeyBase(SQLModel):
    """What the owner of a key says about it. ``expires_at`` None: never."""

    name: Name = Field(sa_type=text(100))
    description: Description = Field(default="", sa_type=text(500))
    permission: Permission = Field(default="write", sa_type=ascii_text(8))
    expires_at: Moment | None = Field(default=None, sa_type=UTCDateTime)


class KeyCreate(KeyBase):
    """The body of an issue."""

    model_config = STRICT


class KeyUpdate(SQLModel):
    """What is to change: fields that are left out stay as they are."""

    model_config = STRICT

    name: Name = ""
    description: Description = ""
    permission: Permission = "write"
    enabled: bool = True
    expires_at: Moment | None = None


class KeyRotate(SQLModel):
    """How a key is rotated: for how many seconds the old secret still works."""

    model_config = STRICT

    grace_s: int = Field(default=0, ge=0, le=365 * 86_400)


class KeyMove(SQLModel):
    """Where a key goes: an organization's id or exact name."""

    model_config = STRICT

    org: str


class KeyVerify(SQLModel):
    """A secret, to be told whose key it is."""

    model_config = STRICT

    key: str = Field(max_length=200, repr=False)


class ApiKey(KeyBase, table=True):
    """The row. After a rotation the previous secret is good until ``previous_expires_at``."""

    __tablename__ = "api_keys"
    __table_args__ = (
        ForeignKeyConstraint(["org_id"], ["organizations.id"]),
        UniqueConstraint("digest"),
        UniqueConstraint("org_id", "name_key"),
        Index(None, "org_id", "created_at"),
        Index(None, "previous_digest"),
        Index(None, "version"),
    )

    id: str = Field(
        default_factory=lambda: prefixed("key"), primary_key=True, sa_type=ascii_text(30)
    )
    org_id: str = Field(sa_type=ascii_text(30))
    name_key: str = Field(sa_type=text(101))
    digest: str = Field(sa_type=ascii_text(64))
    previous_digest: str = Field(default="", sa_type=ascii_text(64))
    previous_expires_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    pepper_id: str = Field(sa_type=ascii_text(16))
    prefix: str = Field(sa_type=ascii_text(8))
    last4: str = Field(sa_type=ascii_text(4))
    enabled: bool = True
    rotated_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    created_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    updated_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    version: int = Field(sa_type=BIG)


class KeyListing(Listing):
    """Which keys to list: those not deleted unless ``status`` says so; ``org``: id or name."""

    org: str | None = None
    name: Name | None = None
    status: Literal[Status, "all"] | None = None
    permission: Permission | None = None
    expiring_within: Stretch | None = None
    """Only those that expire from now until then."""
    unused_for: Stretch | None = None
    """Only older ones without a request since then."""
    at_least: float = Field(default=0, ge=0, le=1000)
    """Only those of whose fullest own limit so many percent are used."""
    include: Literal["usage"] | None = None


class KeyPublic(KeyBase):
    """What callers see; never a digest. ``status`` counts the organization's state in."""

    id: str
    org_id: str
    org_name: str
    status: Status
    enabled: bool
    prefix: str
    last4: str
    rotated_at: datetime | None
    previous_expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class KeyListed(KeyPublic):
    """A row of a list; ``usage`` is there if it was asked for (``include=usage``)."""

    usage: MonthUsage | None = None


class KeyIssued(KeyPublic):
    """The only answer that ever holds the secret; None if the key was there before."""

    key: str | None = Field(default=None, repr=False)
