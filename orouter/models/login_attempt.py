"""Attempts to sign in, counted by account and by address."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from orouter.models.columns import UTCDateTime, ascii_text


class LoginAttempt(SQLModel, table=True):
    """``subject`` is the digest of an account's address or of an IP address."""

    __tablename__ = "login_attempts"

    subject: str = Field(primary_key=True, sa_type=ascii_text(64))
    failures: int
    since: datetime = Field(sa_type=UTCDateTime)
    locked_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
