"""Column types that mean the same on SQLite, MySQL/MariaDB and PostgreSQL.

Migrations use them too: what stands here may be added to, never changed.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64 bits everywhere: SQLite's INTEGER has them, and only INTEGER can be a row id there."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC with microseconds; a naive one is a programming error.

    MySQL's plain DATETIME would round 23:59:59.6 into the next day, so there it is DATETIME(6).
    """

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """DATETIME(6) on MySQL, TIMESTAMP WITH TIME ZONE on PostgreSQL, ISO text on SQLite."""
        if dialect.name == "mysql":
            from sqlalchemy.dialects import mysql  # noqa: PLC0415 - 40 ms where it is not used

            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; without the zone where the database has no place for it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - its interface
        """Aware and in UTC, whatever the driver returned."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


def text(length: int) -> TypeEngine[str]:
    """Words of people, at most ``length`` characters; compared and sorted by code point."""
    return (
        sa.String(length)
        .with_variant(sa.VARCHAR(length, collation="utf8mb4_bin"), "mysql")
        .with_variant(sa.VARCHAR(length, collation="C"), "postgresql")
    )


def ascii_text(length: int) -> TypeEngine[str]:
    """Ids, digests and words of ours: ASCII, so that an index entry costs one byte a character.

    MySQL refuses to compare it with anything else: check what callers send before asking.
    """
    return (
        sa.String(length)
        .with_variant(sa.VARCHAR(length, collation="ascii_bin"), "mysql")
        .with_variant(sa.VARCHAR(length, collation="C"), "postgresql")
    )


class LongText(TypeDecorator[str]):
    """MEDIUMTEXT on MySQL, whose TEXT ends at 64 KiB."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TEXT elsewhere."""
        if dialect.name == "mysql":
            from sqlalchemy.dialects import mysql  # noqa: PLC0415 - 40 ms where it is not used

            kind = mysql.MEDIUMTEXT(charset="utf8mb4", collation="utf8mb4_bin")
            return dialect.type_descriptor(kind)
        return dialect.type_descriptor(sa.Text())


def long_text() -> TypeEngine[str]:
    """Text or JSON of any length, never filtered or sorted by."""
    return LongText()
