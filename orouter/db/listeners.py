"""What happens on each new connection and transaction, by database.

sqlite3 is told to leave transactions alone (``isolation_level=None``); they start here, so that
one that will write takes the write lock at once: turning a read lock into a write lock cannot wait
for another writer and fails with SQLITE_BUSY whatever the timeout.
"""

import sqlite3

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from orouter.errors import DatabaseUnavailable

# sqlite3 takes a bool for an int all by itself, but only after it has looked for an adapter in
# vain: an eighth of the instructions of ingestion.
sqlite3.register_adapter(bool, int)

_SQLITE = ("journal_mode = WAL", "synchronous = NORMAL")


def prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """WAL: readers and the one writer do not wait for each other."""
    _pragmas(connection, "busy_timeout = 5000", *_SQLITE, "foreign_keys = ON")


def prepare_sqlite_for_migration(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Wait longer for the lock; dropping a copied table must not delete what refers to it."""
    _pragmas(connection, "busy_timeout = 60000", *_SQLITE, "foreign_keys = OFF")


def begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once if the transaction may write (option ``immediate``)."""
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def demand_tls(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Refuse a connection in the clear: aiomysql falls back to it without a word."""
    cursor = connection.cursor()
    cursor.execute("SHOW SESSION STATUS LIKE 'Ssl_cipher'")
    row = cursor.fetchone()
    cursor.close()
    if row is None or not row[1]:
        raise DatabaseUnavailable(
            "The database server does not offer TLS",
            hint="Switch TLS on at the server, or put sslmode=disable into database.url.",
        )


def _pragmas(connection: DBAPIConnection, *pragmas: str) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
