"""What a driver's error means: try again, the database is away, or our own mistake."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from orouter.errors import DatabaseUnavailable, OrouterError, SchemaBehind

_TRY_AGAIN = {1205, 1213, "40P01", "40001", "55P03", sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NO_TABLE = {1146, "42P01"}
_REFUSED = {1044, 1045, 1698, "28P01", "28000"}
_NO_DATABASE = {1049, "3D000"}
_NO_TLS = {2026}
_AWAY = {
    *(1040, 1203, 2002, 2003, 2005, 2006, 2013, 2014, 1927, 1053, 4031),
    *("57P01", "57P02", "57P03", "57014", "53300"),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT),
}

_REASONS = (
    (_REFUSED, "The database refused the user name or password"),
    (_NO_DATABASE, "The database server has no database of the configured name"),
    (_NO_TLS, "The database server does not offer TLS"),
    (_TRY_AGAIN, "The database is too busy"),
)


def code_of(error: BaseException) -> int | str | None:
    """Return the driver's number (MySQL, SQLite) or SQLSTATE (PostgreSQL), if it gave one."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    number = getattr(origin, "sqlite_errorcode", None)
    if number is not None:
        return int(number) & 0xFF  # the high bits only say more exactly what happened
    if origin is not None and origin.args and isinstance(origin.args[0], int):
        return origin.args[0]
    state = getattr(origin, "sqlstate", None)
    return None if state is None else str(state)


def worth_retrying(error: BaseException) -> bool:
    """Whether the same transaction may succeed now: a deadlock, a lock that took too long."""
    return isinstance(error, DBAPIError) and code_of(error) in _TRY_AGAIN


def meaning(error: BaseException, place: str) -> OrouterError | None:
    """Return the error to show instead of a driver's, or None if it is a fault of our own."""
    code = code_of(error)
    if code in _NO_TABLE or "no such table" in str(getattr(error, "orig", "")):
        return SchemaBehind("The database schema is not in place", hint="Run: orouter db upgrade")
    if not _is_away(error, code):
        return None
    reason = next((text for codes, text in _REASONS if code in codes), None)
    return DatabaseUnavailable(
        reason or "The database does not answer",
        hint=f"Check database.url and that the server runs ({place}).",
    )


def _is_away(error: BaseException, code: int | str | None) -> bool:
    if isinstance(error, PoolTimeout | OSError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    known = code in _AWAY.union(*(codes for codes, _ in _REASONS))
    # libpq gives no SQLSTATE when it could not connect at all.
    unconnected = code is None and type(error.orig).__name__ == "OperationalError"
    return known or unconnected or error.connection_invalidated


@contextmanager
def translated(place: str, *also: type[Exception]) -> Iterator[None]:
    """Turn drivers' errors into ours; their text, which may hold a password, is dropped.

    ``also`` are errors that mean an outage where nothing else can raise them: OSError, in a block
    that opens no files.
    """
    blamed: tuple[type[Exception], ...] = (SQLAlchemyError, *also)
    try:
        yield
    except blamed as error:
        known = meaning(error, place)
        if known is None:
            raise
        raise known from None
