"""Backups of the whole database, and their way back, into the same kind of database or another.

A backup is one snapshot: writers go on meanwhile and are not waited for. A restore is one
transaction, and every running server reads everything anew after it.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import groupby, islice
from typing import IO, Any, Protocol

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from orouter import models
from orouter.db import schema
from orouter.db.engine import Server
from orouter.db.faults import translated
from orouter.errors import SchemaBehind
from orouter.services import archive, changes
from orouter.services.archive import Contents, Row, Table

AT_ONCE = 1000
_ONE_ROW = ("change_counter", "schema_floor")
"""Tables that are never empty."""


def take(server: Server, watched: "Watched | None" = None) -> Iterator[bytes]:
    """The backup, piece by piece. Raises SchemaBehind or DatabaseUnavailable."""
    with translated(server.place), snapshot(server) as connection:
        revision = schema.check(Session(connection))
        parts = _everything(connection)
        if watched is not None:
            parts = watched(parts, total=partial(_rows, connection))
        yield from archive.packed(revision, parts)


class Watched(Protocol):
    """Passes the parts of a backup on and tells how far it is."""

    def __call__(
        self, items: Iterator[Table | Row], /, *, total: Callable[[], int]
    ) -> Iterator[Table | Row]:
        """``total`` counts all there are, which takes a moment."""


def restore(server: Server, file: IO[bytes]) -> Contents:
    """Put a backup in the place of what is there.

    A database without a schema gets that of the backup, and is brought up to date afterwards.
    Raises CheckFailed for a damaged file and SchemaBehind where there is another schema, before
    anything is changed.
    """
    contents = archive.check(file)
    _prepare(server, contents.revision)
    engine = server.migration_engine()
    with translated(server.place), engine.begin() as connection:
        session = Session(connection)
        seen = changes.current(session)
        tables = _reflected(connection)
        for table in reversed(tables.sorted_tables):
            connection.execute(sa.delete(table))
        for name, rows in groupby(_placed(archive.read(file)), key=lambda placed: placed[0]):
            _insert(connection, tables.tables[name], (row for _, row in rows))
        changes.everything(session, seen)
    schema.upgrade(server)
    return contents


def is_empty(server: Server) -> bool:
    """Whether nobody would miss anything: no schema, or no organization and no usage."""
    with translated(server.place), server.migration_engine().connect() as connection:
        if schema.current(connection) is None:
            return True
        tables = _reflected(connection).tables
        kept = [table for name, table in tables.items() if name not in _ONE_ROW]
        return not any(connection.execute(sa.select(table).limit(1)).first() for table in kept)


@contextmanager
def snapshot(server: Server) -> Iterator[sa.Connection]:
    """A transaction that sees one moment, for as long as it takes."""
    engine = server.migration_engine().execution_options(immediate=False)
    if server.backend != "sqlite":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection, connection.begin():
        yield connection


def _tables() -> list[sa.Table]:
    for module in pkgutil.iter_modules(models.__path__, "orouter.models."):
        importlib.import_module(module.name)  # so that the metadata holds every table
    return SQLModel.metadata.sorted_tables


def _everything(connection: sa.Connection) -> Iterator[Table | Row]:
    for table in _tables():
        yield Table(str(table.name), [str(column.name) for column in table.columns])
        query = sa.select(table).execution_options(stream_results=True, yield_per=AT_ONCE)
        yield from connection.execute(query)


def _rows(connection: sa.Connection) -> int:
    counts = [sa.select(sa.func.count()).select_from(table) for table in _tables()]
    return sum(connection.scalar(count) or 0 for count in counts)


def _prepare(server: Server, revision: str) -> None:
    with translated(server.place), server.migration_engine().connect() as connection:
        found = schema.current(connection)
    if found is None:
        schema.upgrade(server, revision)
    elif found != revision:
        raise SchemaBehind(
            f"The backup has the schema {revision}, the database {found}",
            hint="Restore it into a new, empty database: that is brought up to date afterwards.",
        )


def _reflected(connection: sa.Connection) -> sa.MetaData:
    tables = sa.MetaData()
    tables.reflect(connection, only=lambda name, _: name != "alembic_version")
    return tables


def _placed(parts: Iterator[Table | Row]) -> Iterator[tuple[str, dict[str, Any]]]:
    table = Table("", [])
    for part in parts:
        if isinstance(part, Table):
            table = part
        else:
            yield table.name, dict(zip(table.columns, part, strict=True))


def _insert(connection: sa.Connection, table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    keeps_zone = connection.dialect.name == "postgresql"
    while batch := list(islice(rows, AT_ONCE)):
        if not keeps_zone:
            batch = [{name: _without_zone(value) for name, value in row.items()} for row in batch]
        connection.execute(sa.insert(table), batch)


def _without_zone(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value
