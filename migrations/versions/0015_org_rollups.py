"""Rollups over all keys of an organization, added up from those by key."""

import sqlalchemy as sa
from alembic import op

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, ascii_text, text

revision = "0015_org_rollups"
down_revision = "0014_chores"

_COUNTERS = (
    *("requests", "errors", "counted", "streams", "unpriced"),
    *("input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens", "reasoning_tokens"),
    *("cost", "latency_sum", "ttft_sum"),
)
_HISTOGRAMS = tuple(f"{of}_{n}" for of in ("latency", "ttft") for n in range(14))
_MEASURES = _COUNTERS + _HISTOGRAMS
_DIMENSIONS = ("grain", "start", "org_id", "provider", "model", "status")
_SHAPE = {
    "org_rollups": "500000 120000 250 3 3 2 1",
    "ix_org_rollups_org_id_grain_start": "500000 10000 3500 5",
}
"""Rows in all, then rows that share the first column, the first two, and so on: a usual year."""


def upgrade() -> None:
    """Create the table and fill it, from nothing if a run before was cut short."""
    create_table(
        "org_rollups",
        sa.Column("grain", ascii_text(5), primary_key=True),
        sa.Column("start", BIG, primary_key=True, autoincrement=False),
        sa.Column("org_id", ascii_text(30), primary_key=True),
        sa.Column("provider", text(64), primary_key=True),
        sa.Column("model", text(200), primary_key=True),
        sa.Column("status", sa.Integer(), primary_key=True, autoincrement=False),
        *(sa.Column(name, BIG, nullable=False) for name in _MEASURES),
        sa.Index("ix_org_rollups_org_id_grain_start", "org_id", "grain", "start"),
        sqlite_with_rowid=False,
        postgresql_with={"fillfactor": 80},
    )
    by, sums = ", ".join(_DIMENSIONS), ", ".join(f"SUM({name})" for name in _MEASURES)
    op.execute("DELETE FROM org_rollups")
    op.execute(
        f"INSERT INTO org_rollups ({by}, {', '.join(_MEASURES)})"  # noqa: S608 - our own names
        f" SELECT {by}, {sums} FROM usage_rollups GROUP BY {by}"
    )
    if op.get_bind().dialect.name == "sqlite":
        _tell_sqlite_the_shape()


def _tell_sqlite_the_shape() -> None:
    """Without statistics SQLite reads everybody's rows of a range to find those of one."""
    op.execute("ANALYZE org_rollups")
    op.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'org_rollups'")
    for index, rows_for_each in _SHAPE.items():
        op.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat)"  # noqa: S608 - our own numbers
            f" VALUES ('org_rollups', '{index}', '{rows_for_each}')"
        )
