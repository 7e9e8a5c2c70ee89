"""Insert, and what to do about rows that are there already: one call for three dialects.

Writers that touch the same rows must touch them in the same order or they deadlock: callers pass
rows sorted by key.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlmodel import Session

if TYPE_CHECKING:  # a dialect is 1 to 3 MB, and the one in use is there once its engine is made
    from sqlalchemy.dialects import mysql, postgresql, sqlite

Rows = Sequence[Mapping[str, Any]]


def insert_missing(session: Session, table: sa.Table, rows: Rows) -> None:
    """Insert the rows whose key is not there; leave the others as they are."""
    key = next(iter(table.primary_key)).name
    if session.get_bind().dialect.name == "mysql":
        # INSERT IGNORE would also swallow values that do not fit.
        unchanged = _on_duplicate(table).on_duplicate_key_update({key: table.c[key]})
        _insert(session, unchanged, rows)
    else:
        _insert(session, _on_conflict(session, table).on_conflict_do_nothing(), rows)


def upsert(
    session: Session,
    table: sa.Table,
    rows: Rows,
    *,
    add: Sequence[str] = (),
    replace: Sequence[str] = (),
) -> None:
    """Insert rows; where the primary key is there, add to some columns and replace others.

    Columns in neither list keep what they hold. A column to add to must not be NULL.
    """
    statement: sa.Insert
    if session.get_bind().dialect.name == "mysql":
        on_duplicate = _on_duplicate(table)
        statement = on_duplicate.on_duplicate_key_update(
            _changes(table, on_duplicate.inserted, add, replace)
        )
    else:
        on_conflict = _on_conflict(session, table)
        statement = on_conflict.on_conflict_do_update(
            index_elements=list(table.primary_key),
            set_=_changes(table, on_conflict.excluded, add, replace),
        )
    _insert(session, statement, rows)


def _on_duplicate(table: sa.Table) -> "mysql.Insert":
    from sqlalchemy.dialects import mysql  # noqa: PLC0415 - see TYPE_CHECKING

    return mysql.insert(table)


def _on_conflict(session: Session, table: sa.Table) -> "postgresql.Insert | sqlite.Insert":
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - see TYPE_CHECKING

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - see TYPE_CHECKING

    return sqlite.insert(table)


def _changes(
    table: sa.Table, new: Mapping[str, Any] | Any, add: Sequence[str], replace: Sequence[str]
) -> dict[str, Any]:
    added = {name: table.c[name] + new[name] for name in add}
    return added | {name: new[name] for name in replace}


def _insert(session: Session, statement: sa.Insert, rows: Rows) -> None:
    if rows:
        session.connection().execute(statement, rows)
