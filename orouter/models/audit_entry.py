"""The audit log: who changed what, from where, and what it was before. Rows are never changed."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, StringConstraints
from pydantic import Field as Wire
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from orouter.ids import prefixed
from orouter.models.base import now, printable
from orouter.models.columns import UTCDateTime, ascii_text, long_text, text
from orouter.schemas.actor import Via
from orouter.schemas.moments import Moment
from orouter.schemas.pages import Listing

ActorKind = Literal["user", "key", "token", "cli", "system"]
TARGET_LENGTH = 255

Word = Annotated[str, StringConstraints(max_length=TARGET_LENGTH), AfterValidator(printable)]
Ascii = Annotated[str, StringConstraints(max_length=40, pattern=r"^[!-~]*$")]


class AuditEntry(SQLModel, table=True):
    """The row. ``before`` and ``after`` are JSON objects with the changed fields only."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index(None, "at"),
        Index(None, "org_id", "at"),
        Index(None, "actor_id", "at"),
        Index(None, "target_id", "at"),
    )

    id: str = Field(
        default_factory=lambda: prefixed("audit"), primary_key=True, sa_type=ascii_text(32)
    )
    at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
    actor_kind: ActorKind = Field(sa_type=ascii_text(8))
    actor_id: str = Field(sa_type=text(100))
    actor_name: str = Field(default="", sa_type=text(TARGET_LENGTH))
    via: Via = Field(sa_type=ascii_text(8))
    ip: str = Field(default="", sa_type=ascii_text(45))
    action: str = Field(sa_type=ascii_text(40))
    target_kind: str = Field(sa_type=ascii_text(20))
    target_id: str = Field(default="", sa_type=text(TARGET_LENGTH))
    target_name: str = Field(default="", sa_type=text(TARGET_LENGTH))
    org_id: str = Field(default="", sa_type=ascii_text(30))
    before: str = Field(sa_type=long_text())
    after: str = Field(sa_type=long_text())


class AuditListing(Listing):
    """Which entries to list. ``actor`` is an id or a name, ``org`` an id or an exact name."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, populate_by_name=True)

    actor: Word | None = None
    action: Ascii | None = None
    target_kind: Ascii | None = None
    target_id: Word | None = None
    org: Word | None = None
    since: Moment | None = Wire(default=None, alias="from")
    until: Moment | None = Wire(default=None, alias="to")


class AuditEntryPublic(SQLModel):
    """What readers of the audit log see."""

    id: str
    at: datetime
    actor_kind: ActorKind
    actor_id: str
    actor_name: str
    via: Via
    ip: str
    action: str
    target_kind: str
    target_id: str
    target_name: str
    org_id: str
    before: dict[str, Any]
    after: dict[str, Any]
