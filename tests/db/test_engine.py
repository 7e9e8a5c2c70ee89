import asyncio
import threading

import pytest
from sqlalchemy import text

from orouter.db.engine import Pool, Server, parse_url
from orouter.db.session import Database
from orouter.errors import ConfigurationError, DatabaseUnavailable

SETTINGS: dict[str, dict[str, object]] = {
    "sqlite": {
        "PRAGMA journal_mode": "wal",
        "PRAGMA busy_timeout": 5000,
        "PRAGMA synchronous": 1,
        "PRAGMA foreign_keys": 1,
    },
    "mysql": {
        "SELECT @@session.time_zone": "+00:00",
        "SELECT @@innodb_lock_wait_timeout": 5,
        "SELECT @@character_set_connection": "utf8mb4",
        "SELECT @@sql_mode LIKE '%STRICT_TRANS_TABLES%'": 1,
    },
    "postgresql": {
        "SHOW timezone": "UTC",
        "SHOW statement_timeout": "5s",
        "SHOW transaction_isolation": "read committed",
    },
}
UNREACHABLE = [
    "mysql://root:sesame@127.0.0.1:1/orouter",
    "postgresql://postgres:sesame@127.0.0.1:1/orouter",
    "sqlite:////proc/sesame.db",
]


@pytest.mark.parametrize(
    ("text", "backend"),
    [
        ("sqlite:///data/orouter.db", "sqlite"),
        ("mysql://root@host/orouter", "mysql"),
        ("mariadb://root@host/orouter", "mysql"),
        ("mysql+pymysql://root@host/orouter", "mysql"),
        ("postgresql://host/orouter", "postgresql"),
        ("postgres://host/orouter", "postgresql"),
    ],
)
def test_the_url_chooses_the_drivers(text: str, backend: str) -> None:
    server = Server(text)
    assert server.backend == backend
    assert server.engine.driver in {"pysqlite", "pymysql", "psycopg"}
    assert server.async_engine.driver in {"aiosqlite", "aiomysql", "psycopg_async", "psycopg"}


@pytest.mark.parametrize(
    "url",
    ["", "orouter.db", "oracle://host/x", "mysql://host:port/x", "sqlite://", "mysql://host"],
)
def test_a_url_that_cannot_be_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse_url(url)
    assert refused.value.hint


def test_each_connection_is_set_up(database: Database) -> None:
    with database.read() as session:
        for query, value in SETTINGS[database.primary.backend].items():
            assert session.connection().scalar(text(query)) == value, query


async def test_each_async_connection_is_set_up(async_database: Database) -> None:
    async with async_database.abegin() as session:
        for query, value in SETTINGS[async_database.primary.backend].items():
            assert (await session.connection()).engine.dialect.is_async
            assert await session.scalar(text(query)) == value, query


@pytest.mark.parametrize("url", UNREACHABLE)
def test_an_unreachable_server_is_told_without_the_password(url: str) -> None:
    with pytest.raises(DatabaseUnavailable) as away, Database(url).read() as session:
        session.connection()
    told = f"{away.value!r} {away.value.hint}".replace("/proc/sesame.db", "")
    assert "sesame" not in told


@pytest.mark.parametrize("url", UNREACHABLE)
async def test_an_unreachable_server_is_told_on_the_event_loop(url: str) -> None:
    with pytest.raises(DatabaseUnavailable):
        await Database(url).run(lambda session: session.connection())
    # aiosqlite's thread answers the event loop once more after a failed connection.
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, 5)


def test_the_pool_is_as_large_as_configured() -> None:
    server = Server("postgresql://host/orouter", Pool(size=3, recycle_s=60))
    assert server.engine.pool.size() == 3  # type: ignore[attr-defined]  # of QueuePool only


def test_what_it_says_of_itself_holds_no_credentials() -> None:
    place = Server("mysql://root:sesame@db.example.com/orouter?sslmode=require").place
    assert place == "mysql database orouter at db.example.com"
