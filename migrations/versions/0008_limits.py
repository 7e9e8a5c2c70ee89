"""Limits of organizations and keys."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import BIG, ascii_text

revision = "0008_limits"
down_revision = "0006_journal_segments"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "limits",
        sa.Column("scope", ascii_text(3), primary_key=True),
        sa.Column("subject_id", ascii_text(30), primary_key=True),
        sa.Column("period", ascii_text(5), primary_key=True),
        sa.Column("requests", BIG),
        sa.Column("tokens", BIG),
        sa.Column("cost", BIG),
        sa.Column("version", BIG, nullable=False),
    )
