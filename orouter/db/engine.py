"""One database server: from the URL an operator writes to engines with the right drivers.

Accepted are ``sqlite:///path``, ``mysql://``, ``mariadb://``, ``postgresql://`` and ``postgres://``;
a driver after ``+`` is ignored, since each engine has its own (pymysql and aiomysql, psycopg,
sqlite3 and aiosqlite). TLS is asked for in the URL's query with libpq's words, on MySQL too:
``sslmode=require|verify-ca|verify-full``, ``sslrootcert``, ``sslcert``, ``sslkey``.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from orouter.db import listeners
from orouter.db.tls import mysql_context
from orouter.errors import ConfigurationError

if TYPE_CHECKING:  # the command line never needs it, and it takes its time
    from sqlalchemy.ext.asyncio import AsyncEngine

_BACKENDS = {
    "sqlite": "sqlite",
    "mysql": "mysql",
    "mariadb": "mysql",
    "postgresql": "postgresql",
    "postgres": "postgresql",
}
_SYNC_DRIVERS = {"sqlite": "pysqlite", "mysql": "pymysql", "postgresql": "psycopg"}
_ASYNC_DRIVERS = {"sqlite": "aiosqlite", "mysql": "aiomysql", "postgresql": "psycopg_async"}

_MYSQL_SESSION = (
    "SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 5, sql_mode = "
    "'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION'"
)


@dataclass(frozen=True)
class Pool:
    """How many connections each engine keeps, and how long (seconds) before it renews one."""

    size: int = 5
    recycle_s: int = 1800


def parse_url(text: str) -> URL:
    """Return the URL with its backend's plain name; ConfigurationError if it cannot be one."""
    try:
        url = make_url(text)
        backend = _BACKENDS[url.get_backend_name()]
    except (ArgumentError, KeyError, ValueError):
        raise ConfigurationError(
            "database.url is not a database URL we know",
            hint="Write sqlite:///data/orouter.db, mysql://user:password@host/name "
            "or postgresql://user:password@host/name.",
        ) from None
    if not url.database or url.database == ":memory:":
        raise ConfigurationError(
            "database.url names no database",
            hint="End it with a file (sqlite:///data/orouter.db) or a name (mysql://host/orouter).",
        )
    return url.set(drivername=backend)


class Server:
    """A database server and its engines, each made when first asked for."""

    def __init__(self, url: str, pool: Pool | None = None) -> None:
        self.url = parse_url(url)
        self.pool = pool or Pool()

    @property
    def backend(self) -> str:
        """``sqlite``, ``mysql`` (also for MariaDB) or ``postgresql``."""
        return self.url.get_backend_name()

    @property
    def place(self) -> str:
        """Where it is, for an operator's eyes: without user, password or options."""
        if self.backend == "sqlite":
            return f"SQLite file {self.url.database}"
        return f"{self.backend} database {self.url.database} at {self.url.host or 'local socket'}"

    def exists(self) -> bool:
        """False for an SQLite file that is not there; servers are not asked."""
        return self.backend != "sqlite" or Path(self.url.database or "").exists()

    @cached_property
    def engine(self) -> Engine:
        """For the command line and for threads."""
        options = self._pooled()
        if self.backend == "mysql":
            # Its connect_timeout does not cover the handshake: a server that hangs would hold us.
            options["connect_args"]["read_timeout"] = 60
        return self._listening(create_engine(self._driver_url(_SYNC_DRIVERS), **options))

    @cached_property
    def async_engine(self) -> "AsyncEngine":
        """For the server's event loop."""
        from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - see TYPE_CHECKING

        engine = create_async_engine(self._driver_url(_ASYNC_DRIVERS), **self._pooled())
        self._listening(engine.sync_engine)
        return engine

    def migration_engine(self) -> Engine:
        """Make an engine for schema changes: no pool, no statement timeout.

        SQLite checks no foreign keys on it, as a table copied by a batch migration needs.
        """
        if self.backend == "sqlite":
            Path(self.url.database or "").parent.mkdir(parents=True, exist_ok=True)
        options = self._options(statement_timeout_ms=0)
        engine = create_engine(self._driver_url(_SYNC_DRIVERS), poolclass=NullPool, **options)
        if self.backend == "sqlite":
            event.listen(engine, "connect", listeners.prepare_sqlite_for_migration)
            event.listen(engine, "begin", listeners.begin_sqlite)
            return engine.execution_options(immediate=True)
        return self._listening(engine)

    def _driver_url(self, drivers: dict[str, str]) -> URL:
        url = self.url.set(drivername=f"{self.backend}+{drivers[self.backend]}")
        return url.set(query={}) if self.backend == "mysql" else url

    def _listening(self, engine: Engine) -> Engine:
        if self.backend == "sqlite":
            event.listen(engine, "connect", listeners.prepare_sqlite)
            event.listen(engine, "begin", listeners.begin_sqlite)
        elif mysql_context(self.url.query):
            event.listen(engine, "connect", listeners.demand_tls)
        return engine

    def _pooled(self) -> dict[str, Any]:
        return {
            **self._options(),
            "pool_size": self.pool.size,
            "max_overflow": 5,
            "pool_timeout": 2,
            "pool_recycle": self.pool.recycle_s,
            "pool_pre_ping": self.backend != "sqlite",
        }

    def _options(self, statement_timeout_ms: int = 5000) -> dict[str, Any]:
        if self.backend == "sqlite":
            return {"connect_args": {"timeout": 5, "isolation_level": None}}
        if self.backend == "mysql":
            return {"connect_args": self._mysql_arguments(), "isolation_level": "READ COMMITTED"}
        settings = f"-c timezone=UTC -c statement_timeout={statement_timeout_ms}"
        return {"connect_args": {"connect_timeout": 3, "options": settings}}

    def _mysql_arguments(self) -> dict[str, Any]:
        context = mysql_context(self.url.query)
        arguments = {"connect_timeout": 3, "charset": "utf8mb4", "init_command": _MYSQL_SESSION}
        return {**arguments, "ssl": context} if context else arguments
