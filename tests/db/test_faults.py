import sqlite3

import psycopg
import pymysql
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from orouter.db.faults import code_of, meaning, translated, worth_retrying
from orouter.errors import DatabaseUnavailable, SchemaBehind


def wrapped(origin: Exception, kind: type[DBAPIError] = OperationalError) -> DBAPIError:
    return kind("SELECT secret", {}, origin)


def mysql(number: int) -> DBAPIError:
    return wrapped(pymysql.err.OperationalError(number, "for user 'root' using sesame"))


def busy() -> sqlite3.OperationalError:
    """What SQLite raises when another connection holds the lock."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (mysql(1213), 1213),
        (wrapped(psycopg.errors.DeadlockDetected("deadlock")), "40P01"),
        (wrapped(busy()), sqlite3.SQLITE_BUSY),
        (wrapped(psycopg.OperationalError("connection failed")), None),
        (OSError(111, "refused"), 111),
    ],
)
def test_the_code_is_found(error: Exception, code: object) -> None:
    assert code_of(error) == code


@pytest.mark.parametrize(
    "error",
    [
        mysql(1205),
        mysql(1213),
        wrapped(psycopg.errors.DeadlockDetected()),
        wrapped(psycopg.errors.SerializationFailure()),
        wrapped(busy()),
    ],
)
def test_a_lost_race_is_worth_another_try(error: Exception) -> None:
    assert worth_retrying(error)


@pytest.mark.parametrize("error", [mysql(1062), mysql(2013), OSError(1213), RuntimeError()])
def test_nothing_else_is_tried_again(error: Exception) -> None:
    assert not worth_retrying(error)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (mysql(1045), "refused the user name or password"),
        (mysql(1049), "no database of the configured name"),
        (mysql(1213), "too busy"),
        (mysql(2006), "does not answer"),
        (wrapped(psycopg.OperationalError("no route")), "does not answer"),
        (wrapped(psycopg.errors.QueryCanceled()), "does not answer"),
        (PoolTimeout(), "does not answer"),
        (ConnectionRefusedError(), "does not answer"),
    ],
)
def test_an_outage_is_told_in_our_words(error: Exception, message: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=message) as told, translated("here", OSError):
        raise error
    assert told.value.__suppress_context__
    assert "here" in str(told.value.hint)


@pytest.mark.parametrize(
    "error",
    [
        wrapped(pymysql.err.ProgrammingError(1146, "no table"), ProgrammingError),
        wrapped(psycopg.errors.UndefinedTable(), ProgrammingError),
        wrapped(sqlite3.OperationalError("no such table: api_keys")),
    ],
)
def test_a_missing_table_means_an_upgrade_is_due(error: Exception) -> None:
    assert isinstance(meaning(error, "here"), SchemaBehind)


def test_a_fault_of_our_own_stays_what_it_is() -> None:
    error = wrapped(pymysql.err.ProgrammingError(1064, "syntax"), ProgrammingError)
    with pytest.raises(ProgrammingError), translated("here"):
        raise error


def test_a_file_that_cannot_be_written_is_not_the_databases_fault() -> None:
    with pytest.raises(BrokenPipeError), translated("here"):
        raise BrokenPipeError
