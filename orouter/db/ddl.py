"""Schema changes that can be run again after a crash: MySQL commits every DDL statement at once."""

from typing import Any

import sqlalchemy as sa
from alembic import op

TABLE_OPTIONS = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}
"""Of every table: MySQL's defaults merge names that differ in case or accents.

The models do not repeat what only a migration needs: to check the options of a dialect, SQLAlchemy
imports it, 3 MB and 90 ms for two that a server does not use.
"""


def create_table(
    name: str, *items: sa.Column[Any] | sa.Constraint | sa.Index, **options: Any
) -> None:
    """Create a table with its indexes, leaving alone what an interrupted run left behind.

    ``options`` are those of one dialect, such as ``sqlite_with_rowid``.
    """
    indexes = [item for item in items if isinstance(item, sa.Index)]
    others = [item for item in items if not isinstance(item, sa.Index)]
    op.create_table(name, *others, if_not_exists=True, **TABLE_OPTIONS, **options)
    present = {index["name"] for index in sa.inspect(op.get_bind()).get_indexes(name)}
    for index in indexes:
        if index.name not in present:
            op.create_index(str(index.name), name, [str(part) for part in index.expressions])
