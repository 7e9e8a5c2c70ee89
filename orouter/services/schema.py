"""The state of the database schema, for `orouter db` and for a server about to start."""

from msgspec import Struct
from sqlmodel import Session

from orouter.db import schema
from orouter.db.session import Database


class SchemaState(Struct, frozen=True):
    """The revision that the database is at (None: no schema yet) and the one that is needed."""

    current: str | None
    head: str

    @property
    def up_to_date(self) -> bool:
        """Whether nothing is to be done."""
        return self.current == self.head


class Upgraded(Struct, frozen=True):
    """What an upgrade did: the revisions before and after it."""

    before: str | None
    after: str


def state(session: Session) -> SchemaState:
    """Return what is there and what is needed."""
    return SchemaState(schema.current(session.connection()), schema.head())


def check(session: Session) -> str:
    """Return the revision if this version can work with it; raises SchemaBehind otherwise."""
    return schema.check(session)


def check_to_serve(session: Session) -> str:
    """The same for a server, which goes on with a newer schema that allows it."""
    return schema.check_to_serve(session)


def upgrade(database: Database) -> Upgraded:
    """Bring the schema to the newest revision; quick, and changes nothing, if it is there."""
    return Upgraded(*schema.upgrade(database.primary))
