"""One transaction's worth of accounting: records, rollups and positions, each request once.

Every writer touches rows in the same order (records, rollups by key and then by organization, both
sorted, positions), so that concurrent transactions wait for each other instead of deadlocking.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from operator import attrgetter
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec.structs import astuple
from sqlmodel import SQLModel

from orouter.models.journal_segment import JournalSegment
from orouter.models.usage_record import TEXT_WIDTHS, UsageRecord
from orouter.models.usage_rollup import (
    DIMENSIONS,
    GRAINS,
    MEASURES,
    ORG_DIMENSIONS,
    ORG_ROLLUPS,
    USAGE_ROLLUPS,
    Grain,
)
from orouter.usage.records import Settlement
from orouter.usage.rollups import Buckets, summed


def table_of(model: type[SQLModel]) -> sa.Table:
    """The table behind a model."""
    table = sa.inspect(model).local_table
    assert isinstance(table, sa.Table)  # noqa: S101 - for the type checker; a model maps a table
    return table


RECORDS = table_of(UsageRecord)
SEGMENTS = table_of(JournalSegment)

_FIELDS = Settlement.__struct_fields__[: len(RECORDS.columns) - 1]
"""Those with a column, which are the first; ``failed`` is said by ``code``."""
_texts_of = attrgetter(*TEXT_WIDTHS)

ASKED_AT_ONCE = 128
"""Ids are asked for in multiples of it: sqlite3 keeps 128 statements, and those of so many lengths
would hold over 10 MB."""


def store(
    connection: sa.Connection,
    settlements: Iterable[Settlement],
    positions: Mapping[str, int],
    buckets: Buckets,
    *,
    ask: bool = True,
) -> list[Settlement]:
    """Store the settlements that are not there yet, and return those.

    Without ``ask`` none is taken to be there: it is a twentieth of the work to look. Raises
    IntegrityError if one is, or if another transaction stores one of them at the same time: do it
    again, and ask.
    """
    wanted = {settlement.id: settlement for settlement in settlements}
    known = _present(connection, wanted) if ask else set()
    fresh = storable([each for each in wanted.values() if each.id not in known])
    fresh.sort(key=attrgetter("id"))
    _execute(connection, _insert_records, [_row(each) for each in fresh])
    add_rollups(connection, fresh, buckets)
    now = time.time_ns() // 1000
    _execute(connection, _upsert_positions, [(*item, now) for item in sorted(positions.items())])
    return fresh


def _row(settlement: Settlement) -> tuple[Any, ...]:
    return (*astuple(settlement)[: len(_FIELDS)], settlement.code != "")


def add_rollups(
    connection: sa.Connection,
    settlements: Iterable[Settlement],
    buckets: Buckets,
    grains: Collection[Grain] = GRAINS,
) -> None:
    """Add requests to the rollups they belong to."""
    sums = summed(settlements, buckets)
    by_key = sorted(item for item in sums.by_key.items() if item[0].grain in grains)
    by_org = sorted(item for item in sums.by_org.items() if item[0].grain in grains)
    _execute(connection, _upsert_rollups, [(*row, *values) for row, values in by_key])
    _execute(connection, _upsert_org_rollups, [(*row, *values) for row, values in by_org])


def storable(settlements: list[Settlement]) -> list[Settlement]:
    """The same with texts that every database takes: not too long, without NUL."""
    columns = zip(*map(_texts_of, settlements), strict=True)
    for texts, width in zip(columns, TEXT_WIDTHS.values(), strict=False):
        if max(map(len, texts)) > width or "\0" in "".join(texts):
            return [_cut(each) for each in settlements]
    return settlements


def _cut(settlement: Settlement) -> Settlement:
    texts = zip(TEXT_WIDTHS.items(), _texts_of(settlement), strict=True)
    cut = {name: text.replace("\0", "")[:width] for (name, width), text in texts}
    return msgspec.structs.replace(settlement, **cut)


def _present(connection: sa.Connection, ids: Collection[str]) -> set[str]:
    if not ids:
        return set()
    asked = [*ids]
    asked += asked[-1:] * (-len(asked) % ASKED_AT_ONCE)
    marks = ", ".join([_mark(connection.dialect.name)] * len(asked))
    query = f"SELECT id FROM {RECORDS.name} WHERE id IN ({marks})"  # noqa: S608 - our names
    return set(connection.exec_driver_sql(query, tuple(asked)).scalars())


def _execute(
    connection: sa.Connection, statement: Callable[[str], str], rows: list[tuple[Any, ...]]
) -> None:
    """The driver's own executemany, with tuples: SQLAlchemy's costs three times the CPU a row."""
    if rows:
        connection.exec_driver_sql(statement(connection.dialect.name), rows)


def _insert_records(dialect: str) -> str:
    return _insert(dialect, RECORDS.name, (*_FIELDS, "failed"))


def _upsert_positions(dialect: str) -> str:
    columns = ("name", "position", "updated_at")
    return _insert(dialect, SEGMENTS.name, columns) + _on_conflict(
        dialect, ("name",), [f"{name} = {_new(dialect, name)}" for name in columns[1:]]
    )


def _upsert_rollups(dialect: str) -> str:
    return _added_up(dialect, USAGE_ROLLUPS.name, DIMENSIONS)


def _upsert_org_rollups(dialect: str) -> str:
    return _added_up(dialect, ORG_ROLLUPS.name, ORG_DIMENSIONS)


def _added_up(dialect: str, table: str, dimensions: tuple[str, ...]) -> str:
    return _insert(dialect, table, dimensions + MEASURES) + _on_conflict(
        dialect,
        dimensions,
        [f"{name} = {table}.{name} + {_new(dialect, name)}" for name in MEASURES],
    )


def _mark(dialect: str) -> str:
    return "?" if dialect == "sqlite" else "%s"


def _insert(dialect: str, table: str, columns: tuple[str, ...]) -> str:
    marks = ", ".join([_mark(dialect)] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our names


def _on_conflict(dialect: str, key: tuple[str, ...], changes: list[str]) -> str:
    if dialect == "mysql":
        return f" ON DUPLICATE KEY UPDATE {', '.join(changes)}"
    return f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(changes)}"


def _new(dialect: str, column: str) -> str:
    return f"VALUES({column})" if dialect == "mysql" else f"excluded.{column}"
