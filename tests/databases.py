"""Databases to test on: SQLite always, the others where a server answers.

``OROUTER_TEST_MYSQL_URL`` and ``OROUTER_TEST_POSTGRES_URL`` say where; without them the servers'
usual addresses on this machine are tried. Each run makes a database of its own and drops it.
"""

import importlib
import os
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import sqlalchemy as sa
from sqlmodel import SQLModel

from orouter import models
from orouter.db import schema
from orouter.db.engine import Server
from orouter.db.faults import translated
from orouter.db.session import Database

BACKENDS = ("sqlite", "mysql", "postgresql")
_DEFAULTS = {
    "mysql": ("OROUTER_TEST_MYSQL_URL", "mysql://root@127.0.0.1:3306/mysql"),
    "postgresql": ("OROUTER_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"),
}
_CREATE = {
    # The worst defaults there are: the schema must not depend on them.
    "mysql": "CREATE DATABASE {name} CHARACTER SET latin1",
    "postgresql": "CREATE DATABASE {name}",
}
_DROP = {"mysql": "DROP DATABASE {name}", "postgresql": "DROP DATABASE {name} WITH (FORCE)"}

for module in pkgutil.iter_modules(models.__path__, "orouter.models."):
    importlib.import_module(module.name)  # so that the metadata holds every table


def server_url(backend: str) -> str:
    """The URL of a server, with some database that is there already."""
    variable, default = _DEFAULTS[backend]
    url = sa.make_url(os.environ.get(variable, default))
    if not url.database:
        url = url.set(database=sa.make_url(default).database)
    return url.render_as_string(hide_password=False)


@contextmanager
def new_database(backend: str, folder: Path) -> Iterator[str]:
    """Make an empty database, yield its URL, and drop it. DatabaseUnavailable without a server."""
    if backend == "sqlite":
        yield f"sqlite:///{folder}/{token_hex(4)}.db"
        return
    server, name = Server(server_url(backend)), f"orouter_test_{token_hex(6)}"
    _administer(server, _CREATE[backend].format(name=name))
    try:
        yield server.url.set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, _DROP[backend].format(name=name))


def empty(database: Database) -> None:
    """Delete every row but the one of the schema, and the change counter's, which starts again."""
    with database.begin() as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            if table.name == "change_counter":
                session.connection().execute(sa.update(table).values(value=0))
            elif table.name != "schema_floor":
                session.connection().execute(sa.delete(table))


def migrated(url: str) -> str:
    """Bring the schema of a database to the head."""
    schema.upgrade(Server(url))
    return url


def _administer(server: Server, statement: str) -> None:
    engine = server.migration_engine().execution_options(isolation_level="AUTOCOMMIT")
    with translated(server.place), engine.connect() as connection:
        connection.exec_driver_sql(statement)
