"""Organizations: the owners of keys, limits and statistics."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from orouter.ids import prefixed
from orouter.models.base import STRICT, Description, Name, now
from orouter.models.columns import BIG, UTCDateTime, ascii_text, text
from orouter.models.user import Email
from orouter.schemas.pages import Listing
from orouter.schemas.usage import OrganizationUsage

Status = Literal["active", "disabled", "deleted"]


class OrganizationBase(SQLModel):
    """What an operator says about an organization."""

    name: Name = Field(sa_type=text(100))
    description: Description = Field(default="", sa_type=text(500))


class OrganizationCreate(OrganizationBase):
    """The body of a creation. ``admins`` are addresses; those unknown are invited."""

    model_config = STRICT

    admins: list[Email] = Field(default_factory=list, max_length=100)


class OrganizationUpdate(SQLModel):
    """What is to change: fields that are left out stay as they are."""

    model_config = STRICT

    name: Name = ""
    description: Description = ""
    enabled: bool = True
    admins: list[Email] = Field(default_factory=list, max_length=100)


class Organization(OrganizationBase, table=True):
    """The row. ``name_key`` is the name while the row lives, and frees it once deleted."""

    __tablename__ = "organizations"
    __table_args__ = (
        UniqueConstraint("name_key"),
        Index(None, "version"),
        Index(None, "created_at"),
    )

    id: str = Field(
        default_factory=lambda: prefixed("org"), primary_key=True, sa_type=ascii_text(30)
    )
    name_key: str = Field(sa_type=text(101))
    enabled: bool = True
    created_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    updated_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    version: int = Field(sa_type=BIG)

    @property
    def status(self) -> Status:
        """Deleted, disabled or active: the first that holds."""
        if self.deleted_at is not None:
            return "deleted"
        return "active" if self.enabled else "disabled"


class OrganizationListing(Listing):
    """Which organizations to list: those not deleted unless ``status`` says so."""

    status: Literal[Status, "all"] | None = None
    at_least: float = Field(default=0, ge=0, le=1000)
    """Only those of whose fullest limit so many percent are used."""
    include: Literal["usage"] | None = None


class Administrator(SQLModel):
    """Somebody who administers an organization."""

    id: str
    email: str
    name: str


class Invitation(SQLModel):
    """The one-time link of an administrator who was not known before; shown this once."""

    email: str
    link: str = Field(repr=False)
    link_expires_at: datetime


class OrganizationPublic(OrganizationBase):
    """What callers see. ``admins``: for those who may see its members."""

    id: str
    status: Status
    enabled: bool
    admins: list[Administrator] = []
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class OrganizationAdministered(OrganizationPublic):
    """The answer to a creation or change: links for administrators who were invited by it."""

    invitations: list[Invitation] = []


class OrganizationListed(OrganizationPublic):
    """A row of a list; ``usage`` is there if it was asked for (``include=usage``)."""

    usage: OrganizationUsage | None = None


class OrganizationDeleted(OrganizationPublic):
    """The answer to a deletion: how many keys worked until now."""

    keys_stopped: int
