"""One row that says how often something changed that the data plane must notice."""

from sqlmodel import Field, SQLModel

from orouter.models.columns import BIG


class ChangeCounter(SQLModel, table=True):
    """The row ``id = 1``; its lock serialises the commits of all mutations."""

    __tablename__ = "change_counter"

    id: int = Field(default=1, primary_key=True, sa_type=BIG)
    value: int = Field(default=0, sa_type=BIG)
