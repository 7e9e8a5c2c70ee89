"""Settings that operators change while the servers run."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from orouter.models.base import now
from orouter.models.columns import BIG, UTCDateTime, long_text, text

PATH_LENGTH = 255


class StoredSetting(SQLModel, table=True):
    """``path`` is dotted, ``value`` JSON; ``version`` as of the change counter."""

    __tablename__ = "stored_settings"

    path: str = Field(primary_key=True, sa_type=text(PATH_LENGTH))
    value: str = Field(sa_type=long_text())
    version: int = Field(sa_type=BIG)
    updated_at: datetime = Field(default_factory=now, sa_type=UTCDateTime)
