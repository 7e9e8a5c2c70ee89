"""The schema's revision: which one is there, which one this version needs, and how to get there.

Revisions are the files of ``migrations/versions``; their names sort in the order they are applied,
so that finding the newest needs no Alembic, which takes longer to import than a query to answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from orouter.db.engine import Server
from orouter.db.faults import meaning, translated
from orouter.errors import DatabaseUnavailable, SchemaBehind

_LOCK_WAIT_S = 60
_ADVISORY_LOCK = 0x6F726F75746572  # "orouter", as PostgreSQL wants a number
_VERSION_TABLE = sa.table("alembic_version", sa.column("version_num"))
_FLOOR = sa.table("schema_floor", sa.column("revision"))


@cache
def migrations() -> Path:
    """The folder with Alembic's environment: inside an installed package, or in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "_migrations"
    return installed if installed.is_dir() else package.parent / "migrations"


@cache
def revisions() -> list[str]:
    """All revisions that this version knows, oldest first."""
    return sorted(path.stem for path in (migrations() / "versions").glob("[0-9]*.py"))


def head() -> str:
    """The revision that this version needs."""
    return revisions()[-1]


def current(connection: sa.Connection) -> str | None:
    """The revision the database is at; None for one that was never migrated."""
    try:
        with connection.begin_nested():
            return connection.execute(sa.select(_VERSION_TABLE.c.version_num)).scalar()
    except DBAPIError as error:
        if isinstance(meaning(error, ""), SchemaBehind):
            return None
        raise


def check(session: Session) -> str:
    """Return the revision if it is the one we need; SchemaBehind otherwise, also if newer."""
    found = current(session.connection())
    if found == head():
        return found
    _refuse_newer(found)
    raise SchemaBehind(
        f"The database schema is at {found or 'nothing'}, this version needs {head()}",
        hint="Run: orouter db upgrade",
    )


def check_to_serve(session: Session) -> str:
    """The same for a server, which also goes on with the schema of the next version.

    That one's ``schema_floor`` says whether ours may: so nodes of two versions can share a database
    while an upgrade rolls out.
    """
    found = current(session.connection())
    if found is None or found in revisions():
        return check(session)
    floor = session.connection().scalar(sa.select(_FLOOR.c.revision))
    if floor not in revisions():
        _refuse_newer(found)
    return found


def upgrade(server: Server, to: str | None = None) -> tuple[str | None, str]:
    """Bring the schema to the head, one process at a time; return the revisions before and after.

    ``to`` an older revision it goes only from nothing, as the restore of a backup needs.

    Raises SchemaBehind if the database is newer than this version, DatabaseUnavailable if it does
    not answer or another upgrade takes more than a minute.
    """
    engine = server.migration_engine()
    with translated(server.place):
        with engine.execution_options(immediate=False).connect() as connection:
            found = current(connection)
        if found == head():
            return found, found
        with engine.connect() as connection, _locked(connection):
            found = current(connection)
            _refuse_newer(found)
            _migrate(connection, to or "head")
    return found, to or head()


def _refuse_newer(found: str | None) -> None:
    if found is not None and found not in revisions():
        raise SchemaBehind(
            f"The database schema ({found}) is newer than this version of orouter ({head()})",
            hint="Install the newer orouter, or restore a backup of the older schema.",
        )


def _migrate(connection: sa.Connection, revision: str) -> None:
    from alembic import command, config  # noqa: PLC0415 - 100 ms that only an upgrade pays

    settings = config.Config()
    settings.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    settings.attributes["connection"] = connection
    command.upgrade(settings, revision)


@contextmanager
def _locked(connection: sa.Connection) -> Iterator[None]:
    """Hold off other upgrades. SQLite and PostgreSQL do it all in one transaction; MySQL cannot."""
    if connection.dialect.name == "mysql":
        with _mysql_lock(connection):
            yield
        return
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_WAIT_S}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        yield


@contextmanager
def _mysql_lock(connection: sa.Connection) -> Iterator[None]:
    name = sa.func.concat("orouter.", sa.func.md5(sa.func.database()))
    if connection.scalar(sa.select(sa.func.get_lock(name, _LOCK_WAIT_S))) != 1:
        raise DatabaseUnavailable(
            "Another upgrade of this database is under way",
            hint="Wait for it, then run: orouter db upgrade",
        )
    connection.commit()
    try:
        yield
        connection.commit()
    finally:
        connection.rollback()
        connection.scalar(sa.select(sa.func.release_lock(name)))
        connection.commit()
