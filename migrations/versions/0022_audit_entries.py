"""Who changed what, from where, and what it was before."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import UTCDateTime, ascii_text, long_text, text

revision = "0022_audit_entries"
down_revision = "0021_login_attempts"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "audit_entries",
        sa.Column("id", ascii_text(32), primary_key=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_kind", ascii_text(8), nullable=False),
        sa.Column("actor_id", text(100), nullable=False),
        sa.Column("actor_name", text(255), nullable=False),
        sa.Column("via", ascii_text(8), nullable=False),
        sa.Column("ip", ascii_text(45), nullable=False),
        sa.Column("action", ascii_text(40), nullable=False),
        sa.Column("target_kind", ascii_text(20), nullable=False),
        sa.Column("target_id", text(255), nullable=False),
        sa.Column("target_name", text(255), nullable=False),
        sa.Column("org_id", ascii_text(30), nullable=False),
        sa.Column("before", long_text(), nullable=False),
        sa.Column("after", long_text(), nullable=False),
        sa.Index("ix_audit_entries_at", "at"),
        sa.Index("ix_audit_entries_org_id_at", "org_id", "at"),
        sa.Index("ix_audit_entries_actor_id_at", "actor_id", "at"),
        sa.Index("ix_audit_entries_target_id_at", "target_id", "at"),
    )
