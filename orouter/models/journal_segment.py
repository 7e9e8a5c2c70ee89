"""How far each journal segment is in the database."""

from sqlmodel import Field, SQLModel

from orouter.models.columns import BIG, text


class JournalSegment(SQLModel, table=True):
    """Everything before ``position`` bytes of the segment is in the usage records."""

    __tablename__ = "journal_segments"

    name: str = Field(primary_key=True, sa_type=text(100))
    position: int = Field(sa_type=BIG)
    updated_at: int = Field(sa_type=BIG)
    """Microseconds since the epoch."""
