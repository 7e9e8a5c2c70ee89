"""People: who may sign in, what they may do, and which organizations they belong to."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, SecretStr
from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from orouter.ids import prefixed
from orouter.models.base import STRICT, now, printable, tidy
from orouter.models.columns import UTCDateTime, ascii_text, text
from orouter.schemas.actor import Role
from orouter.schemas.pages import Listing

Status = Literal["invited", "active", "disabled", "deleted"]

EMAIL_LENGTH = 254
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def email_of(value: object) -> object:
    """The one spelling of an address that is stored: addresses that differ in case are one."""
    return tidy(value).lower() if isinstance(value, str) else value


def _plausible(value: str) -> str:
    if len(value) > EMAIL_LENGTH or not _EMAIL.fullmatch(printable(value)):
        raise ValueError("must be an e-mail address")
    return value


def _trimmed(value: object) -> object:
    return tidy(value) if isinstance(value, str) else value


Email = Annotated[str, BeforeValidator(email_of), AfterValidator(_plausible)]
FullName = Annotated[
    str, BeforeValidator(_trimmed), Field(max_length=100), AfterValidator(printable)
]
"""How somebody is called; may be empty."""


class UserCreate(SQLModel):
    """Who is invited. ``orgs`` are ids or exact names; a viewer without any sees everything."""

    model_config = STRICT

    email: Email
    name: FullName = ""
    role: Role = "viewer"
    orgs: list[str] = Field(default_factory=list, max_length=1000)


class UserUpdate(SQLModel):
    """What is to change: fields that are left out stay as they are."""

    model_config = STRICT

    email: Email = ""
    name: FullName = ""
    role: Role = "viewer"
    enabled: bool = True
    orgs: list[str] = Field(default_factory=list, max_length=1000)


class User(SQLModel, table=True):
    """The row. Without a ``password_hash`` the person was invited and has not come yet.

    ``email_key`` is the address while the row lives, and frees it once deleted. ``all_orgs`` is
    kept apart from the memberships, so that whoever loses the last of them sees nothing.
    """

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email_key"), Index(None, "created_at"))

    id: str = Field(
        default_factory=lambda: prefixed("user"), primary_key=True, sa_type=ascii_text(31)
    )
    email: str = Field(sa_type=text(EMAIL_LENGTH))
    email_key: str = Field(sa_type=text(EMAIL_LENGTH))
    name: str = Field(default="", sa_type=text(100))
    role: Role = Field(sa_type=ascii_text(16))
    all_orgs: bool = False
    password_hash: str = Field(default="", sa_type=ascii_text(200), repr=False)
    enabled: bool = True
    last_login_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    created_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    updated_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    deleted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def status(self) -> Status:
        """Deleted, disabled, invited or active: the first that holds."""
        if self.deleted_at is not None:
            return "deleted"
        if not self.enabled:
            return "disabled"
        return "active" if self.password_hash else "invited"


class Membership(SQLModel, table=True):
    """Somebody belongs to an organization; what they may do in it is said by their role."""

    __tablename__ = "memberships"
    __table_args__ = (
        ForeignKeyConstraint(["user_id"], ["users.id"]),
        ForeignKeyConstraint(["org_id"], ["organizations.id"]),
        Index(None, "org_id"),
    )

    user_id: str = Field(primary_key=True, sa_type=ascii_text(31))
    org_id: str = Field(primary_key=True, sa_type=ascii_text(30))
    created_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)


class UserListing(Listing):
    """Which users to list: those not deleted unless ``status`` says so."""

    role: Role | None = None
    status: Literal[Status, "all"] | None = None


class OrganizationRef(BaseModel):
    """An organization by id, and how it is called now."""

    id: str
    name: str


class UserPublic(SQLModel):
    """What callers see. ``all_orgs``: reaches every organization, whatever ``orgs`` holds."""

    id: str
    email: str
    name: str
    role: Role
    orgs: list[OrganizationRef]
    all_orgs: bool
    status: Status
    last_login_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class UserInvited(UserPublic):
    """The only answer that ever holds the one-time link; None if the person was there before."""

    link: str | None = Field(default=None, repr=False)
    link_expires_at: datetime | None = None


class NewPassword(SQLModel):
    """A change of one's own password."""

    model_config = STRICT

    current_password: SecretStr
    new_password: SecretStr
