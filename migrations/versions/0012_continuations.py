"""Signed reasoning by tool call."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, ascii_text, long_text

revision = "0012_continuations"
down_revision = "0011_admission_workers"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "continuations",
        sa.Column("org_id", ascii_text(30), primary_key=True),
        sa.Column("call_id", ascii_text(128), primary_key=True),
        sa.Column("details", long_text(), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Index("ix_continuations_created_at", "created_at"),
    )
