from orouter.db import facts
from orouter.db.session import Database


def test_every_database_tells_what_it_is(database: Database) -> None:
    with database.read() as session:
        connection = session.connection()
        assert facts.kind(connection).startswith(("sqlite", "m", "postgresql"))
        major = int(facts.version(connection).partition(".")[0])
        assert 3 <= major < 30
        assert (facts.size_bytes(connection) or 0) > 10_000
