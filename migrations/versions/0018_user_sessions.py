"""Sessions of the admin web."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import UTCDateTime, ascii_text, text

revision = "0018_user_sessions"
down_revision = "0017_memberships"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "user_sessions",
        sa.Column("id", ascii_text(31), primary_key=True),
        sa.Column("user_id", ascii_text(31), nullable=False),
        sa.Column("digest", ascii_text(64), nullable=False),
        sa.Column("ip", ascii_text(45), nullable=False),
        sa.Column("user_agent", text(200), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_seen_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user_sessions_user_id"),
        sa.UniqueConstraint("digest", name="uq_user_sessions_digest"),
        sa.Index("ix_user_sessions_user_id", "user_id"),
        sa.Index("ix_user_sessions_expires_at", "expires_at"),
    )
