"""Usage rollups: sums per bucket of time, organization, key, provider, model and status."""

import sqlalchemy as sa
from alembic import op

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, ascii_text, text

revision = "0005_usage_rollups"
down_revision = "0004_usage_records"

_COUNTERS = (
    *("requests", "errors", "counted", "streams", "unpriced"),
    *("input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens", "reasoning_tokens"),
    *("cost", "latency_sum", "ttft_sum"),
)
_HISTOGRAMS = tuple(f"{of}_{n}" for of in ("latency", "ttft") for n in range(14))
_SHAPE = {
    "usage_rollups": "1000000 250000 500 20 2 2 1 1",
    "ix_usage_rollups_org_id_grain_start": "1000000 20000 7000 40",
    "ix_usage_rollups_key_id_grain_start": "1000000 1000 300 3",
}
"""Rows in all, then rows that share the first column, the first two, and so on: a usual year."""


def upgrade() -> None:
    """Create the table. Its rows are added to in place, so PostgreSQL's pages keep some room."""
    create_table(
        "usage_rollups",
        sa.Column("grain", ascii_text(5), primary_key=True),
        sa.Column("start", BIG, primary_key=True, autoincrement=False),
        sa.Column("org_id", ascii_text(30), primary_key=True),
        sa.Column("key_id", ascii_text(30), primary_key=True),
        sa.Column("provider", text(64), primary_key=True),
        sa.Column("model", text(200), primary_key=True),
        sa.Column("status", sa.Integer(), primary_key=True, autoincrement=False),
        *(sa.Column(name, BIG, nullable=False) for name in _COUNTERS + _HISTOGRAMS),
        sa.Index("ix_usage_rollups_org_id_grain_start", "org_id", "grain", "start"),
        sa.Index("ix_usage_rollups_key_id_grain_start", "key_id", "grain", "start"),
        sqlite_with_rowid=False,
        postgresql_with={"fillfactor": 80},
    )
    if op.get_bind().dialect.name == "sqlite":
        _tell_sqlite_the_shape()


def _tell_sqlite_the_shape() -> None:
    """Without statistics SQLite reads everybody's rows of a range to find those of one key."""
    op.execute("ANALYZE usage_rollups")
    op.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'usage_rollups'")
    for index, rows_for_each in _SHAPE.items():
        op.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat)"  # noqa: S608 - our own numbers
            f" VALUES ('usage_rollups', '{index}', '{rows_for_each}')"
        )
