"""Usage records: one row for each request."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, ascii_text, long_text, text

revision = "0004_usage_records"
down_revision = "0003_api_keys"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "usage_records",
        sa.Column("id", ascii_text(26), primary_key=True),
        sa.Column("at", BIG, nullable=False),
        sa.Column("request_id", text(64), nullable=False),
        sa.Column("org_id", ascii_text(30), nullable=False),
        sa.Column("key_id", ascii_text(30), nullable=False),
        sa.Column("model", text(200), nullable=False),
        sa.Column("provider", text(64), nullable=False),
        sa.Column("upstream_model", text(200), nullable=False),
        sa.Column("month", ascii_text(7), nullable=False),
        sa.Column("year", ascii_text(4), nullable=False),
        sa.Column("stream", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("code", text(64), nullable=False),
        sa.Column("finish", text(32), nullable=False),
        sa.Column("prompt_tokens", BIG, nullable=False),
        sa.Column("completion_tokens", BIG, nullable=False),
        sa.Column("cached_tokens", BIG, nullable=False),
        sa.Column("cache_write_tokens", BIG, nullable=False),
        sa.Column("reasoning_tokens", BIG, nullable=False),
        sa.Column("cost", BIG),
        sa.Column("source", ascii_text(16), nullable=False),
        sa.Column("latency", BIG, nullable=False),
        sa.Column("ttft", BIG),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("limited", sa.Boolean(), nullable=False),
        sa.Column("reserved_tokens", BIG, nullable=False),
        sa.Column("reserved_cost", BIG, nullable=False),
        sa.Column("error", text(500), nullable=False),
        sa.Column("tries", long_text(), nullable=False),
        sa.Index("ix_usage_records_org_id_id", "org_id", "id"),
        sa.Index("ix_usage_records_key_id_id", "key_id", "id"),
        sa.Index("ix_usage_records_failed_id", "failed", "id"),
        sqlite_with_rowid=False,
    )
