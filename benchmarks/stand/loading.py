"""Rows into a database as fast as it takes them: COPY, LOAD DATA, or one transaction of SQLite's.

Indexes are left out while loading and made afterwards.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pymysql
import sqlalchemy as sa

from benchmarks.stand.year import Cells, Row
from orouter.db.engine import Server

Load = Callable[[sa.Table, Sequence[str], Iterable[Row]], None]
"""Puts rows into a table; the columns are those of the rows."""


@contextmanager
def bulk(server: Server, tables: Iterable[sa.Table]) -> Iterator[Load]:
    """Load into these tables, which nobody else uses meanwhile."""
    indexes = [index for table in tables for index in table.indexes]
    engine = server.migration_engine()
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
    opened = {"sqlite": _sqlite, "mysql": _mysql, "postgresql": _postgresql}[server.backend]
    with opened(server) as load:
        yield load
    with engine.begin() as connection:
        if server.backend == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size = -1000000")
        for index in indexes:
            index.create(connection)
    _maintain(engine, tables)


def _maintain(engine: sa.Engine, tables: Iterable[sa.Table]) -> None:
    """What a server does by and by; SQLite is told with the schema."""
    verb = {"mysql": "ANALYZE TABLE", "postgresql": "VACUUM (ANALYZE)"}.get(engine.dialect.name)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for table in tables if verb else ():
            connection.exec_driver_sql(f"{verb} {table.name}")


@contextmanager
def _sqlite(server: Server) -> Iterator[Load]:
    connection = sqlite3.connect(server.url.database or "", isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN EXCLUSIVE")

    def load(table: sa.Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
        marks = ", ".join("?" * len(columns))
        insert = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our names
        connection.executemany(insert, (sum(row, ()) for row in rows))

    yield load
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


@contextmanager
def _postgresql(server: Server) -> Iterator[Load]:
    texts = _Texts()
    with server.migration_engine().connect() as connection:

        def load(table: sa.Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
            cursor: Any = connection.connection.cursor()
            with cursor.copy(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN") as copy:
                copy.write(texts.of(rows))
            connection.connection.commit()

        yield load


@contextmanager
def _mysql(server: Server) -> Iterator[Load]:
    texts, url = _Texts(), server.url
    connection = pymysql.connect(
        host=url.host,
        port=url.port or 3306,
        user=url.username,
        password=str(url.password or ""),
        database=url.database,
        charset="utf8mb4",
        local_infile=True,
        autocommit=True,
    )
    with TemporaryDirectory() as folder, connection, connection.cursor() as cursor:
        cursor.execute("SET unique_checks = 0, foreign_key_checks = 0")
        path = Path(folder, "rows")

        def load(table: sa.Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
            path.write_bytes(texts.of(rows))
            cursor.execute(
                f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE {table.name}"
                f" CHARACTER SET utf8mb4 ({', '.join(columns)})"
            )

        yield load


class _Texts:
    """Rows as lines of tab-separated text, which COPY and LOAD DATA both read."""

    def __init__(self) -> None:
        self._known: dict[Cells, str] = {}

    def of(self, rows: Iterable[Row]) -> bytes:
        """The lines; only the first group of a row is written anew each time."""
        known, lines = self._known, []
        for first, *others in rows:
            parts = [_text(first)]
            for cells in others:
                text = known.get(cells)
                if text is None:
                    text = known[cells] = _text(cells)
                parts.append(text)
            lines.append("\t".join(parts))
        lines.append("")
        return "\n".join(lines).encode()


def _text(cells: Cells) -> str:
    return "\t".join([_cell(cell) for cell in cells])


def _cell(cell: Any) -> str:
    if cell is None:
        return r"\N"
    return str(int(cell)) if isinstance(cell, bool) else str(cell)
