"""Signed reasoning by tool call, for conversations that come back without it."""

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from orouter.models.columns import BIG, ascii_text, long_text

CALL_ID_LENGTH = 128


class Continuation(SQLModel, table=True):
    """``details`` is a JSON array; ``created_at`` microseconds since the epoch."""

    __tablename__ = "continuations"
    __table_args__ = (Index(None, "created_at"),)

    org_id: str = Field(primary_key=True, sa_type=ascii_text(30))
    call_id: str = Field(primary_key=True, sa_type=ascii_text(CALL_ID_LENGTH))
    details: str = Field(sa_type=long_text())
    created_at: int = Field(sa_type=BIG)
