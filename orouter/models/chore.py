"""Work that one worker of all nodes does now and then."""

from sqlmodel import Field, SQLModel

from orouter.models.columns import BIG, ascii_text


class Chore(SQLModel, table=True):
    """Whoever moves ``due_at`` (microseconds since the epoch) on has the turn until then.

    ``done_to`` is the last id that needs no second look.
    """

    __tablename__ = "chores"

    name: str = Field(primary_key=True, sa_type=ascii_text(32))
    due_at: int = Field(sa_type=BIG)
    done_to: str = Field(default="", sa_type=ascii_text(26))
