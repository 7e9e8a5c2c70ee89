"""One row that says which versions may serve with the schema; see docs/upgrade.md."""

from sqlmodel import Field, SQLModel

from orouter.models.columns import BIG, ascii_text


class SchemaFloor(SQLModel, table=True):
    """The row ``id = 1``: the newest revision that a version must know to serve."""

    __tablename__ = "schema_floor"

    id: int = Field(default=1, primary_key=True, sa_type=BIG)
    revision: str = Field(sa_type=ascii_text(32))
