"""Personal tokens for scripts."""

import sqlalchemy as sa

from orouter.db.ddl import create_table
from orouter.models.columns import UTCDateTime, ascii_text, text

revision = "0020_user_tokens"
down_revision = "0019_user_links"


def upgrade() -> None:
    """Create the table."""
    create_table(
        "user_tokens",
        sa.Column("id", ascii_text(32), primary_key=True),
        sa.Column("user_id", ascii_text(31), nullable=False),
        sa.Column("name", text(100), nullable=False),
        sa.Column("digest", ascii_text(64), nullable=False),
        sa.Column("last4", ascii_text(4), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime()),
        sa.Column("last_used_at", UTCDateTime()),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user_tokens_user_id"),
        sa.UniqueConstraint("digest", name="uq_user_tokens_digest"),
        sa.Index("ix_user_tokens_user_id", "user_id"),
    )
